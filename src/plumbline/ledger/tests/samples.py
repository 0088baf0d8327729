"""Rows of every evidence model there is, made from nothing but the models; whoever adds a model is tested with it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from django.db import models

from plumbline.history.uids import uuid7
from plumbline.ledger.shapes import Shape, shapes, type_of
from plumbline.ledger.writer import Stamp, writing

STAMP = Stamp(actor=None, actor_kind="import", actor_name="The tests")


def value_of(field: models.Field, number: int) -> Any:
    """A value a field takes; another number gives another value (a boolean has two)."""
    kind, places = type_of(field), getattr(field, "decimal_places", 0)
    if kind == "text":
        length = getattr(field, "max_length", None) or 40
        return f"{field.name[: max(1, length - 4)]}{number}"[-length:]
    if kind.startswith("decimal"):
        return Decimal(number).scaleb(-places).quantize(Decimal(1).scaleb(-places))
    return {
        "integer": number,
        "boolean": number % 2 == 1,
        "date": date(2026, 1, 1) + timedelta(days=number),
        "instant": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number, microseconds=number),
        "time": (datetime(2026, 1, 1) + timedelta(minutes=number)).time(),
        "duration": timedelta(minutes=number),
        "uuid": UUID(int=number),
        "json": {"number": number, "text": "Größe"},
        "bytes": bytes([number % 256]),
    }[kind]


class Samples:
    """Two organisations, and in each three rows of every evidence model."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[models.Model]] = {}
        self.homes: list[UUID] = []
        self._numbers = count(1)
        for _ in range(2):
            self.homes.append(self._organisation())

    def of(self, model: Any, home: UUID) -> list[models.Model]:
        """The rows of a model (or of the kinds of a spine) in an organisation."""
        return [
            row
            for kind, rows in self.rows.items()
            if issubclass(kind, model)
            for row in rows
            if getattr(row, shape_home(row)) == home
        ]

    def _organisation(self) -> UUID:
        home = uuid7()
        waiting = sorted(shapes(), key=lambda shape: shape.home != "uid")
        with writing(home, STAMP) as pen:
            while waiting:
                ready = next(shape for shape in waiting if self._ready(shape, waiting))
                waiting.remove(ready)
                for _ in range(1 if ready.home == "uid" else 3):
                    row = self._row(ready, home, next(self._numbers))
                    pen.save(row, "create", reason="a sample")
                    self.rows.setdefault(ready.model, []).append(row)
        return home

    def _ready(self, shape: Shape, waiting: list[Shape]) -> bool:
        later = {other.model for other in waiting if other is not shape}
        needs = [field.related_model for field in shape.fields if field.is_relation and not field.null]
        return not any(issubclass(other, need) for other in later for need in needs)

    def _row(self, shape: Shape, home: UUID, number: int) -> models.Model:
        row = shape.model()
        setattr(row, shape.home, home)
        for position, field in enumerate(shape.fields):
            if field.primary_key or field.attname == shape.home:
                continue
            if field.is_relation:
                choices = self.of(field.related_model, home) or outside(field)
                key = choices[(number + position) % len(choices)].pk if choices else None
                setattr(row, field.attname, key)
            else:
                setattr(row, field.attname, value_of(field, number))
        return row


def shape_home(row: models.Model) -> str:
    """The attribute that holds a row's organisation."""
    return next(shape.home for shape in shapes() if shape.model is type(row))


def outside(field: models.Field) -> list[models.Model]:
    """Rows of a table that is no evidence, for a reference that must not be empty."""
    return [] if field.null else list(field.related_model._base_manager.all()[:5])


def columns(shape: Shape) -> Iterator[tuple[str, models.Field]]:
    """(table, field) of every column an evidence model has, keys and events included."""
    for sheet in shape.sheets:
        for field in sheet.model._meta.local_concrete_fields:
            yield sheet.table, field
