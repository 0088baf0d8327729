"""Somebody writes SQL with the triggers dropped: every such write is named, and nothing else is."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import pytest
from django.apps import apps
from django.db import connection, models

from plumbline.ledger import triggers, verify_rows
from plumbline.ledger.schemas import write_missing
from plumbline.ledger.shapes import Shape, shape_of, shapes, spine
from plumbline.ledger.tests.attacks import Attack, attack, attacked, attacks, named, q, stored
from plumbline.ledger.tests.columns import Site, added
from plumbline.ledger.tests.samples import STAMP, Samples, columns
from plumbline.ledger.verify import state_digest, verify_deep
from plumbline.ledger.writer import writing


def told(groups: Iterable[list[Attack]]) -> Iterator[tuple[str, str, bool]]:
    """(attack, uid, whether it was named) of every attack that the database did not refuse."""
    for group in groups:
        standing, found = attacked(group)
        yield from ((what, uid, named(found, uid)) for what, uid, _ in standing)


def all_are_named(samples: Samples, of: Collection[Shape]) -> int:
    """Attack every column of these tables; how many attacks there were, each of them named."""
    made = list(told(attacks(samples, of)))
    assert [what for what, _, found in made if not found] == []
    meant = {str(samples.rows[shape.model][1].pk) for shape in of}
    assert meant <= {uid for _, uid, _ in made}, "a table not attacked"
    assert list(verify_deep()) == []
    return len(made)


@pytest.mark.slow  # several hundred attacks on every table and column, in a hundred verifications
def test_every_write_by_sql_is_named(samples, own_schemas):
    write_missing()
    assert list(verify_deep()) == []
    triggers.remove(connection)
    assert all_are_named(samples, shapes()) >= 500


@pytest.mark.slow  # every column of a table, each verified with all of the company
def test_every_write_is_named_after_a_new_column_and_a_rebuilt_table(samples, own_schemas, monkeypatch, two_fields):
    write_missing()
    added(models.CharField(max_length=20, null=True), "floor", monkeypatch)
    added(models.DecimalField(max_digits=7, decimal_places=2, default=10), "area", monkeypatch)  # SQLite: a rebuild
    assert triggers.missing(connection) == []
    assert list(verify_deep()) == []
    triggers.remove(connection)
    site = shape_of(Site)
    assert {"floor", "area"} <= {field.name for _table, field in columns(site)}
    assert all_are_named(samples, [site]) >= 10


def test_what_verification_overlooks_is_told(samples, monkeypatch):
    triggers.remove(connection)
    monkeypatch.setattr(verify_rows, "differing", lambda *_: [])
    unnamed = {what for what, _, found in told(islice(attacks(samples), 5)) if not found}
    assert "organisation_site.name" in unnamed


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
