"""The code on a paper copy is scanned by a stranger's phone, before and after another revision takes its place."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey


def test_a_stranger_scans_a_copy_before_and_after_it_is_superseded(live, open_page, no_barriers, picture) -> None:
    ruth, phone = open_page(), open_page("phone", "light")
    sign_in(ruth, live, "ruth@linden.example")
    number = _in_force(live)
    ruth.goto(f"{live.url}/linden/documents/{number}/")
    ruth.locator(".dc-revisions a").first.click()
    expect(ruth.get_by_role("link", name="Controlled copy (PDF)")).to_be_visible()
    no_barriers(ruth)
    uid = _uid_on_the_copy(ruth, live)
    phone.goto(f"{live.url}/r/{uid}/")
    expect(phone.get_by_role("heading", name="Current")).to_be_visible()
    expect(phone.get_by_text("Linden")).to_have_count(0)
    no_barriers(phone)
    picture(phone, "copy-current")
    ruth.get_by_role("link", name="Withdraw").click()
    ruth.get_by_label("Reason").fill("Nobody works that way any more.")
    ruth.locator("main form button[type=submit]").last.click()
    ruth.wait_for_url(lambda url: not url.endswith("/withdraw/"))
    phone.reload()
    expect(phone.get_by_role("heading", name="No longer current")).to_be_visible()
    no_barriers(phone)


def _in_force(live) -> str:
    lines = live.plumb("list", "documents", "--organisation", "linden", "--json").splitlines()
    return next(line["number"] for line in map(json.loads, lines) if line["state"] == "in_use")


def _uid_on_the_copy(page: Page, live) -> str:
    """The permanent address, as the PDF carries it beside its picture."""
    answer = page.request.get(
        live.url + (page.get_by_role("link", name="Controlled copy (PDF)").get_attribute("href") or "")
    )
    assert answer.headers["content-type"] == "application/pdf"
    uid = page.locator("[data-uid]").first.get_attribute("data-uid")
    assert uid
    assert re.fullmatch(r"[0-9a-f-]{36}", uid)
    return uid
