"""The session ends while Ruth writes: she signs in again, is back on her page, and has lost nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.walking import DEMO, number_of, sign_in
from tests.peers.server import Live

pytestmark = pytest.mark.journey
RUTH = "ruth@linden.example"
WORDS = "Twelve more brackets are in the lift shop."


def _again(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Email").fill(RUTH)
    page.get_by_role("textbox", name="Password").fill(DEMO)
    page.get_by_role("button", name="Sign in").click()


def test_what_was_written_is_there_after_signing_in_again(page: Page, live: Live) -> None:
    record = f"/linden/nonconformities/{number_of(live, 'nonconformities', 2)}/"
    sign_in(page, live, RUTH, then=record)
    page.get_by_label("Comment").fill(WORDS)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Comment").click()
    expect(page.get_by_text("nothing was changed")).to_be_visible()
    _again(page)
    page.wait_for_url(f"**{record}")
    expect(page.get_by_label("Comment")).to_have_value(WORDS)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".pl-timeline").get_by_text(WORDS).first).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("")  # said once
    number = page.locator("form[action$='/links/'] input[name=number]")
    number.evaluate("field => field.closest('details')?.setAttribute('open', '')")
    number.fill("NC-9999-1")
    number.press("Enter")
    expect(page.get_by_text("There is no record “NC-9999-1”")).to_be_visible()
    expect(number).to_have_value("NC-9999-1")  # what is refused stays to be mended


def test_a_button_of_a_list_leads_to_the_sign_in_and_back(page: Page, live: Live) -> None:
    sign_in(page, live, RUTH, then="/linden/documents/review/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Confirm", exact=True).first.click()
    _again(page)
    page.wait_for_url("**/linden/documents/review/")
    expect(page.get_by_role("button", name="Confirm", exact=True).first).to_be_visible()
