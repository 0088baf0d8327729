"""Whose turn it is: derived rows, renewed by the door whenever a record changes."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, prefetch_related_objects

from plumbline.ledger.statements import insert
from plumbline.organisation.actor import Actor

from .models import Duty, Record, seen_by
from .register import Register, register_of

PLACES = ("site", "process")  # where a record can be; a department it has not


def of(record: Record, register: Register) -> list[Duty]:
    """The duties this record makes now."""
    if record.closed_at:
        return []
    return [
        Duty(organisation_id=record.organisation_id, record_id=record.uid, person=person, role=role, verb=verb, due=due)
        for person, role, verb, due in register.duties(record)
    ]


def renew(records: Iterable[Record], new: bool = False) -> None:
    """Write the duties of these records afresh."""
    records = list(records)
    if len(records) > 1:
        prefetch_related_objects(records, "owner", "author")
    if not new:
        Duty.objects.filter(record__in=[record.uid for record in records]).delete()
    insert(Duty, [duty for record in records for duty in of(record, register_of(record))])


def done(record: UUID, person: UUID | None, verb: str) -> None:
    """One person's turn is over; those of others are left alone, so that many may do theirs at once."""
    Duty.objects.filter(record=record, person=person, verb=verb).delete()


def owed_by(actor: Actor) -> QuerySet[Duty]:
    """What this actor owes: by name, by a role held at large, or one held where the record is; once if by several."""
    here = Q(organisation=actor.organisation)  # in each branch: so each is found by an index of its own
    mine = here & Q(person=actor.person) | here & Q(role__in=actor.roles)
    for role, place, uid in actor.scoped:
        if place in PLACES:
            mine |= here & Q(role=role, **{f"record__{place}": uid})
    twice = Duty.objects.filter(mine, record=OuterRef("record"), verb=OuterRef("verb"), id__lt=OuterRef("id"))
    owed = Duty.objects.filter(mine, ~Exists(twice), seen_by(actor, "record__"))
    return owed.select_related("record", "record__owner").order_by(F("due").asc(nulls_last=True), "id")
