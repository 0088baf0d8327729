"""A log that comes from another installation: written as it was, past the same triggers as every other row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models

from plumbline.history.merkle import Frontier
from plumbline.ledger.leaves import CODES, IDS, TIMES
from plumbline.ledger.models import Checkpoint, Entry, Event, Log, Opening
from plumbline.ledger.schemas import declared_default, frozen
from plumbline.ledger.shapes import Shape, type_of
from plumbline.ledger.statements import insert
from plumbline.ledger.writer import Pen, Stamp, _batches, _tie, origin_of, writing

DECODED: dict[str, Any] = {
    "date": date.fromisoformat,
    "instant": datetime.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda value: timedelta(microseconds=value),
    "uuid": UUID,
    "bytes": bytes.fromhex,
}


@dataclass
class Loading:
    """One log on its way in, inside one transaction: events with openings, rows, then their places, then the heads."""

    home: UUID
    pen: Pen
    using: str = DEFAULT_DB_ALIAS

    def events(self, told: Iterable[Mapping[str, Any]]) -> int:
        """Write events, unsealed; how many."""
        return sum(self._insert(Event, batch) for batch in _batches(map(self._event, told)))

    def openings(self, told: Iterable[Mapping[str, Any]]) -> int:
        """Write what the events' commitments commit to; how many."""
        rows = (Opening(event_id=UUID(one["event"]), salt=bytes.fromhex(one["salt"]), text=one["text"]) for one in told)
        return sum(self._insert(Opening, batch) for batch in _batches(rows))

    def rows(self, shape: Shape, rows: Sequence[models.Model]) -> None:
        """Write new rows that name their own last event."""
        for row in rows:
            if shape.home_of(row) != self.home:
                raise ValueError(f"{shape.code} {shape.uid_of(row)} belongs to another organisation")
        self.pen._insert(shape, list(rows))

    def seal(self, told: Iterable[Mapping[str, Any]]) -> Frontier:
        """Give the events their places again, in their order; the head they make."""
        frontier = Frontier()
        for batch in _batches(told):
            entries = []
            for one in batch:
                leaf = bytes.fromhex(one["leaf"])
                entries.append(Entry(event_id=UUID(one["id"]), log_id=self.home, seq=one["seq"], leaf=leaf))
                frontier.append(leaf)
            self._insert(Entry, entries)
        heads = Log._base_manager.using(self.using).filter(pk=self.home)
        heads.update(size=frontier.size, frontier=frontier.to_bytes())
        return frontier

    def heads(self, told: Iterable[Mapping[str, Any]]) -> int:
        """Keep the heads that were signed elsewhere; how many."""
        rows = (
            Checkpoint(
                log_id=self.home,
                size=one["size"],
                root=bytes.fromhex(one["root"]),
                frontier=bytes.fromhex(one["frontier"]),
                note=one["note"],
                at=datetime.fromisoformat(one["at"]),
            )
            for one in told
        )
        return sum(len(Checkpoint.objects.using(self.using).bulk_create(batch)) for batch in _batches(rows))

    def _event(self, told: Mapping[str, Any]) -> Event:
        values: dict[str, Any] = {name: told[name] and UUID(told[name]) for name in IDS if name != "id"}
        values |= {name: told[name] for name in CODES}
        values |= {name: told[name] and datetime.fromisoformat(told[name]) for name in TIMES}
        return Event(entry_id=UUID(told["id"]), commitment=bytes.fromhex(told["commitment"]), **values)

    def _insert(self, model: type[models.Model], rows: Sequence[models.Model]) -> int:
        insert(model, rows, self.using)
        return len(rows)


@contextmanager
def loading(home: UUID, epoch: int, stamp: Stamp) -> Iterator[Loading]:
    """One transaction in which a log comes in whole; what the pen writes besides is sealed after it, at its end."""
    with writing(home, stamp) as pen:
        Log._base_manager.create(home=home, origin=origin_of(home, epoch), epoch=epoch)
        yield Loading(home, pen)


def row_of(shape: Shape, number: int, event: UUID, snapshot: Mapping[str, Any]) -> models.Model:
    """A row as its snapshot under schema `number` tells it; fields that are newer hold their declared default.

    Raises ValueError, TypeError or KeyError where a value is not of its field's kind.
    """
    kinds = {name: kind for name, kind, _ in frozen(shape.model, number)}
    row = shape.model()
    for field in shape.fields:
        if field.name in kinds:
            value = decoded(kinds[field.name], snapshot[field.name])
        else:
            value = decoded(type_of(field), declared_default(field))
        setattr(row, field.attname, value)
    tied(shape, row, event)
    return row


def tied(shape: Shape, row: models.Model, event: UUID) -> None:
    """Let a row name the event that wrote it."""
    _tie(shape, row, Event(entry_id=event, home=shape.home_of(row)))


def decoded(kind: str, value: Any) -> Any:
    """The value a snapshot spells; the reverse of `shapes.encode`."""
    if value is None:
        return None
    if kind.startswith("decimal"):
        return Decimal(value)
    return DECODED[kind](value) if kind in DECODED else value
