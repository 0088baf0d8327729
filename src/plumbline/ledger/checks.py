"""What an evidence model must be for its rows to have one spelling and its writes one door."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import FieldDoesNotExist
from django.db import models

FOLLOWING = (models.CASCADE, models.SET_NULL, models.SET_DEFAULT)


def evidence_models_fit_the_log(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """Django's system check: each message says what to change on which field."""
    event = apps.get_model("ledger", "Event")
    evidence = [model for model in apps.get_models() if hasattr(model, "last_event") and not model._meta.proxy]
    faults: list[CheckMessage] = [
        Error(what, obj=model, id="ledger.E001") for model in evidence for what in _faults(model)
    ]
    return faults + [
        Warning(
            f"{field.name}: a constraint on an event makes SQLite read whole tables for each event that is written;"
            " set db_constraint=False (the trigger demands the event).",
            obj=model,
            id="ledger.W001",
        )
        for model in evidence
        for field in _concrete(model)
        if field.related_model is event and field.db_constraint
    ]


def _concrete(model: Any) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def _faults(model: Any) -> Iterator[str]:
    for name in {model.HOME, model.RECORD} - {None}:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            yield f"HOME or RECORD names {name}, which is no field of this model."
    for field in model._meta.local_many_to_many:
        yield f"{field.name}: evidence has no automatic ManyToMany; make the rows a part of their own."
    for field in model._meta.local_concrete_fields:
        yield from (f"{field.name}: {what}" for what in _field_faults(field))


def _field_faults(field: Any) -> Iterator[str]:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        yield "auto_now gives another time after the snapshot; set it explicitly."
    if isinstance(field, models.FloatField):
        yield "a float has no single spelling; use DecimalField."
    if isinstance(field, models.DecimalField) and field.max_digits > 15:
        yield "SQLite keeps 15 digits; use max_digits <= 15, or a whole number of smaller units."
    if field.is_relation and not field.remote_field.parent_link and field.remote_field.on_delete in FOLLOWING:
        yield "evidence is never deleted or emptied with another row; use PROTECT or DO_NOTHING."
