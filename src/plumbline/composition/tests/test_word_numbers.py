# ruff: noqa: E501 - files written out as XML stay in one piece
"""Numbers on the way through Word: where a list begins, how it goes on, and section numbers that somebody typed."""

import re

import pytest

from plumbline.composition import from_html, from_word, redline, shown, to_html, to_text, to_word
from plumbline.composition.tests import files
from plumbline.composition.tests.contents import doc, node, para, text, without_ids
from plumbline.composition.tests.files import relation, word
from plumbline.composition.tests.parsed import dangers


def item(words: str, *more):
    return node("listItem", para(words), *more)


def numbered(*words: str, start: int = 1):
    return node("orderedList", *(item(each) for each in words), start=start)


LISTS = {
    "one that begins at four": [numbered("d", "e", start=4)],
    "one that goes on after a remark": [numbered("a", "b"), para("A remark"), numbered("c", start=3)],
    "two that stand together": [numbered("a", "b"), numbered("x", "y", start=9)],
    "one that begins again at once": [numbered("a", "b"), numbered("a", "b")],
    "one inside another": [
        node("orderedList", item("a", numbered("i", "ii", start=3)), item("b", numbered("i", start=7)), start=2)
    ],
    "one among points": [node("bulletList", item("a", numbered("i", start=5)), item("b"))],
    "one in a table": [node("table", node("tableRow", node("tableCell", para("Do"), numbered("a", start=6))))],
}


@pytest.mark.parametrize("blocks", LISTS.values(), ids=LISTS.keys())
def test_lists_begin_in_word_and_after_it_where_they_began(blocks):
    content = doc(*blocks)
    made = to_word(content)
    assert without_ids(from_word(made)) == without_ids(content)
    assert without_ids(from_html(to_html(content))) == without_ids(content)


NUMBERING = (
    f'<w:numbering xmlns:w="{files.W}">'
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="40"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Schritt"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="99999999999"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:numStyleLink w:val="Liste"/></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="21"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)
STYLES = (
    f'<w:styles xmlns:w="{files.W}"><w:style w:type="paragraph" w:styleId="Schritt"><w:name w:val="Schritt"/></w:style>'
    '<w:style w:type="numbering" w:styleId="Liste"><w:name w:val="Liste"/><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="H2">'
    '<w:name w:val="heading 2"/></w:style><w:style w:type="paragraph" w:styleId="H3"><w:name w:val="heading 3"/></w:style></w:styles>'
)


def step(words: str, num: int = 1, level: int = 0) -> str:
    said = f"<w:r><w:t>{words}</w:t></w:r>" if words else ""
    return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr></w:pPr>{said}</w:p>'


def styled(style: str, *words: str) -> str:
    runs = "".join(f'<w:r><w:t xml:space="preserve">{each}</w:t></w:r>' for each in words)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def stranger(*blocks: str) -> bytes:
    """Return a .docx of somebody else's."""
    return word(
        "".join(blocks),
        relation("s", "styles", "styles.xml"),
        relation("n", "numbering", "numbering.xml"),
        **{"word__styles.xml": STYLES, "word__numbering.xml": NUMBERING},
    )


REMARK = files.paragraph("A remark")
COUNTED = {
    "goes on after a remark": ([step("a"), step("b"), REMARK, step("c")], [1, 3]),
    "goes on in another list of the same numbering": ([step("a"), REMARK, step("b", 2), step("c", 2)], [1, 2]),
    "begins where its style says": ([styled("Schritt", "a"), REMARK, styled("Schritt", "b")], [40, 41]),
    "begins again under every item": (
        [step("a"), step("i", level=1), step("ii", level=1), step("b"), step("i", level=1), REMARK, step("ii", level=1)],
        [1, 1, 1, 2],
    ),
    "counts a paragraph without words": ([step("a"), step(""), step("c")], [1, 3]),
    "is told by a style": ([step("a", 4), REMARK, step("b"), REMARK, step("c", 5)], [1, 2, 21]),
    "says a number nobody believes": ([step("a", 3)], [1]),
    "says what only we may say": ([step("\ue0029\ue003a"), REMARK, files.paragraph("\ue0029\ue003")], [1]),
}  # fmt: skip


@pytest.mark.parametrize("blocks, starts", COUNTED.values(), ids=COUNTED.keys())
def test_a_stranger_s_list(blocks, starts):
    made = stranger(*blocks)
    assert re.findall(
        r'"type": "orderedList", "attrs": \{"id": "\w+", "start": (\d+)', str(from_word(made)).replace("'", '"')
    ) == [*map(str, starts)]
    html = shown(made, "", "a.docx")
    assert dangers(html) == []
    assert "\ue002" not in html
    told = [int(found) for found in re.findall(r'(?:start|value)="(\d+)"', html)]
    assert told == [start for start in starts if start != 1]


def test_a_list_that_goes_on_is_no_change_in_a_redline():
    old, new = (shown(stranger(step("a"), REMARK, step(last)), "", "a.docx") for last in ("b", "c"))
    assert redline(old, old) == old
    assert redline(old, new).count("<del>") == 1


FIRST, SECOND, THIRD = ("H1", "H2", "H3")
TYPED = {
    "the title is the only first heading": (
        [(FIRST, "Control of gauges"), (SECOND, "1 Purpose"), (SECOND, "2 Scope"), (THIRD, "2.1 Plants"), (SECOND, "3. Steps")],
        ["Control of gauges", "1 Purpose", "2 Scope", "2.1 Plants", "3 Steps"],
    ),
    "a page of changes stands before": (
        [(FIRST, "Changes"), (FIRST, "1 Purpose"), (FIRST, "2 Scope"), (SECOND, "2.1 Plants")],
        ["Changes", "1 Purpose", "2 Scope", "2.1 Plants"],
    ),
    "an appendix without a number comes last": (
        [(FIRST, "Gauges"), (SECOND, "1) Purpose"), (SECOND, "2) Scope"), (FIRST, "Appendix")],
        ["Gauges", "1 Purpose", "2 Scope", "3 Appendix"],
    ),
    "all levels are numbered": (
        [(FIRST, "1 Purpose"), (SECOND, "1.1 Why"), (SECOND, "1.2 – What"), (FIRST, "2.Scope")],
        ["1 Purpose", "1.1 Why", "1.2 What", "2 Scope"],
    ),
    "a heading of a lower level speaks of bolts": (
        [(FIRST, "1 Purpose"), (SECOND, "3 bolts"), (FIRST, "2 Scope")],
        ["1 Purpose", "1.1 3 bolts", "2 Scope"],
    ),
    "bolts below the title": (
        [(FIRST, "Parts"), (SECOND, "3 bolts"), (SECOND, "4 nuts")],
        ["1 Parts", "1.1 3 bolts", "1.2 4 nuts"],
    ),
    "one bolt below the title": ([(FIRST, "Parts"), (SECOND, "1 bolt")], ["1 Parts", "1.1 1 bolt"]),
    "one bolt alone": ([(FIRST, "1 bolt"), (FIRST, "Nuts")], ["1 1 bolt", "2 Nuts"]),
    "two bolts in second place": ([(FIRST, "Nuts"), (FIRST, "2 bolts"), (FIRST, "3 pins")], ["1 Nuts", "2 2 bolts", "3 3 pins"]),
    "bolts after more headings than bolts": (
        [(FIRST, "Purpose"), (FIRST, "Scope"), (FIRST, "1 bolt"), (FIRST, "2 nuts")],
        ["1 Purpose", "2 Scope", "3 1 bolt", "4 2 nuts"],
    ),
    "numbers that are not the sections'": (
        [(FIRST, "1.1 Purpose"), (FIRST, "1.3 Scope")],
        ["1 1.1 Purpose", "2 1.3 Scope"],
    ),
    "a measure": ([(FIRST, "1.5 mm sheet"), (FIRST, "2.5 mm sheet")], ["1 1.5 mm sheet", "2 2.5 mm sheet"]),
    "a year and a method": ([(FIRST, "2026 goals"), (FIRST, "5S")], ["1 2026 goals", "2 5S"]),
}  # fmt: skip


@pytest.mark.parametrize("headings, lines", TYPED.values(), ids=TYPED.keys())
def test_typed_numbers_go_where_they_are_the_sections_own(headings, lines):
    came = from_word(stranger(*(styled(style, words) for style, words in headings)))
    html = to_html(came)
    told = [re.sub("<[^>]+>", "", line).strip() for line in re.findall(r"<(?:h\d|p)[ >].*?</(?:h\d|p)>", html)]
    assert told == lines
    assert without_ids(from_word(to_word(came))) == without_ids(came), "a second time through Word changes nothing"


def test_a_number_in_a_run_of_its_own_is_taken_off_with_its_tab():
    tab = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r><w:r><w:tab/><w:t>{}</w:t></w:r>"
    heading = '<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr>{}</w:p>'
    came = from_word(
        stranger(
            styled("H1", "Gauges ", "and tools"),
            *(heading.format(tab.format(number, words)) for number, words in (("1", "Purpose"), ("2", "Scope"))),
        )
    )
    assert to_text(came).split("\n") == ["Gauges and tools", "Purpose", "Scope"]
    assert without_ids(came)["content"][0] == para(text("Gauges and tools", "bold"))
    assert [block["attrs"]["level"] for block in came["content"][1:]] == [1, 1]
