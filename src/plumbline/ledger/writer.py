"""The one writer of events: every change of evidence goes through a pen, and the pen seals what it wrote."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from secrets import token_bytes
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models, transaction

from plumbline.history.canonical import canonical
from plumbline.history.merkle import Frontier
from plumbline.history.uids import uuid7
from plumbline.ledger.leaves import commitment_of, leaf_of
from plumbline.ledger.models import INSTALLATION, Entry, Event, Log, Opening, WrittenOutsideTheDoor
from plumbline.ledger.shapes import Shape, as_uuid, shape_of, spine
from plumbline.ledger.statements import carried_out, fetched, insert, locking, update

BATCH = 200
GROWN = "UPDATE ledger_log SET size = %s, frontier = %s WHERE home = %s"
NOTE = "note@1"


@dataclass(frozen=True)
class Stamp:
    """Who writes, how they signed in, on whose behalf, and since when they say it is so."""

    actor: UUID | None
    actor_kind: str
    actor_name: str
    how: str = ""
    on_behalf_of: UUID | None = None
    occurred_at: datetime | None = None
    zone: str = "UTC"


@dataclass
class _Book:
    """The events of one transaction, by log, until they are sealed."""

    using: str
    unsealed: dict[UUID, list[Event]] = field(default_factory=dict)
    main: UUID | None = None
    follows: list[tuple[Callable[[list[Any]], None], Any]] | None = None  # what waits for the end of many changes


Witness = Callable[[list[Event]], None]
_book: ContextVar[_Book | None] = ContextVar("plumbline_book", default=None)
_witness: ContextVar[Witness | None] = ContextVar("plumbline_witness", default=None)


@contextmanager
def witnessed(by: Witness | None) -> Iterator[None]:
    """Somebody is told the events of each transaction, within it and last of all; None: nobody is."""
    token = _witness.set(by)
    try:
        yield
    finally:
        _witness.reset(token)


def origin_of(home: UUID, epoch: int = 1) -> str:
    """The origin line of a log (C2SP tlog-checkpoint): where it lives, whose it is, and its epoch after the first."""
    name = "installation" if home == INSTALLATION else str(home)
    place = settings.PLUMBLINE_ORIGIN.partition("://")[2] or settings.PLUMBLINE_ORIGIN
    return f"{place}/log/{name}" + (f"/{epoch}" if epoch > 1 else "")


class Pen:
    """Writes rows of one organisation together with their events."""

    def __init__(self, home: UUID, stamp: Stamp, book: _Book) -> None:
        self.home, self.stamp, self._book = home, stamp, book

    def save(self, row: models.Model, verb: str, reason: str = "", changes: Any = None) -> Event:
        """Insert or update one row with its event; `changes` goes into the opening."""
        shape = shape_of(type(row))
        event = self._write_events([self._draft(shape, row, verb, reason, changes)])[0]
        _tie(shape, row, event)
        self._write(shape, [row])
        return event

    def save_many(
        self, rows: Iterable[models.Model], verb: str, reason: str = "", changes: Mapping[Any, Any] | None = None
    ) -> list[Event]:
        """Insert or update many rows, each with an event of its own, in statements of at most 200 rows.

        `changes`, by key of the row, go into the openings.
        """
        events: list[Event] = []
        for batch in _batches(rows):
            shapes = [shape_of(type(row)) for row in batch]  # type: ignore[arg-type]
            told = [changes[row.pk] if changes else None for row in batch]
            drafts = [
                self._draft(one, row, verb, reason, tell) for one, row, tell in zip(shapes, batch, told, strict=True)
            ]
            written = self._write_events(drafts)
            alike: dict[tuple[Shape, bool], list[models.Model]] = {}
            for shape, row, event in zip(shapes, batch, written, strict=True):
                _tie(shape, row, event)
                alike.setdefault((shape, row._state.adding), []).append(row)
            for (shape, _new), some in alike.items():
                self._write(shape, some)
            events += written
        return events

    def afterwards(self, what: Callable[[list[Any]], None], row: Any) -> None:
        """What follows from a row that was written: at once, or for all of them where many are written together."""
        if self._book.follows is None:
            what([row])
        else:
            self._book.follows.append((what, row))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Many changes in one transaction: what follows from them is done at their end, once for all."""
        waiting: list[tuple[Callable[[list[Any]], None], Any]] = []
        self._book.follows = waiting
        try:
            yield
        finally:
            self._book.follows = None
        for what in dict.fromkeys(what for what, _row in waiting):
            what(list({row.pk: row for one, row in waiting if one == what}.values()))  # each as it stands last

    def note(
        self, verb: str, subject: UUID, table: str, facts: Mapping[str, Any] | None = None, reason: str = ""
    ) -> Event:
        """An event about something that is no evidence row: an account, a key, a verification, a restore."""
        content = {"facts": facts or {}, "reason": reason, "actor_name": self.stamp.actor_name}
        fields = {"subject": as_uuid(subject), "record": None, "table": table, "schema": NOTE}
        return self._write_events([self._event(fields, verb, content)])[0]

    def erase(self, event: UUID, reason: str) -> Event:
        """Delete an event's opening (its values, names and reason), with an event that says so; proofs stay valid."""
        written = self.note("erase", event, "opening", reason=reason)
        Opening._base_manager.using(self._book.using).filter(pk=event).delete()
        return written

    def _draft(self, shape: Shape, row: models.Model, verb: str, reason: str, changes: Any) -> tuple[Event, Opening]:
        if spine(shape.model):
            raise WrittenOutsideTheDoor(f"{shape.code} is a spine: save the row of its kind")
        if shape.home_of(row) != self.home:
            raise WrittenOutsideTheDoor(f"this {shape.code} belongs to another organisation than the pen")
        uid = shape.uid_of(row)
        content = {"row": shape.snapshot(row), "reason": reason, "actor_name": self.stamp.actor_name}
        if changes is not None:
            content["changes"] = changes
        fields = {
            "subject": uid,
            "record": shape.record_of(row),
            "table": shape.code,
            "schema": shape.schema,
        }
        return self._event(fields, verb, content)

    def _event(self, fields: dict[str, Any], verb: str, content: dict[str, Any]) -> tuple[Event, Opening]:
        salt, text, stamp = token_bytes(16), canonical(content).decode(), self.stamp
        event = Event(
            entry_id=uuid7(),
            home=self.home,
            verb=verb,
            actor=stamp.actor,
            actor_kind=stamp.actor_kind,
            on_behalf_of=stamp.on_behalf_of,
            at=datetime.now(UTC),
            occurred_at=stamp.occurred_at,
            zone=stamp.zone,
            how=stamp.how,
            commitment=commitment_of(salt, text),
            **fields,
        )
        return event, Opening(event_id=event.entry_id, salt=salt, text=text)

    def _write_events(self, drafts: Sequence[tuple[Event, Opening]]) -> list[Event]:
        events = [event for event, _ in drafts]
        insert(Event, events, self._book.using)
        insert(Opening, [opening for _, opening in drafts], self._book.using)
        self._book.unsealed.setdefault(self.home, []).extend(events)
        return events

    def _write(self, shape: Shape, rows: list[models.Model]) -> None:
        """Rows that are all new, or all there already."""
        if rows[0]._state.adding:
            self._insert(shape, rows)
            return
        for sheet in shape.sheets:
            update(sheet.model, rows, self._book.using)

    def _insert(self, shape: Shape, rows: list[models.Model]) -> None:
        for sheet in shape.sheets:
            for row in rows:
                setattr(row, sheet.key.attname, shape.uid_of(row))
            insert(sheet.model, rows, self._book.using)
        for row in rows:
            row._state.adding, row._state.db = False, self._book.using


@contextmanager
def writing(home: UUID, stamp: Stamp, using: str = DEFAULT_DB_ALIAS) -> Iterator[Pen]:
    """One transaction in which a pen writes and at whose end the log is sealed.

    Inside another one for the same organisation (or for the installation) it joins that: one seal, at the outer end.
    """
    home, outer = as_uuid(home), _book.get()
    if outer is None:
        book = _Book(using, main=home)
        token = _book.set(book)
        try:
            with transaction.atomic(using=using):
                yield Pen(home, stamp, book)
                _seal(book)
                _tell(book)
        finally:
            _book.reset(token)
        return
    if home not in (outer.main, INSTALLATION) and outer.main != INSTALLATION:
        raise WrittenOutsideTheDoor("one transaction writes one organisation's log (and the installation's)")
    if outer.main == INSTALLATION:
        outer.main = home
    before = {log: len(events) for log, events in outer.unsealed.items()}
    followed = len(outer.follows or ())
    try:
        with transaction.atomic(using=outer.using):
            yield Pen(home, stamp, outer)
    except BaseException:
        for log, events in outer.unsealed.items():
            del events[before.get(log, 0) :]
        del (outer.follows or [])[followed:]
        raise


def _seal(book: _Book) -> None:
    """Give every event its place, under the locks of the heads, taken in their order."""
    for home in sorted(book.unsealed):
        if events := book.unsealed[home]:
            frontier = _head(home, book.using)
            entries = []
            for event in events:
                leaf = leaf_of(event)
                entries.append(Entry(event_id=event.entry_id, log_id=home, seq=frontier.size, leaf=leaf))
                frontier.append(leaf)
            for batch in _batches(entries):
                insert(Entry, batch, book.using)
            carried_out(GROWN, [frontier.size, frontier.to_bytes(), home], book.using)


def _tell(book: _Book) -> None:
    if (witness := _witness.get()) and (events := [event for some in book.unsealed.values() for event in some]):
        witness(events)


def _head(home: UUID, using: str) -> Frontier:
    """Where a log stands; its head is locked from here on."""
    asked = f"SELECT frontier FROM ledger_log WHERE home = %s{locking(using)}"
    if not (found := fetched(asked, [home], using)):
        Log._base_manager.using(using).bulk_create([Log(home=home, origin=origin_of(home))], ignore_conflicts=True)
        found = fetched(asked, [home], using)
    return Frontier.from_bytes(bytes(found[0][0]))


def _tie(shape: Shape, row: models.Model, event: Event) -> None:
    for sheet in shape.sheets:
        setattr(row, sheet.event.attname, event.entry_id)
    for sheet in shape.sheets[1:]:
        setattr(row, sheet.home.attname, event.home)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def migrated(
    rows: type[models.Model] | Iterable[models.Model],
    why: str,
    change: Callable[[Any], object] | None = None,
    verb: str = "migrate",
) -> int:
    """For data migrations: change each row (of a model, historical or not) and write it with an event; the count."""
    stream = rows._base_manager.order_by("pk").iterator(BATCH) if isinstance(rows, type) else rows
    stamp, count = Stamp(None, "migration", "", how="migration"), 0
    for batch in _batches(stream):
        homes: dict[UUID, list[models.Model]] = {}
        for row in batch:
            if change is not None:
                change(row)
            home = shape_of(type(row)).home_of(row)  # type: ignore[arg-type]
            homes.setdefault(home, []).append(row)
        for home, theirs in homes.items():
            with writing(home, stamp) as pen:
                pen.save_many(theirs, verb, why)
        count += len(batch)
    return count
