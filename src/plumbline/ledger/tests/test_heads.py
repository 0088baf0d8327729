"""Heads: signed when they should be, raised outside the database, and never on a fork."""

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction

from plumbline.history import merkle, notes
from plumbline.ledger import heads, highwater, triggers
from plumbline.ledger.models import Checkpoint, Entry, Event, Log
from plumbline.ledger.tests.samples import STAMP
from plumbline.ledger.verify import verify
from plumbline.ledger.writer import writing

HOME = UUID(int=42)


def write(count: int = 1) -> None:
    with writing(HOME, STAMP) as pen:
        for number in range(count):
            pen.note("count", subject=HOME, table="log", facts={"number": number})


def forge(verb: str) -> None:
    """Change the second event and seal the log anew, as somebody with SQL but without the key would."""
    triggers.remove(connection)
    frontier = merkle.Frontier()
    for entry in Entry.objects.filter(log=HOME).order_by("seq"):
        leaf = merkle.leaf_hash(verb.encode()) if entry.seq == 1 else bytes(entry.leaf)
        Entry.objects.filter(pk=entry.pk).update(leaf=leaf)
        frontier.append(leaf)
    Log.objects.filter(pk=HOME).update(frontier=frontier.to_bytes())


def test_a_head_is_signed_in_a_format_others_can_check(real_db):
    write(5)
    (checkpoint,) = heads.sign_heads()
    verifier = notes.Verifier.from_text(heads.verifier_text(Log.objects.get()))
    head = notes.Checkpoint.from_text(notes.open_note(checkpoint.note, [verifier]))
    leaves = [bytes(leaf) for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True)]
    assert (head.origin, head.size, head.root) == (Log.objects.get().origin, 5, merkle.root_of(leaves))
    assert head.origin.endswith(f"/log/{HOME}")
    assert "://" not in head.origin
    assert stat.S_IMODE(heads.key_path().stat().st_mode) == 0o600


def test_a_head_is_signed_at_most_once_a_minute_unless_asked_for(real_db):
    write()
    assert len(heads.sign_heads()) == 1
    assert heads.sign_heads(now=True) == []
    write()
    assert heads.sign_heads() == []
    assert [one.size for one in heads.sign_heads(now=True)] == [2]
    write()
    later = datetime.now(UTC) + timedelta(seconds=61)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heads, "datetime", type("Later", (), {"now": staticmethod(lambda zone: later)}))
        assert [one.size for one in heads.sign_heads()] == [3]
    assert highwater.read()[str(HOME)].size == 3
    assert heads.behind() == []
    assert list(verify()) == []


def test_one_log_may_be_signed_alone(real_db):
    write()
    with writing(UUID(int=43), STAMP) as pen:
        pen.note("begin", subject=HOME, table="log")
    assert [one.log_id for one in heads.sign_heads(now=True, home=HOME)] == [HOME]


def test_an_event_proves_its_place(real_db):
    write(7)
    heads.sign_heads()
    event = Event.objects.get(entry__seq=3)
    index, path, note = notes.read_proof(heads.proof_of(event.pk))
    head = notes.Checkpoint.from_text(notes.open_note(note, [heads.ensure_key().verifier(Log.objects.get().origin)]))
    assert merkle.verify_inclusion(bytes(event.entry.leaf), index, head.size, path, head.root)
    write()
    with pytest.raises(LookupError):
        heads.proof_of(Event.objects.get(entry__seq=7).pk)


def test_the_key_is_never_made_twice(real_db):
    write()
    heads.sign_heads()
    heads.key_path().unlink()
    write()
    with pytest.raises(FileNotFoundError, match="restore it from your backup"):
        heads.sign_heads(now=True)
    assert "not signed by this installation's key" in heads.behind()[0]


@pytest.mark.parametrize("with_checkpoint", [True, False])
def test_a_fork_is_never_signed(as_owner, with_checkpoint):
    write(4)
    heads.sign_heads()
    forge("forged")
    if not with_checkpoint:
        Checkpoint.objects.all().delete()
    write()
    with pytest.raises(heads.ForkRefused, match="run verify"):
        heads.sign_heads(now=True)
    assert Checkpoint.objects.count() == with_checkpoint
    assert highwater.read()[str(HOME)].size == 4


@pytest.mark.parametrize("what", ["note", "root", "frontier"])
def test_an_altered_head_is_no_ground_to_sign_on(as_owner, what):
    write(4)
    heads.sign_heads()
    triggers.remove(connection)
    other = merkle.Frontier()
    for number in range(4):
        other.append(merkle.leaf_hash(b"%d" % number))
    changes = {"note": "forged\n\n\u2014 a b\n", "root": other.root(), "frontier": other.to_bytes()}
    Checkpoint.objects.update(**{what: changes[what]})
    assert next(problem.table for problem in verify()) == "ledger_checkpoint"
    write()
    with pytest.raises(heads.ForkRefused):
        heads.sign_heads(now=True)


def test_a_lost_file_is_written_anew_and_a_damaged_one_is_told(real_db):
    write(2)
    heads.sign_heads()
    Path(settings.PLUMBLINE_HEADS).unlink()
    assert len(heads.sign_heads()) == 1
    assert highwater.read()[str(HOME)].size == 2
    Path(settings.PLUMBLINE_HEADS).write_text("{")
    with pytest.raises(ValueError, match="damaged"):
        heads.behind()


def test_a_mark_is_never_lowered(real_db):
    write(2)
    heads.sign_heads()
    low = highwater.read()[str(HOME)]
    write()
    heads.sign_heads(now=True)
    highwater.raise_to(low)
    assert highwater.read()[str(HOME)].size == 3


def cut_back(size: int) -> None:
    """What a restore of an older backup leaves."""
    triggers.remove(connection)
    frontier = merkle.Frontier()
    for entry in Entry.objects.filter(log=HOME, seq__lt=size).order_by("seq"):
        frontier.append(bytes(entry.leaf))
    lost = list(Entry.objects.filter(log=HOME, seq__gte=size).values_list("pk", flat=True))
    with transaction.atomic():
        for table, key in (("ledger_opening", "event_id"), ("ledger_event", "id"), ("ledger_entry", "event_id")):
            with connection.cursor() as cursor:
                keys = [Event._meta.pk.get_db_prep_save(one, connection) for one in lost]
                cursor.executemany(f"DELETE FROM {table} WHERE {key} = %s", [[one] for one in keys])
        Checkpoint.objects.filter(size__gt=size).delete()
        Log.objects.filter(pk=HOME).update(size=size, frontier=frontier.to_bytes())
    triggers.install(connection)


def test_a_restore_behind_the_mark_is_refused_until_a_new_epoch_says_why(as_owner):
    write(3)
    heads.sign_heads()
    write(3)
    heads.sign_heads(now=True)
    cut_back(4)
    assert "6 (epoch 1) was signed" in heads.behind()[0]
    with pytest.raises(heads.ForkRefused, match="new epoch"):
        heads.sign_heads(now=True)
    with pytest.raises(ValueError):
        heads.new_epoch(HOME, " ", STAMP)
    checkpoint = heads.new_epoch(HOME, "the disk failed; backup of Monday", STAMP)
    log = Log.objects.get()
    assert (log.epoch, log.size, checkpoint.size) == (2, 5, 5)
    assert checkpoint.note.startswith(f"{heads.origins(log)[0]}/2\n5\n")
    told = Event.objects.get(verb="new_epoch").opening.text
    assert '"signed_size":6' in told
    assert '"from_size":4' in told
    assert "the disk failed" in told
    assert heads.behind() == []
    assert list(verify()) == []
    write()
    assert [one.size for one in heads.sign_heads(now=True)] == [6]
    assert list(verify()) == []


def test_an_epoch_claimed_without_a_signature_is_told(as_owner):
    write(3)
    heads.sign_heads()
    log = Log.objects.get()
    Log.objects.update(epoch=2, origin=f"{log.origin}/2")
    assert "of which no head was signed" in heads.behind()[0]


def test_a_log_that_is_missing_is_told(real_db):
    write(3)
    heads.sign_heads()
    kept = Path(settings.PLUMBLINE_HEADS).with_suffix(".kept")
    shutil.copy(settings.PLUMBLINE_HEADS, kept)
    text = kept.read_text().replace(str(HOME), str(UUID(int=44)))
    Path(settings.PLUMBLINE_HEADS).write_text(text)
    assert "the log is missing" in heads.behind()[0]


def test_no_head_is_signed_over_what_is_rolled_back(real_db):
    def undone() -> None:
        with heads.signed_afterwards(), transaction.atomic():
            write()
            heads.sign_now()
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        undone()
    assert not Checkpoint.objects.exists()
    with heads.signed_afterwards(), transaction.atomic():
        write()
        heads.sign_now()
        assert not Checkpoint.objects.exists()
    assert Checkpoint.objects.get().size == 1
    assert list(verify(HOME)) == []
