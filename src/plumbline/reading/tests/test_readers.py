# ruff: noqa: E501 - files written out as XML stay in one piece
"""Each kind of file gives its text, headings, tables and properties."""

import io

import pytest

from plumbline.reading import read
from plumbline.reading.tests.hostile import archive, paragraph, pdf, png, word, workbook

CORE = (
    '<cp:coreProperties xmlns:cp="a" xmlns:dc="b" xmlns:dcterms="c"><dc:title>Calibration</dc:title><dc:creator>Ann</dc:creator>'
    "<cp:revision>7</cp:revision><dcterms:created>2024-01-02T03:04:05Z</dcterms:created></cp:coreProperties>"
)


def test_word():
    table = "<w:tbl><w:tr><w:tc>" + paragraph("Gauge") + "</w:tc><w:tc>" + paragraph("Due") + "</w:tc></w:tr></w:tbl>"
    heading = '<w:p><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr><w:r><w:t>Purpose</w:t></w:r></w:p>'
    changed = "<w:p><w:r><w:t>Each </w:t></w:r><w:del w:id='1'><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>gauge</w:t></w:r></w:p>"
    reading = read("a.docx", word(heading + changed + table, **{"docProps__core.xml": CORE}))
    assert reading.text == "Purpose\nEach gauge\nGauge | Due"
    assert reading.headings == ["Purpose"]
    assert reading.tables == [[["Gauge", "Due"]]]
    assert reading.properties == {
        "title": "Calibration",
        "author": "Ann",
        "revision": "7",
        "created": "2024-01-02T03:04:05Z",
    }
    assert [note.code for note in reading.notes] == ["tracked_changes"]
    assert len(reading.sha256) == 64


def test_word_written_by_python_docx():
    docx = pytest.importorskip("docx")
    import io

    document = docx.Document()
    document.add_heading("Control of documents", 1)
    document.add_paragraph("Old issues are withdrawn.")
    document.sections[0].header.paragraphs[0].text = "QP-01 Issue 7"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    buffer = io.BytesIO()
    document.save(buffer)
    reading = read("a.docx", buffer.getvalue())
    assert reading.text == "QP-01 Issue 7\nPage 1\nControl of documents\nOld issues are withdrawn."
    assert reading.headings == ["Control of documents"]


def test_opendocument():
    names = 'xmlns:office="o" xmlns:text="t" xmlns:table="ta" xmlns:style="s" xmlns:meta="m" xmlns:dc="d"'
    content = (
        f"<office:d {names}><text:h>Zweck</text:h><text:p>Jede<text:s/>Lehre</text:p><table:table><table:table-row><table:table-cell>"
        "<text:p>Nr.</text:p></table:table-cell><table:table-cell><text:p>Fällig</text:p></table:table-cell></table:table-row></table:table></office:d>"
    )
    styles = f"<office:d {names}><style:header><text:p>VA-3 Rev. 2</text:p></style:header><text:p>not shown</text:p></office:d>"
    meta = f'<office:d {names}><dc:title>Lehren</dc:title><meta:document-statistic meta:page-count="4"/></office:d>'
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
        "styles.xml": styles,
        "meta.xml": meta,
    }
    reading = read("a.odt", archive(parts))
    assert reading.text == "VA-3 Rev. 2\nZweck\nJede Lehre\nNr. | Fällig"
    assert (reading.headings, reading.pages, reading.properties["title"]) == (["Zweck"], 4, "Lehren")


def test_workbook_with_dates_and_shared_strings():
    row = '<row><c t="s"><v>0</v></c><c s="1"><v>45356</v></c><c t="inlineStr"><is><t>ok</t></is></c><c><v>1.5</v></c></row>'
    reading = read("a.xlsx", workbook(row, strings="<si><t>Gauge 7</t></si>"))
    assert reading.tables == [[["Gauge 7", "2024-03-05", "ok", "1.5"]]]
    assert reading.text == "Data\nGauge 7 | 2024-03-05 | ok | 1.5"


def test_workbook_written_by_openpyxl():
    openpyxl = pytest.importorskip("openpyxl")
    import io
    from datetime import date

    book = openpyxl.Workbook()
    book.active.append(["Gauge", "Due"])
    book.active.append(["G-7", date(2024, 3, 5)])
    book.active.oddHeader.left.text = "F-12 Rev. 4"
    buffer = io.BytesIO()
    book.save(buffer)
    reading = read("a.xlsx", buffer.getvalue())
    assert reading.tables == [[["Gauge", "Due"], ["G-7", "2024-03-05"]]]
    assert reading.margins == ["F-12 Rev. 4"]


def test_slides_in_order_with_titles():
    def slide(title: str, text: str) -> str:
        shape = '<p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sp>'
        return f'<p:sld xmlns:p="p" xmlns:a="a">{shape.format(title, text)}</p:sld>'

    parts = {"[Content_Types].xml": "<T/>", "ppt/presentation.xml": "<p/>"}
    parts |= {f"ppt/slides/slide{n}.xml": slide(f"Title {n}", f"Text {n}") for n in (10, 2, 1)}
    reading = read("a.pptx", archive(parts))
    assert reading.headings == ["Title 1", "Title 2", "Title 10"]
    assert reading.pages == 3


def test_pdf():
    reading = read("a.pdf", pdf(3, "QP-01 Calibration of gauges"))
    assert reading.pages == 3
    assert reading.margins == ["QP-01 Calibration of gauges"]
    with_script = read("a.pdf", pdf(extra="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"))
    assert [note.code for note in with_script.notes] == ["script"]


def test_umlauts_a_printer_driver_broke_are_mended():
    from plumbline.reading.pdf import _mended

    assert _mended(["Maflnahmen f¸r die Qualit‰t, gemäfl Auflage"]) == ["Maßnahmen für die Qualität, gemäß Auflage"]
    assert _mended(["5 ‰ Gefälle, Einfluss für alle"]) == ["5 ‰ Gefälle, Einfluss für alle"]


def test_markdown_html_text_and_csv():
    md = read(
        "a.md",
        b"---\nversion: 2\n---\n# Purpose\n\nEach *gauge* is [checked](http://x).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    )
    assert md.text == "version: 2\nPurpose\nEach gauge is checked.\na | b\n1 | 2"
    assert (md.headings, md.tables, md.properties) == (["Purpose"], [[["a", "b"], ["1", "2"]]], {"version": "2"})
    page = read(
        "a.html", b"<html lang=de><head><title>Lehren</title></head><body><h2>Zweck</h2>Alle<br>Lehren</body></html>"
    )
    assert (page.text, page.headings, page.properties) == (
        "Zweck\nAlle\nLehren",
        ["Zweck"],
        {"language": "de", "title": "Lehren"},
    )
    text = read("a.txt", b"1. Purpose\n\nEach gauge\nis checked.\n")
    assert (text.text, text.headings) == ("1. Purpose\nEach gauge is checked.", ["1. Purpose"])
    table = read("a.csv", 'Nr;Fällig\n7;"5. März; früh"\n'.encode("cp1252"))
    assert table.tables == [[["Nr", "Fällig"], ["7", "5. März; früh"]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_usual_encoding(encoding):
    assert read("a.txt", "Prüfmittel größer".encode(encoding)).text == "Prüfmittel größer"


def test_a_picture_is_kept_without_text():
    reading = read("a.png", png(40, 30))
    assert (reading.text, reading.media_type, reading.properties) == ("", "image/png", {"width": "40", "height": "30"})


def test_a_wrong_ending_is_noted_not_believed():
    reading = read("a.docx", pdf())
    assert reading.media_type == "application/pdf"
    assert [note.code for note in reading.notes] == ["name_mismatch"]
    assert reading.notes[0] == "The name ends in .docx, but the content is pdf."


def test_the_words_of_a_drawing_are_read():
    drawing = (
        b"<svg xmlns='http://www.w3.org/2000/svg'><title>Flange</title><text>Bore <tspan>12 H7</tspan></text></svg>"
    )
    reading = read("LM-4711.svg", drawing)
    assert reading.media_type == "image/svg+xml"
    assert reading.paragraphs == ["Flange", "Bore 12 H7"]
    assert read("empty.svg", b"<svg/>").notes == ["No text was found; it may be a scan."]


@pytest.mark.slow  # starts the program that reads drawings
def test_the_words_of_a_dxf_are_read():
    import ezdxf

    document, made = ezdxf.new(units=4), io.StringIO()
    document.modelspace().add_text("Bore 12 H7")
    document.write(made)
    reading = read("LM-4711.dxf", made.getvalue().encode())
    assert (reading.media_type, reading.text) == ("image/vnd.dxf", "Bore 12 H7")
    assert reading.properties["unit"] == "mm"
