# ruff: noqa: E501 - files written out as XML stay in one piece
"""Word out and in: what we wrote comes back, what others wrote is understood, what is hostile is refused."""

import hashlib
import io
import shutil
import subprocess
import zipfile

import pytest
from hypothesis import example, given, settings

from plumbline.composition import Head, NotOurs, from_word, to_text, to_word, unfilled
from plumbline.composition.tests import files
from plumbline.composition.tests.contents import CONTENTS, doc, everything, node, para, row, text, without_ids
from plumbline.composition.tests.files import paragraph, picture, png, relation, word
from plumbline.composition.tests.test_shown import HOSTILE_WORD, NOT_SHOWN

PLAN = png(300, 200)
HEAD = Head("Control of documents", "QP-01", "Revision 2.1", "1 March 2026", "Acme & Söhne", "de")


def back(content, **kept):
    """Return the content as it comes back from Word."""
    return from_word(to_word(content, HEAD, read_image=lambda src: PLAN), **kept)


def test_everything_comes_back_from_word():
    content = everything()
    image = next(block for block in content["content"] if block["type"] == "image")
    image["attrs"]["sha256"] = hashlib.sha256(PLAN).hexdigest()
    assert without_ids(back(content)) == without_ids(content)


def test_fields_filled_for_the_paper_come_back_as_fields():
    made = to_word(everything(), HEAD, {"organisation.name": "Acme & Söhne"})
    assert "Acme &amp; Söhne" in part(made, "word/document.xml")
    assert "organisation.name" in to_text(from_word(made))


def part(made: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        return package.read(name).decode()


def test_head_and_foot_say_which_revision_this_is():
    made = to_word(everything(), HEAD)
    assert "QP-01" in part(made, "word/header1.xml")
    assert "Revision 2.1 · 1 March 2026" in part(made, "word/footer1.xml")
    assert "NUMPAGES" in part(made, "word/footer1.xml")
    assert "Control of documents" not in to_text(from_word(made)).split("\n")[0]


def test_a_program_we_did_not_write_opens_it():
    import docx

    made = docx.Document(io.BytesIO(to_word(everything(), HEAD, read_image=lambda src: PLAN)))
    names = [each.style.name for each in made.paragraphs]
    assert names[:2] == ["Heading 1", "Normal"]
    assert len(made.tables) == 1
    assert made.tables[0].style.name == "Table Grid"
    assert len(made.inline_shapes) == 1
    assert made.core_properties.title == "Control of documents"


def test_cells_over_rows_and_columns_come_back():
    table = node(
        "table",
        row("A", "B", "C", kind="tableHeader"),
        node("tableRow", node("tableCell", para("tall"), rowspan=2), node("tableCell", para("wide"), colspan=2)),
        row("x", "y"),
    )
    content = doc(table, para("after"))
    assert without_ids(back(content)) == without_ids(content)


def test_ragged_tables_are_completed_not_lost():
    content = doc(
        node("table", row("a", "b", "c"), row("d"), node("tableRow", node("tableCell", para("e"), rowspan=9)))
    )
    assert to_text(back(content)) == to_text(content)


def test_lists_in_lists_and_paragraphs_in_items_come_back():
    inner = node("orderedList", node("listItem", para("a")), node("listItem", para("b"), para("more of b")), start=1)
    content = doc(
        node("bulletList", node("listItem", para("one"), para("more of one"), inner), node("listItem", para("two"))),
        para("after"),
    )
    assert without_ids(back(content)) == without_ids(content)


@given(CONTENTS)
@example(doc(para(text("[[", "bold"), text("]]"))))
@settings(deadline=None, max_examples=10)
def test_no_word_and_no_place_is_lost_on_the_way_through_word(content):
    came = back(content)
    assert sorted(unfilled(came)) == sorted(unfilled(content))
    assert _letters(to_text(came)) == _letters(to_text(content))


def _letters(words: str) -> str:
    return "".join(words.replace("|", "").split())


def test_a_place_filled_in_word_is_filled():
    made = to_word(doc(para("By ", node("place", hint="the year"))), HEAD)
    filled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(filled, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"[the year]", b"2027") if name.endswith("document.xml") else content)
    came = from_word(filled.getvalue())
    assert unfilled(came) == []
    assert to_text(came) == "By 2027"


def test_fields_and_places_typed_in_word_are_understood():
    came = from_word(word(paragraph("By {{ organisation.name }} in [[the year]]")))
    assert unfilled(came) == ["the year"]
    assert [leaf["type"] for leaf in came["content"][0]["content"]] == ["text", "field", "text", "place"]
    assert unfilled(from_word(word(paragraph('[[the "year"]]')))) == ['the "year"']


def test_a_stranger_s_headings_lists_and_links_are_understood():
    styles = (
        f'<w:styles xmlns:w="{files.W}"><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own chapter"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style></w:styles>'
    )
    numbering = (
        f'<w:numbering xmlns:w="{files.W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )

    def styled(style: str, words: str) -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'

    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>step</w:t></w:r></w:p>'
    )
    link = '<w:p><w:hyperlink r:id="r1"><w:r><w:t>site</w:t></w:r></w:hyperlink><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>'
    came = from_word(
        word(
            styled("Titel", "Manual") + styled("berschrift1", "1. Purpose") + styled("Own", "1.1 Scope") + item + link,
            *(relation("s", "styles", "styles.xml"), relation("n", "numbering", "numbering.xml")),
            relation("r1", "hyperlink", "https://example.org/", "External"),
            **{"word__styles.xml": styles, "word__numbering.xml": numbering},
        )
    )
    assert without_ids(came) == without_ids(
        doc(
            para(text("Manual", "bold")),
            node("heading", "Purpose", level=1),
            node("heading", "Scope", level=2),
            node("orderedList", node("listItem", para("step")), start=1),
            para(text("site", href="https://example.org/")),
        )
    )


def test_pictures_of_strangers_are_kept_by_whoever_asks():
    kept = []

    def keep(content, media_type, alt):
        kept.append((content, media_type, alt))
        return "attachment:new-1"

    made = word(picture("r1"), relation("r1", "image", "media/x.png"), **{"word__media__x.png": PLAN})
    came = from_word(made, keep)
    assert kept == [(PLAN, "image/png", "A plan")]
    assert came["content"][0]["attrs"]["src"] == "attachment:new-1"
    assert came["content"][0]["attrs"]["sha256"] == hashlib.sha256(PLAN).hexdigest()
    assert to_text(from_word(made)) == "A plan"


def test_a_picture_changed_in_word_is_a_new_one():
    made = to_word(doc(node("image", src="attachment:old-1", alt="Plan")), HEAD, read_image=lambda src: PLAN)
    other = png(5, 5)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, other if "media" in name else old.read(name))
    came = from_word(changed.getvalue(), lambda content, media_type, alt: "attachment:new-2")
    assert came["content"][0]["attrs"]["src"] == "attachment:new-2"


@pytest.mark.parametrize("body, relations", HOSTILE_WORD.values(), ids=HOSTILE_WORD.keys())
def test_a_word_file_that_points_outside_is_read_without_looking_there(body, relations):
    came = from_word(word(paragraph("before") + body + paragraph("after"), *relations), _never)
    assert "before" in to_text(came)
    assert "after" in to_text(came)
    assert "evil" not in str(came)


def _never(*_):
    raise AssertionError("no picture of this file may be kept")


REFUSED = {name: make for name, (file, make) in NOT_SHOWN.items() if file == "a.docx"}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_word_file_is_refused_with_a_reason(make):
    with pytest.raises(NotOurs) as refusal:
        from_word(make())
    assert refusal.value.code in ("no_word", "too_deep")


def test_the_same_content_gives_the_same_file():
    content = everything()
    assert to_word(content, HEAD) == to_word(content, HEAD)


def test_odd_words_and_pictures_do_not_break_the_file():
    import docx

    odd = doc(para('<w:p> & "]]>'), para(node("field", name="a" + ".b" * 5)), para(node("place", hint="x" * 300)))
    odd["content"].append(node("image", src="attachment:x-1", alt='"<&', title="", id="abcd1234"))
    for content in (b"no picture", b"<svg/>", None, PLAN):
        made = to_word(odd, Head('<&"', "<", ">", "&"), read_image=lambda src, content=content: content)
        assert docx.Document(io.BytesIO(made)).paragraphs
        assert to_text(from_word(made)).startswith('<w:p> & "]]>')


def test_the_strict_variant_of_the_format_is_read():
    made = word(paragraph("Torque"), **{})
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(files.W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            new.writestr(
                name, content.replace(files.R.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            )
    assert to_text(from_word(strict.getvalue())) == "Torque"


def test_notes_are_kept_and_links_in_them_lead_where_they_may():
    def note(key: int, target: str) -> str:
        words = f'<w:hyperlink r:id="{target}"><w:r><w:t>source {key}</w:t></w:r></w:hyperlink>'
        return f'<w:footnote w:id="{key}"><w:p>{words}</w:p></w:footnote>'

    notes = f'<w:footnotes xmlns:w="{files.W}" xmlns:r="{files.R}">{note(2, "r1")}{note(3, "r9")}</w:footnotes>'
    links = relation("r1", "hyperlink", "https://example.org/", "External")
    marked = "".join(f'<w:p><w:r><w:t>Said</w:t><w:footnoteReference w:id="{key}"/></w:r></w:p>' for key in (2, 3))
    came = from_word(
        word(
            marked,
            relation("n", "footnotes", "footnotes.xml"),
            **{
                "word__footnotes.xml": notes,
                "word___rels__footnotes.xml.rels": f'<Relationships xmlns="{files.RELATIONS}">{links}</Relationships>',
            },
        )
    )
    assert to_text(came).split("\n") == ["Said[1]", "Said[2]", "source 2", "source 3"]
    assert "https://example.org/" in str(came)
    assert "#footnote" not in str(came)


@pytest.mark.slow  # starts LibreOffice, which is not among what the tests demand
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_everything_survives_being_saved_by_another_word_processor(tmp_path):
    content = everything()
    image = next(block for block in content["content"] if block["type"] == "image")
    image["attrs"]["sha256"] = hashlib.sha256(PLAN).hexdigest()
    (tmp_path / "a.docx").write_bytes(to_word(content, HEAD, {"organisation.name": "Acme"}, lambda src: PLAN))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "docx", "--outdir", tmp_path / "saved", tmp_path / "a.docx"],
        check=True,
        capture_output=True,
        timeout=180,
    )
    again = from_word((tmp_path / "saved/a.docx").read_bytes())
    for block in (*content["content"], *again["content"]):
        if block["type"] == "image":
            block["attrs"]["title"] = ""  # LibreOffice 7.4 drops it
    assert without_ids(again) == without_ids(content)
