"""One row of evidence as it stands now: locked, compared with what it was, validated."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from plumbline.history.canonical import plain
from plumbline.ledger.models import Evidence

from .models import Part, Record
from .register import register_of


class Stale(Exception):
    """Somebody else changed it since it was opened; nothing was saved."""


def locked(row: Any) -> Any:
    """The row as it stands now, locked until the transaction ends; a part's record before the part."""
    if isinstance(row, Part) and register_of(row.record).part_rights(type(row))[1] is not None:
        record_of(type(row), row.record)
    if isinstance(row, Record) and (beside := list(register_of(row).beside(row))):
        list(Record.objects.select_for_update().filter(pk__in=[row.pk, *beside]).order_by("pk").values_list("pk"))
    return type(row)._base_manager.select_for_update().get(pk=row.pk)


def record_of(what: type[Part], record: Record) -> Any:
    """The record as its own kind; as it stands now and locked where its state decides who may write such a part."""
    register = register_of(record)
    if register.part_rights(what)[1] is not None:
        return register.model._base_manager.select_for_update().get(pk=record.pk)
    return record if isinstance(record, register.model) else register.model.objects.get(pk=record.pk)


def snapshot(row: Evidence) -> dict[str, Any]:
    """Its own values, for comparing before with after."""
    skip = {"last_event", "own_event", "home", "record_ptr", "version", "uid"}
    return {
        field.name: plain(field.value_from_object(row)) for field in row._meta.concrete_fields if field.name not in skip
    }


def changed(before: dict, after: dict) -> dict[str, list]:
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def clean(row: models.Model) -> None:
    """Validate the fields; uniqueness and references are the database's to refuse."""
    if spoilt := [f.name for f in row._meta.concrete_fields if "\0" in str(f.value_from_object(row))]:
        raise ValidationError(dict.fromkeys(spoilt, _("There is a sign in it that cannot be kept.")))
    keys = [field.name for field in row._meta.concrete_fields if field.is_relation]
    row.clean_fields(exclude=[*keys, "settings", "extra", "manifest"])
    if (due := getattr(row, "due", None)) and not 1900 <= due.year < 2200:  # 26 typed for 2026
        raise ValidationError({"due": _("That is very far away: look at the year.")})
    for constraint in row._meta.constraints if not isinstance(row, Record) else ():
        constraint.validate(type(row), row)
    row.clean()
