"""The triggers refuse what the pen would never do, on both databases, and say so when one is gone."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from plumbline.history.uids import uuid7
from plumbline.ledger import triggers
from plumbline.ledger.models import Checkpoint, Entry, Event, Log, Opening
from plumbline.ledger.shapes import shapes
from plumbline.ledger.tests.samples import STAMP, Samples
from plumbline.ledger.writer import writing

Organisation = apps.get_model("organisation", "Organisation")
Site = apps.get_model("organisation", "Site")
Department = apps.get_model("organisation", "Department")


@pytest.fixture
def samples(db):
    return Samples()


def refusal(statement: str, *parameters: Any) -> str:
    """What the database says to a statement that it must refuse."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
    return str(caught.value)


def key(value: Any) -> Any:
    return Event._meta.pk.get_db_prep_save(value, connection)


def q(name: str) -> str:
    return connection.ops.quote_name(name)


def draft(site, verb: str = "x", **changes: Any) -> Event:
    """An event about a site, written but not sealed."""
    event = Event.objects.get(pk=site.last_event_id)
    event.pk, event.verb = uuid7(), verb
    for name, value in changes.items():
        setattr(event, name, value)
    event.save(force_insert=True)
    return event


def test_every_evidence_table_refuses_change_and_deletion(samples):
    for shape in shapes():
        row = samples.rows[shape.model][0]
        for sheet in shape.sheets:
            where = f"{q(sheet.key.column)} = %s"
            field = next(one for one in sheet.model._meta.local_concrete_fields if one is not sheet.key)
            change = f"UPDATE {q(sheet.table)} SET {q(field.column)} = {q(field.column)} WHERE {where}"
            assert "a change needs a new event" in refusal(change, key(row.pk)), sheet.table
            assert "nothing is deleted" in refusal(f"DELETE FROM {q(sheet.table)} WHERE {where}", key(row.pk))
            if connection.vendor == "postgresql":
                said = refusal(f"TRUNCATE {q(sheet.table)} CASCADE")
                assert "nothing is deleted" in said or "permission denied" in said


def test_a_change_needs_an_event_about_this_row_in_this_organisation(samples):
    one, two = samples.of(Site, samples.homes[0])[:2]
    elsewhere = samples.of(Site, samples.homes[1])[0]
    change = "UPDATE organisation_site SET name = 'x', last_event_id = %s WHERE uid = %s"
    assert "needs an event of its own" in refusal(change, key(uuid7()), key(one.uid))
    assert "needs an event of its own" in refusal(change, key(two.last_event_id), key(one.uid))
    with transaction.atomic():
        assert "needs an event of its own" in refusal(change, key(draft(two).pk), key(one.uid))
        wrong_home = draft(one, home=elsewhere.organisation_id)
        assert "needs an event of its own" in refusal(change, key(wrong_home.pk), key(one.uid))
        note = draft(one, schema="note@1")
        assert "needs an event of its own" in refusal(change, key(note.pk), key(one.uid))
        with connection.cursor() as cursor:
            cursor.execute(change, [key(draft(one).pk), key(one.uid)])
        transaction.set_rollback(True)


def test_an_old_event_is_no_ticket_for_a_new_change(samples):
    site = samples.of(Site, samples.homes[0])[0]
    first = site.last_event_id
    with writing(site.organisation_id, STAMP) as pen:
        pen.save(site, "edit")
    change = "UPDATE organisation_site SET name = 'x', last_event_id = %s WHERE uid = %s"
    assert "its event is sealed" in refusal(change, key(first), key(site.uid))


def test_uid_and_organisation_never_change(samples):
    site = samples.of(Site, samples.homes[0])[0]
    with transaction.atomic():
        event, other = draft(site), uuid7()
        moved = draft(site, home=samples.homes[1])
        renamed = draft(site, subject=other)
        change = "UPDATE organisation_site SET last_event_id = %s, {} = %s WHERE uid = %s"
        assert "stays in its organisation" in refusal(
            change.format("organisation_id"), key(moved.pk), key(samples.homes[1]), key(site.uid)
        )
        assert "a uid never changes" in refusal(change.format("uid"), key(renamed.pk), key(other), key(site.uid))
        assert event.pk
        transaction.set_rollback(True)


def test_no_reference_leads_into_another_organisation(samples):
    ours = samples.of(Department, samples.homes[0])[0]
    ours.site_id = samples.of(Site, samples.homes[1])[0].pk
    with pytest.raises(DatabaseError, match="same organisation"), writing(ours.organisation_id, STAMP) as pen:
        pen.save(ours, "edit")
    ours.site_id = None
    with writing(ours.organisation_id, STAMP) as pen:
        pen.save(ours, "edit")
    assert Department.objects.get(pk=ours.pk).site_id is None


def test_a_kinds_two_rows_are_written_by_one_event(samples):
    shape = next(shape for shape in shapes() if len(shape.sheets) == 2)
    row, child = samples.rows[shape.model][0], shape.sheets[1]
    with transaction.atomic():
        event = draft(row)
        change = f"UPDATE {q(child.table)} SET {q(child.event.column)} = %s WHERE {q(child.key.column)} = %s"
        assert "must be written first" in refusal(change, key(event.pk), key(row.pk))
        transaction.set_rollback(True)


def test_a_row_cannot_be_replaced(samples):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    said = refusal("INSERT OR REPLACE INTO organisation_site SELECT * FROM organisation_site LIMIT 1")
    assert "needs an event" in said or "there is a row with this uid" in said


@pytest.mark.parametrize("model", [Event, Opening, Entry, Checkpoint, Log])
def test_the_log_is_append_only(samples, model):
    Checkpoint.objects.create(
        log_id=samples.homes[0], size=1, root=b"x", frontier=b"x", note="x", at="2026-01-01T00:00:00Z"
    )
    table = q(model._meta.db_table)
    column = {Event: "verb", Opening: "text", Entry: "seq", Checkpoint: "note", Log: "size"}[model]
    assert model._meta.db_table in refusal(
        f"UPDATE {table} SET {column} = {'0' if model in (Log, Entry) else chr(39) * 2}"
    )
    assert model._meta.db_table in refusal(f"DELETE FROM {table}")


def test_the_head_is_raised_only_over_entries(samples):
    assert "only after its entries" in refusal("UPDATE ledger_log SET size = size + 1")
    assert "only grows" in refusal("UPDATE ledger_log SET epoch = 0")


def test_a_seal_needs_an_event_and_the_next_place(samples):
    home, size = samples.homes[0], Log.objects.get(pk=samples.homes[0]).size
    insert = "INSERT INTO ledger_entry (event_id, log_id, seq, leaf) VALUES (%s, %s, %s, %s)"
    assert "needs its event" in refusal(insert, key(uuid7()), key(home), size, b"x" * 32)
    with transaction.atomic():
        event = draft(samples.of(Site, home)[0])
        assert "only grows at its end" in refusal(insert, key(event.pk), key(home), size - 1, b"x" * 32)
        transaction.set_rollback(True)


def test_an_opening_is_erased_only_with_an_event_that_says_so(samples):
    event = Event.objects.filter(home=samples.homes[0]).first()
    assert "pen.erase" in refusal("DELETE FROM ledger_opening WHERE event_id = %s", key(event.pk))


def test_all_rules_stand_after_migrate(db):
    assert triggers.missing(connection) == []


def test_a_rule_that_is_gone_altered_or_foreign_is_told(as_owner):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER plumbline_organisation_site_delete")
            cursor.execute("DROP TRIGGER plumbline_organisation_site_insert")
            cursor.execute(
                "CREATE TRIGGER plumbline_organisation_site_insert"
                " BEFORE INSERT ON organisation_site BEGIN SELECT 1; END"
            )
            cursor.execute("CREATE TRIGGER plumbline_odd BEFORE INSERT ON organisation_site BEGIN SELECT 1; END")
            expected = {"site_delete is missing", "site_insert was altered", "odd is not one of ours"}
        else:
            cursor.execute("DROP TRIGGER plumbline_organisation_site_row ON organisation_site")
            cursor.execute("ALTER TABLE organisation_department DISABLE TRIGGER plumbline_organisation_department_row")
            cursor.execute(
                "CREATE OR REPLACE FUNCTION plumbline_organisation_person_rule() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NEW; END'"
            )
            expected = {"site_row is missing", "department_row was altered", "person_row was altered"}
    told = triggers.missing(connection)
    assert all(any(line.endswith(end) for line in told) for end in expected), told
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == []


def test_a_write_is_checked_by_keys_however_many_rows_the_organisation_has(samples):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes the key")
    organisation = samples.rows[Organisation][0]

    def read() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(idx_tup_fetch + seq_tup_read) FROM pg_stat_xact_user_tables")
            return int(cursor.fetchone()[0])

    def read_writing(many: int) -> int:
        before = read()
        with writing(organisation.uid, STAMP) as pen:
            named = [f"Hall {read()}-{number}" for number in range(many)]
            pen.save_many((Site(uid=uuid7(), organisation=organisation, name=one) for one in named), "create")
        return read() - before

    read_writing(5)  # PostgreSQL keeps to the plans it makes here, for small tables that it knows nothing about
    few = read_writing(20)
    read_writing(60)
    assert read_writing(20) < few * 1.5
