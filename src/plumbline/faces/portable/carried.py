"""Working rows that go along, for people would miss them: a model says so with CARRIED, its way to the organisation."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from plumbline.ledger.loading import decoded
from plumbline.ledger.models import Evidence
from plumbline.ledger.shapes import encode, type_of


def carried() -> dict[str, type[models.Model]]:
    """The models whose working rows go along, by label."""
    found = [model for model in apps.get_models() if getattr(model, "CARRIED", "")]
    return {model._meta.label_lower: model for model in found}


def told(model: type[models.Model], home: UUID) -> Iterator[dict[str, Any]]:
    """The rows of an organisation, each as its fields."""
    way: str = model.CARRIED  # type: ignore[attr-defined]
    for row in model._base_manager.filter(**{way: home}).order_by("pk").iterator(500):
        yield {one.name: encode(one, getattr(row, one.attname)) for one in _fields(model)}


def written(model: type[models.Model], rows: Iterable[Mapping[str, Any]], home: UUID) -> bool:
    """Write the rows; whether all of them, and all they point to, are this organisation's."""
    fields, count = _fields(model), 0
    for told_of in rows:
        row = model(**{one.attname: decoded(type_of(one), told_of[one.name]) for one in fields})
        row.save(force_insert=True)
        count += 1
    way: str = model.CARRIED  # type: ignore[attr-defined]
    ours = model._base_manager.filter(**{way: home})
    for one in fields:
        target = one.related_model
        if isinstance(target, type) and issubclass(target, Evidence):
            ours = ours.filter(Q(**{f"{one.name}__{target.HOME}": home}) | Q(**{one.name: None}))
    return ours.count() == count


def _fields(model: type[models.Model]) -> list[models.Field]:
    """Every column but a key that the database counts."""
    columns = model._meta.local_concrete_fields
    return [one for one in columns if not isinstance(one, models.AutoField | models.BigAutoField)]
