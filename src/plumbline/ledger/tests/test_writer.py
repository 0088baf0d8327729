"""The pen: what it writes, in how many statements, and what it refuses."""

import json
import threading
from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.history.canonical import Unencodable, canonical
from plumbline.history.uids import uuid7
from plumbline.ledger.leaves import DOMAIN, NAMES, commitment_of, leaf_content, leaf_of, spelled
from plumbline.ledger.models import INSTALLATION, Entry, Event, Log, Opening, WrittenOutsideTheDoor
from plumbline.ledger.schemas import row_digest
from plumbline.ledger.shapes import shape_of, shapes
from plumbline.ledger.tests.samples import STAMP, Samples
from plumbline.ledger.verify import verify_deep
from plumbline.ledger.writer import Stamp, migrated, writing

Organisation = apps.get_model("organisation", "Organisation")
Site = apps.get_model("organisation", "Site")
Person = apps.get_model("organisation", "Person")


def organisation(slug: str = "acme"):
    row = Organisation(slug=slug, name=slug.title())
    with writing(row.uid, STAMP) as pen:
        pen.save(row, "create")
    return row


def add(row, verb: str = "create", stamp: Stamp = STAMP, **more) -> Event:
    with writing(row.organisation_id, stamp) as pen:
        return pen.save(row, verb, **more)


@pytest.fixture
def acme(db):
    return organisation()


def test_a_saved_row_has_an_event_with_its_values(acme):
    ann, now = uuid7(), datetime(2026, 3, 1, 12, tzinfo=UTC)
    stamp = Stamp(ann, "person", "Ann", "passkey", on_behalf_of=uuid7(), occurred_at=now, zone="Europe/Berlin")
    site = Site(organisation=acme, name="Works", ended_on=date(2026, 1, 2))
    event = Event.objects.get(pk=add(site, stamp=stamp, reason="moved", changes={"name": ["", "Works"]}).pk)
    assert (event.subject, event.home, event.table, event.verb, event.schema) == (
        site.uid, acme.uid, "site", "create", "site@1",
    )  # fmt: skip
    assert (event.actor, event.actor_kind, event.how, event.on_behalf_of) == (
        ann,
        "person",
        "passkey",
        stamp.on_behalf_of,
    )
    assert (event.occurred_at, event.zone, event.record) == (now, "Europe/Berlin", None)
    assert Site.objects.get().last_event_id == event.pk == event.id
    opening = json.loads(event.opening.text)
    assert opening["row"]["name"] == "Works"
    assert opening["row"]["ended_on"] == "2026-01-02"
    assert "last_event" not in opening["row"]
    assert (opening["reason"], opening["actor_name"], opening["changes"]) == ("moved", "Ann", {"name": ["", "Works"]})
    assert bytes(event.commitment) == commitment_of(event.opening.salt, event.opening.text)
    assert (event.entry.seq, bytes(event.entry.leaf)) == (1, leaf_of(event))


def test_the_leaf_holds_nothing_personal(acme):
    stamp = Stamp(uuid7(), "person", "Ann Secret", "password")
    event = add(Person(organisation=acme, name="Bob Secret", email="bob@secret.example"), stamp=stamp, reason="Secret")
    assert b"ecret" not in leaf_content(spelled(event)[name] for name in NAMES)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.none() | st.text(st.characters(codec="utf-8")), min_size=len(NAMES), max_size=len(NAMES)))
def test_the_leaf_is_rfc_8785(values):
    try:
        expected = canonical(dict(zip(NAMES, values, strict=True)))
    except Unencodable:
        return
    plain = [None if one is None else json.loads(canonical({"": one}))[""] for one in values]
    assert leaf_content(plain) == DOMAIN + expected


@pytest.mark.parametrize("adding", [True, False])
def test_a_save_takes_few_statements(acme, adding):
    site = Site(organisation=acme, name="Works")
    if not adding:
        add(site)
    with CaptureQueriesContext(connection) as queries:
        add(site, "edit")
    statements = [one["sql"] for one in queries if one["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE")]
    assert len(statements) == 6, statements  # event, opening, row, head, entry, head


def test_many_rows_take_few_statements_per_two_hundred(acme):
    with CaptureQueriesContext(connection) as queries, writing(acme.uid, STAMP) as pen:
        events = pen.save_many([Person(organisation=acme, name=f"Person {n}") for n in range(450)], "import", "list")
    statements = [one["sql"] for one in queries if one["sql"].startswith("INSERT")]
    assert len(statements) == 12  # three batches of events, openings, rows, entries
    assert len(events) == Person.objects.count() == 450
    assert Log.objects.get(pk=acme.uid).size == 451


def test_nothing_written_is_nothing_sealed(acme):
    with CaptureQueriesContext(connection) as queries, writing(acme.uid, STAMP):
        pass
    assert not [one for one in queries if "ledger" in one["sql"]]


def save_and_fail(pen, row) -> None:
    pen.save(row, "create")
    raise ZeroDivisionError


def test_a_nested_pen_joins_and_its_failure_takes_only_its_own_events(acme):
    with writing(acme.uid, STAMP) as pen:
        pen.save(Site(organisation=acme, name="One"), "create")
        with writing(acme.uid, STAMP) as inner:
            inner.save(Site(organisation=acme, name="Two"), "create")
        with pytest.raises(ZeroDivisionError), writing(acme.uid, STAMP) as failing:
            save_and_fail(failing, Site(organisation=acme, name="Three"))
        with writing(INSTALLATION, STAMP) as installation:
            installation.note("make", subject=acme.uid, table="organisation", facts={"slug": "acme"})
    assert set(Site.objects.values_list("name", flat=True)) == {"One", "Two"}
    assert Log.objects.get(pk=acme.uid).size == 3
    assert Log.objects.get(pk=INSTALLATION).size == 1


def test_one_transaction_writes_one_organisation(acme):
    other = organisation("other")
    with pytest.raises(WrittenOutsideTheDoor), writing(acme.uid, STAMP) as pen:
        pen.save(Site(organisation=other, name="Elsewhere"), "create")
    with writing(acme.uid, STAMP), pytest.raises(WrittenOutsideTheDoor), writing(other.uid, STAMP):
        pass


def test_the_shortcuts_past_the_pen_say_so(acme):
    with writing(acme.uid, STAMP) as pen:
        pen.save(site := Site(organisation=acme, name="Works"), "create")
        for shortcut in (
            site.save,
            site.delete,
            Site.objects.all().delete,
            lambda: Site.objects.update(name="x"),
            lambda: Site.objects.create(organisation=acme, name="x"),
            lambda: Site.objects.bulk_create([Site(organisation=acme, name="x")]),
            lambda: Site.objects.bulk_update([site], ["name"]),
            lambda: acme.site_set.create(name="x"),
        ):
            with pytest.raises(WrittenOutsideTheDoor):
                shortcut()


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_what_cannot_be_spelled_is_not_written(acme, name):
    with pytest.raises(Unencodable):
        add(Site(organisation=acme, name=name))


def test_text_is_kept_in_its_composed_form(acme):
    add(Site(organisation=acme, name="Mu\u0308nchen"))
    assert Site.objects.get().name == "M\u00fcnchen"


def test_the_digest_before_saving_is_the_digest_after_loading(db):
    samples = Samples()
    for shape in shapes():
        for row in samples.rows[shape.model]:
            loaded = shape.model._base_manager.get(pk=row.pk)
            assert row_digest(row) == row_digest(loaded), shape.code
            assert shape.snapshot(loaded) == json.loads(Opening.objects.get(event=loaded.last_event_id).text)["row"]


def test_a_part_names_its_record(db):
    samples = Samples()
    parts = [shape for shape in shapes() if shape.record not in (None, "uid", shape.sheets[0].key.attname)]
    assert parts
    for shape in parts:
        row = samples.rows[shape.model][0]
        assert Event.objects.get(pk=row.last_event_id).record == shape.record_of(row) != row.pk


def test_a_migration_that_changes_values_writes_events(acme):
    add(Site(organisation=acme, name="Works"))
    add(Site(organisation=acme, name="Shop"))
    assert migrated(Site, "names in capitals", lambda site: setattr(site, "name", site.name.upper())) == 2
    assert set(Site.objects.values_list("name", flat=True)) == {"WORKS", "SHOP"}
    events = Event.objects.filter(verb="migrate").select_related("opening")
    assert {event.actor_kind for event in events} == {"migration"}
    assert {json.loads(event.opening.text)["reason"] for event in events} == {"names in capitals"}


def test_an_unsealed_event_cannot_be_committed(real_db):
    acme = organisation()
    event = Event(
        entry_id=uuid7(), home=acme.uid, subject=acme.uid, table="site", verb="x", actor_kind="import",
        at=datetime.now(UTC), schema="site@1", commitment=b"x" * 32,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)
    assert not Event.objects.filter(verb="x").exists()


def test_many_writers_at_once_leave_no_gap(real_db):
    acme, faults = organisation(), []

    def work(number: int) -> None:
        try:
            for count in range(10):
                add(Site(organisation_id=acme.uid, name=f"Site {number}-{count}"))
        except DatabaseError as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert list(Entry.objects.filter(log=acme.uid).order_by("seq").values_list("seq", flat=True)) == list(range(61))
    assert list(verify_deep()) == []


def test_a_first_event_by_two_writers_makes_one_log(real_db):
    home, start = UUID(int=7), threading.Barrier(2)

    def work() -> None:
        start.wait()
        with writing(home, STAMP) as pen:
            pen.note("begin", subject=home, table="log")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Log.objects.get(pk=home).size == 2


def test_a_spine_is_never_saved_alone(acme):
    spines = {sheet.model for shape in shapes() for sheet in shape.sheets[:-1]}
    assert spines
    for model in spines:
        row = model()
        setattr(row, shape_of(model).home, acme.uid)
        with pytest.raises(WrittenOutsideTheDoor), writing(acme.uid, STAMP) as pen:
            pen.save(row, "create")


def test_what_follows_from_many_changes_is_done_once_and_not_of_what_was_rolled_back(acme):
    done: list[list] = []
    one, two, gone = (Site(organisation=acme, name=name) for name in ("One", "Two", "Gone"))
    later = Site(uid=two.uid, organisation=acme, name="Two, later")
    with writing(acme.uid, STAMP) as pen:
        pen.afterwards(done.append, one)
        assert done == [[one]]
        with pen.together():
            pen.afterwards(done.append, two)
            with suppress(ValueError), writing(acme.uid, STAMP) as inner:
                inner.afterwards(done.append, gone)
                raise ValueError
            pen.afterwards(done.append, one)
            pen.afterwards(done.append, later)
            assert done == [[one]]
        assert [[row.name for row in rows] for rows in done] == [["One"], ["Two, later", "One"]]
        pen.afterwards(done.append, two)
        assert done[2:] == [[two]]
