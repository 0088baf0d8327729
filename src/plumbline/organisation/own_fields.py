"""Own fields: what an organisation adds to a register, declared as evidence, kept in records, judged at the door."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.ledger.models import Evidence
from plumbline.ledger.writer import Pen

from . import own_forms, ranges
from .models import Organisation, Person

PREFIX = "own-"  # before the code: the name in forms, lists and addresses
FILTERS = 3  # own fields filtered by at once
MOST = 40  # own fields of one register
CELL = 120  # characters in a list


class OwnField(Evidence):
    """One field that an organisation gave a register; its code and its sort stay, all else may change."""

    class Sort(models.TextChoices):
        TEXT = "text", _lazy("Text, one line")
        LONG = "long", _lazy("Text, several lines")
        NUMBER = "number", _lazy("Number")
        DATE = "date", _lazy("Date")
        CHOICE = "choice", _lazy("Choice of one")
        SEVERAL = "several", _lazy("Choice of several")
        TRUTH = "truth", _lazy("Yes or no")
        PERSON = "person", _lazy("Person")
        LINK = "link", _lazy("Web address")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False, db_index=False)
    kind = models.CharField(max_length=40, editable=False)
    code = models.SlugField(max_length=40, editable=False, db_index=False)
    label = models.CharField(_lazy("label"), max_length=80)
    hint = models.CharField(_lazy("help"), max_length=200, blank=True)
    sort = models.CharField(_lazy("sort"), max_length=10, choices=Sort, default=Sort.TEXT)
    unit = models.CharField(_lazy("unit"), max_length=20, blank=True)
    choices = models.JSONField(default=list, blank=True)  # [code, words, offered] in order; none is ever taken away
    required = models.BooleanField(_lazy("needed when a record is made"), default=False)
    place = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(_lazy("ended on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _lazy("own field"), _lazy("own fields")
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "code"], name="one_own_field")]

    def __str__(self) -> str:
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def name(self) -> str:
        return PREFIX + self.code

    def asked(self, now: Any = None) -> Any:
        """The field of a form that asks for it; what the record has now may stay, though it be offered no more."""
        return own_forms.field_of(self, now)

    def typed(self, value: Any) -> Any:
        """What a form shows of what is kept."""
        return str(value).lower() if isinstance(value, bool) else value

    def spelled(self, cleaned: Any) -> Any:
        """What a form's field gave, in the one spelling it is kept in; None for nothing."""
        return own_forms.spelled(self.sort, cleaned)

    def options(self) -> list[tuple[str, str]]:
        """What a list offers to filter by; nothing where there are endless values."""
        return own_forms.options(self)

    @property
    def has_ends(self) -> bool:
        """Whether a list is narrowed by from and to of it."""
        return self.sort in (self.Sort.NUMBER, self.Sort.DATE)

    @property
    def is_text(self) -> bool:
        return self.sort in (self.Sort.TEXT, self.Sort.LONG, self.Sort.LINK)

    def condition(self, value: str, actor: Any) -> Q:
        """The records that have this value, by the JSON path of the column."""
        path = f"extra__own__{self.code}"
        if self.sort == self.Sort.TRUTH:
            return Q(**{path: value == "true"})
        if self.sort == self.Sort.SEVERAL:
            return Q(**{f"{path}__icontains": f'"{value}"'})
        if self.is_text:
            return Q(**{f"{path}__icontains": value})
        if self.sort == self.Sort.NUMBER:
            value = own_forms.spelled(self.sort, ranges.number(value)) or value
        return Q(**{path: str(actor.uid) if value == "me" else value})

    def plain(self, value: Any, names: dict[str, str]) -> str:
        """The value in words, for cells and history."""
        words: dict[str, str] = {code: text for code, text, _offered in self.choices}
        if value is None:
            return ""
        if isinstance(value, list):
            return ", ".join(str(words.get(one, one)) for one in value)
        if self.sort == self.Sort.TRUTH:
            return _("yes") if value else _("no")
        if self.sort == self.Sort.PERSON:
            return names.get(value, "")
        return words.get(value, str(value))

    def shown(self, value: Any, names: dict[str, str]) -> Any:
        """The value as a page shows it."""
        if self.sort == self.Sort.NUMBER and value is not None:
            return f"{number_format(value)} {self.unit}".strip()
        if self.sort == self.Sort.DATE and (day := parse_date(value or "")):
            return date_format(day, "DATE_FORMAT")
        if self.sort == self.Sort.LINK and value:
            return mark_safe(f'<a href="{escape(value)}" rel="nofollow noopener noreferrer">{escape(value)}</a>')
        return self.plain(value, names)


@lru_cache(maxsize=256)
def _read(organisation: UUID, declared_by: str) -> dict[str, tuple[OwnField, ...]]:
    """All own fields of an organisation by kind; `declared_by` is the event that wrote the newest of them."""
    found: dict[str, list[OwnField]] = {}
    fields = OwnField.objects.filter(organisation=organisation).select_related("organisation")
    for field in fields.order_by("place", "uid"):
        found.setdefault(field.kind, []).append(field)
    return {kind: tuple(fields) for kind, fields in found.items()}


def declared(organisation: Organisation, kind: str) -> tuple[OwnField, ...]:
    """The own fields of a register in their order, those that ended included; no query where nothing changed."""
    declared_by = organisation.settings.get("own_fields")
    return _read(organisation.uid, declared_by).get(kind, ()) if declared_by else ()


def offered(organisation: Organisation, kind: str) -> list[OwnField]:
    """Those that are filled in today: what a form asks and an API takes."""
    return [field for field in declared(organisation, kind) if field.ended_on is None]


def named(organisation: Organisation, kind: str) -> dict[str, OwnField]:
    """Those offered, by the name they have in forms, lists and addresses."""
    return {field.name: field for field in offered(organisation, kind)}


def ended_among(organisation: Organisation, kind: str, record: Any, given: Any) -> list[str]:
    """What a form still brings for fields that ended while it was open, in words, so that nobody loses it unseen."""
    told = []
    for field in declared(organisation, kind):
        typed = given.get(field.name, "").strip() if field.ended_on else ""
        if typed and typed != str(field.typed(value_of(record, field) if record else "")):
            words = _(
                "“%(field)s” is not asked for any more. What you had there: “%(typed)s”. Saving again leaves it out."
            )
            told.append(words % {"field": field, "typed": typed})
    return told


def renew(pen: Pen, row: Any) -> None:
    """A declaration was written: the organisation names its event, so that everybody reads the fields again."""
    if isinstance(row, OwnField):
        organisation = Organisation.objects.select_for_update().get(pk=row.organisation_id)
        organisation.settings = {**organisation.settings, "own_fields": str(row.last_event_id)}
        pen.save(organisation, "edit")


def value_of(record: Any, field: OwnField) -> Any:
    return record.extra.get("own", {}).get(field.code)


def written(organisation: Organisation, kind: str, extra: dict, given: Any, new: bool = False) -> dict:
    """The column with what is given by code put into it; raises ValidationError, each by the field's name.

    What ends stays as it is; only who gives own values at all (a form, an API) is held to those that are needed.
    """
    fields = {field.code: field for field in offered(organisation, kind)}
    values, wrong = dict(extra.get("own", {})), {}
    if not isinstance(given, dict):
        raise ValidationError(_("Own fields come as names with values."))
    for code, value in given.items():
        try:
            values[code] = own_forms.judged(fields.get(code), value, values.get(code))
        except ValidationError as error:
            wrong[f"{PREFIX}{code}"] = error.messages
    for code, field in fields.items():
        if field.required and values.get(code) is None and (new or code in given):
            wrong.setdefault(field.name, [_("This is needed to go on.")])
    if wrong:
        raise ValidationError(wrong)
    kept = {code: value for code, value in values.items() if value is not None}
    rest = {name: value for name, value in extra.items() if name != "own"}
    return {**rest, "own": kept} if kept else rest


def put_into(values: dict[str, Any], organisation: Organisation, kind: str, extra: dict, new: bool = False) -> None:
    """What a caller of the door gives as `own` becomes part of the column `extra`."""
    if "own" in values:
        values["extra"] = written(organisation, kind, values.get("extra", extra), values.pop("own"), new)


def people(fields: Iterable[OwnField], extra: Any) -> set[str]:
    """The people that own values point to."""
    values = ((extra or {}).get("own", {}).get(field.code) for field in fields if field.sort == OwnField.Sort.PERSON)
    return {value for value in values if value}


def named_people(fields: Iterable[OwnField], records: Iterable[Any]) -> dict[str, str]:
    """The names of the people that these records' own values point to: one query, none where there are none."""
    wanted = {uid for record in records for uid in people(fields, record.extra)}
    return (
        {str(uid): name for uid, name in Person.objects.filter(pk__in=wanted).values_list("pk", "name")}
        if wanted
        else {}
    )


def everybody(fields: Iterable[OwnField]) -> dict[str, str]:
    """The names of all people a field can point to, for what is written in one stream."""
    homes = {field.organisation_id for field in fields if field.sort == OwnField.Sort.PERSON}
    found = Person.objects.filter(organisation__in=homes).values_list("pk", "name") if homes else ()
    return {str(uid): name for uid, name in found}


def cells(fields: list[OwnField], records: list[Any]) -> dict[str, Callable[[Any], Any]]:
    """How each own column draws a line of the list."""
    names = named_people(fields, records) if fields else {}

    def cell(field: OwnField) -> Callable[[Any], Any]:
        if field.sort == OwnField.Sort.LINK:
            return lambda record: field.shown(value_of(record, field), names)
        return lambda record: Truncator(field.shown(value_of(record, field), names)).chars(CELL)

    return {field.name: cell(field) for field in fields}


def section(record: Any) -> list[tuple[str, list[tuple[str, Any, str]]]]:
    """The part of a record's page that shows its own values, as `pages.sections` has them."""
    fields = [field for field in declared(record.organisation, record.kind) if value_of(record, field) is not None]
    names = named_people(fields, [record]) if fields else {}
    rows = [
        (field.label, field.shown(value_of(record, field), names), "text" if field.sort == "long" else "word")
        for field in fields
    ]
    return [(_("Further details"), rows)] if rows else []


def changes(fields: Iterable[OwnField], before: Any, after: Any, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """(label, before, after) of the own values that an event changed."""
    old, new = (before or {}).get("own", {}), (after or {}).get("own", {})
    return [
        (field.label, field.plain(old.get(field.code), names) or "–", field.plain(new.get(field.code), names) or "–")
        for field in fields
        if old.get(field.code) != new.get(field.code)
    ]


def words(value: Any, field: Any) -> str:
    """What an event says of a field of every record: a day as the reader writes days, what is nested by its texts."""
    if isinstance(value, dict):
        return " · ".join(f"{name}: {words(one, field)}" for name, one in value.items())
    if isinstance(value, list):
        parts = [sorted(one.values(), key=_lists_last) if isinstance(one, dict) else one for one in value]
        return " · ".join(filter(None, (words(one, field) for one in parts if isinstance(one, str | list))))
    day = parse_date(value) if type(field) is models.DateField and isinstance(value, str) else None
    return date_format(day, "DATE_FORMAT") if day else str(value)


def _lists_last(value: Any) -> bool:
    return isinstance(value, list)
