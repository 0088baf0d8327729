"""Who sees what: strangers a sign-in page, members their own organisation, a certifier everything and no button."""

import re

import pytest
from playwright.sync_api import expect

from .walking import number_of, sign_in

pytestmark = pytest.mark.journey
PAGES = ("", "my-work/", "standard/", "people/", "settings/", "documents/", "audits/", "nonconformities/new/")


def test_whoever_is_signed_out_meets_the_sign_in_page_and_then_goes_on(live, page) -> None:
    for place in PAGES:
        page.goto(f"{live.url}/linden/{place}")
        expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto(f"{live.url}/linden/documents/")
    page.get_by_label("Email").fill("ruth@linden.example")
    page.get_by_role("textbox", name="Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(re.compile("not correct", re.I)).first).to_be_visible()
    sign_in(page, live, "ruth@linden.example", then="/linden/documents/")
    expect(page.get_by_role("heading", name="Documents").first).to_be_visible()


@pytest.mark.allow_page_errors  # the browser notes every 404
def test_another_organisation_is_as_absent_as_one_that_does_not_exist(live, page) -> None:
    sign_in(page, live, "ruth@linden.example")
    told = set()
    for slug in ("brightwater", "nobody-has-this-name"):
        for place in (*PAGES, "documents/DOC-001/", f"audits/{number_of(live, 'audits')}/report/"):
            answer = page.goto(f"{live.url}/{slug}/{place}")
            assert answer.status == 404, answer.url
            told.add((page.title(), page.get_by_role("main").inner_text()))
    assert len(told) == 1, told
    page.goto(f"{live.url}/linden/documents/NO-SUCH-NUMBER/")
    assert (page.title(), page.get_by_role("main").inner_text()) in told


def test_the_auditor_of_a_certification_body_reads_everything_and_meets_no_button(live, page) -> None:
    sign_in(page, live, "james@certifier.example", then="/brightwater/")
    main = page.get_by_role("main")
    for place in ("documents/", "nonconformities/", "actions/", "audits/", "findings/", "people/", "standard/"):
        page.goto(f"{live.url}/brightwater/{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert main.get_by_role("button").all_inner_texts() == [], page.url
        assert main.locator('a[href$="/new/"], a[href$="/edit/"]').count() == 0, page.url
    page.goto(live.url + "/brightwater/documents/")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", name="What it says")).to_be_visible()
    assert main.get_by_role("button").all_inner_texts() == [], page.url
