"""Somebody writes SQL with the triggers dropped: every such write is named, and nothing else is."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from plumbline.history.merkle import Frontier
from plumbline.history.uids import uuid7
from plumbline.ledger import triggers
from plumbline.ledger.heads import sign_heads
from plumbline.ledger.leaves import leaf_of
from plumbline.ledger.models import Checkpoint, Entry, Event, Log, Opening
from plumbline.ledger.schemas import write_missing
from plumbline.ledger.shapes import Shape, shape_of, shapes, spine, type_of
from plumbline.ledger.tests.samples import STAMP, Samples, columns, value_of
from plumbline.ledger.verify import state_digest, verify, verify_deep
from plumbline.ledger.writer import writing


class Undo(Exception):
    """Ends an attack so that the next begins on a clean database."""


def attack(statements: list[tuple[str, list[Any]]], check=verify_deep) -> list | None:
    """What verification finds after these statements; None where the database itself refused them."""
    found: list | None = None
    try:
        with transaction.atomic():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    for statement, parameters in statements:
                        cursor.execute(statement, parameters)
            except DatabaseError:
                return None
            found = list(check())
            raise Undo
    except Undo:
        return found


def q(name: str) -> str:
    return connection.ops.quote_name(name)


def stored(field: models.Field, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def other_value(field: models.Field, row: models.Model, samples: Samples) -> Any:
    """A value a column does not have: the key of another row, or something of its type."""
    now = getattr(row, field.attname)
    if field.is_relation and field.related_model is not Event:
        rows = [one.pk for rows in samples.rows.values() for one in rows if isinstance(one, field.related_model)]
        rows += list(field.related_model._base_manager.values_list("pk", flat=True)[:5])
        return next((key for key in rows if key not in (now, row.pk)), None if now else uuid7())
    if field.related_model is Event:
        return Event.objects.exclude(pk=now).order_by("pk").first().pk
    if type_of(field) == "boolean":
        return not now
    return value_of(field, 907)


def updates(shape: Shape, row: models.Model, samples: Samples) -> Iterator[tuple[str, str, list]]:
    for table, field in columns(shape):
        key = next(sheet.key.column for sheet in shape.sheets if sheet.table == table)
        value = stored(field, other_value(field, row, samples))
        statement = f"UPDATE {q(table)} SET {q(field.column)} = %s WHERE {q(key)} = %s"
        yield f"{table}.{field.column}", str(row.pk), [(statement, [value, stored(shape.sheets[0].key, row.pk)])]


def copies(shape: Shape, row: models.Model) -> Iterator[tuple[str, str, list]]:
    """A copy of the row under another uid, unique texts changed."""
    new, statements = uuid7(), []
    for sheet in shape.sheets:
        fields = sheet.model._meta.local_concrete_fields
        values = []
        for field in fields:
            value = new if field is sheet.key else getattr(row, field.attname)
            if isinstance(value, str) and type_of(field) == "text":
                value = value_of(field, 908)
            values.append(stored(field, value))
        names, marks = ", ".join(q(field.column) for field in fields), ", ".join(["%s"] * len(fields))
        statements.append((f"INSERT INTO {q(sheet.table)} ({names}) VALUES ({marks})", values))
    yield f"copy into {shape.code}", str(new), statements


def deletions(shape: Shape, row: models.Model) -> Iterator[tuple[str, str, list]]:
    key = stored(shape.sheets[0].key, row.pk)
    statements = [
        (f"DELETE FROM {q(sheet.table)} WHERE {q(sheet.key.column)} = %s", [key]) for sheet in reversed(shape.sheets)
    ]
    yield f"delete from {shape.code}", str(row.pk), statements
    for number, sheet in enumerate(reversed(shape.sheets)):
        if len(shape.sheets) > 1:
            yield f"delete only from {sheet.table}", str(row.pk), [statements[number]]
    emptied = [(f"DELETE FROM {q(sheet.table)}", []) for sheet in reversed(shape.sheets)]
    if connection.vendor == "postgresql":
        emptied = [(f"TRUNCATE {', '.join(q(sheet.table) for sheet in shape.sheets)} CASCADE", [])]
    yield f"empty {shape.code}", str(row.pk), emptied


def swaps(shape: Shape, row: models.Model, other: models.Model) -> Iterator[tuple[str, str, list]]:
    """Two rows exchange everything but their keys."""
    statements = []
    for sheet in shape.sheets:
        unique = unique_fields(sheet.model)
        fields = [field for field in sheet.model._meta.local_concrete_fields if field is not sheet.key]
        fields = [field for field in fields if field.name not in unique]
        sets = ", ".join(f"{q(field.column)} = %s" for field in fields)
        for to, source in ((row, other), (other, row)):
            values = [stored(field, getattr(source, field.attname)) for field in fields]
            key = stored(shape.sheets[0].key, to.pk)
            statements.append((f"UPDATE {q(sheet.table)} SET {sets} WHERE {q(sheet.key.column)} = %s", [*values, key]))
    yield f"swap in {shape.code}", str(row.pk), statements


def unique_fields(model: type[models.Model]) -> set[str]:
    named = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
    return named | {field.name for field in model._meta.local_concrete_fields if field.unique}


def attacks(samples: Samples) -> Iterator[tuple[str, str, list]]:
    for shape in shapes():
        rows = samples.rows[shape.model]
        yield from updates(shape, rows[1], samples)
        yield from copies(shape, rows[1])
        yield from deletions(shape, rows[1])
        yield from swaps(shape, rows[0], rows[1])


@pytest.fixture
def samples(as_owner):
    made = Samples()
    sign_heads(now=True)
    return made


def named(found: list, uid: str) -> bool:
    return any(problem.uid == uid for problem in found)


def all_are_named(samples: Samples) -> int:
    """Attack every table and column; how many attacks there were, each of them named."""
    count, unnamed = 0, []
    for what, uid, statements in attacks(samples):
        found = attack(statements)
        if found is not None:
            count += 1
            unnamed += [what] if not named(found, uid) else []
    assert unnamed == []
    assert list(verify_deep()) == []
    return count


@pytest.mark.slow  # several hundred attacks, each followed by a whole verification
def test_every_write_by_sql_is_named(samples, own_schemas):
    write_missing()
    assert list(verify_deep()) == []
    triggers.remove(connection)
    assert all_are_named(samples) >= 100


def test_a_problem_says_the_number_and_the_fields(samples):
    triggers.remove(connection)
    row = next(row for rows in samples.rows.values() for row in rows if hasattr(row, "number"))
    table = shape_of(type(row)).sheets[0].table
    statement = f"UPDATE {q(table)} SET title = 'better' WHERE uid = %s"
    (problem,) = attack([(statement, [stored(type(row)._meta.get_field("uid"), row.uid)])])
    assert (problem.number, problem.uid, problem.home) == (row.number, str(row.uid), row.organisation_id)
    assert problem.what == "it was altered outside the door: title"


def test_a_value_that_cannot_be_read_is_named_and_the_others_are_still_checked(samples):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps a text where a date belongs")
    triggers.remove(connection)
    sites = samples.rows[apps.get_model("organisation", "Site")]
    statements = [
        ("UPDATE organisation_site SET uid = 'nonsense' WHERE uid = %s", [sites[0].uid.hex]),
        ("UPDATE organisation_site SET ended_on = 'yesterday' WHERE uid = %s", [sites[1].uid.hex]),
        ("UPDATE organisation_site SET name = 'Else' WHERE uid = %s", [sites[2].uid.hex]),
    ]
    found = attack(statements)
    assert {"nonsense", str(sites[0].uid), str(sites[1].uid), str(sites[2].uid)} <= {one.uid for one in found}


LOG_ATTACKS = {
    "verb": "UPDATE ledger_event SET verb = 'approve' WHERE id = %s",
    "actor": "UPDATE ledger_event SET actor = subject WHERE id = %s",
    "time": "UPDATE ledger_event SET at = '2020-01-01 00:00:00+00:00' WHERE id = %s",
    "reason": "UPDATE ledger_opening SET text = replace(text, 'a sample', 'as agreed') WHERE event_id = %s",
    "salt": "UPDATE ledger_opening SET salt = commitment FROM ledger_event WHERE id = event_id AND event_id = %s",
    "opening gone": "DELETE FROM ledger_opening WHERE event_id = %s",
    "leaf": "UPDATE ledger_entry SET leaf = commitment FROM ledger_event WHERE id = event_id AND event_id = %s",
    "entry gone": "DELETE FROM ledger_entry WHERE event_id = %s",
    "seq": "UPDATE ledger_entry SET seq = seq + 1000 WHERE event_id = %s",
    "event gone": "DELETE FROM ledger_event WHERE id = %s",
}


@pytest.mark.parametrize("what", LOG_ATTACKS)
def test_every_write_to_the_log_is_found(samples, what):
    triggers.remove(connection)
    event = Event.objects.filter(home=samples.homes[0]).order_by("entry__seq")[3]
    found = attack([(LOG_ATTACKS[what], [stored(Event._meta.pk, event.pk)])], verify)
    assert found
    if what in ("verb", "actor", "time", "reason", "salt", "leaf", "opening gone"):
        assert str(event.subject) in {problem.uid for problem in found}


def rewrite(home) -> None:
    """The best an attacker without the key can do: change an event and seal everything anew."""
    from_scratch = list(Event.objects.filter(home=home).select_related("entry").order_by("entry__seq"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_event SET verb = 'forged' WHERE id = %s", [stored(Event._meta.pk, from_scratch[2].pk)])
    reseal(home)


def reseal(home) -> None:
    frontier = Frontier()
    for event in Event.objects.filter(home=home).order_by("entry__seq"):
        leaf = leaf_of(event)
        Entry.objects.filter(pk=event.pk).update(leaf=leaf, seq=frontier.size)
        frontier.append(leaf)
    Log.objects.filter(pk=home).update(size=frontier.size, frontier=frontier.to_bytes())


def test_a_log_sealed_anew_does_not_fit_the_signed_heads(samples):
    triggers.remove(connection)
    rewrite(samples.homes[0])
    found = list(verify())
    assert {problem.table for problem in found} == {"ledger_checkpoint"}
    assert {problem.home for problem in found} == {samples.homes[0]}


def test_without_its_heads_a_log_sealed_anew_does_not_fit_the_file_outside(samples):
    triggers.remove(connection)
    rewrite(samples.homes[0])
    Checkpoint.objects.all().delete()
    (problem,) = verify()
    assert problem.table == "heads"
    assert "not the ones that were signed" in problem.what


def test_a_log_cut_off_is_found(samples):
    triggers.remove(connection)
    last = Event.objects.filter(home=samples.homes[1]).order_by("-entry__seq").first()
    Opening.objects.filter(pk=last.pk).delete()
    with transaction.atomic():
        Event.objects.filter(pk=last.pk).delete()
        Entry.objects.filter(pk=last.pk).delete()
    Checkpoint.objects.all().delete()
    reseal(samples.homes[1])
    (problem,) = verify()
    assert (problem.table, "Restore a newer backup" in problem.what) == ("heads", True)


def test_an_erased_opening_leaves_the_proofs_valid(samples):
    home = samples.homes[0]
    site = samples.of(apps.get_model("organisation", "Site"), home)[0]
    first = Event.objects.get(subject=site.uid)
    site.name = "Another name"
    with writing(home, STAMP) as pen:
        pen.save(site, "edit")
    with writing(home, STAMP) as pen:
        pen.erase(first.pk, "asked for by the person")
    assert not Opening.objects.filter(pk=first.pk).exists()
    sign_heads(now=True)
    assert list(verify_deep()) == []


def test_the_state_of_an_organisation_has_one_digest(samples):
    home, other = samples.homes
    before = state_digest(home)
    assert before == state_digest(home) != state_digest(other)
    site = samples.of(apps.get_model("organisation", "Site"), home)[0]
    site.name = "Another name"
    with writing(home, STAMP) as pen:
        pen.save(site, "edit")
    assert state_digest(home) != before


def test_no_spine_is_a_shape_and_every_shape_was_attacked(samples):
    assert not [shape.code for shape in shapes() if spine(shape.model)]
    assert {shape.model for shape in shapes()} == set(samples.rows)
