"""A file with a table, opened without trust: what it is, and its rows of cells as text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from plumbline.reading.packages import Enough
from plumbline.reading.recognising import recognise
from plumbline.reading.refusals import REASONS, Refused
from plumbline.reading.sources import Source
from plumbline.ui.units import Counted

from . import delimited, workbook

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
UNREADABLE = "\ufffd"  # what stands for bytes that are no text
SAMPLE = 200  # rows looked at before anything is read whole
Take = Callable[[int, list[str]], None]  # number of the row, its cells


class Unreadable(Exception):
    """A file that is no table we can read; the text says why and what to do."""


@dataclass
class Look:
    """What a file turned out to be, and its first rows."""

    reading: dict[str, Any]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def look(path: Path, name: str, reading: dict[str, Any] | None = None) -> Look:
    """What kind of table it is; what `reading` says already stays. Raises Unreadable."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(limit)d MB. Split it.") % {"limit": MOST_BYTES >> 20})
    found = Look({**_recognised(path, name), **(reading or {})})

    def take(line: int, cells: list[str]) -> None:
        found.rows.append((line, cells))
        if len(found.rows) >= SAMPLE:
            raise Enough

    for sheet in [found.reading.get("sheet"), *([] if reading else found.reading.get("sheets", [])[1:])]:
        found.reading |= {"sheet": sheet} if sheet is not None else {}
        each(path, found.reading, take)
        if found.rows:  # else the next sheet, unless somebody said which
            break
    if not found.rows:
        raise Unreadable(_("There is no row in it."))
    return found


def _recognised(path: Path, name: str) -> dict[str, Any]:
    try:
        with Source(path) as source:
            if not source.head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")) and source.size:
                return delimited.recognised(source, name)
            if recognise(source, name) != "xlsx":
                raise Refused("unknown_kind", found="Office")
            return {"kind": "xlsx", **workbook.recognised(source)}
    except Refused as error:
        raise Unreadable(told(error)) from error
    except delimited.NoTable as error:
        raise Unreadable(
            _("This is no table. Save it as CSV or as an Excel workbook (.xlsx), and try again.")
        ) from error


def told(error: Refused) -> str:
    """Why the file is not opened, in the reader's language."""
    if error.code == "unknown_kind":
        return _("This is no table. Save it as CSV or as an Excel workbook (.xlsx), and try again.")
    return _(REASONS[error.code]).format(**error.details)


def _empty(cell: str) -> bool:
    return not cell.strip() and not isinstance(cell, workbook.Formula)


def count(path: Path, reading: dict[str, Any], alive: Callable[[], None]) -> int:
    """How many rows stand below the headings; raises Unreadable before anything was done with them."""
    found = 0

    def take(line: int, cells: list[str]) -> None:
        nonlocal found
        if line > reading["heading"]:
            found += 1
            if not found % 5_000:
                alive()

    each(path, reading, take)
    return found


def each(path: Path, reading: dict[str, Any], take: Take) -> None:
    """Give every row that has a cell to `take`, which may raise Enough; raises Unreadable."""
    counted, heading = 0, reading.get("heading", 0)

    def row(line: int, cells: list[str]) -> None:
        nonlocal counted
        while cells and _empty(cells[-1]):
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(_("Row %(line)d has more than %(limit)d columns.") % {"line": line, "limit": MOST_COLUMNS})
        if not cells:
            return
        if any("\0" in cell for cell in cells):
            cells = [cell.replace("\0", UNREADABLE) for cell in cells]
        counted += line > heading
        if counted > MOST_ROWS:
            raise Unreadable(_("There are more than %(limit)s rows. Split the file.") % {"limit": Counted(MOST_ROWS)})
        take(line, cells)

    try:
        with Source(path) as source:
            read = workbook.each if reading["kind"] == "xlsx" else delimited.each
            read(source, reading, row)
    except Enough:
        return
    except Refused as error:
        raise Unreadable(told(error)) from error
