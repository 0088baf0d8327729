"""A company goes out and comes in elsewhere: the same rows, the same history, and nobody's account is taken."""

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from plumbline.faces.lists.models import SavedView
from plumbline.faces.portable import carried, quiet
from plumbline.faces.portable.exporting import export
from plumbline.faces.portable.form import Unfit
from plumbline.faces.portable.loading import Wishes, load
from plumbline.history import notes
from plumbline.kernel import actions
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.ledger import heads
from plumbline.ledger.models import INSTALLATION, Checkpoint, Entry, Event, Evidence, Log, Opening
from plumbline.ledger.shapes import shapes
from plumbline.ledger.verify import state_digest, verify_deep
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Account, Organisation, Person

pytestmark = pytest.mark.slow  # each is a private installation or two, with keys made and every row verified

QUICK = Wishes()


def nothing(home) -> None:
    """What is derived is not looked at here."""


def history() -> list[tuple]:
    logs = Event.objects.exclude(home=INSTALLATION).order_by("entry__seq")
    return list(logs.values_list("pk", "entry__seq", "at", "verb", "actor", "table", "commitment", "opening__text"))


def test_what_comes_in_is_what_went_out(acme, zipped, elsewhere):
    home, before = acme.organisation_id, history()
    digest, head = state_digest(home), heads.Frontier.from_bytes(Log.objects.get(pk=home).frontier).root()
    old_key = heads.ensure_key().verifier("x").public
    signed = list(Checkpoint.objects.filter(log=home).values_list("note", flat=True))
    elsewhere()
    facts = load(zipped, QUICK, nothing)
    assert heads.ensure_key().verifier("x").public != old_key
    assert (facts["events"], facts["state_digest"], facts["head"]) == (len(before), digest, head.hex())
    assert quiet.is_quiet(Organisation.objects.get()), "nothing is sent, and the digest knows nothing of that"
    assert state_digest(home) == digest
    assert [tuple(map(str, row)) for row in history()] == [tuple(map(str, row)) for row in before]
    heads.sign_heads(now=True)
    assert list(verify_deep()) == []
    notes_now = list(Checkpoint.objects.filter(log=home).order_by("id").values_list("note", flat=True))
    assert notes_now[: len(signed)] == signed, "the heads of the former installation are kept"
    log = Log.objects.get(pk=home)
    own = heads.ensure_key().verifier(log.origin)
    assert notes.open_note(notes_now[-1], [own]), "the newest is signed with our own key"
    with pytest.raises(notes.BadNote):
        notes.open_note(signed[-1], [own])
    told = Event.objects.get(home=INSTALLATION, verb="load")
    assert json.loads(Opening.objects.get(event=told.pk).text)["facts"]["state_digest"] == digest


def test_work_goes_on_where_it_was_loaded_and_it_can_move_again(acme, zipped, elsewhere, tmp_path):
    home = acme.organisation_id
    mine = {"owner": acme, "kind": "nonconformity", "name": "Mine", "columns": ["title"], "shared": True}
    SavedView.objects.create(organisation=acme.organisation, **mine)
    zipped.unlink()
    export(acme.organisation, zipped, Actor.of(acme))
    elsewhere()
    load(zipped, Wishes(live=True), nothing)
    ann = Person.objects.get()
    assert not quiet.is_quiet(ann.organisation), "who loads it for good says so"
    assert SavedView.objects.filter(organisation=home, **mine).count() == 1, "a view that somebody saved came along"
    made = actions.create(register_of("nonconformity"), by=Actor.of(ann), title="A third one", description="As seen")
    assert made.number.endswith("3"), "the counter of numbers came along"
    again = tmp_path / "again.zip"
    facts = export(ann.organisation, again, Actor.of(ann))
    elsewhere()
    assert load(again, QUICK, nothing)["state_digest"] == facts["state_digest"]
    heads.sign_heads(now=True)
    assert list(verify_deep()) == [], "the heads of both former installations hold"
    assert (
        len(
            {
                Checkpoint.objects.get(pk=pk).note[-90:]
                for pk in Checkpoint.objects.filter(log=home).values_list("pk", flat=True)
            }
        )
        > 2
    )


def test_a_key_from_before_signs_nothing_that_came_later(acme, zipped, elsewhere):
    old, home = heads.ensure_key(), acme.organisation_id
    origin = Log.objects.get(pk=home).origin
    elsewhere()
    load(zipped, QUICK, nothing)
    actions.create(
        register_of("nonconformity"), by=Actor.of(Person.objects.get()), title="Later", description="As seen"
    )
    log = Log.objects.get(pk=home)
    frontier = heads.Frontier.from_bytes(log.frontier)
    note = old.sign(notes.Checkpoint(origin, log.size, frontier.root()).text, origin)
    heads.sign_heads(now=True)
    last = Checkpoint.objects.filter(log=home).order_by("id").last()
    Checkpoint.objects.create(
        log=log, size=log.size, root=frontier.root(), frontier=last.frontier, note=note, at=last.at
    )
    assert [problem.what for problem in verify_deep(home)] == [
        "its signature does not hold: no trusted key has signed this note"
    ]


def test_twice_is_refused_and_so_is_an_older_one(acme, zipped, elsewhere, tmp_path):
    with pytest.raises(Unfit, match="is here already"):
        load(zipped, QUICK, nothing)
    actions.create(register_of("nonconformity"), by=Actor.of(acme), title="Newer", description="As seen")
    export(acme.organisation, tmp_path / "newer.zip", Actor.of(acme))
    kept = heads.highwater.read()
    elsewhere()
    heads.highwater.raise_to(kept[str(acme.organisation_id)])
    with pytest.raises(Unfit, match="older export"):
        load(zipped, QUICK, nothing)
    assert not Organisation.objects.exists()


def test_a_short_name_that_is_taken_changes_by_an_event(acme, zipped, elsewhere):
    home, size = acme.organisation_id, Log.objects.get(pk=acme.organisation_id).size
    elsewhere()
    found(Account.objects.create_user("bob@example.org", "correct-horse-9", name="Bob"), "Acme")
    with pytest.raises(Unfit, match="give another with --as"):
        load(zipped, QUICK, nothing)
    with pytest.raises(Unfit, match="is reserved"):
        load(zipped, Wishes(slug="api"), nothing)
    facts = load(zipped, Wishes(slug="acme-2"), nothing)
    assert (facts["organisation"], facts["events"]) == ("acme-2", size + 1)
    assert Organisation.objects.get(pk=home).slug == "acme-2"
    last = Entry.objects.get(log=home, seq=size)
    assert Event.objects.get(pk=last.pk).table == "organisation"
    heads.sign_heads(now=True)
    assert list(verify_deep()) == []


def test_nobody_takes_an_account_over(acme, zipped, elsewhere):
    elsewhere()
    theirs = Account.objects.create_user("ann@example.org", "another-horse-9", name="Another Ann")
    facts = load(zipped, QUICK, nothing)
    assert (facts["accounts"], facts["apart"]) == (1, ["ann@example.org"])
    theirs.refresh_from_db()
    assert theirs.check_password("another-horse-9")
    assert theirs.name == "Another Ann"
    assert not theirs.organisations().exists()
    stranger = Person.objects.get().account
    assert (stranger.is_active, stranger.operator, stranger.has_usable_password()) == (False, False, False)
    assert stranger.email.endswith("@moved.invalid")


def test_people_get_the_accounts_that_are_here_when_asked(acme, zipped, elsewhere):
    size = Log.objects.get(pk=acme.organisation_id).size
    elsewhere()
    theirs = Account.objects.create_user("ann@example.org", "another-horse-9", name="Another Ann")
    facts = load(zipped, Wishes(accounts=True), nothing)
    assert (facts["accounts"], facts["matched"], facts["events"]) == (0, 1, size + 1)
    assert Person.objects.get().account == theirs
    heads.sign_heads(now=True)
    assert list(verify_deep()) == []


def test_a_new_account_has_no_password_and_no_power(acme, zipped, elsewhere):
    Account.objects.update(operator=True)
    elsewhere()
    load(zipped, QUICK, nothing)
    account = Account.objects.get()
    assert (account.email, account.operator, account.has_usable_password()) == ("ann@example.org", False, False)
    assert Account.objects.get().pk == Person.objects.get().account_id


def test_the_zip_holds_no_secret_and_reads_without_us(acme, zipped):
    with ZipFile(zipped) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert acme.account.password.encode() not in everything
        assert b"-----BEGIN" not in everything
        rows = list(csv.reader(io.StringIO(archive.read("registers/nonconformities.csv").decode("utf-8-sig"))))
        assert [row[1] for row in rows] == ["Title", "Wrong label", "'=1+1"], "a formula is inert"
        readme = archive.read("README.txt").decode()
        assert "Acme" in readme
        assert max(map(len, readme.splitlines())) <= 101
        told = [json.loads(line) for line in archive.read("evidence/nonconformity.jsonl").splitlines()]
        assert [one["row"]["title"] for one in told] == ["Wrong label", "=1+1"]


def test_an_export_replaces_nothing_and_tells_who_took_it(acme, zipped, tmp_path):
    with pytest.raises(Unfit, match="replaces nothing"):
        export(acme.organisation, zipped, Actor.of(acme))
    with pytest.raises(Unfit, match="does not exist"):
        export(acme.organisation, tmp_path / "no" / "x.zip", Actor.of(acme))
    assert list(Event.objects.filter(verb="export").values_list("actor_kind", flat=True)) == ["installation"]
    assert zipped.stat().st_mode & 0o777 == 0o600


def test_an_export_with_a_file_missing_leaves_nothing(acme, settings, tmp_path):
    [file] = [path for path in Path(settings.PLUMBLINE_FILES).rglob("*") if path.is_file()]
    content = file.read_bytes()
    file.write_bytes(b"other")
    with pytest.raises(Unfit, match="damaged"):
        export(acme.organisation, tmp_path / "x.zip", Actor.of(acme))
    file.unlink()
    with pytest.raises(Unfit, match="not on the disk"):
        export(acme.organisation, tmp_path / "x.zip", Actor.of(acme))
    assert list(tmp_path.iterdir()) == []
    file.write_bytes(content)
    assert export(acme.organisation, tmp_path / "x.zip", Actor.of(acme))["files"] == 1


def test_another_organisation_is_not_in_it(acme, tmp_path):
    bob = found(Account.objects.create_user("bob@example.org", "correct-horse-9", name="Bob Secret"), "Bolt")
    actions.create(register_of("nonconformity"), by=Actor.of(bob), title="Hidden thing", description="As seen")
    export(acme.organisation, tmp_path / "x.zip", Actor.of(acme))
    assert Record.objects.count() == 3
    with ZipFile(tmp_path / "x.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"Hidden thing", b"Bob Secret", b"bob@example.org", str(bob.organisation_id).encode()):
        assert secret not in everything


def test_every_table_that_comes_later_can_move_too():
    """What evidence points to is evidence, or a person's account; so is what working rows that go along point to."""
    for shape in shapes():
        for field in shape.fields:
            target = field.related_model
            if isinstance(target, type) and not issubclass(target, Evidence):
                assert (shape.model, target) == (Person, Account), f"{field}: load does not bring {target} along"
    for model in carried.carried().values():
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            known = target is None or issubclass(target, Evidence) or target is Account
            assert known, f"{field}: load does not bring {target} along"
