"""What was disposed of stays so: after an older backup, and when the backup was made in that very moment."""

import io
import shutil
from datetime import date

import pytest

from plumbline.config.commands import archiving
from plumbline.kernel import actions, files
from plumbline.kernel.models import File
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import proof
from plumbline.ledger import highwater
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.registers.support.records import noting
from plumbline.registers.support.records.models import RecordCategory

pytestmark = pytest.mark.slow  # several processes each


def _kept() -> object:
    """A record past its retention, with a file."""
    by = Actor.of(Person.objects.get())
    category = actions.create(RecordCategory, by=by, name="Tests", months=12)
    values = {"title": "Sheet 7", "dated_on": date(2012, 5, 1), "category": category}
    record = actions.create(register_of("qualityrecord"), by=by, **values)
    kept = files.keep(by.organisation.uid, io.BytesIO(b"what the sheet said"), "sheet.txt")
    actions.attach(record, kept, "sheet.txt", by=by)
    return record


def _disposed(record) -> None:
    person = Person.objects.get()
    record = actions.act(record, "propose", by=Actor.of(person))
    move = register_of(record).workflow.move("dispose", "proposed")
    signed = proof(record, move, person)
    actions.act(record, "dispose", by=Actor.of(person), proof=signed, method="deleted")


def _bytes(installation) -> list:
    """The kept files of an installation."""
    return [path for path in (installation.data / "files").rglob("*") if path.is_file()]


def _state(installation) -> str:
    [record] = installation.json("list", "records", "--organisation", "acme")
    return record["state"]


def test_an_older_backup_does_not_bring_back_what_was_disposed_of(acme, empty, tmp_path) -> None:
    record, old = _kept(), tmp_path / "old.tar"
    acme.json("backup", old, "--with-keys")
    _disposed(record)
    assert not _bytes(acme)
    assert acme.json("verify", "--deep")
    other, blind = empty(), empty()
    for place in (other, blind):
        place.data.mkdir()
        shutil.copy(highwater.path(), place.data / "heads.jsonl")
    shutil.copy(noting.path(), other.data / noting.NAME)
    done = other.plumb("restore", old, "--reason", "the disk broke")
    assert (done.returncode, "Disposed of again" in done.stderr) == (0, True), done.stderr
    assert (_state(other), _bytes(other)) == ("disposed", [])
    assert other.json("verify", "--deep")
    assert "Nothing was left" in other.plumb("sweep").stderr
    blind.json("restore", old, "--reason", "the disk with the list broke too")
    assert (_state(blind), len(_bytes(blind))) == ("kept", 1), "without the list nobody knows: the manual says so"


def test_a_backup_of_the_very_moment_knows_of_the_disposal(acme, empty, tmp_path, monkeypatch) -> None:
    record, archive, other = _kept(), tmp_path / "all.tar", empty()
    listed = archiving.kept_files

    def disposed_meanwhile():
        found = list(listed())
        _disposed(record)
        return found

    monkeypatch.setattr(archiving, "kept_files", disposed_meanwhile)
    archiving.run(archive, True, True)
    assert not files.path_of(File.objects.get()).exists()
    [told] = other.json("restore", archive, "--reason", "the marks are newer than the copy")
    assert told["problems"] == 0
    assert (_state(other), _bytes(other)) == ("disposed", [])
    assert other.json("verify", "--deep")


def test_a_file_that_vanished_without_disposal_is_named_by_its_record(acme) -> None:
    record = _kept()
    files.path_of(File.objects.get()).unlink()
    done = acme.plumb("verify", "--deep")
    assert done.returncode == 1
    assert record.number in done.stdout
    assert "content is missing" in done.stdout
