"""An organisation writes down what only it needs to know: a field is declared, filled in, filtered by, and proven."""

import pytest
from playwright.sync_api import Page, expect

from .test_records import _verified
from .walking import sign_in, too_wide

pytestmark = pytest.mark.journey
FIELDS = "/linden/settings/fields/nonconformities/"


@pytest.mark.allow_page_errors  # a form without what is needed is refused
def test_a_field_of_ones_own_from_settings_to_list(live, open_page, no_barriers, picture) -> None:
    ruth, tom = open_page(), open_page("phone", "dark")
    sign_in(ruth, live, "ruth@linden.example")
    two_fields_are_declared(ruth, live, no_barriers, picture)
    sign_in(tom, live, "tom@linden.example")
    somebody_fills_them_in(tom, live, no_barriers)
    the_record_the_list_and_history_show_them(ruth, live, no_barriers, picture)
    a_field_ends_and_its_values_stay(ruth, live, no_barriers)
    assert "Nothing is wrong" in _verified(live)


def declare(page: Page, label: str, sort: str, **more: str) -> None:
    page.get_by_role("link", name="Add a field").first.click()
    page.get_by_label("Label", exact=True).fill(label)
    page.get_by_label("Type", exact=True).select_option(label=sort)
    for name, value in more.items():
        page.get_by_label(name).fill(value)


def two_fields_are_declared(page: Page, live, no_barriers, picture) -> None:
    page.goto(live.url + "/linden/settings/")
    page.get_by_role("link", name="Own fields").click()
    no_barriers(page)
    page.get_by_role("main").get_by_role("link", name="Nonconformities").click()
    no_barriers(page)
    declare(page, "Machine", "Choice of one", Choices="Press 1\nPress 2\nPowder coater")
    expect(page.get_by_label("Unit")).to_be_hidden()
    page.get_by_label("Needed when a record is made").check()
    no_barriers(page)
    picture(page, "own-field")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Machine")).to_be_visible()
    declare(page, "Depth", "Number", Unit="mm")
    expect(page.get_by_label("Choices")).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Depth up").click()
    expect(page.get_by_role("listitem").filter(has_text="Ask no more").first).to_contain_text("Depth (mm)")
    no_barriers(page)
    declare(page, "Seen at", "Choice of several", Choices="The press\n" + "Kantbank" * 6)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Seen at")).to_be_visible()


def somebody_fills_them_in(page: Page, live, no_barriers) -> None:
    page.goto(live.url + "/linden/nonconformities/new/")
    page.get_by_label("Title").fill("Scratch on the frame")
    page.get_by_label("What happened").fill("Seen at the outlet")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Machine: This field is required.")).to_be_visible()
    page.get_by_label("Machine").select_option(label="Press 2")
    page.locator("summary").filter(has_text="More fields").click()
    page.get_by_label("Depth (mm)").fill("0.35")
    no_barriers(page)
    assert too_wide(page, 390) == [], "a word of 48 letters among the choices"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Scratch on the frame")
    expect(page.get_by_text("0.35 mm")).to_be_visible()
    no_barriers(page)


def the_record_the_list_and_history_show_them(page: Page, live, no_barriers, picture) -> None:
    page.goto(live.url + "/linden/nonconformities/")
    page.get_by_label("Machine").select_option(label="Press 2")
    expect(page.get_by_role("link", name="Remove filter Machine: Press 2")).to_be_visible()
    expect(page.get_by_text("1 record", exact=True)).to_be_visible()
    no_barriers(page)
    page.get_by_role("link", name="Scratch on the frame").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Machine").select_option(label="Press 1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Machine: Press 2 → Press 1")).to_be_visible()
    picture(page, "own-field-on-a-record")
    no_barriers(page)


def a_field_ends_and_its_values_stay(page: Page, live, no_barriers) -> None:
    record = page.url
    page.goto(live.url + FIELDS)
    page.get_by_role("button", name="Ask no more Machine").click()
    expect(page.get_by_role("button", name="Ask for it again Machine")).to_be_visible()
    page.goto(live.url + "/linden/nonconformities/new/")
    expect(page.get_by_label("Machine")).to_have_count(0)
    page.goto(record)
    expect(page.get_by_role("definition").filter(has_text="Press 1")).to_be_visible()
