"""The first rows of a check as they were understood: what is written wrongly is seen before it comes in."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from plumbline.kernel.register import Register
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

from .converting import Converter, Given
from .models import Import, Row
from .wanted import fields

FIRST = 3
LONGEST = 80  # letters of a text


def understood(run: Import, register: Register, actor: Actor) -> list[tuple[Row, list[tuple[str, str, str]]]]:
    """The first rows that would come in, each with (label, what was before, what it would be)."""
    rows = list(run.rows.filter(step__in=("create", "edit")).order_by("line")[:FIRST])
    if not rows:
        return []
    wanted = fields(register, actor.organisation)
    words = _Words(register, actor, Converter(register, actor, wanted, run.reading))
    changed = [row.record for row in rows if row.step == "edit"]
    records = {record.pk: record for record in register.records(actor).filter(pk__in=changed)} if changed else {}
    return [(row, words.told(row.given, records.get(row.record))) for row in rows]


class _Words:
    """Plain values as a page shows them."""

    def __init__(self, register: Register, actor: Actor, converter: Converter) -> None:
        self.register, self.actor, self.converter = register, actor, converter
        self.people = own.everybody(one.own for one in converter.wanted.values() if one.own is not None)

    def told(self, given: Given, record: Any) -> list[tuple[str, str, str]]:
        now = self.converter.now
        return [
            (
                self.converter.wanted[name].label,
                self.of(name, now(record, name)) if record else "",
                self.of(name, value),
            )
            for name, value in given.items()
            if name in self.converter.wanted
        ]

    def of(self, name: str, value: Any) -> str:
        one = self.converter.wanted[name]
        if value in (None, "", []):
            return ""
        if one.own is not None:
            return str(
                one.own.plain(value, self.people) if one.own.sort == "link" else one.own.shown(value, self.people)
            )
        if one.pointing:
            return str(self.converter.pointers[name].row(value) or "")
        if name == "state":
            return str(self.register.workflow.states[value].label)
        if one.field.choices:
            return str(self.register.options(name, self.actor.organisation).get(str(value), value))
        if isinstance(one.field, models.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(one.field, models.DateField):
            return date_format(date.fromisoformat(value[:10]), "DATE_FORMAT")
        if isinstance(one.field, models.DecimalField):
            return number_format(Decimal(value).normalize().__format__("f"))
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
