"""What somebody at a shared device may do, what says that it needs more than a PIN, and how history tells of it."""

import pytest

from plumbline.kernel import actions, policy, signing
from plumbline.kernel.register import register_of
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import RoleHolding
from plumbline.organisation.roles import Role
from plumbline.organisation.shared_devices import DeviceSession
from plumbline.organisation.signin import devices, pins
from tests.signin.hall import BADGE, CHEAP, OWN, Hall, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(settings) -> Hall:
    settings.PASSWORD_HASHERS = CHEAP
    return Hall()


def test_what_a_pin_is_too_little_for_says_what_is_needed(hall) -> None:
    for role in (Role.ADMINISTRATOR, Role.QUALITY, Role.SUPERVISOR):
        actions.create(RoleHolding, by=hall.by, person=hall.tom, role=role)
    hall.try_pin(OWN)
    for address in (
        "/accounts/security/",
        "/accounts/password/change/",
        "/acme/settings/",
        "/acme/settings/devices/",
        "/acme/my-tokens/",
        "/acme/my-notices/",
        "/acme/people/person/new/",
        "/start/",
    ):
        page = hall.client.get(address)
        assert page.status_code == 403, address
        assert "sign in with your own account" in said(page), address
    assert "your role does not include" not in said(hall.client.get("/acme/settings/")), "it is not the role"
    assert hall.client.get("/acme/people/").status_code == 200
    task = {"title": "Sweep the hall", "due": "2030-01-01", "sort": "task"}
    assert hall.client.post("/acme/actions/new/", task).status_code == 302
    led = hall.client.post("/accounts/device/next/", {"email": "1", "next": "/acme/settings/"})
    assert led.url == "/accounts/login/?email&next=/acme/settings/", "whoever has an account signs in and is led on"
    assert 'name="next" value="/acme/settings/"' in hall.client.get(led.url).content.decode()
    assert hall.client.get("/acme/people/").status_code == 302


def test_who_may_only_read_does_not_gain_by_a_pin(hall) -> None:
    cleo = hall.company.cleo
    pins.choose(cleo, "70931", hall.by)
    hall.try_pin("70931", person=cleo)
    page = hall.client.get("/acme/actions/new/")
    assert page.status_code == 403
    assert "You may read everything here" in said(page)


def test_a_signature_that_asks_again_is_refused_with_what_is_needed(hall) -> None:
    audit = actions.create(register_of("audit"), by=hall.by, title="Initial audit", lead=hall.tom)
    session = devices.AtDevice(DeviceSession(device=hall.device, person=hall.tom, how="pin"))
    register = register_of("audit")
    move = next(one for one in register.workflow.moves if one.strength == "again" and one.sign)
    actor = Actor.of(hall.tom, how="pin@1", device=True)
    answer = policy.may_try(actor, move, audit)
    assert not answer
    assert "sign in with your own account" in answer.reason
    with pytest.raises(policy.Denied, match="own account"):
        signing.prove(session, audit, move, "anything")


def test_history_says_at_which_device_and_how(hall) -> None:
    hall.hold(BADGE)
    task = {"title": "Burr on the bracket", "due": "2030-01-01", "sort": "task"}
    hall.client.post("/acme/actions/new/", task)
    event = Event.objects.filter(table="action", verb="create").get()
    assert (event.actor, event.how) == (hall.tom.pk, f"badge@{hall.device.number}")
    record = register_of("action").model.objects.get()
    page = said(hall.client.get(f"/acme/actions/{record.number}/timeline/"))
    assert "by badge at Tablet in hall 2" in page
