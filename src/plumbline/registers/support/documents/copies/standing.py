"""What the address on a paper copy says to anybody: current, or no longer current and what to look for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..models import Document, Revision
from .facts import spans_of


@dataclass(frozen=True)
class Standing:
    """Whether a revision is in force today, or from when; nothing else of its organisation."""

    current: bool
    waits: bool = False  # it is approved, and nobody works to it yet
    begins: date | None = None  # the day it waits for, where that is settled
    everywhere: bool = True  # else it is in force at some places of use only, or another one is at some
    instead: str = ""  # number and revision of what is in force in its place


def standing(uid: UUID) -> Standing | None:
    """Of a revision that is, was or will be in force; None for every other uid, known here or not."""
    revision = Revision.objects.select_related("of_document", "home").filter(pk=uid).first()
    if revision is None:
        return None
    document, today = revision.of_document, revision.home.today()
    spans = spans_of(revision)
    if not any(span.from_on <= today for span in spans):
        if revision.state == "approved":
            return Standing(False, waits=True, begins=min((span.from_on for span in spans), default=None))
        if revision.state not in ("effective", "superseded", "withdrawn"):
            return None
    held = document.in_force(today)
    mine = [span for span in held if span.record_id == revision.uid]
    if mine:
        return Standing(True, everywhere=len(held) == 1 and not mine[0].place)
    return Standing(False, instead=_instead(document, held))


def _instead(document: Document, held: list) -> str:
    """The number somebody looks for, with the revision in force at most places."""
    if not held:
        return ""
    found = Revision.objects.get(pk=held[0].record_id)
    return f"{document.number} · {found.revision_no}" if found.revision_no else document.number
