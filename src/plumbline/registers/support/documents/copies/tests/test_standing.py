"""What the code on a paper copy tells a stranger, before and after, and what it never tells."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.formats import date_format

from plumbline.history.uids import uuid7
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Site
from plumbline.registers.support.documents.tests.house import TODAY, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    cache.clear()
    return House(Company("Acme"))


def asked(uid, client: Client | None = None, **more):
    return (client or Client()).get(f"/r/{uid}/", **more)


def test_current_until_another_takes_its_place(house) -> None:
    first = house.in_force()
    answer = asked(first.uid)
    assert answer.status_code == 200
    assert "This copy is still current today." in answer.content.decode()
    for private in ("Acme", "Purchasing", "Ann", "Dora", house.document.number):
        assert private not in answer.content.decode()
    house.in_force()
    said = asked(first.uid).content.decode()
    assert "No longer current" in said
    assert f"{house.document.number} · 1.1" in said
    for private in ("Acme", "Purchasing", "Ann", "Dora"):
        assert private not in said


def test_in_the_reader_s_language(house) -> None:
    said = asked(house.in_force().uid, headers={"accept-language": "de"}).content.decode()
    assert "Diese Kopie gilt heute noch." in said


def test_withdrawn_without_a_successor(house) -> None:
    first = house.act(house.in_force(), "withdraw", reason="gone")
    said = asked(first.uid).content.decode()
    assert "No longer current" in said
    assert "Nothing has taken its place." in said


def test_another_revision_at_one_site_is_hinted_at(house) -> None:
    first = house.in_force()
    site = actions.create(Site, by=house.acme.actor, name="Harbour")
    second = house.in_force(site=site)
    assert "Not at every place of use" in asked(first.uid).content.decode()
    assert "Not at every place of use" in asked(second.uid).content.decode()
    assert "Harbour" not in asked(second.uid).content.decode()


def test_one_that_waits_for_its_date_says_so_to_anybody(house) -> None:
    waiting, begins = house.in_force(on=TODAY + timedelta(days=5)), date_format(TODAY + timedelta(days=5))
    said = asked(waiting.uid).content.decode()
    assert "Not yet in force" in said
    assert "Do not work to this copy yet." in said
    assert begins in said
    for private in ("Acme", "Purchasing", "Ann", "Dora", house.document.number):
        assert private not in said


def test_of_anything_else_nothing_is_told(house) -> None:
    draft = house.draft()
    for uid in (uuid7(), house.document.uid, draft.uid, house.acme.ann.uid, house.acme.organisation.uid):
        answer = asked(uid)
        assert answer.status_code == 302
        assert answer["Location"] == f"/accounts/login/?next=/r/{uid}/"


def test_who_may_see_it_is_led_to_the_record_and_others_hear_what_strangers_hear(house) -> None:
    first = house.in_force()
    answer = asked(first.uid, house.acme.client(house.acme.ann))
    assert answer["Location"] == f"/acme/revisions/{first.number}/"
    other = Company("Brightco")
    assert "still current" in asked(first.uid, other.client(other.ann)).content.decode()
    assert asked(house.document.uid, other.client(other.ann)).status_code == 404


def test_too_many_questions_are_refused(house) -> None:
    uid = house.in_force().uid
    with patch("plumbline.desk.sundry.OFTEN", 2), patch("plumbline.desk.sundry.time.time", return_value=60.0):
        assert [asked(uid).status_code for _ in range(4)] == [200, 200, 429, 429]


@pytest.mark.parametrize("behind", [True, False], ids=["behind a proxy", "open"])
def test_who_asks_is_whom_the_proxy_saw_and_not_who_they_say_they_are(house, settings, behind) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    uid = house.in_force().uid

    def told(noted: str) -> int:
        return asked(uid, headers={"x-forwarded-for": noted, "x-forwarded-proto": "https"}).status_code

    with patch("plumbline.desk.sundry.OFTEN", 2), patch("plumbline.desk.sundry.time.time", return_value=60.0):
        mine = [told(f"203.0.113.{number}, 198.51.100.7") for number in range(3)]
        another = told("198.51.100.8")
    assert (mine, another) == ([200, 200, 429], 200 if behind else 429)
