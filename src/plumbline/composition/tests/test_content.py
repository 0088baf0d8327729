"""Written content is checked, asked and turned into HTML and back without loss."""

import json

import pytest
from hypothesis import given, settings

from plumbline.composition import (
    NotOurs,
    Reference,
    cleaned,
    fields_of,
    from_html,
    images_of,
    references,
    to_html,
    to_text,
    unfilled,
)
from plumbline.composition.cleaning import new_id
from plumbline.composition.tests.contents import CONTENTS, doc, everything, node, para, row, text, without_ids
from plumbline.composition.tests.parsed import Parsed, dangers


def test_content_survives_html_whole_ids_included():
    content = everything()
    assert from_html(to_html(content)) == content


def test_content_survives_html_when_everything_is_resolved():
    content = everything()
    html = to_html(
        content,
        {"organisation.name": "Acme & Söhne"},
        lambda src: f"/acme/files/{src.removeprefix('attachment:')}/",
        lambda to, target: (f"/acme/{to}/{target}/", "Its title of today"),
    )
    assert from_html(html) == content
    assert Parsed(html).named("img")[0]["src"] == "/acme/files/0197-bb/"
    assert "Acme & Söhne" in Parsed(html).words
    assert "Its title of today" in Parsed(html).words


def _folded(content):
    """Return the content as HTML keeps it: blanks folded, none at the ends, words of equal marks in one piece."""
    return from_html(to_html(content))


@given(CONTENTS)
@settings(deadline=None, max_examples=15)
def test_any_content_is_inert_and_stays_as_it_is_after_the_first_turn(content):
    html = to_html(content)
    assert dangers(html) == []
    once = _folded(content)
    assert _folded(once) == once
    assert " ".join(to_text(once).split()) == " ".join(to_text(content).split())
    assert unfilled(once) == unfilled(content)


def test_cleaning_again_changes_nothing():
    content = everything()
    assert cleaned(content) == content
    assert cleaned(json.dumps(content)) == content


def test_blocks_get_ids_of_their_own_and_keep_good_ones():
    content = doc(node("paragraph", "a", id="abcd1234"), node("paragraph", "b", id="abcd1234"), para("c"))
    ids = [block["attrs"]["id"] for block in content["content"]]
    assert ids[0] == "abcd1234"
    assert len(set(ids)) == 3
    assert len({new_id() for _ in range(1000)}) == 1000


def test_unknown_attributes_and_unsafe_links_are_dropped():
    content = doc(node("paragraph", text("x", href="javascript:alert(1)"), style="color:red", onclick="x"))
    assert without_ids(content) == without_ids(doc(para("x")))


REFUSED = {
    "no document": (node("paragraph"), "no_document"),
    "no json": ('{"type": ', "no_json"),
    "deep json": ('{"type":"doc","content":[' * 200_000, "too_deep"),
    "unknown node": (node("doc", node("video", src="x")), "unknown_part"),
    "unknown mark": (node("doc", para({"type": "text", "text": "x", "marks": [{"type": "blink"}]})), "unknown_part"),
    "text at the top": (node("doc", "x"), "misplaced_part"),
    "paragraph in a list": (node("doc", node("bulletList", para("x"))), "misplaced_part"),
    "a document in a document": (node("doc", node("doc")), "unknown_part"),
    "text that is a number": (node("doc", para({"type": "text", "text": 3})), "bad_value"),
    "image from outside": (node("doc", node("image", src="https://example.org/x.png")), "outside_image"),
    "image as data": (node("doc", node("image", src="data:image/png;base64,AAAA")), "outside_image"),
    "field with a script": (node("doc", para(node("field", name="x}}<script>"))), "bad_value"),
    "reference to anything": (node("doc", para(node("reference", to="file", target="x"))), "bad_value"),
    "a level that is text": (node("doc", node("heading", "x", level="1")), "bad_value"),
    "a span of true": (node("doc", node("table", node("tableRow", node("tableCell", colspan=True)))), "bad_value"),
    "a node that is a list": ({"type": "doc", "content": [[]]}, "unknown_part"),
    "a type that is a list": ({"type": "doc", "content": [{"type": []}]}, "unknown_part"),
    "content that is text": ({"type": "doc", "content": "x"}, "bad_value"),
}  # fmt: skip


@pytest.mark.parametrize("content, code", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_ours_is_refused_with_a_reason(content, code):
    with pytest.raises(NotOurs) as refusal:
        cleaned(content)
    assert refusal.value.code == code
    assert refusal.value.text.endswith(".")


def test_deep_content_is_refused_before_it_costs_anything():
    deep = para("x")
    for _ in range(5000):
        deep = node("blockquote", deep)
    with pytest.raises(NotOurs) as refusal:
        cleaned(node("doc", deep))
    assert refusal.value.code == "too_deep"


def test_what_is_asked_of_content():
    content = everything()
    assert unfilled(content) == ['the "year"']
    assert fields_of(content) == ["organisation.name"]
    assert images_of(content) == ["attachment:0197-bb"]
    assert references(content)[0] == Reference("document", "0197-aa", "Control of documents")
    assert [each.to for each in references(content)] == ["document", "requirement"]
    lines = to_text(content, {"organisation.name": "Acme"}).split("\n")
    assert lines[0] == "Purpose & scope"
    assert "Head A | Head B" in lines
    assert 'By Acme in [[the "year"]]' in lines


def test_headings_are_numbered_and_begin_below_the_title_of_the_page():
    levels = (1, 2, 2, 3, 1, 3, 2)
    html = to_html(doc(*(node("heading", "x", level=level) for level in levels)))
    numbers = [found.removesuffix("x").strip() for found in Parsed(html.replace("</h", "|</h")).words.split("|")]
    assert numbers == ["1", "1.1", "1.2", "1.2.1", "2", "2.1.1", "2.2", ""]
    assert [tag for tag, _ in Parsed(html).tags if tag != "span"] == ["h2", "h3", "h3", "h4", "h2", "h4", "h3"]


def test_what_the_editor_demands_is_filled_in():
    content = doc(node("table", row("x"), node("tableRow")), node("bulletList"), node("bulletList", node("listItem")))
    assert [block["type"] for block in content["content"]] == ["table", "bulletList"]
    assert len(content["content"][0]["content"]) == 1
    assert content["content"][1]["content"][0]["content"][0]["type"] == "paragraph"
