"""Helen takes a list to Excel and brings one in: an error, corrected, imported, and taken back; once on a phone."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from .walking import download, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]  # a server and a browser
LIST = """What is to be done;Responsible;Due date;Status
Label the shelves in Hall 2;Tom Hale;31.3.2027;
Replace the caliper 12 mm;Nobody We Know;31.2.2027;
Train the early shift;Grace Okoro;15.4.2027;
"""


def wide(page) -> bool:
    """Whether the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def upload(page, live, file: Path) -> None:
    page.goto(f"{live.url}/linden/actions/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()


def test_a_list_goes_to_excel_as_it_is_filtered(page, live, tmp_path, no_barriers, picture) -> None:
    sign_in(page, live, "ruth@linden.example", then="/linden/actions/")
    page.goto(f"{live.url}/linden/actions/?state=open&order=due")
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_role("heading", name="Export")).to_be_visible()
    expect(page.get_by_text("State: To do")).to_be_visible()
    no_barriers(page)
    picture(page, "export")
    page.get_by_label("All fields").check()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    page.get_by_label("CSV").check()
    with page.expect_download() as other:  # straight after the first, from the same page
        page.get_by_role("button", name="Download").click()
    assert other.value.suggested_filename.endswith(".csv")
    rows = list(load_workbook(file, read_only=True).active.iter_rows(values_only=True))
    assert "To do" in rows[2][0]
    place = rows[3].index("State")
    assert rows[4:]
    assert {row[place] for row in rows[4:]} == {"To do"}


def test_a_list_comes_in_with_an_error_is_corrected_and_taken_back(page, live, tmp_path, no_barriers, picture) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text(LIST, encoding="cp1252")
    sign_in(page, live, "ruth@linden.example", then="/linden/actions/")
    upload(page, live, file)
    no_barriers(page)
    page.get_by_label("“What is to be done” goes into").select_option("title")
    picture(page, "import-columns", full_page=True)
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    expect(page.get_by_text("There is no such day")).to_be_visible()
    expect(page.get_by_text("No person “Nobody We Know” was found.")).to_be_visible()
    no_barriers(page)
    picture(page, "import-checked")
    wrong = download(page, "Download these rows to correct them", tmp_path)
    page.get_by_role("button", name="Bring in the rows without errors").click()
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()

    book = load_workbook(wrong)
    book.active.cell(5, 2).value, book.active.cell(5, 3).value = "Tom Hale", "28.2.2027"
    book.save(wrong)
    upload(page, live, wrong)
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("button", name="Bring in", exact=True).click()
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
    no_barriers(page)
    picture(page, "import-done")
    page.get_by_label("Reason").fill("It was the list of last year")
    page.get_by_role("button", name="Take the import back").click()
    expect(page.get_by_role("heading", name="The import is taken back")).to_be_visible()
    page.goto(f"{live.url}/linden/actions/?q=caliper")
    page.get_by_role("link", name=re.compile("Replace the caliper")).first.click()
    expect(page.get_by_text("It was the list of last year").first).to_be_visible()
    expect(page.get_by_text("Cancelled").first).to_be_visible()


def test_on_a_phone_no_page_is_wider_than_the_screen(phone, live, tmp_path, no_barriers, picture) -> None:
    file = tmp_path / "phone.csv"
    file.write_text(LIST.replace("What is to be done", "Title"), encoding="utf-8")
    sign_in(phone, live, "ruth@linden.example", then="/linden/actions/")
    upload(phone, live, file)
    assert not wide(phone)
    no_barriers(phone)
    picture(phone, "import-phone", full_page=True)
    phone.get_by_role("button", name="See what would happen").click()
    expect(phone.get_by_role("heading", name="What would happen")).to_be_visible()
    assert not wide(phone)
    phone.goto(f"{live.url}/linden/actions/export/")
    assert not wide(phone)
