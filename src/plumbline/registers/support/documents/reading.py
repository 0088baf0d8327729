"""Read and understood: who is asked, who confirmed, and how."""

from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions, duties, policy
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor

from .models import Reading, Revision
from .readers import audience, quiz

LIVE = ("approved", "effective")
DAYS = 14  # for whoever joins later
GONE = "not on the list any more"  # may come back to it


class Over(ValueError):
    """It cannot be confirmed, or not any more; the text says why."""


def ask(revision: Revision, by: Actor) -> None:
    """Everybody on the distribution list is asked, once, to be done before it is in force."""
    asked = set(Reading.objects.filter(record_id=revision.uid).values_list("person", flat=True))
    for person in sorted(audience.readers(revision, by.organisation) - asked):
        actions.create(Reading, by=by, record=revision, person_id=person, due=due_of(revision, by))


def due_of(revision: Revision, by: Actor) -> date:
    """By when it is read: what was said, else the day before it is in force, but never in the past."""
    today = by.organisation.today()
    before = revision.effective_on - timedelta(days=1) if revision.effective_on else today
    return revision.read_by or max(before, today)


def catch_up(revision: Revision, by: Actor, answers: dict | None = None) -> None:
    """Who joined since is asked; who left, or is not on the list any more, is asked no longer."""
    wanted = audience.readers(revision, by.organisation)
    later = max(by.organisation.today() + timedelta(days=DAYS), due_of(revision, by))
    known = {one.person_id: one for one in Reading.objects.filter(record_id=revision.uid)}
    for person in sorted(wanted - known.keys()):
        actions.create(Reading, by=by, record=revision, person_id=person, due=later)
    for person, one in sorted(known.items()):
        if one.read_at is None and person not in wanted and not one.ended_because:
            actions.edit(one, by=by, ended_because=GONE)
        elif one.read_at is None and person in wanted and one.ended_because == GONE:
            actions.edit(one, by=by, ended_because="", due=later)


def end(revision: Revision, by: Actor, because: str) -> None:
    """Nobody is asked any more who did not confirm yet."""
    for reading in Reading.objects.filter(record_id=revision.uid, read_at=None, ended_because=""):
        actions.edit(reading, by=by, ended_because=because[:200])


def asked(revision: Revision, person: UUID | None) -> Reading | None:
    """What is asked of a person about this revision."""
    return Reading.objects.filter(record_id=revision.uid, person=person).select_related("person", "witness").first()


def confirm(
    reading: Reading,
    by: Actor,
    how: str = Reading.How.OWN,
    *,
    on: date | None = None,
    at: datetime | None = None,
    score: int | None = None,
) -> Reading:
    """This person read and understood it; another than themselves is the witness. Saying it twice changes nothing.

    Where there are questions, too few right answers (the score) count as a try, and it stays unconfirmed. Raises Over
    when it is not asked any more or nothing was answered, policy.Denied when this actor may not speak for the person.
    """
    with writing(by.organisation.uid, by.stamp()):
        reading = actions.locked(reading)
        if reading.read_at is not None:
            return reading
        revision = Revision.objects.select_related("of_document").get(pk=reading.record_id)
        own = reading.person_id == by.uid
        policy.require(policy.ALLOWED if own and not by.reads_only else audience.may_witness(by, revision))
        _still(reading, revision)
        sound(on, revision, by)
        witness, tries = None if own else by.person, reading.tries + (score is not None)
        if revision.quiz and score is None:
            raise Over(_("There are questions to it: it is confirmed with enough right answers."))
        if score is not None and score < quiz.needed(revision):
            return cast(Reading, actions.edit(reading, by=by, tries=tries, score=score))
        reading = actions.edit(
            reading, by=by, read_at=at or timezone.now(), read_on=on, how=how, witness=witness, score=score, tries=tries
        )
        duties.done(reading.record_id, reading.person_id, "read")
    return reading


def _still(reading: Reading, revision: Revision) -> None:
    if revision.state not in LIVE:
        said = {"number": revision.revision_no, "state": register_of(revision).state_of(revision).label}
        raise Over(_("Revision %(number)s is “%(state)s”: nobody needs to confirm it any more.") % said)
    if reading.ended_because:
        raise Over(_("%(name)s is not asked to read it any more.") % {"name": reading.person.name})


def sound(on: date | None, revision: Revision, by: Actor) -> None:
    """The date on a paper is neither to come nor older than the content it speaks of."""
    if on and on > by.organisation.today():
        raise Over(_("The date on the paper is still to come."))
    if on and on < revision.created_at.astimezone(by.organisation.now().tzinfo).date():
        raise Over(_("The date on the paper is before this revision was begun."))
