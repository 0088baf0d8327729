"""Who joined, changed or left since the lists were last gone through: the revisions where somebody is to be asked."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from plumbline.organisation.models import Organisation, Person, Process, RoleHolding
from plumbline.registers.support.documents.models import Reading, Recipient, Revision, Validity
from plumbline.registers.support.documents.models.kinds import rules_of
from plumbline.registers.support.documents.reading import GONE

from .audience import Audience, sites_of

_seen: dict[UUID, tuple] = {}  # organisation -> what the lists hung on when this process last went through them


def _hangs_on(organisation: Organisation) -> tuple:
    """The day and the newest event of each table the lists hang on; while it is the same, nobody is to be asked."""
    tables: tuple[Any, ...] = (Person, RoleHolding, Process, Recipient)
    newest = [table._base_manager.filter(organisation=organisation).order_by("-last_event") for table in tables]
    return (organisation.today(), *(rows.values_list("last_event", flat=True).first() for rows in newest))


def to_ask(organisation: Organisation) -> Iterator[Revision]:
    """The revisions in force, or waiting for their day, whose readers are not those who were asked."""
    if _seen.get(organisation.uid) == (stands := _hangs_on(organisation)):
        return
    yield from _differing(organisation)
    _seen[organisation.uid] = stands


def _differing(organisation: Organisation) -> Iterator[Revision]:
    dated = Exists(Validity.objects.filter(record=OuterRef("pk")).exclude(until_on=F("from_on")))
    live = Revision.objects.filter(Q(state="effective") | Q(dated, state="approved"), home=organisation)
    lists: dict[UUID, list[Recipient]] = defaultdict(list)
    for row in Recipient.objects.filter(organisation=organisation, ended=False, reads=True):
        lists[row.record_id].append(row)
    rows = Reading.objects.filter(organisation=organisation, record__in=live.values("pk"))
    still: dict[UUID, set[UUID]] = defaultdict(set)  # revision -> who is asked and did not confirm
    done: dict[UUID, set[UUID]] = defaultdict(set)
    led: dict[UUID, dict[UUID, UUID | None]] = defaultdict(dict)  # revision -> who is to be trained -> who sees to it
    said = ("record", "person", "read_at", "ended_because", "to_train", "trained_on", "sees_to_it")
    for revision, person, read_at, because, train, trained_on, leader in rows.values_list(*said):
        lacks_training = train and trained_on is None
        if (read_at is not None and not lacks_training) or because not in ("", GONE):
            done[revision].add(person)
        elif not because:
            still[revision].add(person)
            if lacks_training:
                led[revision][person] = leader
    audience, asks = Audience(organisation), {}
    for one in live.select_related("of_document").order_by("uid"):
        sort, listed = one.of_document.sort, lists[one.of_document_id]
        if sort not in asks:
            asks[sort] = rules_of(organisation, sort).reads
        wanted = audience.of(listed) if listed and (asks[sort] or one.temporary or one.training) else set()
        wanted = audience.at(wanted, sites_of(one.uid)) if wanted else wanted
        led_else = any(audience.leader(person) != leader for person, leader in led[one.uid].items())
        if led_else or wanted - done[one.uid] != still[one.uid] - done[one.uid]:
            yield one
