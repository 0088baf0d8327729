"""A word typed wrong on a phone leads to the record; the controller does everything by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey


def test_a_slip_of_the_thumb_still_leads_to_the_record(live, phone, no_barriers, picture) -> None:
    sign_in(phone, live, "ruth@linden.example", then="/linden/")
    phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Search").click()
    box = phone.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    assert phone.get_by_role("dialog", name="Search").bounding_box()["width"] == phone.viewport_size["width"]
    box.fill("weldign")
    found = phone.get_by_role("option").filter(has_text="MAG welding of steel frames")
    expect(found).to_be_visible()
    expect(phone.get_by_text("these have one close to it").first).to_be_visible()
    no_barriers(phone)
    picture(phone, "search-phone")
    found.click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("MAG welding of steel frames")


def test_the_box_by_keyboard_alone(live, page, no_barriers, picture) -> None:
    sign_in(page, live, "ruth@linden.example", then="/linden/")
    what_was_seen_is_there_when_nothing_is_typed(page)
    a_page_a_command_and_a_clause_are_found(page)
    arrows_choose_and_escape_gives_the_page_back(page, no_barriers, picture)
    a_command_begins_a_record(page)
    enter_without_a_choice_is_the_search_page(page, no_barriers, picture)


def type_into_the_box(page: Page, text: str, key: str = "Control+k") -> None:
    page.keyboard.press(key)
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type(text)


def what_was_seen_is_there_when_nothing_is_typed(page: Page) -> None:
    type_into_the_box(page, "welding")
    expect(page.get_by_role("option").last).to_have_text("All results for “welding”")  # of the whole word
    expect(page.get_by_role("option").first).to_contain_text("MAG welding")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("MAG welding")
    type_into_the_box(page, "", "/")
    expect(page.get_by_role("group", name="Seen lately").get_by_role("option")).to_contain_text(["MAG welding"])
    page.keyboard.press("Escape")


def a_page_a_command_and_a_clause_are_found(page: Page) -> None:
    told = {"poeple and": ("Pages", "People and places"), "new nonconf": ("Commands", "New: nonconformity")}
    told |= {"7.1.5": ("The standard", "7.1.5"), "settngs": ("Pages", "Settings"), "linden": ("People", "Ruth Linden")}
    for typed, (group, title) in told.items():
        type_into_the_box(page, typed)
        expect(page.get_by_role("group", name=group).get_by_role("option").filter(has_text=title).first).to_be_visible()
        page.keyboard.press("Escape")


def arrows_choose_and_escape_gives_the_page_back(page: Page, no_barriers, picture) -> None:
    type_into_the_box(page, "calib")
    options = page.get_by_role("option")
    expect(options.last).to_have_text("All results for “calib”")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    no_barriers(page)
    picture(page, "search-box")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def a_command_begins_a_record(page: Page) -> None:
    type_into_the_box(page, "new action")
    expect(page.get_by_role("option").last).to_have_text("All results for “new action”")
    while "New: " not in page.locator('[aria-selected="true"]').inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/actions/new/$"))


def enter_without_a_choice_is_the_search_page(page: Page, no_barriers, picture) -> None:
    page.goto(page.url.replace("/actions/new/", "/search/?q=caliper"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: caliper")
    expect(page.locator("mark").first).to_be_visible()
    no_barriers(page)
    picture(page, "search")
