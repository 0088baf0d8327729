"""The types of the API, made from the fields of the models: what it tells, what it takes, what narrows a list."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import models
from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from plumbline.kernel import lists, ranges
from plumbline.kernel.models import Part
from plumbline.kernel.register import Register, registers
from plumbline.organisation.ranges import LARGEST

from .values import columns, is_pointer, to_record


class Named(BaseModel):
    """A person, a place, a process: who or what is pointed to."""

    uid: UUID
    name: str


class Numbered(BaseModel):
    """Another record; null where it may not be seen."""

    uid: UUID
    number: str
    title: str


class Allowed(BaseModel):
    """Yes, or no and why."""

    allowed: bool
    reason: str = ""


class Signing(BaseModel):
    """What a signature says, and how strong it is."""

    meaning: str
    strength: str


class Possible(Allowed):
    """A move from the state the record is in."""

    verb: str
    label: str
    asks: list[str] = Field(description="fields that must be filled in")
    may_ask: list[str] = Field(description="fields that may be filled in")
    needs_reason: bool
    signature: Signing | None


class Sent(Schema):
    """A body that is taken as it is meant: a name that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


def _without_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise PydanticCustomError("time_zone", "without a zone")
    return value


# Of a day where the organisation is; JSON Schema's own format "time" has a zone.
CLOCK = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"}
OfDay = Annotated[time, AfterValidator(_without_zone), WithJsonSchema(CLOCK)]
PLAIN: tuple[tuple[type[models.Field], Any], ...] = (
    (models.BooleanField, bool),
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.TimeField, OfDay),
    (models.DecimalField, Decimal),
    (models.IntegerField, int),
    (models.UUIDField, UUID),
    (models.JSONField, Any),
)


def _plain(field: Any) -> Any:
    return next((kind for of, kind in PLAIN if isinstance(field, of)), str)


def _said(field: Any) -> str:
    words = str(field.verbose_name)
    if field.choices:
        words += ": " + ", ".join(f"{code} ({label})" for code, label in field.flatchoices if code)
    return f"{words}. {field.help_text}" if field.help_text else words


def _told_type(field: Any) -> Any:
    if is_pointer(field):
        return (Numbered if to_record(field) else Named) | None
    kind = str if isinstance(field, models.DecimalField) else _plain(field)
    return kind | None if field.null and kind is not Any else kind


def made(name: str, under: type[BaseModel] = BaseModel, /, **fields: Any) -> Any:
    """A type of these fields; of answers a plain one, since they come as dicts and need no reading of attributes."""
    return create_model(name, __base__=under, **fields)


def told(name: str, model: type[models.Model], /, only: tuple[str, ...] = (), **more: Any) -> Any:
    """What the API tells of a row."""
    shown = [field for field in columns(model) if not only or field.name in only]
    fields: dict[str, Any] = {field.name: (_told_type(field), Field(description=_said(field))) for field in shown}
    return made(name, **fields, **more)


def _sent_type(field: Any) -> Any:
    if is_pointer(field):
        kind: Any = str
    elif field.choices:
        codes = [code for code, _label in field.flatchoices]
        kind = Literal[tuple([*codes, ""] if field.blank and "" not in codes else codes)]
    else:
        kind = _plain(field)
    return kind | None if field.null and kind is not Any else kind


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def may(description: str = "", **limits: Any) -> Any:
    """A field that may be left out; left out is not null."""
    return Field(None, description=description, json_schema_extra=_without_default, **limits)


def many(told: Any) -> Any:
    return list[told]


def slugs() -> Any:
    """The registers there are."""
    return Literal[tuple(register.slug for register in registers())]


OWN = (dict[str, Any] | None, may("values of the organisation's own fields, by their code; null empties one"))
VERSION = (int | None, may("the version you read; or send If-Match", ge=0, le=2**31 - 1))
REASON = (str, Field("", description="why; it stays with the record", max_length=2000))


def _taken(field: Any, required: bool) -> tuple[Any, Any]:
    limits: dict[str, Any] = {}
    if field.max_length and _sent_type(field) in (str, str | None):
        limits["max_length"] = 200 if is_pointer(field) else field.max_length
    said = f"{_said(field)} (uid{', or number' if to_record(field) else ''})" if is_pointer(field) else _said(field)
    if required:
        return _sent_type(field), Field(description=said, **limits)
    return _sent_type(field), may(said, **limits)


def _needed(field: Any) -> bool:
    return not (field.blank or field.null or field.has_default() or field.name in ("owner", "number"))


def sent(name: str, model: type[models.Model], names: list[str], needed: bool = True, **more: Any) -> Any:
    """What the API takes for these fields: all that have no default are needed, or none."""
    fields = {}
    for one in names:
        field = model._meta.get_field(one)
        fields[one] = _taken(field, needed and _needed(field))
    return made(name, Sent, **fields, **more)


def typed_names(register: Register) -> list[str]:
    """The fields that somebody fills in: those of the form, and the record this kind stands within."""
    within = [register.within] if register.within else []
    return list(dict.fromkeys([*within, *register.light, *register.fields()]))


def writable(part: type[Part]) -> list[str]:
    """The fields of a part that somebody may fill in."""
    return [field.name for field in columns(part) if field.editable and field.name not in ("uid", "cancelled_reason")]


def filters(register: Register) -> type[BaseModel]:
    """What a list is narrowed and ordered by, as on the page."""
    fields: dict[str, Any] = {}
    for name in register.filters:
        field = register.field(name)
        codes = list(register.workflow.states) if name == "state" else [code for code, _ in field.flatchoices or ()]
        kind: Any = _choice(f"{register.kind}_{name}", codes) if codes else bool if _plain(field) is bool else str
        fields[name] = (kind | None, may(register.label(name)))
    for one in ranges.of(register, {}):
        kind = date if one.sort == "date" else Decimal
        limits: dict[str, Any] = {} if one.sort == "date" else {"ge": -LARGEST, "le": LARGEST}
        fields[f"{one.name}_from"] = (kind | None, may(f"{one.label}: from", **limits))
        fields[f"{one.name}_to"] = (kind | None, may(f"{one.label}: to", **limits))
    for name, label in ranges.wheres(register).items():
        fields[name] = (str | None, may(f"{label}: part of its name", max_length=200))
    orders = [f"{turn}{name}" for name in lists.SORTS for turn in ("", "-")]
    return made(
        f"{register.kind}_filters",
        **fields,
        open=(bool | None, may("only those that are not done")),
        due_before=(date | Literal["today"] | None, may("only those due before that day")),
        q=(str | None, may("words to be found", max_length=200)),
        order=(_choice("order", orders), Field("-number", description="what it is ordered by")),
        after=(str | None, may("the mark at the end of the page before", max_length=2000)),
        size=(int, Field(50, ge=1, le=200, description="how many on a page")),
    )


def _choice(name: str, codes: list[Any]) -> Any:
    return Literal[tuple(str(code) for code in codes)] if codes else Enum(name, {})
