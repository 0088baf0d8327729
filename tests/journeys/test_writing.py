"""From a template to a written document, to Word and back, to what changed; and hostile files that stay words."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from plumbline.composition.tests.files import paragraph

from .sheets import tool
from .walking import sign_in

pytestmark = pytest.mark.journey
DOCUMENTS = "/linden/documents/"


def test_from_a_template_to_word_and_back(live, page, open_page, no_barriers, picture, tmp_path) -> None:
    sign_in(page, live, "ruth@linden.example")
    a_document_begins(page, live, no_barriers, picture)
    places_are_filled_and_a_picture_stands_in_it(page, no_barriers, picture)
    expect(page.get_by_text("DRAFT", exact=True)).to_be_visible()
    no_barriers(page)
    picture(page, "revision")
    address = page.url
    it_reads_on_a_phone(open_page("phone", "dark"), live, address, no_barriers)
    what_is_in_force_is_written_on(page, live)
    goes_to_word_and_comes_back(page, tmp_path, no_barriers, picture)
    the_command_writes_the_same(live, page, tmp_path)


def a_document_begins(page: Page, live, no_barriers, picture) -> None:
    page.goto(live.url + DOCUMENTS)
    page.get_by_role("link", name="New document").first.click()
    no_barriers(page)
    picture(page, "new-document")
    page.get_by_role("link", name="Purchasing and supplier evaluation").click()
    expect(page.get_by_label("Title")).to_have_value("Purchasing and supplier evaluation")
    page.get_by_label("Title").fill("How we buy")
    no_barriers(page)
    page.get_by_role("button", name="Make the document").click()
    expect(page.locator(".ProseMirror")).to_contain_text("Linden Metalwork")


def places_are_filled_and_a_picture_stands_in_it(page: Page, no_barriers, picture) -> None:
    left = int(page.locator("[data-places]").inner_text().split()[0])
    page.locator(".ProseMirror").click()
    for words in ("Grace Okoro, deputy Tom Hale", "Ruth Linden"):
        tool(page, "Next place to fill in").first.click()
        page.locator(".ProseMirror").press("Enter")
        page.locator('[data-panel="fill"] input').fill(words)
        page.get_by_role("button", name="Fill in", exact=True).click()
    expect(page.locator("[data-places]")).to_have_text(f"{left - 2} places to fill in")
    page.locator("[data-file]").set_input_files("docs/manual/pictures/list.png")
    expect(page.locator(".ProseMirror img:not(.ProseMirror-separator)")).to_have_count(1)
    page.get_by_label("What changes").fill("Written down for the first time")
    page.get_by_label("Why").fill("The initial audit found nothing in writing")
    no_barriers(page)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "write")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Saved. {left - 2} places are still to be filled in.")).to_be_visible()
    expect(page.locator(".pl-passages img")).to_have_js_property("complete", True)
    assert page.locator(".pl-passages img").evaluate("one => one.naturalWidth") > 100
    expect(page.locator(".pl-passages")).to_contain_text("Grace Okoro, deputy Tom Hale")


def it_reads_on_a_phone(page: Page, live, address: str, no_barriers) -> None:
    sign_in(page, live, "tom@linden.example")
    page.goto(address)
    expect(page.locator(".pl-passages table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a wide table scrolls in its own box"
    assert page.get_by_role("link", name="Write", exact=True).count() == 0
    no_barriers(page)


def what_is_in_force_is_written_on(page: Page, live) -> None:
    page.goto(f"{live.url}{DOCUMENTS}LM-PR-01/")
    page.locator("summary").filter(has_text="New revision").click()
    page.get_by_role("button", name="Write on").click()
    expect(page.locator(".ProseMirror")).not_to_be_empty()
    page.get_by_label("What changes").fill("Every supplier is looked at once a year")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("DRAFT", exact=True)).to_be_visible()


def goes_to_word_and_comes_back(page: Page, folder: Path, no_barriers, picture) -> None:
    with page.expect_download() as coming:
        page.get_by_role("link", name="Word", exact=True).click()
    file = folder / "edited.docx"
    file.write_bytes(_edited(Path(coming.value.path()).read_bytes()))
    page.locator("summary").filter(has_text="Bring in the edited Word file").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Bring in", exact=True).click()
    expect(page.get_by_text("The text was taken from Word.")).to_be_visible()
    page.get_by_role("link", name="What changed", exact=True).click()
    expect(page.locator(".dd-redline ins").first).to_be_visible()
    expect(page.locator(".dd-redline")).to_contain_text("Once a year this is looked at.")
    no_barriers(page)
    page.locator(".dd-redline ins").last.scroll_into_view_if_needed()
    picture(page, "redline")


def _edited(content: bytes) -> bytes:
    """The Word file with one paragraph more at its end, as somebody writes it in Word."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                at = part.rindex(b"<w:sectPr")
                part = part[:at] + paragraph("Once a year this is looked at.").encode() + part[at:]
            new.writestr(name, part)
    return out.getvalue()


def the_command_writes_the_same(live, page: Page, folder: Path) -> None:
    labels = page.locator("#dd-old option, #dd-new option").all_inner_texts()
    new, old = (label.split(" · ")[0] for label in labels[:2])
    live.plumb("redline", "LM-PR-01", old, new, "--organisation", "linden", "-o", str(folder / "changed.html"))
    live.plumb("document", "LM-PR-01", "--organisation", "linden", "--revision", new, "-o", str(folder / "new.docx"))
    live.plumb("document", "LM-PR-01", "--organisation", "linden", "-o", str(folder / "old.html"))
    assert "<ins>" in (folder / "changed.html").read_text()
    assert "Once a year" not in (folder / "old.html").read_text()
    assert b"Once a year" in zipfile.ZipFile(folder / "new.docx").read("word/document.xml")
