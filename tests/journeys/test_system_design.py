"""From the road to the list of what is asked for in writing: a template, a document, a reason why not."""

import re

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
LIST = "/linden/road/documents/"


def test_what_is_asked_for_in_writing_is_begun_chosen_or_said_not_to_be_needed(
    live, open_page, no_barriers, picture
) -> None:
    ruth = open_page()
    sign_in(ruth, live, "ruth@linden.example")
    the_road_leads_to_the_list(ruth, live, no_barriers, picture)
    a_line_leads_to_a_template_with_its_gap(ruth, live)
    a_document_is_chosen(ruth, live, no_barriers)
    a_reason_is_kept_and_taken_back(ruth, live, no_barriers, picture)
    grace = open_page("phone", "dark")
    sign_in(grace, live, "grace@linden.example")
    who_may_not_is_told_why(grace, live, no_barriers)


def line(page: Page, key: str):
    """The line of the list, by the first of its requirements."""
    return page.locator(f"#r{key.replace('.', chr(92) + '.')}")


def the_road_leads_to_the_list(page: Page, live, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/")
    stage = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="System design"))
    stage.get_by_text("What it will ask").click()
    stage.get_by_role("link", name="See every document that is asked for").click()
    expect(page.get_by_role("img", name="Documents asked for, by chapter")).to_be_visible()
    expect(line(page, "4.3-3").get_by_text("in the making")).to_be_visible()
    expect(line(page, "5.2.2-a").get_by_text("no document yet")).to_be_visible()
    no_barriers(page)
    picture(page, "system-design")


def a_line_leads_to_a_template_with_its_gap(page: Page, live) -> None:
    objectives = line(page, "6.2.1-2")
    expect(objectives.get_by_role("link", name=re.compile(r"^F-\d{4}-"))).to_be_visible()
    objectives.get_by_role("link", name="Start from a template").click()
    expect(page).to_have_url(re.compile("blank=objectives&from="))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(live.url + LIST)


def a_document_is_chosen(page: Page, live, no_barriers) -> None:
    line(page, "5.2.2-a").get_by_role("link", name="Choose a document").click()
    expect(page.get_by_role("heading", name="What answers it now")).to_be_visible()
    no_barriers(page)
    page.get_by_label("Number of the document").fill("lm-qp-01")
    page.get_by_role("button", name="This one answers it").click()
    expect(line(page, "5.2.2-a").get_by_role("link", name="LM-QP-01")).to_be_visible()
    expect(line(page, "5.2.2-a").get_by_text("no document yet")).to_have_count(0)


def a_reason_is_kept_and_taken_back(page: Page, live, no_barriers, picture) -> None:
    line(page, "8.5.6-2").get_by_role("link", name="Choose a document").click()
    expect(page.get_by_role("heading", name="What answers it now")).to_be_visible()
    picture(page, "system-design-line")
    page.get_by_label("It is not needed, because").fill("Changes are new orders; the order's sheet says who agreed.")
    page.get_by_role("button", name="Keep this reason").click()
    expect(line(page, "8.5.6-2").get_by_text("not needed", exact=True)).to_be_visible()
    line(page, "8.5.6-2").get_by_role("link", name="Control of changes").click()
    expect(page.get_by_role("main").get_by_text("Ruth Linden,")).to_be_visible()
    no_barriers(page)
    page.get_by_role("button", name="It is needed after all").click()
    expect(line(page, "8.5.6-2").get_by_text("not looked at yet")).to_be_visible()


def who_may_not_is_told_why(page: Page, live, no_barriers) -> None:
    page.goto(f"{live.url}{LIST}8.5.6-2/")
    expect(page.get_by_role("heading", name="Not needed")).to_be_visible()
    expect(page.get_by_role("button", name="Keep this reason")).to_have_count(0)
    no_barriers(page)
    page.goto(live.url + LIST)
    no_barriers(page)
