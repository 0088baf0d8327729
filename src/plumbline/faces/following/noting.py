"""News from the log: those who follow hear what happened, and those whose turn it has become hear that; once."""

import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plumbline.kernel.models import Duty, Notice, Record
from plumbline.ledger.models import Entry, Event, Log
from plumbline.organisation.models import Organisation, Person, RoleHolding, here

from .models import Follow, Heard

AT_ONCE, MOST = 200, 50  # events read in one go; people told that a role's turn has come
SAME = 50  # news of one verb in one register that a run tells one person: of an import, the list says more
QUIET = {"formernumber", "signature", "requirementlink"}  # what comes with a move, or is seen where it is done
READ = ("record", "subject", "table", "verb", "actor")
PAUSES = 9  # times as long as a batch took: it shares a process with those who work
log = logging.getLogger(__name__)


def run() -> None:
    """Look what happened since the last run, in every organisation; of much, batch by batch with pauses."""
    for organisation in Organisation.objects.order_by("uid"):
        said: Counter[tuple] = Counter()
        try:
            began = time.monotonic()
            while _noted(organisation, said) and threading.main_thread().is_alive():
                time.sleep(PAUSES * (time.monotonic() - began))
                began = time.monotonic()
        except Exception:
            log.exception("The news of %s could not be noted", organisation.slug)


def _noted(organisation: Organisation, said: Counter[tuple]) -> bool:
    """One batch; its notices and the mark that moves on are one transaction, so nothing is told twice or left out."""
    with transaction.atomic():
        size = Log.objects.filter(pk=organisation.pk).values_list("size", flat=True).first() or 0
        Heard.objects.get_or_create(organisation=organisation, defaults={"after": size})
        heard = Heard.objects.select_for_update().get(organisation=organisation)
        entries = Entry.objects.filter(log_id=organisation.pk, seq__gte=heard.after).order_by("seq")
        places = dict(entries.values_list("event_id", "seq")[:AT_ONCE])
        if not places:
            return False
        events = Event.objects.filter(pk__in=places).exclude(record=None).exclude(table__in=QUIET).only(*READ)
        _write(organisation, sorted(events, key=lambda event: places[event.pk]), said)
        Heard.objects.filter(pk=heard.pk).update(after=max(places.values()) + 1)
    return len(places) == AT_ONCE


def _write(organisation: Organisation, events: list[Event], said: Counter[tuple]) -> None:
    found = Record.objects.filter(pk__in={event.record for event in events}).only("kind", "site", "process")
    records = {one.pk: one for one in found}
    told = _Told(organisation, records, said)
    moves = [event for event in events if event.subject == event.record and event.verb != "edit"]
    told.turns({event.record: event for event in moves})  # first: that it is her turn says more than what happened
    for event in events:
        if event.record in records:
            told.follow(event)
    Notice.objects.bulk_create(told.made, ignore_conflicts=True, batch_size=500)


class _Told:
    """The notices of one batch: nobody hears of what she did herself, nor twice the same before she has read it."""

    def __init__(self, organisation: Organisation, records: dict[UUID, Record], said: Counter[tuple]) -> None:
        self.organisation, self.records, self.said = organisation, records, said
        self.made: list[Notice] = []
        self.here = set(
            Person.objects.filter(here(organisation.today()), organisation=organisation, account__isnull=False)
            .values_list("pk", flat=True)
        )  # fmt: skip
        unread = Notice.objects.filter(organisation=organisation, record__in=records, read_at=None)
        self.known = set(unread.values_list("person", "record", "verb"))
        self.fresh = set(unread.values_list("person", "event"))
        self.of_record: dict[UUID | None, set] = defaultdict(set)
        self.of_kind: dict[str, set] = defaultdict(set)
        kinds = {one.kind for one in records.values()}
        mine = Follow.objects.filter(person__organisation=organisation)
        for person, record, kind in mine.filter(Q(record__in=records) | Q(record=None, kind__in=kinds)).values_list(
            "person", "record", "kind"
        ):
            (self.of_record[record] if record else self.of_kind[kind]).add(person)

    def follow(self, event: Event) -> None:
        verb = event.verb if event.subject == event.record else f"{event.table}.{event.verb}"
        chosen = self.of_record[event.record]
        self._tell(chosen, event, f"follow:{verb}", whole=True)
        self._tell(self.of_kind[self.records[cast(UUID, event.record)].kind] - chosen, event, f"follow:{verb}")

    def turns(self, moved: dict[UUID | None, Event]) -> None:
        """Those by name, and those who hold the role at large or where the record is."""
        holders = self._holders()
        for duty in Duty.objects.filter(record__in=[uid for uid in moved if uid in self.records]):
            record = self.records[duty.record_id]
            at = {(duty.role, None), (duty.role, record.site_id), (duty.role, record.process_id)}
            people: set[Any] = {duty.person_id} if duty.person_id else set()
            if duty.role:
                people = set(sorted(person for where in at for person in holders[where])[:MOST])
            self._tell(people, moved[duty.record_id], f"turn:{duty.verb}")

    def _holders(self) -> dict[tuple, set]:
        found: dict[tuple, set] = defaultdict(set)
        for holding in RoleHolding.current(self.organisation.today()).filter(organisation=self.organisation):
            if not holding.department_id:
                found[holding.role, holding.site_id or holding.process_id].add(holding.person_id)
        return found

    def _tell(self, people: Iterable[Any], event: Event, verb: str, whole: bool = False) -> None:
        record, verb = cast(UUID, event.record), verb[:40]
        for person in people:
            same, once = (person, record, verb), (person, event.pk)
            if person not in self.here or person == event.actor or same in self.known or once in self.fresh:
                continue
            sort = (person, self.records[record].kind, verb)
            if not whole and self.said[sort] >= SAME:
                continue
            self.said[sort] += 1
            self.known.add(same)
            self.fresh.add(once)
            self.made.append(
                Notice(
                    organisation=self.organisation,
                    person_id=person,
                    record_id=record,
                    event=event.pk,
                    verb=verb,
                    made_at=timezone.now(),
                )
            )
