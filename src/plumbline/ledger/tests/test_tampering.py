"""Somebody writes SQL with the triggers dropped: every such write is named, and nothing else is."""

import pytest
from django.apps import apps
from django.db import connection

from plumbline.ledger import triggers
from plumbline.ledger.schemas import write_missing
from plumbline.ledger.shapes import shape_of, shapes, spine
from plumbline.ledger.tests.attacks import attack, attacks, named, q, stored
from plumbline.ledger.tests.samples import STAMP, Samples
from plumbline.ledger.verify import state_digest, verify_deep
from plumbline.ledger.writer import writing


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
