"""What stands in a column: the fields of a register, their words, and the values of its records, typed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import QuerySet
from django.utils.dateparse import parse_date

from plumbline.kernel.models import Record
from plumbline.kernel.register import Register
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

FIRST = ("number", "title", "state")
LAST = ("owner", "due", "process", "site", "author", "created_at", "closed_at", "confidential")
AT_ONCE = 500  # rows read before the rows they point to are asked for


def every(register: Register, fields: Iterable[str]) -> tuple[str, ...]:
    """All fields of a register in the order of its form, the organisation's own ones among them."""
    return tuple(dict.fromkeys([*FIRST, *register.fields(), *fields, *LAST]))


def rows(
    register: Register, actor: Actor, records: QuerySet, names: Iterable[str], fields: dict[str, own.OwnField]
) -> Iterator[list[Any]]:
    """The typed cells of each record, a few hundred read at a time; what may not be seen is not named."""
    names = list(names)
    pointing = {
        place: _Pointed(register.field(name), actor)
        for place, name in enumerate(names)
        if name not in fields and isinstance(register.field(name), models.ForeignKey)
    }
    people = own.everybody(fields[name] for name in names if name in fields)
    shown = [_own(fields[name], people) if name in fields else _shown(register, name, actor) for name in names]
    asked = ["extra" if name in fields else register.field(name).attname for name in names]
    lines = records.values_list(*asked).iterator(chunk_size=AT_ONCE)
    while batch := list(islice(lines, AT_ONCE)):
        for place, pointed in pointing.items():
            pointed.learn(line[place] for line in batch)
        for line in batch:
            yield [
                pointing[place].text(value) if place in pointing else show(value)
                for place, (value, show) in enumerate(zip(line, shown, strict=True))
            ]


def _own(field: own.OwnField, people: dict[str, str]) -> Any:
    """How an own field stands in a cell: of its sort where a spreadsheet has one, else in words."""

    def show(extra: dict) -> Any:
        value = extra.get("own", {}).get(field.code)
        if value is not None and field.sort == own.OwnField.Sort.NUMBER:
            return Decimal(str(value))
        if value is not None and field.sort == own.OwnField.Sort.DATE:
            return parse_date(value)
        return value if isinstance(value, bool) else field.plain(value, people)

    return show


def _shown(register: Register, name: str, actor: Actor) -> Any:
    if name == "state":
        words = {code: str(state.label) for code, state in register.workflow.states.items()}
        return lambda value: words.get(value, value)
    field = register.field(name)
    if field.choices:
        said = register.options(name, actor.organisation)
        return lambda value: said.get(str(value), value)
    if isinstance(field, models.DateTimeField):
        zone = ZoneInfo(actor.organisation.zone)
        return lambda value: value and _there(value, zone)
    if isinstance(field, models.JSONField):
        return lambda value: ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return lambda value: value


def _there(value: datetime, zone: ZoneInfo) -> datetime:
    """The time on the organisation's clock; a spreadsheet knows no zones."""
    return value.astimezone(zone).replace(tzinfo=None, microsecond=0)


class _Pointed:
    """The words of the rows a column points to, each asked for once, of those the actor may see."""

    def __init__(self, field: Any, actor: Actor) -> None:
        self.model, self.actor = field.related_model, actor
        self.words: dict[Any, str] = {}

    def learn(self, keys: Iterable[Any]) -> None:
        wanted = {key for key in keys if key is not None} - self.words.keys()
        if not wanted:
            return
        if issubclass(self.model, Record):
            seen = Record.objects.visible_to(self.actor).filter(pk__in=wanted)
            found = {uid: f"{number} {title}" for uid, number, title in seen.values_list("pk", "number", "title")}
        else:
            there = self.model._base_manager.filter(organisation=self.actor.organisation, pk__in=wanted)
            found = {row.pk: str(row) for row in there}
        self.words |= dict.fromkeys(wanted, "") | found

    def text(self, key: Any) -> str:
        return self.words.get(key, "")
