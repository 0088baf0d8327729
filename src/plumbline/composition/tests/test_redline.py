"""The redline shows what went and what came, word by word where it can, and always ends soon."""

import random
import re
import time

import pytest
from hypothesis import given, settings

from plumbline.composition import redline, shown, to_html
from plumbline.composition.tests import files
from plumbline.composition.tests.contents import CONTENTS, doc, node, para, row
from plumbline.composition.tests.parsed import Parsed, dangers
from plumbline.composition.tests.test_hostile_html import ATTACKS


def told(html: str) -> list[tuple[str, str]]:
    """Return what is in ins and del, in order."""
    return [(tag, re.sub(r"<[^>]*>", "", words).strip()) for tag, words in re.findall(r"<(ins|del)>(.*?)</\1>", html)]


def between(old, new) -> str:
    return redline(to_html(old), to_html(new))


def test_a_changed_word_is_marked_in_place():
    assert told(redline("<p>The torque is 12 Nm today</p>", "<p>The torque is 14 Nm today</p>")) == [
        ("del", "12"),
        ("ins", "14"),
    ]


WORDINGS = {
    "a figure": ("12.5 mm wide", "12.6 mm wide", [("del", "12.5"), ("ins", "12.6")]),
    "a sign": ("Stop, then look.", "Stop; then look.", [("del", ","), ("ins", ";")]),
    "the first word": ("Gauges are kept", "Tools are kept", [("del", "Gauges"), ("ins", "Tools")]),
    "the last word": ("kept by him", "kept by her", [("del", "him"), ("ins", "her")]),
    "words that came": ("kept in order", "kept clean, dry, in order", [("ins", "clean, dry,")]),
    "words in bold now": ("keep it clean", "keep it <strong>clean</strong>", [("del", "clean"), ("ins", "clean")]),
    "all words but a small one": (
        *("supervisors inspect a weekly sample", "operators measure a monthly batch"),
        [("del", "supervisors inspect a weekly sample"), ("ins", "operators measure a monthly batch")],
    ),
    "another address": (
        *('<a href="https://a.example/">site</a>', '<a href="https://b.example/">site</a>'),
        [("del", "site"), ("ins", "site")],
    ),
    "marks less than": ("a &lt; b", "a &lt; c", [("del", "b"), ("ins", "c")]),
}  # fmt: skip


@pytest.mark.parametrize("old, new, change", WORDINGS.values(), ids=WORDINGS.keys())
def test_no_more_is_marked_than_what_changed(old, new, change):
    html = redline(f"<p>{old}</p>", f"<p>{new}</p>")
    assert told(html) == change
    assert dangers(html) == []


def test_a_number_that_a_heading_gets_is_no_change():
    assert told(redline("<h2>Scope today</h2>", '<h2><span class="pl-number">1</span> Scope now</h2>')) == [
        ("del", "today"),
        ("ins", "now"),
    ]


def test_an_inserted_paragraph_leaves_the_rest_alone_though_all_numbers_move():
    old = doc(*(node("heading", f"Chapter {name}", level=1) for name in "abcd"), para("End"))
    new = {
        **old,
        "content": [*old["content"][:1], *doc(node("heading", "Scope", level=1))["content"], *old["content"][1:]],
    }
    html = between(old, new)
    assert told(html) == [("ins", "2 Scope")]
    assert "pl-added" in html
    assert "3 Chapter b" in Parsed(html).words


def test_what_went_stands_before_what_came():
    html = redline("<p>Completely other words</p>", "<p>1234 5678</p>")
    assert told(html) == [("del", "Completely other words"), ("ins", "1234 5678")]


def test_lists_and_tables_stay_lists_and_tables():
    old = doc(node("bulletList", *(node("listItem", para(word)) for word in ("wash", "dry", "pack"))))
    new = doc(node("bulletList", *(node("listItem", para(word)) for word in ("wash", "rinse well", "dry", "pack"))))
    html = between(old, new)
    assert told(html) == [("ins", "rinse well")]
    assert [tag for tag, _ in Parsed(html).tags if tag in ("ul", "li")] == ["ul", "li", "li", "li", "li"]
    old = doc(node("table", row("Gauge", "Due"), row("G-1", "March"), row("G-2", "May")))
    new = doc(node("table", row("Gauge", "Due"), row("G-1", "April"), row("G-2", "May"), row("G-3", "June")))
    html = between(old, new)
    assert told(html) == [("del", "March"), ("ins", "April"), ("ins", "G-3"), ("ins", "June")]
    assert html.count("<tr") == 4


def test_a_row_with_another_number_of_cells_is_shown_old_and_new():
    old, new = doc(node("table", row("a b c", "d"))), doc(node("table", row("a b c", "d", "e")))
    html = between(old, new)
    assert "pl-removed" in html
    assert "pl-added" in html


def test_a_paragraph_that_became_a_heading_is_one_change():
    html = redline("<p>How gauges are kept</p>", "<h2>How measuring gauges are kept</h2>")
    assert told(html) == [("ins", "measuring")]


def test_word_files_are_compared_with_their_structure():
    old = shown(files.word(files.paragraph("Torque is 12 Nm in every case") + files.paragraph("Same")), "", "a.docx")
    new = shown(files.word(files.paragraph("Torque is 14 Nm in every case") + files.paragraph("Same")), "", "a.docx")
    assert told(redline(old, new)) == [("del", "12"), ("ins", "14")]


def test_pages_do_not_matter_to_what_moved_over_their_edge():
    old = shown(files.pdf("One", "Two"), "", "a.pdf")
    new = shown(files.pdf("Zero", "One", "Two"), "", "a.pdf")
    assert told(redline(old, new)) == [("ins", "Zero")]


@given(CONTENTS, CONTENTS)
@settings(deadline=None, max_examples=15)
def test_both_sides_can_be_read_off_the_redline(old, new):
    html = between(old, new)
    assert dangers(html) == []
    assert between(new, new) == re.sub(' rel="[^"]*"', "", between(new, new))
    assert told(between(new, new)) == []
    for kept, side in (("del", old), ("ins", new)):
        gone = "ins" if kept == "del" else "del"
        words = Parsed(re.sub(rf"<{gone}>.*?</{gone}>", "", html)).words
        assert _letters(words) == _letters(Parsed(to_html(side, numbered=False)).words)


def _letters(words: str) -> str:
    """Return the letters in order of the alphabet: numbers and blanks aside, passages may stand in either order."""
    return "".join(sorted(re.sub(r"[\d\s.]", "", words)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_comes_through_the_redline(attack):
    assert dangers(redline(attack, "<p>x</p>")) == []
    assert dangers(redline("<p>x</p>", attack)) == []
    assert dangers(redline(f"<p>a {attack}</p>", f"<p>b {attack}</p>")) == []


def _some(words: list[str], count: int) -> str:
    return "<p>" + " ".join(random.choices(words, k=count)) + "</p>"


COSTLY = {
    "two words over and over": lambda: _some(["a", "b"], 3900),
    "one word over and over": lambda: f"<p>{'a ' * random.randint(3000, 3900)}</p>",
    "a paragraph too long for words": lambda: _some(["alpha", "beta"], 60_000),
    "nothing but tags": lambda: f"<p>{'<b>a</b> ' * random.randint(1000, 1900)}</p>",
    "no block alike": lambda: "".join(f"<p>{random.random()}</p>" for _ in range(8000)),
    "all blocks alike": lambda: "<p>x</p>" * random.randint(20_000, 25_000),
    "deep lists": lambda: "<ul><li>" * random.randint(500, 900) + "words",
    "deep boxes": lambda: "<div>" * random.randint(5000, 9000) + "words",
    "a table of one row": lambda: f"<table><tr>{'<td>x</td>' * 5000}<td>{random.random()}</td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("make", COSTLY.values(), ids=COSTLY.keys())
@pytest.mark.slow  # texts made to be costly: each may take up to five seconds
def test_costly_pairs_end_soon(make):
    random.seed(7)
    old, new = make(), make()
    began = time.process_time()
    html = redline(old, new)
    assert Parsed(html).words.strip()
    assert time.process_time() - began < 5
