"""Backup and restore: what comes back is what went in, and nothing signed is lost without a reason on record."""

import io
import json
import os
import shutil
import tarfile

import pytest

from plumbline.kernel import actions, files
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.ledger import highwater
from plumbline.ledger.models import Opening
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

pytestmark = pytest.mark.slow  # several processes each


def _with_file(acme) -> None:
    by = Actor.of(Person.objects.get())
    kept = files.keep(by.organisation.uid, io.BytesIO(b"what the label said"), "label.txt")
    actions.attach(Record.objects.first(), kept, "label.txt", by=by)


def _state(installation) -> dict:
    rows = installation.json("verify", "--deep")
    return {row["organisation"]: (row["events"], row["head"], row["state_digest"]) for row in rows}


def test_what_comes_back_is_what_went_in(acme, empty, tmp_path) -> None:
    _with_file(acme)
    archive, other = tmp_path / "all.tar", empty()
    with acme.served():  # it works while somebody works
        [told] = acme.json("backup", archive, "--with-keys")
    assert (told["files"], told["keys"]) == (1, True)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert acme.plumb("backup", archive).returncode == 1, "a backup replaces nothing"
    [restored] = other.json("restore", archive)
    assert (restored["epochs"], restored["problems"], restored["quiet"]) == (0, 0, [])
    assert _state(other) == _state(acme)
    again = other.plumb("restore", archive)
    assert again.returncode == 1
    assert "There is a database here" in again.stderr


def test_without_keys_they_are_asked_for(acme, empty, tmp_path) -> None:
    archive, other = tmp_path / "all.tar", empty()
    done = acme.plumb("backup", archive)
    assert "keys are not in it" in done.stderr
    refused = other.plumb("restore", archive)
    assert (refused.returncode, "keys are not in this backup" in refused.stderr) == (1, True)
    shutil.copytree(acme.data / "keys", other.data / "keys", dirs_exist_ok=True)
    live = other.plumb("restore", archive)
    assert live.returncode == 0
    assert "sends mails, reminders and webhooks from here" in live.stderr
    assert "plumb sending acme --off" in live.stderr, "a script is not asked, and says what it did"


def test_a_copy_to_try_things_out_is_quiet(acme, empty, tmp_path) -> None:
    archive, other = tmp_path / "all.tar", empty()
    acme.json("backup", archive, "--with-keys")
    ours, theirs = os.openpty()
    os.write(ours, b"what?\nquiet\n")
    copied = other.plumb("restore", archive, stdin=theirs)
    assert copied.returncode == 0, copied.stderr
    assert "is quiet: no mail and no webhook goes out by itself" in copied.stderr
    assert _state(other) == _state(acme), "that it is quiet is no event of the company"
    assert other.json("sending", "acme")[0]["sends"] is False
    with other.served() as served:
        assert "is quiet" in served.log.read_text(), "who starts it is told again"
    another = empty()
    os.write(ours, b"\x04")
    given_up = another.plumb("restore", archive, stdin=theirs)
    assert (given_up.returncode, "say --live or --quiet" in given_up.stderr) == (1, True)
    assert another.json("restore", archive, "--quiet")[0]["quiet"] == ["acme"]
    os.close(ours)
    os.close(theirs)


def test_a_key_that_is_there_is_not_replaced_by_another(acme, empty, tmp_path) -> None:
    archive, other = tmp_path / "all.tar", empty()
    acme.json("backup", archive, "--with-keys")
    key = other.data / "keys" / "log.ed25519"
    key.parent.mkdir(parents=True)
    key.write_text("the key of another installation")
    refused = other.plumb("restore", archive)
    assert (refused.returncode, "is not replaced" in refused.stderr) == (1, True), refused.stderr
    assert key.read_text() == "the key of another installation"
    key.unlink()
    assert other.plumb("restore", archive).returncode == 0


def test_an_older_backup_needs_a_reason_and_opens_an_epoch(acme, empty, tmp_path) -> None:
    old, other = tmp_path / "old.tar", empty()
    acme.json("backup", old, "--with-keys")
    actions.create(
        register_of("nonconformity"), by=Actor.of(Person.objects.get()), title="After the backup", description="x"
    )
    acme.json("backup", tmp_path / "new.tar")
    other.data.mkdir()
    shutil.copy(highwater.path(), other.data / "heads.jsonl")
    refused = other.plumb("restore", old)
    assert refused.returncode == 1
    assert "lacks events that were signed" in refused.stderr
    assert "--reason" in refused.stderr
    assert not (other.data / "files").exists()
    [told] = other.json("restore", old, "--reason", "the disk broke")
    assert (told["epochs"], told["problems"]) == (1, 0)
    rows = {row["organisation"]: row for row in other.json("verify", "--deep")}
    assert rows["acme"]["epoch"] == 2
    assert len(other.json("list", "nonconformities", "--organisation", "acme")) == 2
    with other.served():
        assert Opening.objects.count()


def test_a_damaged_or_hostile_archive_changes_nothing(acme, empty, tmp_path) -> None:
    _with_file(acme)
    archive = tmp_path / "all.tar"
    acme.json("backup", archive, "--with-keys")
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(archive.read_bytes().replace(b"what the label said", b"what the label SAID"))
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[:-60_000])
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as tar:
        member = tarfile.TarInfo("../../escaped")
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    nothing = tmp_path / "nothing.tar"
    nothing.write_bytes(b"not an archive")
    other = empty()
    for file, why in (
        (damaged, "is damaged"),
        (cut, ""),
        (hostile, "no backup"),
        (nothing, "cannot be read as a backup"),
    ):
        done = other.plumb("restore", file)
        assert done.returncode == 1, file
        assert why in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "escaped").exists()
    assert not (other.data / "keys" / "log.ed25519").exists()
    assert other.plumb("restore", archive).returncode == 0, "none of them left anything in the way"


def test_the_manifest_names_every_part(acme, tmp_path) -> None:
    archive = tmp_path / "all.tar"
    acme.json("backup", archive, "--with-keys")
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        assert set(manifest["members"]) | {"manifest.json"} == set(tar.getnames())
    assert {name.partition("/")[0] for name in manifest["members"]} >= {"keys", "heads.jsonl"}
