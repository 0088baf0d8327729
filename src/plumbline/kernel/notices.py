"""What a person should hear of once: a new turn, a comment that names them."""

import re

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from plumbline.history.uids import uuid7
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, here

from .models import Comment, Notice, Part, Record, seen_by


def tell(record: Record, by: Actor, changes: dict) -> None:
    """The new owner hears that the record is theirs now."""
    if "owner" in changes and record.owner_id != by.uid:
        _write({record.owner_id}, record, record.last_event_id, "owner", by)


def tell_of_part(part: Part, by: Actor) -> None:
    """Those named with @ in a comment hear of it, and so does the record's owner."""
    if isinstance(part, Comment):
        named = set(mentioned(part.text, by).values_list("uid", flat=True))
        _write(named, part.record, part.last_event_id, "mention", by)
        _write({part.record.owner_id} - named, part.record, part.last_event_id, "comment", by)


def nudge(people: set, record: Record, by: Actor) -> int:
    """They hear that they are waited for, unless they have that word unread; how many were told."""
    with transaction.atomic():
        Record.objects.select_for_update().get(pk=record.uid)  # pressed twice at once is pressed once
        waiting = Notice.objects.filter(record=record.uid, verb="nudge", read_at=None)
        fresh = set(people) - set(waiting.values_list("person", flat=True))
        _write(fresh, record, uuid7(), "nudge", by)
    return len(fresh)


def tell_of_move(people: set, record: Record, verb: str, by: Actor) -> None:
    """These people hear of a move that concerns them."""
    _write(people - {None}, record, record.last_event_id, verb, by)


def unread(actor: Actor) -> QuerySet[Notice]:
    """What the actor has not read yet and may see, newest first."""
    theirs = Notice.objects.filter(organisation=actor.organisation, person=actor.person, read_at=None)
    return theirs.filter(seen_by(actor, "record__")).order_by("-id")


def mentioned(text: str, by: Actor) -> QuerySet[Person]:
    """The people whose names stand after an @, written in full: “@Ann Bell”."""
    people = Person.objects.filter(here(by.organisation.today()), organisation=by.organisation)
    if "@" not in text:
        return people.none()
    known = sorted(set(people.values_list("name", flat=True)), key=len, reverse=True)  # “@Ann Bell” is not “@Ann”
    found = re.findall(rf"@({'|'.join(map(re.escape, known))})\b", text) if known else []
    return people.filter(name__in=found)


def _write(people: set, record: Record, event, verb: str, by: Actor) -> None:
    Notice.objects.bulk_create(
        [
            Notice(
                organisation_id=record.organisation_id,
                person_id=person,
                record_id=record.uid,
                event=event,
                verb=verb,
                made_at=timezone.now(),
            )
            for person in people
            if person != by.uid
        ],
        ignore_conflicts=True,
    )
