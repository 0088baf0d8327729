"""A row of cells as the values of a record: each by its field, in one plain spelling that can be kept and compared."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel.register import Register
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .pointing import Pointers
from .spelling import read_date, read_number, read_truth, unquoted
from .tables import UNREADABLE
from .wanted import LANGUAGES, Wanted
from .workbook import Formula

Given = dict[str, Any]  # name -> plain value; None empties the field


class Converter:
    """Reads cells for one register, for one actor, in the spelling of one file."""

    def __init__(self, register: Register, actor: Actor, wanted: dict[str, Wanted], reading: dict[str, Any]) -> None:
        self.register, self.actor, self.wanted, self.reading = register, actor, wanted, reading
        self.pointers: dict[str, Pointers] = {}
        self.words: dict[str, dict[str, Any]] = {}
        people: Pointers | None = None
        for name, one in wanted.items():
            model = one.field.related_model if one.pointing else None
            if model is None and one.own is not None and one.own.sort == own.OwnField.Sort.PERSON:
                model = Person
            if model is Person:
                people = people or Pointers(Person, actor)
                self.pointers[name] = people
            elif model is not None:
                self.pointers[name] = Pointers(model, actor)

    def convert(self, name: str, cell: str) -> Any:
        """The plain value of a cell that is not empty; raises ValueError with the words for what is wrong."""
        one = self.wanted[name]
        _refuse_unread(cell)
        if name in self.pointers:
            return str(self.pointers[name].find(cell).pk)
        if name == "state":
            return self._word(name, self._states(), cell)
        if one.own is not None:
            return self._own(one.own, cell)
        if one.field.choices:
            return self._word(name, self._choices(one.field), cell)
        if isinstance(one.field, models.BooleanField):
            return read_truth(cell)
        if isinstance(one.field, models.DateField):
            return read_date(cell, self.reading["dates"]).isoformat()
        if isinstance(one.field, models.DecimalField):
            return f"{read_number(cell, self.reading['decimal']):f}"
        if isinstance(one.field, models.IntegerField):
            number = read_number(cell, self.reading["decimal"])
            if number != int(number):
                raise ValueError(_("“%(cell)s” is not a whole number.") % {"cell": cell[:40]})
            return int(number)
        if isinstance(one.field, models.JSONField):
            return [piece.strip() for piece in cell.replace(";", ",").split(",") if piece.strip()]
        return _text(cell, many=isinstance(one.field, models.TextField))

    def _word(self, name: str, words: dict[str, Any], cell: str) -> Any:
        try:
            return words[cell.strip().casefold()]
        except KeyError:
            offered = ", ".join(_("“%(move)s”") % {"move": word} for word in self.offered(name)[:12])
            raise ValueError(
                _("“%(cell)s” cannot be chosen here; there are: %(offered)s.")
                % {"cell": cell.strip()[:40], "offered": offered}
            ) from None

    def offered(self, name: str) -> list[str]:
        """The words one can choose among."""
        if name == "state":
            return [str(state.label) for state in self.register.workflow.states.values()]
        one = self.wanted[name]
        if one.own is not None:
            return [words for _code, words, offered in one.own.choices if offered]
        return [str(words) for code, words in one.field.flatchoices if code != ""]

    def _states(self) -> dict[str, str]:
        pairs = [(code, state.label) for code, state in self.register.workflow.states.items()]
        return self._spoken("state", pairs)

    def _choices(self, field: Any) -> dict[str, Any]:
        return self._spoken(field.name, list(field.flatchoices))

    def _spoken(self, name: str, pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
        """Code and words in every language → code."""
        if name not in self.words:
            found: dict[str, Any] = {}
            for language in LANGUAGES:
                with override(language):
                    found |= {str(words).casefold(): code for code, words in pairs}
            self.words[name] = found | {str(code).casefold(): code for code, _words in pairs}
        return self.words[name]

    def _own(self, field: own.OwnField, cell: str) -> Any:
        sorts = own.OwnField.Sort
        spoken = {str(word).casefold(): code for code, words, _offered in field.choices for word in (words, code)}
        if field.sort == sorts.CHOICE:
            return self._word(field.name, spoken, cell)
        if field.sort == sorts.SEVERAL:
            pieces = [piece for piece in cell.replace(";", ",").split(",") if piece.strip()]
            return [self._word(field.name, spoken, piece) for piece in pieces]
        if field.sort == sorts.TRUTH:
            return read_truth(cell)
        if field.sort == sorts.DATE:
            return read_date(cell, self.reading["dates"]).isoformat()
        if field.sort == sorts.NUMBER:
            return f"{read_number(cell, self.reading['decimal']):f}"
        return _text(cell, many=field.sort == sorts.LONG)

    def python(self, given: Given) -> dict[str, Any]:
        """The plain values as the door takes them; raises ValidationError for what may no longer be pointed to."""
        values: dict[str, Any] = {}
        mine: dict[str, Any] = {}
        for name, value in given.items():
            one = self.wanted[name]
            if one.own is not None:
                mine[one.own.code] = value
            elif one.pointing:
                row = self.pointers[name].row(value) if value else None
                if value and row is None:
                    raise ValidationError({name: _("What this points to is not there any more.")})
                values[name] = row
            else:
                values[name] = _emptied(one.field) if value is None else one.field.to_python(value)
        if mine:
            values["own"] = mine
        return values

    def now(self, record: Any, name: str) -> Any:
        """What a record holds, in the same plain spelling."""
        one = self.wanted[name]
        if one.own is not None:
            return own.value_of(record, one.own)
        return plain(getattr(record, one.field.attname))

    def same(self, record: Any, name: str, value: Any) -> bool:
        """Whether the record holds this already."""
        return comparable(self.wanted[name], self.now(record, name)) == comparable(self.wanted[name], value)


def comparable(one: Wanted, value: Any) -> Any:
    """A plain value as it is compared: numbers as numbers, texts without the ends of their lines, empty as empty."""
    numeric = isinstance(one.field, models.DecimalField) or (one.own is not None and one.own.sort == "number")
    if value in (None, "", []):
        return None
    if numeric:
        return Decimal(str(value))
    if isinstance(value, list):
        return sorted(map(str, value))
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """A value of a field so that it can be kept as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, UUID) else json.loads(json.dumps(value, default=str))


def _refuse_unread(cell: str) -> None:
    if isinstance(cell, Formula):
        raise ValueError(_("This is a formula without a result: open the file in Excel, save it, and try again."))
    if UNREADABLE in cell:
        raise ValueError(_("There is a sign in it that cannot be kept."))


def _emptied(field: Any) -> Any:
    if field.null:
        return None
    return False if isinstance(field, models.BooleanField) else ""


def _text(cell: str, many: bool) -> str:
    text = unquoted(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text if many else " ".join(text.split())
