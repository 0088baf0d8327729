"""IT connects the company's directory in the browser, the directory provisions, and groups get their roles."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from .walking import sign_in

pytestmark = pytest.mark.journey
SCHEMAS = "urn:ietf:params:scim:schemas:core:2.0:"


def asked(secret: str, address: str, **sent) -> dict:
    """What the directory is answered."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"}
    request = urllib.request.Request(address, json.dumps(sent).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_a_directory_is_connected(live, page, open_page, no_barriers, picture) -> None:
    sign_in(page, live, "ruth@linden.example")
    page.goto(f"{live.url}/linden/settings/")
    page.get_by_role("link", name=re.compile("^Your directory keeps")).click()
    expect(page.get_by_role("heading", name="People come and go by themselves")).to_be_visible()
    no_barriers(page)
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("Waits for the first contact")).to_be_visible()
    page.get_by_label("Name of your directory").fill("Entra ID")
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("Token", exact=True).input_value()
    address = page.get_by_label("Address (tenant URL, SCIM base URL)").input_value()
    eva = asked(
        secret, f"{address}/Users", schemas=[f"{SCHEMAS}User"], userName="eva@linden.example", displayName="Eva Stone"
    )
    for name in ("Quality", "Shift leads hall 2"):
        members = [{"value": eva["id"]}]
        asked(secret, f"{address}/Groups", schemas=[f"{SCHEMAS}Group"], displayName=name, members=members)
    page.goto(f"{live.url}/linden/settings/directory/")
    expect(page.get_by_text("not mapped yet")).to_have_count(2)
    expect(page.get_by_label("Token", exact=True)).to_have_count(0)
    shifts = page.get_by_role("group", name=re.compile("Shift leads"))
    shifts.get_by_label("Gives the role").select_option(label="Supervisor")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("not mapped yet")).to_have_count(1)
    no_barriers(page)
    picture(page, "directory")
    phone = open_page("phone", "dark")
    sign_in(phone, live, "ruth@linden.example")
    phone.goto(page.url)
    no_barriers(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{live.url}/linden/people/")
    line = page.get_by_role("listitem").filter(has_text="Eva Stone")
    expect(line.get_by_text("Supervisor")).to_be_visible()
    expect(line.get_by_text("invited")).to_be_visible()
