"""Rows of several tables that belong to one record, in one question to the database, as objects of their own kinds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast

from .prepared import Prepared

LIKE: dict[str, Any] = {  # what stands in one column of the answer
    "UUIDField": models.UUIDField,
    "CharField": models.TextField,
    "TextField": models.TextField,
    "DateTimeField": models.DateTimeField,
    "DateField": models.DateField,
    "BooleanField": models.BooleanField,
    "BigAutoField": models.BigIntegerField,
    "PositiveSmallIntegerField": models.BigIntegerField,
    "PositiveIntegerField": models.BigIntegerField,
    "PositiveBigIntegerField": models.BigIntegerField,
    "DecimalField": models.DecimalField,
}
NEVER = {"last_event"}  # what only the writer asks for


@dataclass(frozen=True, eq=False)
class Wanted:
    """Rows of one table: which, and what of the rows they point to, as “by__name” or “by__site__name”."""

    model: Any
    told: tuple[str, ...] = ()
    only: dict[str, Any] = field(default_factory=dict)
    by: str = "record"  # what leads to the record
    newest: str = ""  # the latest of this first; else the oldest row first

    def of(self, record: UUID) -> QuerySet:
        return self.model.objects.filter(**{self.by: record}, **self.only).order_by()

    def ordered(self, rows: list[Any]) -> list[Any]:
        if self.newest:
            return sorted(rows, key=lambda one: (getattr(one, self.newest), one.pk), reverse=True)
        return sorted(rows, key=lambda one: one.pk)

    def columns(self) -> list[tuple[str, type[models.Field]]]:
        """(path, what it is like) of all that is read; what fits no column is asked for where it is used."""
        own = [(one.attname, one) for one in self.model._meta.concrete_fields if one.name not in NEVER]
        keys = [f"{path.rpartition('__')[0]}_id" for path in self.told if path.count("__") > 1]
        pointed = [(path, self._pointed(path)) for path in (*self.told, *keys)]
        read = [(path, LIKE.get(_kind(one))) for path, one in (*own, *pointed)]
        return [(path, like) for path, like in read if like is not None]

    def _pointed(self, path: str) -> Any:
        model, (*pointers, name) = self.model, path.split("__")
        for pointer in pointers:
            model = model._meta.get_field(pointer).related_model
        return model._meta.get_field(name)

    def made(self, values: dict[str, Any]) -> Any:
        """The object, with those it points to as far as they are told."""
        one = _object(self.model, values)
        _point(one, {path: value for path, value in values.items() if "__" in path})
        return one


def together(record: UUID, wanted: Iterable[Wanted]) -> list[list[Any]]:
    """Of each table its rows, in its order."""
    every = tuple(wanted)
    if not every:
        return []
    places, statement = _prepared(every)
    found: list[list[Any]] = [[] for _one in every]
    for which, *values in statement(record):
        told = {path: values[place] for path, place in places[which].items()}
        found[which].append(every[which].made(told))
    return [one.ordered(rows) for one, rows in zip(every, found, strict=True)]


@cache
def _prepared(every: tuple[Wanted, ...]) -> tuple[list[dict[str, int]], Prepared]:
    """Where the answer has what, and the question, put together once: what a register declares stays as it is."""
    slots: list[type[models.Field]] = []
    places = [_placed(one, slots) for one in every]

    def asked(record: UUID) -> QuerySet:
        each = [_asked(one.of(record), n, places[n], slots) for n, one in enumerate(every)]
        return each[0].union(*each[1:], all=True)

    return places, Prepared(asked)


def _placed(wanted: Wanted, slots: list[type[models.Field]]) -> dict[str, int]:
    """Path → its column; a column of one kind serves all tables, and more are added where they are lacking."""
    at: dict[str, int] = {}
    for path, like in wanted.columns():
        free = (place for place, kind in enumerate(slots) if kind is like and place not in at.values())
        place = next(free, len(slots))
        if place == len(slots):
            slots.append(like)
        at[path] = place
    return at


def _asked(rows: QuerySet, number: int, at: dict[str, int], slots: list[type[models.Field]]) -> QuerySet:
    paths = {place: path for path, place in at.items()}
    columns: dict[str, Any] = {"_which": Value(number)}
    for place, like in enumerate(slots):
        blank = like(max_digits=12, decimal_places=2) if like is models.DecimalField else like()
        columns[f"_{place}"] = F(paths[place]) if place in paths else Cast(Value(None), blank)
    return rows.annotate(**columns).values_list(*columns)


def _kind(field: Any) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return str(field.get_internal_type())


def _point(one: Any, told: dict[str, Any]) -> None:
    """Give the object those it points to, and them theirs."""
    for pointer in dict.fromkeys(path.partition("__")[0] for path in told):
        begins, field = f"{pointer}__", one._meta.get_field(pointer)
        inside = {path.removeprefix(begins): value for path, value in told.items() if path.startswith(begins)}
        uid = getattr(one, field.attname)
        other = None if uid is None else _object(field.related_model, inside, uid)
        if other is not None:
            _point(other, {path: value for path, value in inside.items() if "__" in path})
        setattr(one, pointer, other)


def _object(model: Any, values: dict[str, Any], uid: UUID | None = None) -> Any:
    """With what was read; the rest is asked for where it is used."""
    read = {}
    for one in model._meta.concrete_fields:
        if uid is not None and one is one.model._meta.pk:
            read[one.attname] = uid
        elif one.attname in values:
            read[one.attname] = values[one.attname]
    return model.from_db("default", list(read), list(read.values()))
