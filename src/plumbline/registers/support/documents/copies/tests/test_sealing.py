"""The certificate of an organisation: taken, refused in words, and what it signs is accepted by a program not ours."""

import stat

import pytest

from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.copies import controlled_pdf, sealing
from plumbline.registers.support.documents.models import Revision
from plumbline.registers.support.documents.tests.house import House

from . import reading, samples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # lays out pages, makes RSA keys


@pytest.fixture
def house(settings, tmp_path) -> House:
    settings.PLUMBLINE_KEYS = tmp_path / "keys"
    return House(Company("Acme"))


def copy_of(revision: Revision) -> bytes:
    return controlled_pdf(current := Revision.objects.get(pk=revision.pk), Actor.clock(current.home))


def test_a_signed_copy_is_accepted_by_pdfsig(house, tmp_path) -> None:
    seal = sealing.keep(house.acme.organisation, samples.certificate("plumb"), "plumb", house.acme.actor)
    assert seal.name == "Acme Metalwork, documents"
    kept = sealing.place_of(house.acme.organisation.uid)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert Event.objects.filter(home=house.acme.organisation.uid, verb="certificate").count() == 1
    revision = samples.written(house, samples.paragraph("Suppliers are evaluated."))
    _accepted(copy_of(revision), tmp_path)
    house.act(revision, "drop", house.dora, reason="next")
    revision = samples.with_file(house, samples.pages("A4"), "x.pdf")
    _accepted(copy_of(revision), tmp_path)


def _accepted(made: bytes, folder) -> None:
    said = reading.pdfsig(made, folder)
    assert "Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    assert "Acme Metalwork, documents" in said
    assert "Total document signed" in said


def test_a_changed_copy_is_not_accepted(house, tmp_path) -> None:
    sealing.keep(house.acme.organisation, samples.certificate(), "", house.acme.actor)
    revision = samples.with_file(house, samples.pages("A4"), "x.pdf")
    made = copy_of(revision)
    assert "Signature is Valid." not in reading.pdfsig(made.replace(b"Plumbline", b"plumbline", 1), tmp_path)


def test_without_a_certificate_it_is_not_signed(house, tmp_path) -> None:
    revision = samples.with_file(house, samples.pages("A4"), "x.pdf")
    made = copy_of(revision)
    assert b"/Sig" not in made
    assert sealing.seal_of(house.acme.organisation) is None


@pytest.mark.parametrize(
    "content, password, word",
    [
        (samples.certificate("plumb"), "level", "password is wrong"),
        (b"no certificate at all", "", "no PKCS#12"),
        (samples.certificate("plumb", -3), "plumb", "expired on"),
    ],
    ids=["password", "other file", "expired"],
)
def test_refused_in_words(house, content, password, word) -> None:
    with pytest.raises(sealing.NotACertificate, match=word):
        sealing.keep(house.acme.organisation, content, password, house.acme.actor)
    assert sealing.seal_of(house.acme.organisation) is None


def test_one_that_expired_since_signs_nothing(house) -> None:
    place = sealing.place_of(house.acme.organisation.uid)
    place.parent.mkdir(parents=True)
    place.write_bytes(samples.certificate("", -3))
    revision = samples.with_file(house, samples.pages("A4"), "x.pdf")
    assert b"/Sig" not in copy_of(revision)
    assert sealing.seal_of(house.acme.organisation).expired
