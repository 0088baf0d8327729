"""Ten thousand PINs at the tablet: ten are looked at; the owner still signs in by badge, and at home by e-mail."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from plumbline.organisation.shared_devices import DeviceSession, Pin, SharedDevice
from plumbline.organisation.signin import badges, pins
from tests.signin.hall import BADGE, CHEAP, OWN, Hall, said
from tests.signin.test_factors import sign_in

pytestmark = pytest.mark.django_db
TRIES = 10_000


class Clock:
    """The time as pins and badges see it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at: datetime = timezone.now()
        for module in (pins, badges):
            monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: self.at))

    def later(self, **by: int) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def hall(settings) -> Hall:
    settings.PASSWORD_HASHERS = CHEAP
    return Hall()


@pytest.mark.slow  # ten thousand requests; only the hash is made cheap
def test_ten_thousand_pins_of_which_ten_are_looked_at(hall, clock, monkeypatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(pins, "check_password", lambda *given: looked.append("") or check_password(*given))
    bob = hall.company.bob  # has an account, and a PIN for the hall
    pins.choose(bob, "70931", hall.by)
    badges.give(bob, "BADGE-OF-BOB", hall.by)
    looked.clear()
    for number in range(TRIES):
        clock.later(seconds=30)  # three and a half days of trying
        assert hall.try_pin(f"{number:04}", person=bob).status_code == 422
    assert len(looked) == pins.MOST
    clock.later(days=30)
    assert "Ask whoever runs your organisation for a new PIN" in said(hall.try_pin("70931", person=bob))
    assert hall.hold("BADGE-OF-BOB").status_code == 302
    assert sign_in("bob@acme.example").get("/acme/my-work/").status_code == 200
    assert hall.try_pin(OWN).status_code == 302, "others are not touched"
    first = pins.give(bob, hall.by)
    assert hall.try_pin(first, person=bob).status_code == 302


def test_the_pauses_grow(hall, clock) -> None:
    for wrong, wait in ((3, 30), (4, 60), (5, 120), (6, 240)):
        while Pin.objects.get(person=hall.tom).wrong < wrong:
            assert pins.judge(hall.device, hall.tom, "0000") == "wrong"
        assert pins.judge(hall.device, hall.tom, OWN) == "paused"
        clock.later(seconds=wait - 1)
        assert pins.judge(hall.device, hall.tom, OWN) == "paused"
        clock.later(seconds=2)
    assert pins.judge(hall.device, hall.tom, OWN) == ""
    assert Pin.objects.get(person=hall.tom).wrong == 0
    assert pins.pause(50) == timedelta(hours=1)


def test_at_another_device_the_same_person_waits_as_long(hall, clock) -> None:
    other, _client = hall.bound("Other")
    for _n in range(3):
        pins.judge(hall.device, hall.tom, "0000")
    assert pins.judge(other, hall.tom, OWN) == "paused"


def test_who_tries_everybody_once_stops_the_device_and_no_other(hall, clock) -> None:
    people = [hall.add(f"Person {n}", f"2{n:03}") for n in range(30)]
    for person in people:
        pins.choose(person, "70931", hall.by)
    whys = [pins.judge(hall.device, person, "0246") for person in people]
    assert whys == ["wrong"] * pins.DEVICE_FREE + ["device"] * (30 - pins.DEVICE_FREE)
    assert pins.judge(hall.device, hall.tom, OWN) == "device"
    other, _client = hall.bound("Other")
    assert pins.judge(other, hall.tom, OWN) == ""
    assert hall.hold(BADGE).status_code == 302
    clock.later(seconds=pins.DEVICE_LAST)
    assert pins.judge(hall.device, hall.tom, OWN) == ""


def test_signing_in_between_does_not_clear_what_the_device_remembers(hall, clock) -> None:
    people = [hall.add(f"Person {n}", f"2{n:03}") for n in range(14)]
    for person in people:
        pins.choose(person, "70931", hall.by)
    whys = []
    for person in people:
        whys.append(pins.judge(hall.device, person, "0246"))
        pins.judge(hall.device, hall.tom, OWN)
    assert whys.count("wrong") == pins.DEVICE_FREE


def test_unknown_badges_pause_badges_and_not_pins(hall, clock) -> None:
    for number in range(badges.FREE):
        assert badges.read(hall.device, f"00000000{number}") == (None, "unknown")
    assert badges.read(hall.device, BADGE) == (None, "paused")
    assert "A PIN still works" in said(hall.hold(BADGE))
    assert hall.try_pin(OWN).status_code == 302
    clock.later(seconds=31)
    assert badges.read(hall.device, BADGE)[0] == hall.tom


def test_a_device_forgets_a_wrong_try_every_five_minutes(hall, clock) -> None:
    for _n in range(2):
        pins.judge(hall.device, hall.tom, "0000")
    clock.later(minutes=5)
    pins.judge(hall.device, hall.tom, OWN)
    assert SharedDevice.objects.get(pk=hall.device.pk).wrong_pins == 1
    assert not DeviceSession.objects.exists()
