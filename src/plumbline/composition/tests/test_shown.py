# ruff: noqa: E501 - files written out as XML stay in one piece
"""Every kept file is shown as an inert fragment; what is hostile or broken is not shown at all."""

import io
import json
import time

import pytest

from plumbline.composition import MEDIA_TYPE, limits, shown
from plumbline.composition.tests import files
from plumbline.composition.tests.contents import everything
from plumbline.composition.tests.files import paragraph, picture, png, relation, word
from plumbline.composition.tests.parsed import Parsed, dangers

SAID = {
    "docx": (lambda: word(paragraph("Torque is 12 Nm")), "a.docx", "Torque is 12 Nm"),
    "xlsx": (lambda: files.workbook(["Gauge", "Due"], ["G-1", 3.0]), "a.xlsx", "GaugesGaugeDueG-13"),
    "pptx": (lambda: files.slides(("Title", "words"), ("Second", "more")), "a.pptx", "TitlewordsSecondmore"),
    "pdf": (lambda: files.pdf("First page", "Second page"), "a.pdf", "First pageSecond page"),
    "csv": (lambda: "Prüfmittel;fällig\nG-1;3\n".encode("cp1252"), "a.csv", "PrüfmittelfälligG-13"),
    "md": (lambda: b"# Title\n\n[[a place]] and *words*", "a.md", "Title[a place] and words"),
    "html": (lambda: b"<title>no</title><p>Words <b>bold</b>", "a.htm", "Words bold"),
    "txt": (lambda: "One\n\nTwo <b>".encode("utf-16"), "a.txt", "OneTwo <b>"),
}


@pytest.mark.parametrize("make, name, words", SAID.values(), ids=SAID.keys())
def test_each_kind_is_shown_with_its_words(make, name, words):
    for stream in (make(), io.BytesIO(make())):
        html = shown(stream, "application/octet-stream", name)
        assert Parsed(html).words == words
        assert dangers(html) == []


def test_written_content_is_shown_with_its_numbers():
    html = shown(json.dumps(everything()).encode(), MEDIA_TYPE, "content")
    assert "1.1 Steps" in Parsed(html).words
    assert dangers(html) == []


def test_the_media_type_counts_where_the_name_says_nothing():
    assert "Torque" in shown(word(paragraph("Torque")), next(iter(_word_types())), "0197-aa")
    assert shown(b"PK", "application/zip", "a.zip") == ""
    assert shown(png(), "image/png", "a.png") == ""


def test_files_with_macros_show_their_words_and_leave_the_macros_behind():
    macros = {"word__vbaProject__bin": b"\xd0\xcf\x11\xe0 AutoOpen"}
    made = word(paragraph("Torque"), relation("r1", "vbaProject", "vbaProject.bin"), **macros)
    for media_type, name in (("application/vnd.ms-word.document.macroEnabled.12", "content"), ("", "a.docm")):
        assert Parsed(shown(made, media_type, name)).words == "Torque"
    assert "Torque" in shown(files.workbook(["Torque"]), "application/vnd.ms-excel.sheet.macroEnabled.12", "0197-aa")
    assert "Torque" in shown(files.workbook(["Torque"]), "", "a.xlsm")


def _word_types():
    from plumbline.composition.shown import KINDS

    return [media_type for media_type, kind in KINDS.items() if kind == "docx"]


def test_a_word_file_is_shown_with_its_pictures_and_below_the_title_of_the_page():
    styles = (
        f'<w:styles xmlns:w="{files.W}"><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Kapitel"><w:name w:val="Kapitel"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
        "</w:style></w:styles>"
    )
    headed = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{style}</w:t></w:r></w:p>'
        for style in ("berschrift1", "Kapitel")
    )
    html = shown(
        word(
            headed + picture("r1"),
            *(relation("r1", "image", "media/x.png"), relation("s", "styles", "styles.xml")),
            **{"word__media__x.png": png(), "word__styles.xml": styles},
        ),
        "",
        "a.docx",
    )
    assert [tag for tag, _ in Parsed(html).tags] == ["h2", "h3", "p", "img"]
    assert Parsed(html).named("img")[0]["src"].startswith("data:image/png;base64,")
    assert Parsed(html).named("img")[0]["alt"] == "A plan"
    assert dangers(html) == []


HOSTILE_WORD = {
    "picture from the network": (picture("r1"), [relation("r1", "image", "https://evil.example/x.png", "External")]),
    "linked picture": (picture("r1", "link"), [relation("r1", "image", "file:///etc/passwd", "External")]),
    "picture that is not there": (picture("r1"), [relation("r1", "image", "media/none.png")]),
    "picture without relation": (picture("r9"), []),
    "picture outside": (picture("r1"), [relation("r1", "image", "../../../etc/passwd")]),
    "script link": (
        '<w:p><w:hyperlink r:id="r1"><w:r><w:t>words</w:t></w:r></w:hyperlink></w:p>',
        [relation("r1", "hyperlink", "javascript:alert(1)", "External")],
    ),
    "frame from the network": (paragraph("x"), [relation("r1", "frame", "https://evil.example/", "External")]),
    "template from the network": (paragraph("x"), [relation("r1", "attachedTemplate", "https://evil.example/", "External")]),
    "html inside": ('<w:altChunk r:id="r1"/>', [relation("r1", "aFChunk", "https://evil.example/x.html", "External")]),
    "field that fetches": (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDEPICTURE "https://evil.example/x"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("body, relations", HOSTILE_WORD.values(), ids=HOSTILE_WORD.keys())
def test_a_word_file_that_points_outside_is_shown_without_looking_there(body, relations, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", _refuse)
    html = shown(word(paragraph("before") + body + paragraph("after"), *relations), "", "a.docx")
    assert "before" in Parsed(html).words
    assert "after" in Parsed(html).words
    assert dangers(html) == []
    assert "evil" not in html
    assert "passwd" not in html


def _refuse(*_):
    raise AssertionError("a connection was asked for")


def test_scripts_in_the_words_of_office_files_are_words():
    attack = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"
    bad = "<script>alert(1)</script>"
    for content, name in (
        (word(paragraph(attack)), "a.docx"),
        (files.workbook([bad, bad], title="<b>x"), "a.xlsx"),
        (files.slides((attack, attack)), "a.pptx"),
        (files.pdf("<script>alert\\(1\\)</script>"), "a.pdf"),
    ):
        html = shown(content, "", name)
        assert dangers(html) == []
        assert "<script>alert(1)</script>" in Parsed(html).words


def test_a_picture_that_lies_about_its_kind_is_named_not_shown():
    lying = {"word__media__x.png": b"<svg onload='alert(1)'/>"}
    html = shown(word(picture("r1"), relation("r1", "image", "media/x.png"), **lying), "", "a.docx")
    assert Parsed(html).named("img") == []
    assert Parsed(html).words == "A plan"


LAUGHS = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {x} "{("&" + y + ";") * 10}">' for x, y in zip("bcdefghi", "abcdefgh", strict=True)
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY i SYSTEM "file:///etc/hostname">'
BOOK = {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships/>"}

NOT_SHOWN = {
    "no package": ("a.docx", lambda: b"PK\3\4 nothing"),
    "empty": ("a.docx", lambda: b""),
    "cut short": ("a.docx", lambda: word(paragraph("x" * 5000))[:-200]),
    "broken xml": ("a.docx", lambda: word("<w:p>")),
    "deep xml": ("a.docx", lambda: word("<w:p>" * 3000 + "</w:p>" * 3000)),
    "entity expansion": ("a.docx", lambda: word(paragraph("&i;"), before=LAUGHS + "]>")),
    "external entity": ("a.docx", lambda: word(paragraph("&i;"), before=OUTSIDE + "]>")),
    "entity in the styles": (
        "a.docx",
        lambda: word(paragraph("x"), relation("s", "styles", "styles.xml"), **{"word__styles.xml": OUTSIDE + "]><s>&i;</s>"}),
    ),
    "a part of 70 MB": ("a.docx", lambda: word(" " * 70_000_000)),
    "a part of 60 MB out of nothing": ("a.docx", lambda: word(" " * 60_000_000)),
    "a workbook of nothing": ("a.xlsx", lambda: files.archive(BOOK | {"xl/workbook.xml": " " * 60_000_000})),
    "entities in a workbook": ("a.xlsx", lambda: files.archive(BOOK | {"xl/workbook.xml": LAUGHS + "]><w>&i;</w>"})),
    "entities in a slide": ("a.pptx", lambda: files.archive({"ppt/slides/slide1.xml": LAUGHS + "]><w>&i;</w>"})),
    "too many parts": ("a.docx", lambda: files.archive({f"x{n}": b"" for n in range(limits.PACKAGE_ENTRIES + 1)})),
    "pdf in name only": ("a.pdf", lambda: b"%PDF-1.7 nothing"),
    "deep written content": ("a", lambda: b'{"type":"doc","content":[' * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("name, make", NOT_SHOWN.values(), ids=NOT_SHOWN.keys())
def test_a_hostile_or_broken_file_is_not_shown_and_costs_little(name, make):
    content = make()
    began = time.process_time()
    assert shown(content, MEDIA_TYPE if name == "a" else "", name) == ""
    assert time.process_time() - began < 3


def test_long_tables_are_cut():
    rows = "a;b\n" * (limits.ROWS + 50)
    assert shown(rows.encode(), "text/csv", "a.csv").count("<tr>") == limits.ROWS
    assert shown(b"a;" * 500 + b"\n", "text/csv", "a.csv").count("<th>") == limits.COLUMNS
