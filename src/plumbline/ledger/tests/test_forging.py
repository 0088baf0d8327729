"""Somebody forges the log itself: events, seals, openings and heads, with the triggers dropped but without the key."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from plumbline.history.merkle import Frontier
from plumbline.history.uids import uuid7
from plumbline.ledger import triggers
from plumbline.ledger.heads import sign_heads
from plumbline.ledger.leaves import leaf_of
from plumbline.ledger.models import Checkpoint, Entry, Event, Log, Opening
from plumbline.ledger.tests.attacks import attack, q, stored
from plumbline.ledger.tests.samples import STAMP
from plumbline.ledger.verify import verify, verify_deep
from plumbline.ledger.writer import writing

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


STRAYS = {
    "an event without its seal": (
        "INSERT INTO ledger_event SELECT {new}, home, subject, record, {columns} FROM ledger_event WHERE id = %s",
        "is not in the log",
    ),
    "an opening without its event": (
        "INSERT INTO ledger_opening (event_id, salt, text)"
        " SELECT {new}, salt, text FROM ledger_opening WHERE event_id = %s",
        "has no event",
    ),
    "an entry beyond the head": (
        "INSERT INTO ledger_entry (event_id, log_id, seq, leaf)"
        " SELECT {new}, log_id, 5000, leaf FROM ledger_entry WHERE event_id = %s",
        "beyond the log's head",
    ),
    "an entry of no log": (
        "INSERT INTO ledger_entry (event_id, log_id, seq, leaf)"
        " SELECT {new}, {new}, 0, leaf FROM ledger_entry WHERE event_id = %s",
        "belongs to no log",
    ),
}


@pytest.mark.parametrize("what", STRAYS)
def test_what_hangs_loose_beside_the_log_is_found(samples, what):
    triggers.remove(connection)
    event, (statement, words) = Event.objects.order_by("pk").first(), STRAYS[what]
    new = f"'{uuid7()}'::uuid" if connection.vendor == "postgresql" else f"'{uuid7().hex}'"
    rest = [field.column for field in Event._meta.local_concrete_fields]
    columns = ", ".join(q(name) for name in rest if name not in ("id", "home", "subject", "record"))
    statement = statement.replace("ledger_event SELECT", f"ledger_event (id, home, subject, record, {columns}) SELECT")
    found = attack([(statement.format(new=new, columns=columns), [stored(Event._meta.pk, event.pk)])], verify)
    assert [problem.what for problem in found if words in problem.what]


def rewrite(home) -> None:
    """The best an attacker without the key can do: change an event and seal everything anew."""
    from_scratch = list(Event.objects.filter(home=home).select_related("entry").order_by("entry__seq"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_event SET verb = 'forged' WHERE id = %s", [stored(Event._meta.pk, from_scratch[2].pk)]
        )
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
