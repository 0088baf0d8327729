"""At a shared device: who gets in by badge or PIN, only there, only for a while, only for what a PIN is enough for."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plumbline.kernel import actions
from plumbline.ledger.models import Event, Opening
from plumbline.organisation.models import Person
from plumbline.organisation.shared_devices import Badge, DeviceSession, Pin, SharedDevice
from plumbline.organisation.signin import badges, devices, entering, pins
from tests.signin.hall import BADGE, CHEAP, OWN, Hall, said
from tests.signin.test_factors import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(settings) -> Hall:
    settings.PASSWORD_HASHERS = CHEAP
    return Hall()


def _inside(client: Client) -> bool:
    return client.get("/acme/my-work/").status_code == 200


def test_by_pin_or_badge_somebody_without_an_account_is_in(hall) -> None:
    assert hall.client.get("/acme/")["Location"].startswith("/accounts/login/")
    assert hall.client.get("/accounts/login/?next=/acme/")["Location"] == "/accounts/device/?next=/acme/"
    assert "Tom Hale" in said(hall.client.get("/accounts/device/"))
    assert hall.try_pin(OWN, next="/acme/library/")["Location"] == "/acme/library/"
    page = said(hall.client.get("/acme/my-work/"))
    assert "Next person" in page
    hall.client.post("/accounts/device/next/")
    assert not _inside(hall.client)
    assert hall.hold(BADGE)["Location"] == "/acme/my-work/"
    assert _inside(hall.client)


def test_a_personnel_number_asks_for_the_pin_and_never_counts_as_a_badge(hall) -> None:
    assert f"/accounts/device/{hall.tom.pk}/" in hall.hold("1042")["Location"]
    assert not _inside(hall.client)
    actions.edit(hall.tom, by=hall.by, personnel_number=BADGE)
    assert f"/accounts/device/{hall.tom.pk}/" in hall.hold(BADGE)["Location"]


def test_without_the_cookie_of_the_device_nothing_is_tried(hall) -> None:
    stranger = Client()
    for answer in (hall.try_pin(OWN, stranger), hall.hold(BADGE, stranger), stranger.get("/accounts/device/")):
        assert answer.status_code == 403
    stranger.cookies[devices.COOKIE] = "x" * 43
    assert hall.try_pin(OWN, stranger).status_code == 403
    assert Pin.objects.get(person=hall.tom).wrong == 0


def test_a_session_is_of_one_device(hall) -> None:
    hall.try_pin(OWN)
    thief = Client()
    thief.cookies["sessionid"] = hall.client.cookies["sessionid"].value
    assert not _inside(thief)
    hall.try_pin(OWN)
    _device, other = hall.bound("Other tablet")
    other.cookies["sessionid"] = hall.client.cookies["sessionid"].value
    assert not _inside(other)


def test_a_stolen_cookie_opens_nothing_after_unbinding(hall) -> None:
    hall.try_pin(OWN)
    thief = Client()
    thief.cookies[devices.COOKIE] = hall.client.cookies[devices.COOKIE].value
    ann = hall.company.client(hall.company.ann)
    assert ann.post(f"/acme/settings/devices/{hall.device.pk}/unbind/").status_code == 302
    assert not _inside(hall.client)
    assert hall.try_pin(OWN, thief).status_code == 403
    assert Event.objects.filter(verb="unbind device", subject=hall.device.pk).count() == 1


def test_ten_minutes_without_a_touch_and_the_next_person_end_it(hall) -> None:
    hall.try_pin(OWN)
    DeviceSession.objects.update(seen_at=timezone.now() - timedelta(minutes=9))
    assert _inside(hall.client)
    assert timezone.now() - DeviceSession.objects.get().seen_at < timedelta(minutes=1)
    DeviceSession.objects.update(seen_at=timezone.now() - timedelta(minutes=10, seconds=1))
    left = hall.client.get("/acme/my-work/?x=1")
    assert left["Location"] == "/accounts/device/?next=/acme/my-work/%3Fx%3D1"
    hall.try_pin(OWN)
    DeviceSession.objects.update(seen_at=timezone.now() - timedelta(minutes=10, seconds=1))
    late = hall.client.post("/acme/actions/new/", {"title": "x"}, HTTP_REFERER="http://testserver/acme/actions/new/")
    assert late["Location"] == "/accounts/device/?next=/acme/actions/new/&late"
    assert "You were signed out before that was sent: nothing was changed." in said(hall.client.get(late["Location"]))
    assert hall.try_pin(OWN, next="/acme/actions/new/")["Location"] == "/acme/actions/new/"
    dora = hall.add("Dora Klein", "1043")
    badges.give(dora, "BADGE-OF-DORA", hall.by)
    first, kept = hall.client.cookies["sessionid"].value, hall.client.cookies[devices.COOKIE].value
    hall.hold("BADGE-OF-DORA")
    old = Client()
    old.cookies["sessionid"], old.cookies[devices.COOKIE] = first, kept
    assert not _inside(old)
    assert DeviceSession.objects.filter(ended_at=None).count() == 1


def test_pages_of_a_device_are_not_kept_by_the_browser(hall) -> None:
    hall.try_pin(OWN)
    assert hall.client.get("/acme/library/")["Cache-Control"] == "no-store"


def test_another_organisation_is_neither_seen_nor_entered(hall) -> None:
    other = Hall("Brightco")
    assert "Tom Hale" in said(other.client.get("/accounts/device/"))
    assert other.try_pin(OWN, other.client, hall.tom).status_code == 404
    badges.give(hall.add("Eve", "1044"), "ONLY-AT-ACME-1", hall.by)
    assert "Nobody here has this number" in said(other.hold("ONLY-AT-ACME-1"))
    hall.try_pin(OWN)
    assert hall.client.get("/brightco/").status_code == 403
    ann = hall.company.client(hall.company.ann)
    for address in (f"settings/devices/{other.device.pk}/unbind/", f"people/person/{other.tom.pk}/badge/pin/"):
        assert ann.post(f"/acme/{address}").status_code == 404
    assert ann.get(f"/acme/people/person/{other.tom.pk}/badge/").status_code == 404


def test_only_people_of_the_place_sign_in_there(hall) -> None:
    office = hall.company.bob
    pins.choose(office, OWN, hall.by)
    badges.give(office, "BADGE-OF-BOB", hall.by)
    _device, client = hall.bound("Only hall 2", department=hall.hall)
    assert "Bob Carter" in said(hall.client.get("/accounts/device/"))
    assert "Bob Carter" not in said(client.get("/accounts/device/"))
    assert hall.try_pin(OWN, client, office).status_code == 404
    assert "not for this device" in said(hall.hold("BADGE-OF-BOB", client))
    assert hall.try_pin(OWN, client).status_code == 302
    actions.edit(hall.tom, by=hall.by, ended_on=hall.company.organisation.today() - timedelta(days=1))
    assert not _inside(client)
    assert hall.try_pin(OWN, client).status_code == 404


def test_the_first_pin_is_changed_at_its_first_use(hall) -> None:
    dora = hall.add("Dora Klein", "1043")
    ann = hall.company.client(hall.company.ann)
    page = ann.post(f"/acme/people/person/{dora.pk}/badge/pin/")
    first = page.content.decode().partition('pl-first"><code>')[2][:6]
    assert page["Cache-Control"] == "no-store"
    assert first not in ann.get(f"/acme/people/person/{dora.pk}/badge/").content.decode()
    assert hall.try_pin(first, person=dora)["Location"].startswith("/accounts/device/new-pin/")
    assert not _inside(hall.client)
    for pin in (first, "1111", "1234", "9876", "1043", "12a4", "123"):
        answer = hall.client.post("/accounts/device/new-pin/", {"pin": pin, "again": pin})
        assert answer.status_code == 422, pin
    assert hall.client.post("/accounts/device/new-pin/", {"pin": "70931", "again": "70931"}).status_code == 302
    assert _inside(hall.client)
    assert hall.try_pin(first, person=dora).status_code == 422
    assert Client().post("/accounts/device/new-pin/", {"pin": "70931", "again": "70931"}).status_code == 403


def test_a_badge_that_asks_for_the_pin_too(hall) -> None:
    _device, client = hall.bound("Strict", badge_asks_pin=True)
    assert f"/accounts/device/{hall.tom.pk}/" in hall.hold(BADGE, client)["Location"]
    assert not _inside(client)
    hall.try_pin(OWN, client)
    assert DeviceSession.objects.get(device__name="Strict").how == "badge+pin"


def test_a_badge_taken_back_opens_nothing_and_ends_its_session(hall) -> None:
    hall.hold(BADGE)
    with pytest.raises(Exception, match="Somebody has this badge already"):
        badges.give(hall.company.bob, BADGE, hall.by)
    ann = hall.company.client(hall.company.ann)
    ann.post(f"/acme/people/person/{hall.tom.pk}/badge/{hall.badge.pk}/")
    assert not _inside(hall.client)
    assert "Nobody here has this number" in said(hall.hold(BADGE))
    badges.give(hall.company.bob, BADGE, hall.by)


def test_a_new_pin_ends_the_session_with_the_old_one(hall) -> None:
    hall.try_pin(OWN)
    pins.give(hall.tom, hall.by)
    assert not _inside(hall.client)


def test_rules_of_the_organisation_hold_at_the_device_too(hall) -> None:
    for rules, lets_in in (
        ({"second_factor": True}, False),
        ({"second_factor": True, "devices": "yes"}, True),
        ({"devices": "no"}, False),
        ({"hours": 8}, True),
        ({}, True),
    ):
        hall.rule()
        hall.try_pin(OWN)
        assert _inside(hall.client)
        hall.rule(**rules)
        assert entering.at_devices(hall.by.organisation, entering.Rules(**rules)) == (not lets_in), "Tom is foretold"
        assert _inside(hall.client) is lets_in, rules
        tried = hall.try_pin(OWN)
        assert (tried.status_code == 302) is lets_in, rules
        if not lets_in:
            assert "asks for more than a badge or a PIN" in said(hall.client.get("/accounts/device/"))


def test_secrets_stand_nowhere(hall, caplog, settings) -> None:
    secret, pin, badge = hall.client.cookies[devices.COOKIE].value, "70931", "SECRET-BADGE-1"
    with caplog.at_level(logging.DEBUG):
        first = pins.give(hall.tom, hall.by)
        hall.try_pin(first)
        hall.client.post("/accounts/device/new-pin/", {"pin": pin, "again": pin})
        badges.give(hall.tom, badge, hall.by)
        hall.try_pin("55577")
        hall.hold(badge)
    logged = "\n".join(f"{line.getMessage()} {line.args}" for line in caplog.records if "sql" not in vars(line))
    told = "\n".join(Opening.objects.values_list("text", flat=True))
    kept = json.dumps(
        [list(model.objects.values()) for model in (Pin, Badge, SharedDevice, DeviceSession)], default=str
    )
    for word in (secret, badge, f'"{pin}"', f'"{first}"', f'"{BADGE}"'):
        assert word not in told + kept, word
        assert word.strip('"') not in logged, word


def test_a_stolen_table_of_hashes_is_of_no_use_without_the_secret(hall, settings) -> None:
    settings.SECRET_KEY = "another installation's secret, forty characters long"
    assert pins.judge(hall.device, hall.tom, OWN) == "wrong"
    assert badges.read(hall.device, BADGE) == (None, "unknown")


def test_the_link_binds_once_and_for_a_quarter_of_an_hour(hall) -> None:
    made, ticket = devices.make(hall.by, name="Third")
    ann = sign_in("ann@acme.example")
    assert "Is this “Third”?" in said(ann.get(f"/accounts/device/bind/{ticket}/"))
    assert ann.post(f"/accounts/device/bind/{ticket}/").status_code == 302
    assert ann.get("/acme/").status_code == 302, "who bound it is signed out there"
    assert ann.get("/accounts/device/").status_code == 200
    assert Client().post(f"/accounts/device/bind/{ticket}/").status_code == 404
    ticket = devices.ask_again(SharedDevice.objects.get(pk=made.pk), hall.by)
    SharedDevice.objects.update(ticket_until=timezone.now())
    late = Client().get(f"/accounts/device/bind/{ticket}/")
    assert late.status_code == 404
    assert "“Settings”, “Shared devices”, “New link”" in said(late)


def test_who_does_not_run_the_organisation_sees_and_does_nothing_of_it(hall) -> None:
    bob = hall.company.client(hall.company.bob)
    pages = ("settings/devices/", "settings/devices/new/", f"people/person/{hall.tom.pk}/badge/")
    assert [bob.get(f"/acme/{page}").status_code for page in pages] == [403] * 3
    posts = (f"settings/devices/{hall.device.pk}/unbind/", f"people/person/{hall.tom.pk}/badge/pin/")
    assert [bob.post(f"/acme/{page}").status_code for page in posts] == [403] * 2
    assert SharedDevice.objects.get(pk=hall.device.pk).unbound_at is None


def test_one_personnel_number_one_person(hall) -> None:
    with pytest.raises(Exception, match="personnel number already"):
        hall.add("Twin", "1042")
    assert Person.objects.filter(personnel_number="").count() > 1


def _listed(client: Client) -> str:
    return said(client.get("/accounts/security/")).partition("Where I am signed in")[2]


def test_a_person_sees_and_ends_it_among_their_own_sessions(hall) -> None:
    bob = hall.company.bob
    pins.choose(bob, "70931", hall.by)
    mine, others = sign_in("bob@acme.example"), sign_in("ann@acme.example")
    assert "Tablet in hall 2" not in _listed(mine)
    hall.try_pin("70931", person=bob)
    assert re.search("Tablet in hall 2 shared device Acme · by PIN · signed in .* Sign out there", _listed(mine))
    assert "Tablet in hall 2" not in _listed(others)
    row = DeviceSession.objects.get(person=bob)
    assert others.post(f"/accounts/security/session/{row.pk}/end/").status_code == 404
    assert _inside(hall.client)
    assert mine.post(f"/accounts/security/session/{row.pk}/end/").status_code == 302
    assert not _inside(hall.client)
    assert "Tablet in hall 2" not in _listed(mine)
    assert Event.objects.filter(verb="end session").count() == 1
    assert mine.post(f"/accounts/security/session/{row.pk}/end/").status_code == 404
    assert mine.get("/acme/my-work/").status_code == 200, "here the person is still signed in"


def test_signing_out_everywhere_else_is_also_at_the_tablet(hall) -> None:
    bob = hall.company.bob
    badges.give(bob, "BADGE-OF-BOB", hall.by)
    mine = sign_in("bob@acme.example")
    hall.hold("BADGE-OF-BOB")
    assert "by badge" in _listed(mine)
    mine.post("/accounts/security/sessions/end/")
    assert not _inside(hall.client)
    hall.hold("BADGE-OF-BOB")
    DeviceSession.objects.update(seen_at=timezone.now() - timedelta(minutes=11))
    assert "Tablet in hall 2" not in _listed(mine), "it ended by itself"
    hall.hold(BADGE)
    mine.post("/accounts/security/sessions/end/")
    assert _inside(hall.client), "Tom is not touched"
