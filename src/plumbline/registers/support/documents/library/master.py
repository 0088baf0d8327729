"""The master list: every document in force on a day, as a workbook and as a PDF of any length."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.models import DocumentKind, Recipient, Validity, kinds
from plumbline.registers.support.documents.models.kinds import usual
from plumbline.registers.support.documents.models.sorts import Sort

from . import paper
from .shelf import AT_ONCE, Line, every, in_force

SHORT = 150  # documents whose list on paper somebody waits for: about two seconds


def columns() -> list[tuple[str, int]]:
    """(heading, width in letters)."""
    return [
        (_("Number"), 14),
        (_("Title"), 40),
        (_("Kind"), 18),
        (_("Revision"), 10),
        (_("In force since"), 14),
        (_("Owner"), 22),
        (_("Next review"), 14),
        (_("Places"), 24),
        (_("Distribution"), 36),
        (_("Kept (months)"), 12),
    ]


def rows(actor: Actor, day: date) -> Iterator[list[Any]]:
    """A row for every document and revision in force, read a few hundred at a time."""
    kept, named = _retention(actor), kinds.names(actor.organisation)
    source = every(actor, day)
    while batch := list(islice(source, AT_ONCE)):
        given = _distribution(line.document.uid for line in batch)
        for line in batch:
            yield from _rows(line, given.get(line.document.uid, []), kept, named)


def _rows(line: Line, given: list[str], kept: dict[str, int], named: dict[str, str]) -> Iterator[list[Any]]:
    document = line.document
    by_revision: dict[UUID, list[Validity]] = {}
    for span in sorted(line.spans, key=lambda span: span.place):
        by_revision.setdefault(span.record_id, []).append(span)
    for spans in by_revision.values():
        yield [
            document.number,
            document.title,
            named.get(document.sort, document.sort),
            spans[0].record.revision.revision_no,
            min(span.from_on for span in spans),
            document.owner.name,
            document.due,
            ", ".join(map(str, spans)),
            ", ".join(given),
            kept[document.sort],
        ]


def _distribution(uids: Iterable[Any]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    listed = Recipient.objects.filter(record__in=list(uids), ended=False)
    for one in listed.select_related("person", "department", "process", "site").order_by("uid"):
        found.setdefault(one.record_id, []).append(str(one))
    return found


def _retention(actor: Actor) -> dict[str, int]:
    """How long each kind is kept after it is superseded, in months."""
    own = DocumentKind.objects.filter(organisation=actor.organisation).values_list("sort", "retention_months")
    return {sort: usual(actor.organisation, sort).retention_months for sort in Sort.values} | dict(own)


def xlsx(actor: Actor, day: date, out: IO[bytes]) -> None:
    """The workbook, written row by row; whatever a cell says, it is text, a number or a date."""
    from xlsxwriter import Workbook

    book = Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet(_("Master list")[:31])
    bold, dated = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, title(actor, day), book.add_format({"bold": True, "font_size": 14}))
    for place, (heading, width) in enumerate(columns()):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, heading, bold)
    sheet.freeze_panes(3, 2)
    for at, row in enumerate(rows(actor, day), start=3):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, place, value, dated)
            elif isinstance(value, int):
                sheet.write_number(at, place, value)
            elif value:
                sheet.write_string(at, place, _printable(str(value)))
    book.close()


def _printable(text: str) -> str:
    """Without the control characters a workbook cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")[:32_767]


def title(actor: Actor, day: date) -> str:
    return _("%(organisation)s: documents in force on %(day)s") % {
        "organisation": actor.organisation.name,
        "day": date_format(day, "SHORT_DATE_FORMAT"),
    }


def short(actor: Actor, day: date) -> bool:
    """Whether somebody can wait for the list on paper."""
    return len(in_force(actor, day).values_list("pk")[: SHORT + 1]) <= SHORT


def pdf(actor: Actor, day: date) -> bytes:
    """A short list on paper."""
    return paper.pdf(title(actor, day), _headings(), rows(actor, day))


def write_pdf(actor: Actor, day: date, target: Path, said: paper.Said) -> int:
    """A list of any length on paper, and how many rows it has. Raises NoPaper."""
    return paper.write(title(actor, day), _headings(), rows(actor, day), target, said)


def _headings() -> list[str]:
    return [name for name, _width in columns()]
