"""`plumb documents`: what is in force on a day, one line for each document and place."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.library.shelf import every

from .finding import organisation_of
from .telling import Refused, line, show


def run(organisation: str, as_of: str, json: bool) -> int:
    """One document and place a line, by number."""
    actor = Actor.installation(organisation_of(organisation))
    try:
        day = date.fromisoformat(as_of) if as_of else actor.organisation.today()
    except ValueError as error:
        raise Refused(f"“{as_of}” is no date: write it as 2026-03-14.") from error
    for facts in facts_of(actor, day):
        line(facts) if json else show("  ".join(str(value) for value in facts.values()))
    return 0


def facts_of(actor: Actor, day: date) -> Iterator[dict[str, Any]]:
    """What is valid on that day, and where."""
    for one in every(actor, day):
        for span in sorted(one.spans, key=lambda span: span.place):
            yield {
                "number": one.document.number,
                "title": one.document.title,
                "revision": span.record.revision.revision_no,
                "state": "effective",
                "place": str(span) if span.place else "everywhere",
                "effective_on": span.from_on,
            }
