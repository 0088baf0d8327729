"""Read and understood, and approved, by PIN at the tablet in the hall: what record and history say, what needs more."""

import pytest

from plumbline.kernel import actions
from plumbline.kernel.models import Duty, Signature
from plumbline.ledger.models import Event
from plumbline.organisation.models import RoleHolding
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.models import DocumentKind, Reading, Recipient, Revision
from plumbline.registers.support.documents.tests.house import House
from tests.signin.hall import BADGE, CHEAP, OWN, Hall, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(settings) -> Hall:
    settings.PASSWORD_HASHERS = CHEAP
    return Hall()


@pytest.fixture
def house(hall) -> House:
    return House(hall.company)


def _asked(hall: Hall, house: House) -> Revision:
    """A procedure in force that everybody of hall 2 is to read."""
    actions.create(Recipient, by=hall.by, record=house.document, department=hall.hall)
    return house.in_force()


def _handed_in(hall: Hall, house: House, strength: str) -> Revision:
    """A draft whose approval Tom is asked for, in a kind whose signatures are as strong as that."""
    route = [{"place": 1, "does": "approve", "person": str(hall.tom.pk)}]
    actions.create(DocumentKind, by=hall.by, sort="procedure", prefix="PRO", route=route, strength=strength)
    return house.act(house.draft(), "submit", house.dora)


def _pages(revision: Revision) -> str:
    return f"/acme/revisions/{revision.number}/"


@pytest.mark.parametrize("way", ["pin", "badge"])
def test_the_confirmation_names_the_person_the_way_and_the_device(hall, house, way) -> None:
    revision = _asked(hall, house)
    _entered = hall.try_pin(OWN) if way == "pin" else hall.hold(BADGE)
    assert "Purchasing" in said(hall.client.get("/acme/my-work/"))
    answer = hall.client.post(f"{_pages(revision)}read/", {"understood": "1"})
    assert answer["Location"] == "/acme/my-work/"
    row = Reading.objects.get(person=hall.tom)
    assert (row.how, row.witness, row.read_at is not None) == ("own", None, True)
    event = Event.objects.filter(table="reading", subject=row.pk, verb="edit").get()
    assert (event.actor, event.actor_kind, event.how) == (hall.tom.pk, "person", f"{way}@{hall.device.number}")
    assert not Duty.objects.filter(person=hall.tom, verb="read").exists()
    words = "by PIN at Tablet in hall 2" if way == "pin" else "by badge at Tablet in hall 2"
    ann = hall.company.client(hall.company.ann)
    assert words in said(ann.get(f"{_pages(revision)}timeline/"))
    assert "Tom Hale" in said(ann.get(_pages(revision)))


def test_a_confirmation_counts_for_who_gave_it_and_nobody_else(hall, house) -> None:
    dora = hall.add("Kim Berger", "1043")
    revision = _asked(hall, house)
    hall.try_pin(OWN)
    hall.client.post(f"{_pages(revision)}read/", {"understood": "1", "person": str(dora.pk)})
    assert [row.person.name for row in Reading.objects.exclude(read_at=None)] == ["Tom Hale"]
    assert hall.client.post(f"{_pages(revision)}together/", {"person": str(dora.pk)}).status_code in (403, 404)


def test_after_next_person_nothing_is_confirmed(hall, house) -> None:
    revision = _asked(hall, house)
    hall.try_pin(OWN)
    hall.client.post("/accounts/device/next/")
    hall.client.post(f"{_pages(revision)}read/", {"understood": "1"})
    assert not Reading.objects.exclude(read_at=None).exists()


def test_one_confirmation_signs_an_approval_and_the_signature_says_how(hall, house) -> None:
    revision = _handed_in(hall, house, "confirm")
    hall.try_pin(OWN)
    page = hall.client.get(f"{_pages(revision)}approve/").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    version = page.partition('name="version" value="')[2].partition('"')[0]
    answer = hall.client.post(f"{_pages(revision)}approve/", {"seen": seen, "version": version})
    assert answer.status_code == 302, said(answer)
    signature = Signature.objects.get(record=revision.pk, verb="approve")
    event = Event.objects.get(table="signature", subject=signature.pk)
    assert (signature.by, signature.strength, event.how) == (hall.tom, "confirm", f"pin@{hall.device.number}")


def test_a_kind_that_asks_again_who_signs_refuses_with_what_is_needed(hall, house) -> None:
    revision = _handed_in(hall, house, "again")
    actions.create(RoleHolding, by=hall.by, person=hall.tom, role=Role.SUPERVISOR)
    hall.try_pin(OWN)
    before = Event.objects.count()
    needed = "sign in with your own account, elsewhere or by “With e-mail” on the sign-in page"
    page = hall.client.get(f"{_pages(revision)}approve/")
    assert (page.status_code, needed in said(page), 'type="password"' in page.content.decode()) == (200, True, False)
    seen = page.content.decode().partition('name="seen" value="')[2].partition('"')[0]
    typed = {"password": OWN, "seen": seen, "version": str(revision.version)}
    refused = hall.client.post(f"{_pages(revision)}approve/", typed)
    assert (refused.status_code, needed in said(refused)) == (403, True)
    assert "sign in with your own account" in said(hall.client.get(_pages(revision)))
    assert (Revision.objects.get(pk=revision.pk).state, Event.objects.count()) == (revision.state, before)
    assert not Signature.objects.filter(record=revision.pk, verb="approve").exists()
