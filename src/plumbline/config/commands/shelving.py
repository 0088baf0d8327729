"""`plumb documents`: what is in force on a day, one line for each document and place."""

from datetime import date

from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.library.shelf import facts_of

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
