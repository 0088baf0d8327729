"""What journeys over written documents share: the surface, its tools, and a look at what it wrote."""

import json
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from plumbline.composition import cleaned

BLOCKS = {
    "paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote", "codeBlock", "horizontalRule",
    "table", "image",
}  # fmt: skip
ATTRIBUTES = {
    "heading": {"level"}, "orderedList": {"start"}, "image": {"src", "alt", "title", "sha256"}, "field": {"name"},
    "place": {"hint"}, "reference": {"to", "target", "label"}, "tableCell": {"colspan", "rowspan", "colwidth"},
    "tableHeader": {"colspan", "rowspan", "colwidth"},
}  # fmt: skip
INSIDE = {"tableRow", "tableHeader", "tableCell", "text", "hardBreak", "field", "place", "reference"}
MARKS = {"bold", "italic", "underline", "strike", "code", "link"}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
GIVEN = """([html, picture]) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const given = new DataTransfer();
    if (html) given.setData("text/html", html);
    if (picture) given.items.add(new File([bytes], "burr.png", {type: "image/png"}));
    const place = document.querySelector(".ProseMirror");
    const box = place.getBoundingClientRect();
    const how = {bubbles: true, cancelable: true, clientX: box.left + 60, clientY: box.top + 30};
    place.dispatchEvent(%s);
}"""
PASTE = GIVEN % 'new ClipboardEvent("paste", {...how, clipboardData: given})'
DROP = GIVEN % 'new DragEvent("drop", {...how, dataTransfer: given})'


def nodes(node: dict) -> Iterator[dict]:
    yield node
    for inner in node.get("content", ()):
        yield from nodes(inner)


def ours(content: dict) -> list[dict]:
    """Every node of a document, after a look that each is of our shape and each block has an id of its own."""
    found = list(nodes(content))
    for node in found[1:]:
        attributes = set(node.get("attrs", {}))
        assert node["type"] in BLOCKS | INSIDE, node
        assert attributes <= ATTRIBUTES.get(node["type"], set()) | ({"id"} if node["type"] in BLOCKS else set()), node
        for mark in node.get("marks", ()):
            assert mark["type"] in MARKS, node
            assert set(mark.get("attrs", {})) <= {"href"}, node
    assert [node["type"] for node in nodes(cleaned(content))] == [node["type"] for node in found]
    ids = [node["attrs"]["id"] for node in found if node["type"] in BLOCKS]
    assert len(ids) == len(set(ids))
    return found


def kinds(content: dict) -> list[str]:
    return [node["type"] for node in ours(content)[1:]]


def words(node: dict) -> str:
    return "".join(one.get("text", "") for one in nodes(node))


def opened(page: Page, desk, value: str | None = "") -> Locator:
    """The surface, ready, on a document; `None` is the sample of the style page."""
    desk.value = value
    page.goto(desk.url)
    expect(page.locator(".pl-editor.pl-ready")).to_be_visible()
    text = page.get_by_role("textbox", name="Text of the procedure")
    text.click()
    return text


def told(page: Page) -> None:
    """Wait until the browser has told the surface where the caret is: a frame late, and no hand is as quick."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")


def written(page: Page) -> dict:
    """What the textarea holds, once the surface has written it."""
    page.evaluate("new Promise((done) => setTimeout(done, 350))")  # the page's own clock, in which it writes after 250
    return json.loads(page.locator("textarea[name=content]").input_value())


def kept(page: Page, desk, content: dict) -> None:
    """Wait until the newest draft is this: an earlier one may still have been on its way."""
    for _ in range(300):
        if desk.drafts and desk.contents() == content:
            return
        page.wait_for_timeout(100)
    assert desk.contents() == content


def tool(page: Page, name: str) -> Locator:
    return page.locator(".pl-editor").get_by_role("button", name=name, exact=True)
