"""A list is saved as a view, its lines are moved together with one reason, and a calendar subscribes to it."""

from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
LIST = "/linden/actions/"


@pytest.mark.allow_page_errors  # a move without its reason is refused
def test_a_list_is_kept_moved_printed_and_subscribed_to(live, open_page, no_barriers, picture) -> None:
    ruth, tom = open_page(), open_page("phone", "dark")
    sign_in(ruth, live, "ruth@linden.example")
    from_and_to_narrow_the_list(ruth, live, no_barriers)
    a_filtered_list_is_saved_for_everybody(ruth, live, no_barriers)
    keys_tick_two_lines_and_one_reason_moves_both(ruth, no_barriers, picture)
    its_columns_and_order_are_chosen(ruth, live, no_barriers)
    the_whole_list_is_on_paper(ruth, live, no_barriers)
    the_view_is_taken_away_and_brought_back(ruth, live, no_barriers)
    sign_in(tom, live, "tom@linden.example")
    from_and_to_narrow_the_list(tom, live, no_barriers)
    somebody_else_has_it_on_the_phone_and_is_told_what_is_not_his(tom, live, no_barriers)
    a_calendar_subscribes_to_the_view(ruth, live, no_barriers)


def from_and_to_narrow_the_list(page: Page, live, no_barriers) -> None:
    page.goto(live.url + LIST)
    page.locator("summary").filter(has_text="Filter").click()  # on a phone all of them
    due = page.get_by_role("group", name="Due")
    due.get_by_label("from").fill("2999-01-01")
    due.get_by_label("from").press("Tab")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    no_barriers(page)
    page.get_by_role("link", name="Due from").click()
    expect(page.get_by_role("row").nth(1)).to_be_visible()


def a_filtered_list_is_saved_for_everybody(page: Page, live, no_barriers) -> None:
    page.goto(live.url + LIST)
    page.get_by_label("State", exact=True).select_option(label="To do")
    page.wait_for_url("**state=open*")
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name", exact=True).fill("Still to do")
    page.get_by_label("For everybody here").check()
    no_barriers(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Still to do")).to_have_attribute("aria-current", "page")
    expect(page.get_by_label("State", exact=True)).to_have_value("open")


def keys_tick_two_lines_and_one_reason_moves_both(page: Page, no_barriers, picture) -> None:
    for key in "jxjjx":
        page.keyboard.press(key)
    expect(page.get_by_text("2 chosen")).to_be_visible()
    no_barriers(page)
    picture(page, "many")
    boxes = page.get_by_role("row").get_by_role("checkbox", name="Choose ")
    boxes.nth(3).click(modifiers=["Shift"])  # from the line ticked last, itself among them
    expect(page.get_by_text("3 chosen")).to_be_visible()
    boxes.nth(3).uncheck()
    page.get_by_label("What is to be done").select_option(label="Cancel this record")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("2 records chosen.")).to_be_visible()
    no_barriers(page)
    picture(page, "many-looked-at")
    page.get_by_role("button", name="2 records").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()  # a reason is needed
    page.get_by_label("Reason").fill("Written down twice")
    page.get_by_role("button", name="2 records").click()
    expect(page.get_by_role("heading", name="Done: 2")).to_be_visible()
    expect(page.get_by_text("Cancelled", exact=True)).to_have_count(2)
    no_barriers(page)


def its_columns_and_order_are_chosen(page: Page, live, no_barriers) -> None:
    page.goto(live.url + LIST)
    page.get_by_role("link", name="Still to do").click()
    expect(page.get_by_role("link", name="Still to do")).to_have_attribute("aria-current", "page")
    page.locator("summary").filter(has_text="View").click()
    page.get_by_role("link", name="Choose columns").click()
    page.get_by_role("checkbox", name="Effort").check()
    page.get_by_role("button", name="Owner up").click()
    expect(page.get_by_role("checkbox", name="Effort")).to_be_checked()
    no_barriers(page)
    page.get_by_role("button", name="Keep the columns").click()
    expect(page.get_by_role("columnheader", name="Effort")).to_be_visible()


def the_whole_list_is_on_paper(page: Page, live, no_barriers) -> None:
    page.locator("summary").filter(has_text="View").click()
    page.get_by_role("link", name="Print this list").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.get_by_text("State: To do")).to_be_visible()
    no_barriers(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Effort")).to_be_visible()
    page.emulate_media(media="screen")


def the_view_is_taken_away_and_brought_back(page: Page, live, no_barriers) -> None:
    page.goto(live.url + LIST + "views/")
    page.get_by_role("link", name="Change Still to do").click()
    no_barriers(page)
    page.get_by_role("button", name="Take this view away").click()
    expect(page.get_by_text("“Still to do” is taken away.")).to_be_visible()
    no_barriers(page)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("link", name="Still to do")).to_have_attribute("aria-current", "page")


def somebody_else_has_it_on_the_phone_and_is_told_what_is_not_his(page: Page, live, no_barriers) -> None:
    page.goto(live.url + LIST)
    page.get_by_role("link", name="Still to do").click()
    expect(page.get_by_role("link", name="Still to do")).to_have_attribute("aria-current", "page")
    page.get_by_role("checkbox", name="Choose ").first.check()
    page.get_by_role("form", name="Move many at once").get_by_label("All of this page").check()
    no_barriers(page)
    page.get_by_label("What is to be done").select_option(label="Cancel this record")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Only for: the author (Helen Marsh), Quality manager (Ruth Linden)").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_barriers(page)


def a_calendar_subscribes_to_the_view(page: Page, live, no_barriers) -> None:
    page.goto(live.url + "/linden/my-notices/")
    page.get_by_role("button", name="Make an address").click()
    link = page.get_by_role("link", name="Actions: Still to do")
    expect(link).to_be_visible()
    no_barriers(page)
    with urlopen(live.url + "/linden/" + link.get_attribute("href").split("/linden/")[1]) as answer:
        calendar = answer.read().decode()
    assert "BEGIN:VEVENT" in calendar
    assert "ACT-" in calendar
