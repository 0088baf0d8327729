"""Evidence is never cascaded away, and every table says which of the three classes it is in."""

import tomllib

from django.apps import apps
from django.db import models

from plumbline.ledger.models import Evidence
from tests.guards.source import ROOT, complain

TABLES = ROOT / "tests/guards/tables.toml"
REFUSING = (models.PROTECT, models.RESTRICT, models.DO_NOTHING)


def _ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("plumbline.")]


def _evidence() -> list[type[models.Model]]:
    found = [model for model in _ours() if issubclass(model, Evidence)]
    assert found, "no evidence model is installed: this guard sees nothing"
    return found


def test_every_table_has_a_class() -> None:
    listed = tomllib.loads(TABLES.read_text())
    named = {name: kind for kind, names in listed.items() for name in names}
    other = {model._meta.label for model in _ours() if not issubclass(model, Evidence)}
    complain(
        sorted(other - named.keys()) + [f"{name}: gone, or evidence" for name in sorted(named.keys() - other)],
        "A table extends ledger.models.Evidence, or stands in tests/guards/tables.toml as log, working or derived.",
    )


def test_evidence_has_no_automatic_many_to_many() -> None:
    found = [str(field) for model in _evidence() for field in model._meta.local_many_to_many]
    complain(found, "A link between evidence is evidence: give it a model of its own (a Part or a Link).")


def test_evidence_is_never_cascaded_or_emptied() -> None:
    found = [
        str(field)
        for model in _evidence()
        for field in model._meta.local_fields
        if field.is_relation
        and not getattr(field.remote_field, "parent_link", False)
        and field.remote_field.on_delete not in REFUSING
    ]
    complain(found, "Nothing is deleted: on_delete is PROTECT or DO_NOTHING (the triggers refuse anyway).")
