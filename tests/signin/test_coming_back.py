"""Signed out while a page was open: what was sent is told to be undone, and the way leads back to that page."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from plumbline.kernel.testing import Company
from tests.signin.test_factors import sign_in

pytestmark = pytest.mark.django_db
SENT, PAGE = "/acme/nonconformities/NC-2026-001/comments/", "/acme/nonconformities/NC-2026-001/?tab=1"
TO_PAGE = "/accounts/login/?next=/acme/nonconformities/NC-2026-001/%3Ftab%3D1"


def test_what_was_sent_too_late_leads_back_to_its_page() -> None:
    answer = Client().post(SENT, {"text": "x"}, headers={"Referer": f"http://testserver{PAGE}"})
    assert answer["Location"] == TO_PAGE
    assert "nothing was changed" in str(*get_messages(answer.wsgi_request))


@pytest.mark.parametrize("told", ["", "http://elsewhere.example/acme/", "javascript:alert(1)"])
def test_no_other_site_is_led_back_to(told: str) -> None:
    assert Client().post(SENT, headers={"Referer": told})["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fragment_brings_the_whole_page_to_the_sign_in(method: str) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    answer = getattr(Client(), method)(SENT, headers=asked)
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, TO_PAGE, b"")


def test_a_page_that_is_only_looked_at_is_asked_for_again_itself() -> None:
    assert Client().get("/acme/my-work/")["Location"] == "/accounts/login/?next=/acme/my-work/"


def test_what_saves_itself_hears_that_nobody_is_signed_in() -> None:
    answer = Client().post(SENT, headers={"X-Requested-With": "fetch", "Referer": f"http://testserver{PAGE}"})
    assert answer.status_code == 302
    assert not list(get_messages(answer.wsgi_request))


def test_an_address_that_only_forms_know_says_so() -> None:
    company = Company("Acme")
    client = sign_in(company.actor.person.email)
    answer = client.get("/acme/my-work/seen/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert "This address is no page" in answer.content.decode()
