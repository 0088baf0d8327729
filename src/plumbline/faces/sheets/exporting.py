"""A list as a file: CSV as a stream, XLSX in constant memory; no cell is ever a formula."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.template.defaultfilters import date as spelled
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

from plumbline.kernel import faces, lists, pages
from plumbline.kernel.register import Register
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

from . import columns

LONGEST = 32_767  # letters of one cell in a workbook
EARLIEST = date(1900, 3, 1)  # a workbook counts days from 1900, and counts one that never was
HEADING_ROW = 3
NOT_IN_A_TAB = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # the name of a sheet, 31 letters at most, may not have these
LARGEST = 10**15  # of a larger number a workbook loses digits


class Echo:
    def write(self, value: str) -> str:
        return value


class Listing:
    """One list to export: its register, for whom, filtered and sorted as the address says, with its columns."""

    def __init__(self, register: Register, actor: Actor, query: QueryDict, fields: str = "shown") -> None:
        self.register, self.actor, self.query = register, actor, faces.asked(register, actor, query)
        self.offered = own.named(actor.organisation, register.kind)
        every = own.declared(actor.organisation, register.kind) if fields == "all" else ()
        self.own = self.offered | {field.name: field for field in every}  # what is asked no more, too, has values
        shown = faces.columns(register, actor, self.query)
        self.names = columns.every(register, self.own) if fields == "all" else shown
        self.spine = lists.narrowed(register, actor, self.query)

    def records(self) -> QuerySet:
        _sort, column, backwards = lists.order(self.query)
        whole = self.register.model.objects.visible_to(self.actor).filter(pk__in=self.spine.order_by().values("pk"))
        return lists.ordered(whole, column, backwards)

    def count(self, most: int | None = None) -> int:
        found = self.spine.order_by().values("pk")
        return (found[:most] if most else found).count()

    def headings(self) -> list[str]:
        return [str(self.own[name]) if name in self.own else self.register.label(name) for name in self.names]

    def rows(self) -> Iterator[list[Any]]:
        return columns.rows(self.register, self.actor, self.records(), self.names, self.own)

    def filters(self) -> str:
        """What narrows the list, in words."""
        narrowing = lists.chosen(self.register, self.query, self.offered)
        chosen = lists.Page([], None, 0, "", narrowing, "", self.names, self.offered)
        choices = lists.filter_choices(self.register, self.actor) if chosen.chosen else []
        told = [f"{name}: {value}" for name, value, _url in pages.chips(self.register, chosen, self.query, choices)]
        if text := self.query.get("q", "").strip():
            told.append(_("words") + f": {text}")
        return "; ".join(told) or _("all records")


def separator() -> str:
    """What stands between two cells: the spreadsheets of a country with a decimal comma expect a semicolon."""
    return ";" if get_format("DECIMAL_SEPARATOR") == "," else ","


def csv_lines(listing: Listing) -> Iterator[str]:
    """Lines of CSV; a text that starts like a formula gets an apostrophe, so that no spreadsheet runs it."""
    out = csv.writer(Echo(), delimiter=separator())
    yield "\ufeff" + out.writerow(inert(heading) for heading in listing.headings())
    words = {True: _("yes"), False: _("no")}
    for row in listing.rows():
        yield out.writerow(_plain(cell, words) for cell in row)


def _plain(cell: Any, words: dict[bool, str]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    if isinstance(cell, bool):
        return words[cell]
    if isinstance(cell, Decimal | float):
        return number_format(Decimal(cell).normalize().__format__("f"), use_l10n=True, force_grouping=False)
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)


def write_workbook(target: Any, listing: Listing, said: Callable[[int], None] | None = None) -> int:
    """Write the list as a workbook and return how many rows it has; `said` hears of every few hundred."""
    about = [
        str(listing.register.title),
        _("%(organisation)s, %(time)s, for %(name)s")
        % {
            "organisation": listing.actor.organisation.name,
            "time": spelled(listing.actor.organisation.now(), "DATETIME_FORMAT"),
            "name": listing.actor.name,
        },
        _("Filter: %(filter)s") % {"filter": listing.filters()},
    ]
    return write_rows(target, about, listing.headings(), listing.rows(), said)


def write_rows(
    target: Any,
    about: list[str],
    headings: list[str],
    rows: Iterable[list[Any]],
    said: Callable[[int], None] | None = None,
) -> int:
    """A workbook of one sheet: what it is about, headings that stay in view, typed cells; row by row to disk."""
    from xlsxwriter import Workbook

    book = Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet(NOT_IN_A_TAB.sub(" ", about[0])[:31].strip("' ") or None)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    sheet.set_column(0, max(len(headings) - 1, 0), 20)
    for place, line in enumerate(about):
        sheet.write_string(place, 0, line[:LONGEST], bold if place == 0 else None)
    for place, heading in enumerate(headings):
        sheet.write_string(HEADING_ROW, place, heading, wrapped)
    written = 0
    for written, cells in enumerate(rows, 1):
        for place, cell in enumerate(cells):
            _write(sheet, HEADING_ROW + written, place, cell, day, moment)
        if said and not written % columns.AT_ONCE:
            said(written)
    if headings:
        sheet.freeze_panes(HEADING_ROW + 1, 0)
        sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + written, len(headings) - 1)
        sheet.repeat_rows(HEADING_ROW)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return written


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any, moment: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float | Decimal) and -LARGEST < cell < LARGEST:
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime) and cell.date() >= EARLIEST:
        sheet.write_datetime(row, column, cell, moment)
    elif isinstance(cell, date) and cell >= EARLIEST:
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST])  # `write` would make formulas of some


def inert(text: str) -> str:
    """A cell that looks like a formula, with an apostrophe, so that no spreadsheet runs it."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
