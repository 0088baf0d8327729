"""Writing a document: typed, drawn in tables, filled in, and kept as JSON of our shape alone."""

import json
import re

import pytest
from playwright.sync_api import expect

from .sheets import kept, kinds, nodes, opened, ours, told, tool, words, written

pytestmark = pytest.mark.journey


def test_what_is_typed_is_formatted_kept_and_saved(desk, page) -> None:
    text = opened(page, desk)
    page.get_by_role("combobox", name="Kind of paragraph").select_option("Heading 1")
    page.keyboard.type("Control of gauges")
    page.keyboard.press("Enter")
    page.keyboard.type("Check ")
    page.keyboard.press("Control+b")
    expect(tool(page, "Bold")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("daily")
    page.keyboard.press("Control+b")
    page.keyboard.type(" and")
    page.keyboard.press("Enter")
    page.keyboard.type("- wipe")
    page.keyboard.press("Enter")
    page.keyboard.type("read")
    page.keyboard.press("Tab")
    expect(page.locator("[data-save-status]")).to_have_text(re.compile("Not saved yet|Saving|Saved"))
    expect(page.locator("[data-save-status]")).to_have_text(re.compile(r"^Saved \d"))
    saved = written(page)
    kept(page, desk, saved)
    assert kinds(saved)[:3] == ["heading", "text", "paragraph"]
    assert kinds(saved).count("bulletList") == 2, "Tab in a list goes one level deeper"
    bold = next(node for node in nodes(saved) if node.get("marks"))
    assert (bold["text"], bold["marks"]) == ("daily", [{"type": "bold"}])
    expect(page.locator("[data-count]")).to_have_text("8 words")
    assert text.locator("h1").evaluate("e => getComputedStyle(e, '::before').content") == '"1"'


def test_undo_and_redo_lead_back_and_forth(desk, page) -> None:
    text = opened(page, desk)
    expect(tool(page, "Undo")).to_have_attribute("aria-disabled", "true")
    page.keyboard.type("Burr")
    page.keyboard.press("Control+z")
    expect(text).to_have_text("")
    tool(page, "Redo").click()
    expect(text).to_have_text("Burr")
    tool(page, "Undo").click()
    expect(text).to_have_text("")
    assert words(written(page)) == ""


def test_a_table_grows_shrinks_and_is_merged(desk, page) -> None:
    opened(page, desk)
    tool(page, "Table").click()
    tools = page.get_by_role("toolbar", name="Table")
    expect(tools).to_be_visible()
    for cell in ("Record", "Kept by", "For"):
        page.keyboard.type(cell)
        page.keyboard.press("Tab")
    tool(page, "Row below").click()
    tool(page, "Column after").click()
    drawn = written(page)
    assert (kinds(drawn).count("tableRow"), kinds(drawn).count("tableHeader")) == (4, 4)
    assert kinds(drawn).count("tableCell") == 12
    tool(page, "Remove row").click()
    page.locator(".ProseMirror th").first.click()
    page.keyboard.press("End")
    told(page)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".ProseMirror .selectedCell")).to_have_count(2)
    tool(page, "Merge cells").click()
    merged = next(node for node in nodes(written(page)) if node["type"] == "tableHeader")
    assert merged["attrs"]["colspan"] == 2
    tool(page, "Remove table").click()
    expect(tools).to_be_hidden()
    assert "table" not in kinds(written(page))


def test_places_are_found_and_filled_in(desk, page) -> None:
    text = opened(page, desk, None)
    expect(page.locator("[data-places]")).to_have_text("3 places to fill in")
    text.locator("h1").first.click()
    expect(page.get_by_role("combobox", name="Kind of paragraph")).to_have_value("heading1")
    told(page)
    page.keyboard.press("F8")
    page.keyboard.type("Ann Linden")
    expect(text).to_contain_text("It was written by Ann Linden.")
    page.locator("[data-places]").click()
    page.keyboard.press("Enter")
    page.get_by_label("Fill in: role").fill("the shift leader")
    page.keyboard.press("Enter")
    expect(text).to_contain_text("Tell the shift leader at once.")
    expect(page.locator("[data-places]")).to_have_text("1 place to fill in")
    tool(page, "Place to fill in").click()
    page.get_by_label("What is to be filled in here?").fill("phone number")
    page.keyboard.press("Enter")
    left = [node["attrs"]["hint"] for node in ours(written(page)) if node["type"] == "place"]
    assert left == ["phone number", "date"]


def test_on_a_phone_a_place_is_tapped_and_the_tools_scroll(desk, phone) -> None:
    text = opened(phone, desk, None)
    text.locator('[data-hint="name of the author"]').tap()
    phone.get_by_label("Fill in: name of the author").fill("Ann Linden")
    phone.get_by_role("button", name="Fill in", exact=True).tap()
    expect(text).to_contain_text("It was written by Ann Linden.")
    tools = phone.get_by_role("toolbar", name="Tools for writing")
    assert tools.evaluate("e => e.scrollWidth > e.clientWidth && e.clientHeight < 64")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_references_fields_and_links_are_chosen(desk, page) -> None:
    text = opened(page, desk)
    tool(page, "Reference to a document or a requirement").click()
    box = page.get_by_role("combobox", name="Which document or requirement?")
    box.fill("gauges")
    found = page.get_by_role("listbox", name="Which document or requirement?").get_by_role("option")
    expect(found).to_have_text(["PR-004 Control of gauges Procedure, in force"])
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type(" by ")
    tool(page, "Field that fills itself").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type(" see maker")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Control+k")
    asked = page.get_by_label("Where does the link go?")
    asked.fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="A link is an address")).to_be_visible()
    asked.fill("example.org/gauges")
    page.keyboard.press("Enter")
    content = written(page)
    chosen = [node for node in ours(content) if node["type"] in ("reference", "field")]
    assert [node["attrs"] for node in chosen] == [
        {"to": "document", "target": "d1", "label": "PR-004 Control of gauges"},
        {"name": "organisation.name"},
    ]
    link = next(node for node in nodes(content) if node.get("marks"))
    assert (link["text"], link["marks"][0]["attrs"]["href"]) == ("maker", "https://example.org/gauges")
    expect(text).to_contain_text("by Linden Metalwork see maker")


def test_the_tools_are_reached_without_a_mouse_and_their_keys_are_listed(desk, page) -> None:
    text = opened(page, desk)
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("combobox", name="Kind of paragraph")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tool(page, "Bold")).to_be_focused()
    page.keyboard.press("End")
    expect(tool(page, "Keyboard shortcuts")).to_be_focused()
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    page.keyboard.press("Alt+F10")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Help for this page")
    for line in ("Ctrl B Bold", "F8 Next place to fill in", "Alt F10 Tools for writing", "Ctrl Alt 1 Heading 1"):
        expect(keys).to_contain_text(line)


def test_the_outline_leads_to_its_heading(desk, open_page) -> None:
    page = open_page(viewport={"width": 1700, "height": 800})
    text = opened(page, desk, None)
    outline = page.get_by_role("navigation", name="Contents")
    expect(outline.get_by_role("listitem")).to_have_text(
        ["1 Measuring equipment", "1.1 Before use", "1.2 What is kept", "2 Annex"]
    )
    outline.get_by_role("button", name="Annex").click()
    page.keyboard.type("The ")
    expect(text.locator("h1").last).to_have_text("The Annex")
    expect(outline.get_by_role("listitem").last).to_have_text("2 The Annex")


def test_the_sample_comes_back_as_it_was_and_ids_stay(desk, page) -> None:
    opened(page, desk, None)
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    left = ours(written(page))
    sample = page.evaluate("document.querySelector('textarea[name=content]').defaultValue")
    before = list(nodes(json.loads(sample)))
    assert [node["type"] for node in left] == [node["type"] for node in before]
    named = {node["attrs"]["id"]: words(node) for node in before if "id" in node.get("attrs", {})}
    again = {node["attrs"]["id"]: words(node) for node in left if "id" in node.get("attrs", {})}
    assert named.items() <= again.items()


def test_there_are_no_barriers_and_nothing_is_wider_than_the_screen(desk, every_look, no_barriers) -> None:
    opened(every_look, desk, None)
    expect(every_look.locator(".pl-passages[data-shown]")).to_be_visible()
    every_look.locator(".ProseMirror td").first.click()
    no_barriers(every_look)
    tool(every_look, "Link").click()
    no_barriers(every_look)
    wide = every_look.viewport_size["width"]
    assert every_look.evaluate("document.documentElement.scrollWidth") <= wide
    if wide == 390:
        every_look.set_viewport_size({"width": 320, "height": 640})
        assert every_look.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_sent_holds_the_last_letter(desk, page) -> None:
    opened(page, desk)
    page.keyboard.type("Last letter")
    with page.expect_request(lambda request: request.method == "POST" and request.url == desk.url) as sent:
        page.evaluate("document.getElementById('writing').requestSubmit()")
    assert "Last+letter" in sent.value.post_data
