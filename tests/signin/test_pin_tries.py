"""Ten thousand PINs at the tablet: few are looked at; the owner signs in elsewhere, who leads her opens it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from plumbline.desk.digest import digest_of
from plumbline.kernel import actions
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Person, RoleHolding
from plumbline.organisation.shared_devices import DeviceSession, Pin, PinTry, SharedDevice
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


@pytest.mark.slow  # ten thousand tries, each twentieth through the page; only the hash is made cheap
def test_ten_thousand_pins_of_which_few_are_looked_at(hall, clock, monkeypatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(pins, "check_password", lambda *given: looked.append("") or check_password(*given))
    bob = hall.company.bob  # has an account, and a PIN for the hall
    pins.choose(bob, "70931", hall.by)
    badges.give(bob, "BADGE-OF-BOB", hall.by)
    looked.clear()
    for number in range(TRIES):
        clock.later(seconds=30)  # three and a half days of trying
        if number % 20:
            assert pins.judge(hall.device, bob, f"{number:04}") in ("wrong", "paused", "rests")
        else:
            assert hall.try_pin(f"{number:04}", person=bob).status_code == 422
    assert len(looked) == 17, "ten, and one after each rest: an hour, two, four, eight, sixteen, a day"
    assert "your PIN rests here." in said(hall.try_pin("70931", person=bob))
    _other, elsewhere = hall.bound("Other tablet")
    assert hall.try_pin("70931", elsewhere, bob).status_code == 302
    assert hall.hold("BADGE-OF-BOB").status_code == 302
    assert sign_in("bob@acme.example").get("/acme/my-work/").status_code == 200
    assert hall.try_pin(OWN).status_code == 302, "others are not touched"
    assert pins.open_again(bob, hall.by)
    assert hall.try_pin("70931", person=bob).status_code == 302


def test_the_pauses_grow(hall, clock) -> None:
    for wrong, wait in ((3, 30), (4, 60), (5, 120), (6, 240)):
        while Pin.objects.get(person=hall.tom).wrong < wrong:
            assert pins.judge(hall.device, hall.tom, "0000") == "wrong"
        assert pins.judge(hall.device, hall.tom, OWN) == "paused"
        assert f"in {wait} seconds" in pins.words("paused", hall.device, hall.tom)
        clock.later(seconds=wait - 1)
        assert pins.judge(hall.device, hall.tom, OWN) == "paused"
        clock.later(seconds=2)
    assert pins.judge(hall.device, hall.tom, OWN) == ""
    assert Pin.objects.get(person=hall.tom).wrong == 0
    hours = [pins.rest(wrong) / timedelta(hours=1) for wrong in range(10, 18)]
    assert hours == [1, 2, 4, 8, 16, 24, 24, 24]


def _wrong(hall: Hall, clock: Clock, times: int, device: SharedDevice | None = None) -> None:
    """So many wrong tries at a device, each when it is looked at."""
    for _n in range(times):
        clock.later(days=1)
        assert pins.judge(device or hall.device, hall.tom, "0000") in ("wrong", "rests")


def test_a_pin_rests_for_one_person_at_one_device(hall, clock) -> None:
    other, _client = hall.bound("Other")
    kim = hall.add("Kim Berger", "1043")
    pins.choose(kim, "70931", hall.by)
    _wrong(hall, clock, pins.MOST)
    assert pins.judge(hall.device, hall.tom, OWN) == "rests"
    assert pins.judge(hall.device, kim, "70931") == ""
    assert pins.judge(other, hall.tom, OWN) == ""
    assert pins.judge(hall.device, hall.tom, OWN) == "rests", "signing in elsewhere does not open it here"
    clock.later(minutes=59)
    assert pins.judge(hall.device, hall.tom, OWN) == "rests"
    clock.later(minutes=2)
    assert pins.judge(hall.device, hall.tom, "0000") == "rests"
    clock.later(minutes=61)
    assert pins.judge(hall.device, hall.tom, OWN) == "rests", "the second time for two hours"
    clock.later(hours=1)
    assert pins.judge(hall.device, hall.tom, OWN) == ""
    assert not PinTry.objects.filter(person=hall.tom).exists()


def test_who_goes_from_device_to_device_closes_it_everywhere_until_somebody_opens_it(hall, clock) -> None:
    for name in "ABCDE":
        device, _client = hall.bound(name)
        _wrong(hall, clock, pins.MOST, device)
    clock.later(days=300)
    assert pins.judge(hall.device, hall.tom, OWN) == "closed"
    page = said(hall.try_pin(OWN))
    assert "Whoever leads you or runs your organisation opens it again" in page
    assert [one.until for one in pins.resting(hall.company.organisation.uid)] == [None] * 5
    pins.open_again(hall.tom, hall.by)
    assert pins.judge(hall.device, hall.tom, OWN) == ""


def test_who_leads_the_person_or_runs_the_organisation_is_told_and_opens_it(hall, clock) -> None:
    sees = {"lead": ("supervisor", hall.hall), "at large": ("supervisor", None), "other": ("supervisor", "other")}
    office = actions.create(Department, by=hall.by, name="Office")
    people = {}
    for name, (role, where) in sees.items():
        person = people[name] = hall.company.join(name.title(), f"{name[:2]}@acme.example")
        place = office if where == "other" else where
        actions.create(RoleHolding, by=hall.by, person=person, role=role, department=place)
    people |= {"runs": hall.company.ann, "nobody": hall.company.bob, "outside": hall.company.cleo}
    _wrong(hall, clock, pins.MOST)
    told = {name: _work(hall, person) for name, person in people.items()}
    rests = "The PIN of Tom Hale rests at Tablet in hall 2"
    assert {name for name, page in told.items() if rests in page} == {"lead", "at large", "runs"}
    opens = f"/acme/people/person/{hall.tom.pk}/pin/open/"
    for name in ("other", "nobody", "outside"):
        assert hall.company.client(people[name]).post(opens).status_code == 403, name
    assert pins.judge(hall.device, hall.tom, OWN) == "rests"
    assert hall.company.client(people["lead"]).post(opens).status_code == 302
    assert pins.judge(hall.device, hall.tom, OWN) == ""
    assert rests not in _work(hall, people["runs"])
    rested, opened = (Event.objects.get(verb=verb, subject=hall.tom.pk) for verb in ("rest PIN", "open PIN"))
    assert (rested.actor, rested.actor_kind, rested.how) == (None, "unnamed", f"pin@{hall.device.number}")
    assert opened.actor == people["lead"].pk


def test_on_the_page_of_the_person_it_says_where_and_until_when(hall, clock) -> None:
    _wrong(hall, clock, pins.MOST)
    ann, page = hall.company.client(hall.company.ann), f"/acme/people/person/{hall.tom.pk}/badge/"
    assert "Tablet in hall 2 opens by itself" in said(ann.get(page))
    back = ann.post(f"/acme/people/person/{hall.tom.pk}/pin/open/", {"back": "person"})
    assert back["Location"] == page
    assert "opens by itself" not in said(ann.get(page))


def test_nobody_of_another_organisation_opens_or_hears_of_it(hall, clock) -> None:
    other = Hall("Brightco")
    _wrong(hall, clock, pins.MOST)
    ann = other.company.client(other.company.ann)
    assert ann.post(f"/brightco/people/person/{hall.tom.pk}/pin/open/").status_code == 404
    assert "Tom Hale" not in said(ann.get("/brightco/my-work/"))
    assert pins.judge(hall.device, hall.tom, OWN) == "rests"


def test_the_mail_tells_of_it(hall, clock) -> None:
    _wrong(hall, clock, pins.MOST)
    digest = digest_of(Actor.of(hall.company.ann), hall.company.organisation.today())
    [line] = [one for one in digest.news if "PIN" in one.title]
    assert "It was typed wrong ten times." in line.why
    assert not digest_of(Actor.of(hall.company.bob), hall.company.organisation.today()).news


def _work(hall: Hall, person: Person) -> str:
    return said(hall.company.client(person).get("/acme/my-work/"))


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
