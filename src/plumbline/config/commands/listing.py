"""`plumb list`: the records of a register, filtered as its page filters them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.http import QueryDict

from plumbline.history.canonical import plain
from plumbline.kernel import ranges
from plumbline.kernel.lists import narrowed
from plumbline.kernel.register import Register
from plumbline.organisation import own_fields
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.organisation.ranges import ends

from .finding import organisation_of, register_named
from .telling import Refused, line, show

SPINE = (
    "number",
    "title",
    "state",
    "owner",
    "author",
    "due",
    "process",
    "site",
    "language",
    "version",
    "created_at",
    "closed_at",
)
HIDDEN = {"record_ptr", "home", "own_event"}


def run(kind: str, organisation: str, json: bool, search: str, only_open: bool, filters: list[str]) -> int:
    """One record a line."""
    register, actor = register_named(kind), Actor.installation(organisation_of(organisation))
    chosen = narrowed(register, actor, _query(register, actor, search, only_open, filters)).order_by()
    records = register.model.objects.filter(pk__in=chosen.values("pk")).order_by("uid")
    people = dict(Person.objects.filter(organisation=actor.organisation).values_list("uid", "name"))
    if json:
        for record in records.iterator(500):
            line(facts_of(register, record, people))
    else:
        _table(register, records, people)
    return 0


def _query(register: Register, actor: Actor, search: str, only_open: bool, filters: list[str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query["q"] = search
    if only_open:
        query["open"] = "1"
    fields = own_fields.named(actor.organisation, register.kind)
    allowed = {
        *register.filters,
        *ranges.wheres(register),
        "due_before",
        *fields,
        *ends(ranges.of(register, fields), fields),
    }
    for one in filters:
        name, equals, value = one.partition("=")
        if not equals or name not in allowed:
            raise Refused(
                f"“{one}” is no filter of {register.slug}: write NAME=VALUE with one of {', '.join(sorted(allowed))}."
            )
        query[name] = value
    return query


def facts_of(register: Register, record: Any, people: dict) -> dict[str, Any]:
    """A record as JSON: its spine, its own fields, people by name."""
    facts: dict[str, Any] = {"kind": register.kind, "uid": record.uid}
    own = [field.name for field in register.model._meta.local_concrete_fields if field.name not in HIDDEN]
    for name in (*SPINE, *own):
        facts[name] = _value(register, record, name, people)
    return facts


def _value(register: Register, record: Any, name: str, people: dict) -> Any:
    try:
        field = register.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not isinstance(field, Field):
        return None
    value = field.value_from_object(record)
    if field.is_relation and field.related_model is Person:
        return people.get(value)
    return plain(value)


def _table(register: Register, records: Iterable[Any], people: dict) -> None:
    rows = [[str(_value(register, record, name, people) or "") for name in register.columns] for record in records]
    head = [register.label(name) for name in register.columns]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, *rows]:
        show("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
