"""A record is filed with its proof, an old one is disposed of by two people, and what stays says so."""

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
RETENTION = "/linden/records/retention/"


def test_a_record_is_filed_and_two_people_dispose_of_an_old_one(live, open_page, no_barriers) -> None:
    ruth, grace = open_page(), open_page("phone", "dark")
    sign_in(ruth, live, "ruth@linden.example")
    a_record_is_filed(ruth, live, no_barriers)
    what_is_past_its_time_is_proposed(ruth, live, no_barriers)
    sign_in(grace, live, "grace@linden.example")
    somebody_else_signs_second(grace, live, no_barriers)
    the_record_says_what_became_of_it(ruth, live, no_barriers)
    assert "Nothing is wrong" in _verified(live)


def a_record_is_filed(page: Page, live, no_barriers) -> None:
    page.goto(f"{live.url}/linden/records/")
    no_barriers(page)
    page.get_by_role("link", name="File a record").click()
    page.get_by_label("Title").fill("Bending test, lot 88-B")
    page.get_by_label("Category").select_option(label="Inspections and tests")
    page.get_by_label("Date of the record").fill("2026-03-02")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kept until").first).to_be_visible()
    page.get_by_label("Add files").set_input_files(
        [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"%d" % n} for n in range(2)]
    )
    page.get_by_label("Valid on").fill("2026-03-01")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="valid on")).to_have_count(2)
    no_barriers(page)


def what_is_past_its_time_is_proposed(page: Page, live, no_barriers) -> None:
    page.goto(live.url + RETENTION)
    no_barriers(page)
    page.get_by_role("button", name="Propose all").click()
    expect(page.get_by_role("heading", name="Disposal of 2 records")).to_be_visible()
    no_barriers(page)
    page.get_by_role("button", name="Propose for disposal").click()
    expect(page.get_by_text("2 records went on.")).to_be_visible()


def somebody_else_signs_second(page: Page, live, no_barriers) -> None:
    page.goto(live.url + RETENTION)
    no_barriers(page)
    page.get_by_role("row").filter(has_text="Minutes of").get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign for those ticked").click()
    expect(page.get_by_text("I looked at it as well")).to_be_visible()
    no_barriers(page)
    page.get_by_role("button", name="Sign second and dispose of it").click()
    expect(page.get_by_text("1 record went on.")).to_be_visible()


def the_record_says_what_became_of_it(page: Page, live, no_barriers) -> None:
    page.goto(f"{live.url}/linden/records/?state=disposed")
    page.get_by_role("link", name="Minutes of the management review").click()
    expect(page.get_by_role("heading", name="Record of disposal")).to_be_visible()
    expect(page.get_by_text("Ruth Linden, Grace Okoro")).to_be_visible()
    expect(page.get_by_text("disposed of", exact=True).first).to_be_visible()
    no_barriers(page)


def _verified(live) -> str:
    """What the check of every record and file says, beside the running server."""
    import subprocess

    from tests.peers.server import PLUMB

    done = subprocess.run([str(PLUMB), "verify", "--deep"], env=live.environment, capture_output=True, text=True)
    return done.stderr + done.stdout
