"""Records as the API tells them, and pointers as it understands them; nothing hidden is named by either."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from plumbline.history.canonical import fixed
from plumbline.history.uids import uid_of
from plumbline.kernel import pages
from plumbline.kernel.forms import choices
from plumbline.kernel.models import Part, Record
from plumbline.kernel.register import Register

from .entry import Caller

PLUMBING = {"organisation", "home", "own_event", "last_event", "record_ptr", "record", "extra"}


@cache
def columns(model: type[models.Model]) -> tuple[Any, ...]:
    """What the API tells of a row: its own fields, without what holds the tables together."""
    return tuple(field for field in model._meta.concrete_fields if field.name not in PLUMBING)


def is_pointer(field: Any) -> bool:
    return isinstance(field, models.ForeignKey)


def to_record(field: Any) -> bool:
    return is_pointer(field) and issubclass(field.related_model, Record)


@cache
def _pointers(model: type[models.Model]) -> tuple[Any, ...]:
    """What points to people and places, never another record."""
    return tuple(field for field in columns(model) if is_pointer(field) and not to_record(field))


@cache
def _to_records(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in columns(model) if to_record(field))


@cache
def _plain(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in columns(model) if not is_pointer(field))


def parts(model: type[Part], record: Record) -> models.QuerySet:
    """The parts of a record, the oldest first."""
    pointers = [field.name for field in _pointers(model)]
    return along(model._base_manager.filter(record_id=record.uid), pointers).order_by("uid")


def along(rows: models.QuerySet, pointers: list[str]) -> models.QuerySet:
    """The rows with what these pointers name; Django takes no names for all, through every table to the ledger."""
    return rows.select_related(*pointers) if pointers else rows


def find(register: Register, caller: Caller, key: str) -> Any:
    """The record of that uid, number or former number, among those the caller may see; else 404."""
    if uid := uid_of(key):
        for record in register.records(caller.actor).filter(kind=register.kind, pk=uid):
            return record
    return pages.find(register, caller.actor, key)


def told(rows: Iterable[Any], caller: Caller) -> list[dict[str, Any]]:
    """Each row by its fields; what a pointer leads to is named only where the caller may see it."""
    rows = list(rows)
    if not rows:
        return []
    model: Any = type(rows[0])
    seen, named = _seen(rows, caller), _named(rows, caller)
    made = []
    for row in rows:
        held = vars(row)
        one = {field.name: as_json(held[field.attname], field) for field in _plain(model)}
        one |= {field.name: seen.get(held[field.attname]) for field in _to_records(model)}
        one |= {field.name: named.get(held[field.attname]) for field in _pointers(model)}
        made.append(one)
    return made


def _seen(rows: list[Any], caller: Caller) -> dict[UUID, dict[str, str]]:
    """The records that these rows point to, of those the caller may see: one query."""
    model: Any = type(rows[0])
    wanted = {uid for field in _to_records(model) for row in rows if (uid := getattr(row, field.attname))}
    found = caller.seen().filter(pk__in=wanted).values_list("uid", "number", "title") if wanted else ()
    return {uid: {"uid": str(uid), "number": number, "title": title} for uid, number, title in found}


def _named(rows: list[Any], caller: Caller) -> dict[UUID, dict[str, str]]:
    """The people and places that these rows point to: one query a table, none for who asks and what is loaded."""
    model: Any = type(rows[0])
    names = {person.pk: person.name for person in (caller.actor.person,) if person}
    wanted: dict[Any, set[UUID]] = {}
    for field in _pointers(model):
        for row in rows:
            uid = getattr(row, field.attname)
            if uid and field.is_cached(row):
                names[uid] = str(getattr(field.get_cached_value(row), "name", ""))
            elif uid:
                wanted.setdefault(field.related_model, set()).add(uid)
    for there, uids in wanted.items():
        if unknown := uids - names.keys():
            named = any(field.name == "name" for field in there._meta.concrete_fields)
            names |= there._base_manager.filter(pk__in=unknown).values_list("pk", "name") if named else {}
            names |= {} if named else dict.fromkeys(unknown, "")
    return {uid: {"uid": str(uid), "name": name} for uid, name in names.items()}


def as_json(value: Any, field: Any) -> Any:
    """A value as JSON has it, the same before it was written and after: instants in UTC, decimals as text."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return str(DjangoJSONEncoder().default(value.astimezone(UTC)))  # as what goes through a schema is written
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return fixed(value, field.decimal_places)
    return str(value) if isinstance(value, UUID) else value


def address(register: Register, record: Record, caller: Caller) -> str:
    """The record's page, for people."""
    return f"/{caller.actor.organisation.slug}/{register.slug}/{record.number}/"


def understood(model: type[models.Model], sent: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """What was sent as the door takes it: pointers become rows, and one that leads nowhere is refused by name."""
    values: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for name, value in sent.items():
        field: Any = model._meta.get_field(name)
        if is_pointer(field) and value is not None:
            try:
                value = pointed(name, field.related_model, value, caller)
            except ValidationError as error:
                wrong |= error.message_dict
        values[name] = value
    if wrong:
        raise ValidationError(wrong)
    return values


def pointed(name: str, model: type[Any], key: str, caller: Caller) -> Any:
    """The row of that uid or, of a record, number; exactly one, that may be chosen and seen today."""
    rows = choices(model, caller.actor)
    if issubclass(model, Record):
        rows = rows.filter(kind__in=caller.kinds)
    if issubclass(model, Part):
        rows = rows.filter(record__in=caller.seen())
    uid = uid_of(key)
    found = rows.filter(pk=uid).first() if uid else None
    if found is None and issubclass(model, Record) and "\0" not in key:
        named = list(rows.filter(number__iexact=key)[:2])
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise ValidationError({name: _("There is no such row that you may see, or more than one.")})
    return found
