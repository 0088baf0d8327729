"""Reading a document and commenting on passages of it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_a_passage_is_selected_and_commented_on(desk, page) -> None:
    desk.value = None
    page.goto(desk.url)
    read = page.locator(".pl-passages[data-shown]")
    expect(read.locator("mark")).to_have_text(["measuring equipment", "before each shift"])
    read.get_by_text("Wipe the gauge.").select_text()
    read.get_by_role("button", name="Comment", exact=True).click()
    form = page.get_by_role("dialog", name="Comment on this passage")
    expect(form.locator("blockquote")).to_have_text("Wipe the gauge.")
    assert form.locator("[name=quote]").input_value() == "Wipe the gauge."
    expect(form.get_by_label("Comment")).to_be_focused()


def test_remarks_and_their_passages_lead_to_each_other(desk, page) -> None:
    desk.value = None
    page.goto(desk.url)
    read = page.locator(".pl-passages[data-shown]")
    read.locator("mark", has_text="before each shift").click()
    expect(page.locator("#remark-r1")).to_be_focused()
    page.get_by_role("link", name="Remark 2", exact=True).click()
    expect(read.locator("mark#passage-r2")).to_be_in_viewport()
    expect(read.get_by_role("link", name="Remark 2, settled")).to_have_attribute("href", "#remark-r2")


def test_a_paragraph_is_commented_on_without_a_mouse(desk, page) -> None:
    desk.value = None
    page.goto(desk.url)
    expect(page.locator(".pl-passages[data-shown]")).to_be_visible()
    page.get_by_role("button", name="Comment on a paragraph").focus()
    for key in ("Enter", "ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    form = page.get_by_role("dialog", name="Comment on this passage")
    expect(form.locator("[data-quote]")).to_contain_text("Gauges are checked before each shift against")
    assert form.locator("[name=block]").input_value() == "calib"


def test_a_paragraph_is_tapped_and_commented_on(desk, phone) -> None:
    desk.value = None
    phone.goto(desk.url)
    read = phone.locator(".pl-passages[data-shown]")
    phone.get_by_role("button", name="Comment on a paragraph").tap()
    expect(phone.get_by_text("Tap or click a paragraph.")).to_be_visible()
    read.locator("p").filter(has_text="Gauges are checked").tap()
    form = phone.get_by_role("dialog", name="Comment on this passage")
    expect(form.locator("[data-quote]")).to_contain_text("Gauges are checked before each shift against")
    form.get_by_role("button", name="Close").tap()
    read.locator("p").filter(has_text="Gauges are checked").tap()
    expect(form).to_be_hidden()


def test_a_document_written_by_the_server_is_commented_on_without_the_editor(desk, page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{desk.url}still/")
    read = page.locator(".pl-passages[data-shown]")
    expect(read.locator("mark[data-remark]")).to_have_text(["measuring equipment", "before each shift"])
    read.get_by_role("link", name="Remark 1", exact=True).click()
    expect(page.locator("#remark-r1")).to_be_focused()
    read.get_by_role("heading", name="Before use").select_text()
    read.get_by_role("button", name="Comment", exact=True).click()
    form = page.locator("form#remark")
    expect(form.get_by_label("Comment")).to_be_focused()
    assert (form.locator("[name=quote]").input_value(), form.locator("[name=block]").input_value()) == (
        "Before use",
        "before",
    )
    assert not [url for url in asked if "tiptap" in url], "reading loads no editor"
