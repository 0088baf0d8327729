"""The quality manager lets the ERP in: a token is made, used by a program, and ended."""

import os
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
PROGRAMS = "/linden/settings/programs/"


def asked(live, secret: str) -> int:
    request = urllib.request.Request(f"{live.url}/api/me", headers={"Authorization": f"Bearer {secret}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def looked(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_program_is_let_in_and_out_again(live, open_page, no_barriers) -> None:
    page = sign_in(open_page(), live, "ruth@linden.example", then="/linden/settings/")
    page.get_by_role("link", name="Programs that read and write here").click()
    expect(page.get_by_role("heading", name="Programs", exact=True)).to_be_visible()
    no_barriers(page)
    page.get_by_label("Name of the program").fill("ERP")
    page.get_by_label("What it is for").fill("Rejected lots")
    page.get_by_label("Read and write").check()
    page.get_by_label("Nonconformities").check()
    page.get_by_role("button", name="Make it").click()
    secret = page.get_by_label("Token", exact=True).input_value()
    no_barriers(page)
    looked(page, "made")
    assert asked(live, secret) == 200
    phone = sign_in(open_page("phone", "dark"), live, "ruth@linden.example", then=PROGRAMS)
    expect(phone.get_by_text("Rejected lots")).to_be_visible()
    expect(phone.get_by_text("last used")).to_be_visible()
    no_barriers(phone)
    looked(phone, "phone")
    phone.get_by_role("button", name="End", exact=True).click()
    expect(phone.get_by_text("That token opens nothing any more.")).to_be_visible()
    assert asked(live, secret) == 401
    page.get_by_role("link", name="What programs can ask").click()
    expect(page.get_by_role("heading", name="The API")).to_be_visible()
    page.locator("summary").filter(has_text="POST /api/nonconformities ").first.click()
    no_barriers(page)
    looked(page, "docs")
