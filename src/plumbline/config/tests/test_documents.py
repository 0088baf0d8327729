"""`plumb documents`, `document` and `redline`: the library and its files for whoever has no browser at hand."""

import io
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plumbline.config.tests.installations import Installation

TODAY = datetime.now(ZoneInfo("Europe/Berlin")).date()  # the zone an organisation begins with
OLD, NEW = "Zero the caliper first. Then measure twice.", "Zero the caliper first. Then measure three times."


@pytest.fixture
def shelf(acme: Installation) -> Installation:
    """Acme with one document of two revisions: 1 is in force since a year, 2 since yesterday."""
    from plumbline.kernel import actions, files
    from plumbline.kernel.register import register_of
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.models import Person
    from plumbline.registers.support.documents import revising
    from plumbline.registers.support.documents.models import Document

    by = Actor.of(Person.objects.select_related("organisation").get())
    document = actions.create(register_of("document"), by=by, title="Calipers", number="QP-07", state="proposed")
    for number, text, day in (("1", OLD, 365), ("2", NEW, 1)):
        file = actions.content(files.keep(by.organisation.uid, io.BytesIO(text.encode()), "x.txt"), by=by)
        dated = {"number": number, "dated_on": TODAY - timedelta(days=day)}
        revising.add(document, text, by=by, confirm=number == "2", file=file, source="x.txt", **dated)
        document = Document.objects.get(pk=document.pk)
        document = actions.act(document, "confirm", by=by) if document.state == "proposed" else document
    return acme


@pytest.mark.slow  # four commands, programs of their own
def test_what_was_in_force_on_a_day(shelf: Installation) -> None:
    [then] = shelf.json("documents", "acme", "--as-of", (TODAY - timedelta(days=30)).isoformat())
    told = {"number": "QP-07", "title": "Calipers", "revision": "1", "state": "effective", "place": "everywhere"}
    assert then == told | {"effective_on": (TODAY - timedelta(days=365)).isoformat()}
    [now] = shelf.json("documents", "acme")
    assert now["revision"] == "2"
    assert shelf.json("documents", "acme", "--as-of", "1999-01-01") == []
    assert "is no date" in shelf.plumb("documents", "acme", "--as-of", "14 March").stderr


@pytest.mark.slow  # lays out copies, in programs of their own
def test_files_of_revisions_and_what_changed_between_them(shelf: Installation, tmp_path: Path) -> None:
    def written(name: str, *arguments: str) -> Path:
        done = shelf.plumb(*arguments, "--organisation", "acme", "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
        return tmp_path / name

    paper = written("now.pdf", "document", "QP-07")
    said = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert "three times" in said
    assert "QP-07" in said
    old = written("old.html", "document", "QP-07", "--revision", "1").read_text()
    assert "measure twice" in old
    assert "three times" not in old
    changed = written("changed.html", "redline", "QP-07", "1", "2").read_text()
    assert "<del>" in changed
    assert "<ins>" in changed
    refused = shelf.plumb("document", "QP-07", "--organisation", "acme", "--revision", "9", "-o", tmp_path / "no.pdf")
    assert refused.returncode != 0
    assert "no revision “9”" in refused.stderr
    assert not (tmp_path / "no.pdf").exists()
    assert shelf.plumb("verify", "--deep").returncode == 0


@pytest.mark.slow  # commands, programs of their own
def test_a_signed_copy_holds_and_so_does_the_history_after_all_of_it(shelf: Installation, settings, tmp_path) -> None:
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.models import Person
    from plumbline.registers.support.documents.copies import sealing
    from plumbline.registers.support.documents.copies.tests import reading, samples

    settings.PLUMBLINE_KEYS = shelf.environment.get("PLUMBLINE_KEYS", str(shelf.data / "keys"))
    by = Actor.of(Person.objects.select_related("organisation").get())
    sealing.keep(by.organisation, samples.certificate("plumb"), "plumb", by)
    assert [one["revision"] for one in shelf.json("documents", "acme", "--as-of", TODAY.isoformat())] == ["2"]
    for name, *asked in (
        ("now.pdf", "document", "QP-07"),
        ("old.pdf", "document", "QP-07", "--revision", "1"),
        ("changed.html", "redline", "QP-07", "1", "2"),
    ):
        done = shelf.plumb(*asked, "--organisation", "acme", "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
    for name in ("now.pdf", "old.pdf"):
        assert "Signature is Valid." in reading.pdfsig((tmp_path / name).read_bytes(), tmp_path)
    assert "<ins>" in (tmp_path / "changed.html").read_text()
    clean = shelf.plumb("verify", "--deep")
    assert clean.returncode == 0, clean.stdout + clean.stderr
