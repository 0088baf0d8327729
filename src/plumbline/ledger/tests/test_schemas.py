"""Digest schemas, and rows that outlive a change of their model."""

import json

import pytest
from django.apps import apps
from django.core.checks import Error
from django.core.management import CommandError, call_command
from django.db import connection, models

from plumbline.history.uids import uuid7
from plumbline.ledger import checks, schemas, triggers
from plumbline.ledger.heads import sign_heads
from plumbline.ledger.shapes import shape_of, type_of
from plumbline.ledger.tests.attacks import attack, named
from plumbline.ledger.tests.columns import added
from plumbline.ledger.tests.samples import STAMP
from plumbline.ledger.verify import verify_deep
from plumbline.ledger.writer import writing

Organisation = apps.get_model("organisation", "Organisation")
Site = apps.get_model("organisation", "Site")


def test_schemas_are_frozen_once(own_schemas):
    assert schemas.drift()
    assert {path.name for path in schemas.write_missing()} >= {"site@1.json", "organisation@1.json"}
    assert schemas.write_missing() == []
    assert schemas.drift() == []
    assert ("name", "text", "") in schemas.frozen(Site, 1)
    assert ("organisation", "uuid", None) in schemas.frozen(Site, 1)


def test_a_model_that_changed_needs_a_new_number(own_schemas, monkeypatch):
    schemas.write_missing()
    path = own_schemas / "site@1.json"
    path.write_text(json.dumps([line for line in json.loads(path.read_text()) if line[0] != "name"]))
    schemas.frozen.cache_clear()
    (line,) = schemas.drift()
    assert "(name)" in line
    assert "schema_version = 2" in line
    with pytest.raises(CommandError, match="schema_version = 2"):
        call_command("schemas")
    monkeypatch.setattr(Site, "schema_version", 2)
    shape_of.cache_clear()
    call_command("schemas", "--write", verbosity=0)
    assert schemas.drift() == []
    assert (own_schemas / "site@2.json").exists()


@pytest.mark.parametrize(
    "field,kind,default",
    [
        (models.CharField(max_length=5), "text", ""),
        (models.CharField(max_length=5, null=True), "text", None),
        (models.CharField(max_length=5, default="a"), "text", "a"),
        (models.DecimalField(max_digits=5, decimal_places=2, default=1), "decimal.2", "1.00"),
        (models.BooleanField(default=False), "boolean", False),
        (models.JSONField(default=dict), "json", {}),
        (models.UUIDField(default=uuid7), "uuid", None),
        (models.DateTimeField(null=True), "instant", None),
    ],
)
def test_a_field_has_a_type_and_a_declared_default(field, kind, default):
    assert (type_of(field), schemas.declared_default(field)) == (kind, default)


def test_history_holds_over_a_new_column_and_a_rebuilt_table(as_owner, own_schemas, monkeypatch, two_fields):
    schemas.write_missing()
    acme = Organisation(slug="acme", name="Acme")
    sites = [Site(organisation=acme, name=f"Site {number}") for number in range(3)]
    with writing(acme.uid, STAMP) as pen:
        pen.save_many([acme, *sites], "create")
    sign_heads(now=True)
    added(models.CharField(max_length=20, null=True), "floor", monkeypatch)
    assert list(verify_deep()) == []
    added(models.DecimalField(max_digits=7, decimal_places=2, default=10), "area", monkeypatch)  # SQLite: a rebuild
    assert triggers.missing(connection) == []
    assert list(verify_deep()) == []
    site = Site.objects.get(name="Site 0")
    site.floor, site.area = "2nd", "12.5"
    with writing(acme.uid, STAMP) as pen:
        event = pen.save(site, "edit")
    assert event.schema == "site@3"
    assert list(verify_deep()) == []
    triggers.remove(connection)
    key = Site._meta.pk.get_db_prep_save(sites[1].uid, connection)
    for change in ("floor = '3rd'", "area = 11", "name = 'Else'"):
        found = attack([(f"UPDATE organisation_site SET {change} WHERE uid = %s", [key])])
        assert named(found, str(sites[1].uid)), change
    for change in ("floor = '3rd'", "area = 12.51", "name = 'Else'"):
        key = Site._meta.pk.get_db_prep_save(site.uid, connection)
        assert named(attack([(f"UPDATE organisation_site SET {change} WHERE uid = %s", [key])]), str(site.uid)), change


def test_a_row_whose_schema_was_lost_is_told(as_owner, own_schemas, monkeypatch, two_fields):
    schemas.write_missing()
    acme = Organisation(slug="acme", name="Acme")
    with writing(acme.uid, STAMP) as pen:
        pen.save_many([acme, Site(organisation=acme, name="Works")], "create")
    added(models.CharField(max_length=20, null=True), "floor", monkeypatch)
    (own_schemas / "site@1.json").unlink()
    schemas.frozen.cache_clear()
    assert [problem.what for problem in verify_deep()] == ["site@1 is not a frozen schema of this installation"]


class _Faulty:
    """Fields that have no place in evidence."""

    fields = {
        "auto_now": models.DateTimeField(auto_now=True),
        "a float": models.FloatField(),
        "15 digits": models.DecimalField(max_digits=20, decimal_places=2),
        "never deleted": models.ForeignKey("organisation.Site", models.CASCADE),
    }


@pytest.mark.parametrize("what", _Faulty.fields)
def test_a_field_without_one_spelling_is_refused_by_the_checks(what):
    field = _Faulty.fields[what]
    field.set_attributes_from_name("odd")
    assert [line for line in checks._field_faults(field) if what in line]


def test_the_evidence_models_fit_the_log():
    assert [one for one in checks.evidence_models_fit_the_log() if isinstance(one, Error)] == []
