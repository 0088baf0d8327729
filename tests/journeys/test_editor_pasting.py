"""What is brought into a document from elsewhere: pages that mean harm, pages of Word, pictures."""

import json
from base64 import b64decode

import pytest
from playwright.sync_api import expect

from .clippings import HOSTILE, WORD
from .sheets import DROP, PASTE, PIXEL, kinds, nodes, opened, ours, tool, words, written

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("way", [PASTE, DROP], ids=["pasted", "dropped"])
def test_hostile_html_runs_nothing_asks_nobody_and_leaves_plain_words(desk, page, way) -> None:
    text = opened(page, desk)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("addEventListener('securitypolicyviolation', (e) => { window.ran = `refused: ${e.blockedURI}`; })")
    page.evaluate(way, [HOSTILE, ""])
    expect(text).to_contain_text('Safe words, style = "plain"')
    text.locator("td").click()
    text.get_by_text("not a link").hover()
    content = written(page)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.ran") is None
    assert [url for url in asked if not url.startswith((desk.url, "blob:"))] == []
    links = [
        mark["attrs"]["href"] for node in ours(content) for mark in node.get("marks", ()) if mark["type"] == "link"
    ]
    assert links == ["https://example.org/a"]
    assert "image" not in kinds(content)
    assert "evil.example" not in json.dumps(content)
    expect(page.get_by_role("alert").filter(has_text="pictures were not pasted")).to_be_visible()


def test_what_comes_from_word_is_plain_and_keeps_its_structure(desk, page) -> None:
    text = opened(page, desk)
    page.evaluate(PASTE, [WORD, ""])
    expect(text).to_contain_text("Loose words")
    content = written(page)
    first = content["content"][0]
    assert (first["type"], first["attrs"]["level"], words(first)) == ("heading", 1, "Purpose")
    bullets = next(node for node in ours(content) if node["type"] == "bulletList")
    inner = next(node for node in nodes(bullets) if node["type"] == "orderedList")
    assert [words(item) for item in bullets["content"]] == ["wipewith a cloth", "read"]
    assert words(inner) == "with a cloth"
    assert [node["attrs"]["level"] for node in nodes(content) if node["type"] == "heading"] == [1, 4]
    assert [words(node) for node in nodes(content) if node["type"] in ("tableHeader", "tableCell")] == ["Head", "Cell"]
    marked = {node["text"]: node["marks"][0]["type"] for node in nodes(content) if node.get("marks")}
    assert marked == {"Every": "bold", "counts": "italic"}
    assert "hidden" not in words(content)


@pytest.mark.parametrize("value", ['{"type": "doc", "content": [{"type": "marquee"}]}', "{half"])
def test_what_is_not_ours_is_left_as_it_is(desk, page, value) -> None:
    desk.value = value
    page.goto(desk.url)
    expect(page.get_by_role("alert").filter(has_text="This text cannot be shown here")).to_be_visible()
    assert page.locator("textarea[name=content]").input_value() == value


def test_pictures_come_by_button_paste_and_drop_and_are_described(desk, page, tmp_path) -> None:
    text = opened(page, desk)
    file = tmp_path / "seam.png"
    file.write_bytes(b64decode(PIXEL))
    with page.expect_file_chooser() as choosing:
        tool(page, "Picture").click()
    choosing.value.set_files(file)
    expect(text.locator("img[data-attachment]")).to_have_count(1)
    page.evaluate(PASTE, ["", PIXEL])
    expect(text.locator("img[data-attachment]")).to_have_count(2)
    page.evaluate(DROP, ["", PIXEL])
    expect(text.locator("img[data-attachment]")).to_have_count(3)
    text.locator("img[data-attachment]").first.click()
    tool(page, "Describe the picture in words").click()
    page.get_by_label("What does the picture show?").fill("A burr at the edge")
    page.keyboard.press("Enter")
    kept = [node for node in ours(written(page)) if node["type"] == "image"]
    assert {node["attrs"]["src"].removeprefix("attachment:") for node in kept} == set(desk.pictures)
    assert [node["attrs"]["alt"] for node in kept].count("A burr at the edge") == 1
    assert {kind for kind, _ in desk.pictures.values()} == {"image/png"}


@pytest.mark.allow_page_errors  # the browser notes the 422
def test_a_picture_that_is_refused_says_why_and_leaves_no_trace(desk, page, tmp_path) -> None:
    text = opened(page, desk)
    file = tmp_path / "huge.png"
    file.write_bytes(b"\x89PNG" + bytes(150_000))
    page.locator("input[data-file]").set_input_files(file)
    expect(page.get_by_role("alert").filter(has_text="huge.png was not taken: too large")).to_be_visible()
    expect(text.locator("img[data-attachment], .pl-editor-waiting")).to_have_count(0)
    assert not desk.pictures
