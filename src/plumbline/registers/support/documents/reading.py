"""Read and understood: who is asked, who confirmed, and how."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions, duties, policy
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.organisation.roles import Role

from .models import Reading, Revision
from .readers import audience, quiz

LIVE = ("approved", "effective")
DAYS = 14  # for whoever joins later
GONE = "not on the list any more"  # may come back to it


class Over(ValueError):
    """It cannot be confirmed, or not any more; the text says why."""


def ask(revision: Revision, by: Actor) -> None:
    """Everybody on the distribution list is asked, once, to be done before it is in force."""
    people, due = audience.Audience(by.organisation), due_of(revision, by)
    known = {one.person_id: one for one in Reading.objects.filter(record_id=revision.uid)}
    for person in sorted(audience.readers(revision, by.organisation, people)):
        if (one := known.get(person)) is None:
            _ask(revision, by, person, due, people)
        elif one.read_at is None and one.ended_because:  # it was taken back, and comes again
            actions.edit(one, by=by, ended_because="", due=due, **_training(revision, person, people))


def _ask(revision: Revision, by: Actor, person: UUID, due: date, people: audience.Audience) -> None:
    training = _training(revision, person, people)
    actions.create(Reading, by=by, record=revision, person_id=person, due=due, **training)


def _training(revision: Revision, person: UUID, people: audience.Audience) -> dict[str, Any]:
    """Only where the change asks for it, and seen to by who leads the person."""
    asked = bool(revision.training)
    return {"to_train": asked, "sees_to_it_id": people.leader(person) if asked else None}


def due_of(revision: Revision, by: Actor) -> date:
    """By when it is read: what was said, else the day before it is in force, but never in the past."""
    today = by.organisation.today()
    before = revision.effective_on - timedelta(days=1) if revision.effective_on else today
    return revision.read_by or max(before, today)


def catch_up(revision: Revision, by: Actor, answers: dict | None = None) -> None:
    """Who joined since is asked; who left, or is not on the list any more, is asked no longer."""
    people = audience.Audience(by.organisation)
    wanted = audience.readers(revision, by.organisation, people)
    later = max(by.organisation.today() + timedelta(days=DAYS), due_of(revision, by))
    known = {one.person_id: one for one in Reading.objects.filter(record_id=revision.uid)}
    for person in sorted(wanted - known.keys()):
        _ask(revision, by, person, later, people)
    for person, one in sorted(known.items()):
        if one.settled:
            continue
        training = _training(revision, person, people) if one.lacks_training else {}
        if person not in wanted and not one.ended_because:
            actions.edit(one, by=by, ended_because=GONE)
        elif person in wanted and one.ended_because == GONE:
            actions.edit(one, by=by, ended_because="", due=later, **_training(revision, person, people))
        elif not one.ended_because and training:
            actions.edit(one, by=by, **training)


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


def to_train(revision: Revision) -> dict[UUID | None, date | None]:
    """Who sees to the training (who leads them, else who answers for it), and by when the first of theirs was asked."""
    rows = Reading.objects.filter(record_id=revision.uid, to_train=True, ended_because="").order_by("due")
    dues: dict[UUID | None, date | None] = {}
    left = set()
    for person, due, trained_on in rows.values_list("sees_to_it", "due", "trained_on"):
        person = person or revision.owner_id
        dues.setdefault(person, due)
        if trained_on is None:
            left.add(person)
    return {person: due for person, due in dues.items() if person in left}


def training_duties(revision: Revision) -> Iterator[tuple]:
    """Whose turn it is to see to the training; nobody's in particular: the quality manager's."""
    asked = to_train(revision)
    people = Person.objects.in_bulk([person for person in asked if person])
    for person, due in asked.items():
        yield (people[person], "", "train", due) if person else (None, Role.QUALITY.value, "train", due)


def trained(revision: Revision, rows: list[Reading], by: Actor, on: date, trainer: str, judged: str) -> int:
    """These people were trained: when, by whom, how it was judged; how many were noted. Raises Over and Denied."""
    with writing(by.organisation.uid, by.stamp()):
        revision = actions.locked(revision)
        sound(on, revision, by)
        before, noted = to_train(revision), 0
        for row in rows:
            row = actions.locked(row)
            _still(row, revision)
            if row.lacks_training:
                actions.edit(row, by=by, trained_on=on, trainer=trainer, judged=judged)
                noted += 1
        for person in before.keys() - to_train(revision).keys():
            duties.done(revision.uid, person, "train")
    return noted
