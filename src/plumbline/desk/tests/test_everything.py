"""Export everything: for who sees everything, one's own file only, noted in the history."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from plumbline.faces.portable import long_exports
from plumbline.faces.portable.models import Export
from plumbline.faces.sheets import working
from plumbline.faces.sheets.runs import path_of
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.roles import Role

PAGE = "/acme/settings/everything/"


@pytest.fixture
def company(real_db, monkeypatch) -> Company:
    """Acme on a database that commits; what waits is done when a test says so, not by a thread."""
    monkeypatch.setattr(working, "wake", lambda: None)
    return Company("Acme")


def client_of(company: Company, role: str) -> Client:
    """Somebody with just that role."""
    person = company.join(role, f"{role}@acme.example", *([Role(role)] if role != "member" else []))
    return company.client(person)


@pytest.mark.slow  # a private installation, and the whole company written
def test_the_quality_manager_takes_everything_and_nobody_else_sees_it(company) -> None:
    quality = client_of(company, "quality")
    assert b"Export everything" in quality.get("/acme/settings/").content
    begun = quality.post(PAGE)
    again = quality.post(PAGE)
    assert begun.url == again.url, "one that is under way is enough"
    assert "It begins in a moment" in quality.get(begun.url).content.decode()
    assert quality.get(f"{begun.url}company.zip").status_code == 404
    working.work()
    run = Export.objects.get()
    assert (run.state, run.done, run.error) == ("ready", run.total, ""), run.error
    assert "The file is ready" in quality.get(begun.url).content.decode()
    answer = quality.get(f"{begun.url}company.zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-')
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "manifest.json" in archive.namelist()
    event = Event.objects.get(verb="export")
    assert (event.home, event.actor) == (company.organisation.pk, run.person_id)
    other = client_of(company, "management")
    assert other.get(PAGE).status_code == 200
    assert other.get(begun.url).status_code == 404
    assert other.get(f"{begun.url}company.zip").status_code == 404
    for role in ("administrator", "auditor", "member", "body_auditor"):
        stranger = client_of(company, role)
        for address in (PAGE, begun.url, f"{begun.url}company.zip"):
            assert stranger.get(address).status_code == 403, (role, address)
        assert stranger.post(PAGE).status_code == 403, role
        assert b"settings/everything" not in stranger.get("/acme/settings/").content
    Export.objects.update(made_at=timezone.now() - timedelta(days=2))
    working.sweep()
    assert not Export.objects.exists()
    assert not path_of(run).exists()


@pytest.mark.slow  # the same
def test_what_cannot_be_written_is_said(company) -> None:
    quality = client_of(company, "quality")
    begun = quality.post(PAGE)
    run = Export.objects.get()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_exports, "export", _unfit)
        working.work()
    assert "a file is lost" in quality.get(begun.url).content.decode()
    assert not path_of(run).exists()
    working.work()
    assert Export.objects.get().state == "failed", "it is not tried again by itself"


def _unfit(*arguments) -> None:
    raise long_exports.Unfit("a file is lost")
