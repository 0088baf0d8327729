"""Without a mouse: search, walk a list, fill a form, move a record."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey


def reach(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until the thing that is wanted has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.first.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{most} times Tab do not reach {wanted} on {page.url}")


def test_search_list_form_and_move_by_keyboard_alone(live, page) -> None:
    sign_in(page, live, "ruth@linden.example", then="/linden/")
    the_first_tab_skips_to_the_content(page)
    ctrl_k_finds_a_document(page)
    j_and_enter_open_a_line_of_the_list(page)
    n_begins_a_record_and_enter_saves_it(page)
    the_move_is_reached_by_tab_and_made_by_enter(page)
    a_question_mark_tells_the_keys(page)
    what_is_pressed_before_the_scripts_are_there_is_done(page)


def the_first_tab_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def ctrl_k_finds_a_document(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("weldign")
    expect(page.get_by_role("option").last).to_have_text("All results for “weldign”")  # of the whole word
    first = page.get_by_role("option").first
    expect(first).to_contain_text("MAG welding of steel frames")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("MAG welding of steel frames")


def j_and_enter_open_a_line_of_the_list(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    reach(page, page.locator("summary").filter(has_text="10 Improvement"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("link", name="Nonconformities"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nonconformities").first).to_be_visible()
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    second = page.get_by_role("row").nth(2)
    expect(second.get_by_role("link").first).to_be_focused()
    title = second.get_by_role("link").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def n_begins_a_record_and_enter_saves_it(page: Page) -> None:
    page.go_back()
    expect(page.get_by_role("table")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a problem")
    reach(page, page.get_by_role("textbox", name="Title"))
    page.keyboard.type("The label printer prints yesterday's date")
    page.keyboard.press("Tab")
    page.keyboard.type("Seen at nine on order 25190.")
    reach(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The label printer")


def the_move_is_reached_by_tab_and_made_by_enter(page: Page) -> None:
    reach(page, page.get_by_role("link", name="Record what was done"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("textbox", name="What we did about it"))
    page.keyboard.type("Clock of the printer set.")
    reach(page, page.get_by_role("button", name="Record what was done"))
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"NC-\d{4}-\d+: Corrected\."))).to_be_visible()


def a_question_mark_tells_the_keys(page: Page) -> None:
    page.get_by_role("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("The road")
    expect(page.get_by_role("dialog")).to_contain_text("Everything about this one")
    expect(page.get_by_text("Next and previous line of a list")).to_be_hidden()  # no list here
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def what_is_pressed_before_the_scripts_are_there_is_done(page: Page) -> None:
    late: list = []
    page.route(re.compile(r"/ui/plumbline\.[^/]*js"), lambda route: late.append(route))
    page.reload(wait_until="commit")
    page.get_by_role("button", name="Help for this page").click()
    page.get_by_role("main").press("x")
    expect(page.get_by_role("dialog")).to_have_count(0)
    late.pop().fallback()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload(wait_until="commit")
    page.get_by_role("main").press("?")
    late.pop().fallback()
    expect(page.get_by_role("dialog")).to_contain_text("The road")
    page.keyboard.press("Escape")
    page.reload(wait_until="commit")
    page.get_by_role("main").press("/")
    page.keyboard.type("weldign")
    late.pop().fallback()
    expect(page.get_by_role("combobox", name="Search")).to_have_value("weldign")
    page.unroute_all()
