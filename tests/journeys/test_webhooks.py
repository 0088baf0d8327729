"""A program is told what happens: the webhook is made in the browser, tried, and its deliveries are seen."""

import re

import pytest
from playwright.sync_api import expect

from .walking import sign_in

pytestmark = pytest.mark.journey


def test_a_webhook_is_made_tried_and_ended(live, page, open_page, no_barriers, picture) -> None:
    sign_in(page, live, "ruth@linden.example")
    page.goto(f"{live.url}/linden/settings/")
    page.get_by_role("link", name=re.compile("^Webhooks")).click()
    expect(page.get_by_role("heading", name="No webhook yet")).to_be_visible()
    page.get_by_role("link", name="New webhook").click()
    page.get_by_label("Name").fill("Chat of the shop floor")
    page.get_by_label("Address").fill("https://2130706433:9/hook")  # an inner one, as only a look-up tells
    page.get_by_label("Nonconformities").check()
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    expect(
        page.get_by_text("The test did not arrive: 2130706433 leads to an inner address, 127.0.0.1. Whoever runs")
    ).to_be_visible()
    expect(page.get_by_text("whsec_")).to_have_count(0)
    expect(page.get_by_text("Given up")).to_be_visible()
    no_barriers(page)
    picture(page, "webhook")
    phone = open_page("phone", "dark")
    sign_in(phone, live, "ruth@linden.example")
    phone.goto(page.url)
    no_barriers(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="End this webhook").click()
    expect(page.get_by_role("heading", name="No webhook yet")).to_be_visible()
