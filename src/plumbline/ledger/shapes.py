"""What the ledger knows of an evidence model: its tables, its fields, where its organisation and its record stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from plumbline.history.canonical import fixed, plain
from plumbline.ledger.models import Evidence

TYPES = {
    "CharField": "text",
    "TextField": "text",
    "SlugField": "text",
    "EmailField": "text",
    "URLField": "text",
    "FilePathField": "text",
    "AutoField": "integer",
    "BigAutoField": "integer",
    "IntegerField": "integer",
    "BigIntegerField": "integer",
    "SmallIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "PositiveBigIntegerField": "integer",
    "PositiveSmallIntegerField": "integer",
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "instant",
    "TimeField": "time",
    "DurationField": "duration",
    "UUIDField": "uuid",
    "JSONField": "json",
    "BinaryField": "bytes",
}


@dataclass(frozen=True)
class Sheet:
    """One database table of an evidence row, with the columns that tie it to the log."""

    model: type[models.Model]
    key: models.Field
    home: models.Field
    event: models.Field

    @property
    def table(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table


@dataclass(frozen=True)
class Shape:
    """An evidence model as the log sees it: sheets from the parent down, and the fields of its snapshot."""

    model: type[models.Model]
    code: str
    version: int
    sheets: tuple[Sheet, ...]
    fields: tuple[models.Field, ...]
    home: str
    record: str | None

    @property
    def schema(self) -> str:
        """The digest schema in force, such as "site@1"."""
        return f"{self.code}@{self.version}"

    def uid_of(self, row: models.Model) -> UUID:
        """The uid of a row, made a UUID on the row as well."""
        name = self.sheets[0].key.attname
        setattr(row, name, as_uuid(getattr(row, name)))
        return getattr(row, name)

    def home_of(self, row: models.Model) -> UUID:
        """The organisation's uid of a row."""
        return as_uuid(getattr(row, self.home))

    def record_of(self, row: models.Model) -> UUID | None:
        """The record a row belongs to (itself, if it is one)."""
        value = getattr(row, self.record) if self.record else None
        return None if value is None else as_uuid(value)

    def snapshot(self, row: models.Model) -> dict[str, Any]:
        """The row's values in their one spelling; text is made NFC on the row as well."""
        values = {}
        for field in self.fields:
            value = getattr(row, field.attname)
            values[field.name] = spelling = encode(field, value)
            if isinstance(value, str) and isinstance(spelling, str):
                setattr(row, field.attname, spelling)
        return values


def as_uuid(value: Any) -> UUID:
    """A UUID from itself or its text."""
    return value if isinstance(value, UUID) else UUID(str(value))


def type_of(field: Any) -> str:
    """How a field is spelled in a snapshot; references are spelled as the key they hold."""
    while field.is_relation:
        field = field.target_field
    name = field.get_internal_type()
    if name == "DecimalField":
        return f"decimal.{field.decimal_places}"
    if name not in TYPES:
        raise ImproperlyConfigured(f"{field}: the ledger has no spelling for {name}")
    return TYPES[name]


def encode(field: Any, value: Any, kind: str = "") -> Any:
    """The spelling of a field's value (as `kind`, if an older schema is asked for)."""
    kind = kind or type_of(field)
    if isinstance(value, Enum):
        value = value.value
    if value is None or kind == "json":
        return plain(value)
    if kind == "text":
        return plain(str(value))
    if isinstance(value, str) or kind.startswith("decimal") or kind == "integer":
        while field.is_relation:
            field = field.target_field
        value = field.to_python(value)
    if kind.startswith("decimal"):
        return fixed(value, int(kind.partition(".")[2]))
    return bool(value) if kind == "boolean" else plain(value)


def spine(model: type[models.Model]) -> bool:
    """Whether kinds extend this model with tables of their own, so that it is never a row by itself."""
    return any(relation.parent_link for relation in model._meta.related_objects if relation.one_to_one)


def evidence_models() -> Iterator[type[models.Model]]:
    """Every model with an evidence table, spines included."""
    for model in apps.get_models():
        if issubclass(model, Evidence) and not model._meta.proxy and model._meta.managed:
            yield model


def shapes() -> list[Shape]:
    """The shapes of all evidence models that rows are made of, by code."""
    found = sorted((shape_of(model) for model in evidence_models() if not spine(model)), key=lambda shape: shape.code)
    for one, other in pairwise(found):
        if one.code == other.code:
            raise ImproperlyConfigured(f"{one.model._meta.label} and {other.model._meta.label} share one code")
    return found


@cache
def shape_of(model: Any) -> Shape:
    """The shape of a model, or of a historical model in a migration."""
    model = model._meta.concrete_model
    declared = model if issubclass(model, Evidence) else apps.get_model(model._meta.label)
    sheets = tuple(_sheets(model, declared))
    fields = [sheet_field for sheet in sheets for sheet_field in _fields(sheet, sheet is sheets[0])]
    record = declared.RECORD and model._meta.get_field(declared.RECORD).attname
    return Shape(
        model=model,
        code=model._meta.model_name,
        version=declared.schema_version,
        sheets=sheets,
        fields=tuple(fields),
        home=sheets[0].home.attname,
        record=record,
    )


def _sheets(model: Any, declared: Any) -> Iterator[Sheet]:
    tables: list[Any] = [
        kind
        for kind in reversed(model.__mro__)
        if isinstance(kind, models.base.ModelBase)
        and hasattr(kind, "_meta")
        and not kind._meta.abstract
        and not kind._meta.proxy
    ]
    for position, table in enumerate(tables):
        names = (declared.CHILD_HOME, declared.CHILD_EVENT) if position else (declared.HOME, "last_event")
        home, event = (table._meta.get_field(name) for name in names)
        yield Sheet(model=table, key=table._meta.pk, home=home, event=event)


def _fields(sheet: Sheet, root: bool) -> Iterator[models.Field]:
    hidden = {sheet.event} if root else {sheet.key, sheet.home, sheet.event}
    for field in sheet.model._meta.local_concrete_fields:
        if field not in hidden and not field.generated:
            yield field
