"""From and to of dates and numbers: of columns, and of own values, which are kept as text."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import DecimalField, Func, Q, Value
from django.db.models.fields.json import KT
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plumbline.ui.words import label_of

ENDS = ("from", "to")
LARGEST = 10**15  # of a number that a program asks for
LONGEST = 40  # characters of a number


def day(text: str) -> date | None:
    """The day that is meant, if it is one."""
    try:
        return parse_date(text.strip())
    except ValueError:  # written like a date, but there is no such day
        return None


def number(text: str) -> Decimal | None:
    """The number that is meant, with a point or a comma, if it is one of reasonable size."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and len(text) <= LONGEST and abs(found.adjusted()) < LONGEST else None


class Number(Func):
    """What a text says as a number; a text that says none is none, whatever row the database looks at first."""

    output_field = DecimalField(max_digits=80, decimal_places=40)
    template = "CAST(%(expressions)s AS NUMERIC)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """PostgreSQL refuses to read a number where there is none."""
        text, values = compiler.compile(self.source_expressions[0])
        plain = r"^-?[0-9]+(\.[0-9]+)?$"
        return f"(CASE WHEN ({text}) ~ %s THEN ({text})::numeric END)", [*values, plain, *values]


@dataclass(frozen=True)
class Range:
    """One field that has a from and a to: a column, with the way to it, or an own field."""

    name: str
    label: str
    field: Any
    path: str = ""

    @property
    def sort(self) -> str:
        """Date or number."""
        if not self.path:
            return str(self.field.sort)
        return "date" if isinstance(self.field, models.DateField) else "number"

    @property
    def ends(self) -> list[tuple[str, str]]:
        """(its name in an address, which end)."""
        return [(f"{self.name}_{end}", end) for end in ENDS]

    def value(self, text: str) -> Any:
        """The date or number that is meant; None if none is."""
        return (day if self.sort == "date" else number)(text)

    def shown(self, text: str) -> str:
        """The end in the words of the reader's country."""
        value = self.value(text)
        if value is None:
            return text
        return date_format(value, "DATE_FORMAT") if self.sort == "date" else number_format(value)

    def condition(self, end: str, text: str, zone: str) -> Any:
        """The records on this side of the end; None where the text says no date and no number."""
        value = self.value(text)
        if value is None or not self.path:
            return None if value is None else _own(self.field, end, value)
        lookup, bound = _bound(self.field, zone, end, value)
        return Q(**{f"{self.path}__{lookup}": bound})


def ends(spans: list[Range], fields: dict[str, Any]) -> dict[str, tuple[Range, str]]:
    """Each end by its name in an address; an own field that is called just so goes first."""
    found = {name: (one, end) for one in spans for name, end in one.ends}
    return {name: pair for name, pair in found.items() if name not in fields}


def of_model(model: type[models.Model], names: tuple[str, ...]) -> list[Range]:
    """Those of its columns that have a from and a to, as asked from the spine or where the column stands."""
    return _of_model(model, names, get_language() or "")


@lru_cache(maxsize=256)
def _of_model(model: type[models.Model], names: tuple[str, ...], _language: str) -> list[Range]:
    found = []
    for name in names:
        field: Any = model._meta.get_field(name)
        if _has_ends(field):
            way = "" if field.model is not model else f"{model._meta.model_name}__"
            found.append(Range(name, label_of(model, name), field, way + name))
    return found


def places(model: Any, name: str, organisation: Any, part: str) -> list[Any]:
    """The few places with that in their name, asked for before the many rows that may point to them."""
    named = model._meta.get_field(name).related_model._base_manager.filter(organisation=organisation)
    return list(named.filter(name__icontains=part).values_list("pk", flat=True))


def _has_ends(field: Any) -> bool:
    number = isinstance(field, models.IntegerField | models.DecimalField | models.FloatField) and not field.choices
    return number or isinstance(field, models.DateField)


def _bound(field: Any, zone: str, end: str, value: Any) -> tuple[str, Any]:
    """How the column is compared, and with what; whatever is beyond all it can hold leaves every row, or none."""
    step = "gte" if end == "from" else "lte"
    if isinstance(field, models.DateTimeField):
        return _moment(zone, end, value)
    if isinstance(field, models.DecimalField):
        if value.adjusted() >= field.max_digits - field.decimal_places:
            return "isnull", (value > 0) == (end == "from")
        kept = value.quantize(Decimal(1).scaleb(-field.decimal_places), ROUND_CEILING if end == "from" else ROUND_FLOOR)
        return step, kept
    return step, value


def _moment(zone: str, end: str, day: date) -> tuple[str, Any]:
    """A day begins and ends where the organisation is."""
    try:
        first = day if end == "from" else day + timedelta(days=1)
        begins = datetime.combine(first, time.min, ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # the first or the last day there is
        return "isnull", False
    return ("gte" if end == "from" else "lt"), begins


def _own(field: Any, end: str, value: Any) -> Any:
    """ISO dates compare as they are, numbers by what they say."""
    path = f"extra__own__{field.code}"
    if isinstance(value, date):
        return Q(**{f"{path}__{'gte' if end == 'from' else 'lte'}": value.isoformat()})
    compare = GreaterThanOrEqual if end == "from" else LessThanOrEqual
    said = Value(value, output_field=DecimalField(max_digits=80, decimal_places=40))
    return Q(**{f"{path}__isnull": False}) & Q(compare(Number(KT(path)), said))


class Span(NamedTuple):
    """A field with its ends: (name in an address, which end, what is set)."""

    label: str
    sort: str
    ends: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Inputs:
    """What a list asks for beyond its choices: what is late or open, from and to, names of places, own texts."""

    switches: tuple[tuple[str, str, str, bool], ...]
    spans: tuple["Span", ...]
    texts: tuple[tuple[str, str, str], ...]
    names: set[str]


def inputs(spans: list[Range], fields: dict[str, Any], chosen: dict[str, str], places: dict[str, str]) -> Inputs:
    """Each with what is set of it; a day before which something is due stays where it is set."""
    late, only_open = ("due_before", "today", _("Only overdue ones")), ("open", "1", _("Only open ones"))
    offered = [late, only_open] if chosen.get("due_before", "today") == "today" else [only_open]
    asked = tuple(
        Span(one.label, one.sort, tuple((name, end, chosen.get(name, "")) for name, end in one.ends)) for one in spans
    )
    words = places | {name: field.label for name, field in fields.items() if field.is_text}
    texts = tuple((name, label, chosen.get(name, "")) for name, label in words.items())
    switches = tuple((name, value, label, name in chosen) for name, value, label in offered)
    names = {name for one in spans for name, _end in one.ends} | words.keys() | {name for name, *_rest in offered}
    return Inputs(switches, asked, texts, names)
