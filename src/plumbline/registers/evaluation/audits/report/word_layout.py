"""How the shipped Word template looks: its styles, tables and fields; used only by the script that makes it."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor

INK, QUIET, BLUE = RGBColor(0x1B, 0x23, 0x30), RGBColor(0x5B, 0x64, 0x72), RGBColor(0x1F, 0x5F, 0x8B)
WIDE = 170  # mm between the margins
MADE = (2026, 1, 1, 0, 0, 0)  # a fixed time, so that the same script gives the same bytes


def styles(document) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Arial", Pt(10), INK
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(5), 1.15
    for name, size, before, after, colour in (
        ("Title", 26, 0, 4, INK),
        ("Subtitle", 9.5, 0, 18, QUIET),
        ("Heading 1", 17, 22, 6, INK),
        ("Heading 2", 12, 14, 3, INK),
    ):
        _face(document.styles[name], size, before, after, colour, bold=name != "Subtitle")
    _unframe(document.styles["Title"])
    for name, size, before, after, colour, bold in (
        ("House", 12, 0, 22, BLUE, True),
        ("Answer", 13, 16, 3, BLUE, True),
        ("Lead", 11, 0, 6, INK, False),
        ("Asked", 10, 0, 3, QUIET, False),
        ("Fine", 8.5, 0, 4, QUIET, False),
        ("Cell", 9, 2, 2, INK, False),
        ("Figure", 20, 2, 0, INK, True),
        ("TOC 1", 10.5, 2, 2, INK, False),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _face(style, size, before, after, colour, bold)
    document.styles["Asked"].font.italic = True
    stops = document.styles["TOC 1"].paragraph_format.tab_stops
    stops.add_tab_stop(Mm(WIDE), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _face(style, size: float, before: float, after: float, colour: RGBColor, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = "Arial", Pt(size), bold, False
    style.font.color.rgb = colour
    for spacing in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _unframe(style) -> None:
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def watermark() -> str:
    shape = (
        "position:absolute;margin-left:0;margin-top:0;width:360pt;height:120pt;rotation:315;z-index:-251654144;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    return (
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e">'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="Draft" o:spid="_x0000_s2049" type="#_x0000_t136" style="{shape}" o:allowincell="f"'
        ' fillcolor="#f3e8e6" stroked="f"><v:textpath style="font-family:Arial;font-size:1pt" string="{{ w.draft }}"/>'
        "</v:shape></w:pict>"
    )


def table(document, heads, loop: str, cells, widths, figures_from: int | None = None) -> None:
    """A real table: a repeated head row, and one row for each turn of the loop."""
    made = document.add_table(rows=0, cols=len(cells))
    made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    if heads:
        _head_row(made, heads)
    for row in (("{%tr for " + loop + " %}",), cells, ("{%tr endfor %}",)):
        added = made.add_row()
        for index, text in enumerate(row):
            added.cells[index].text = text
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for row in made.rows:
        _settle(document, row, widths, figures_from)
    _lines(made)


def _head_row(table, heads) -> None:
    row = table.add_row()
    for index, text in enumerate(heads):
        row.cells[index].paragraphs[0].add_run(text).bold = True
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeat)


def _settle(document, row, widths, figures_from: int | None) -> None:
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)
    for index, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
        cell.width = Mm(width)
        cell.paragraphs[0].style = document.styles["Cell"]
        if figures_from is not None and index >= figures_from:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _lines(table) -> None:
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="D5DAE1"/>' for side in ("top", "bottom", "insideH"))
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>"))


def field(paragraph, code: str) -> None:
    begin(paragraph, code)
    paragraph.add_run("1")
    mark(paragraph, "end")


def begin(paragraph, code: str, dirty: bool = False) -> None:
    opened = mark(paragraph, "begin")
    if dirty:
        opened.set(qn("w:dirty"), "true")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    mark(paragraph, "separate")


def mark(paragraph, kind: str) -> BaseOxmlElement:
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(made)
    return made


def repack(target: Path) -> None:
    """The same parts with fixed times, without the preview picture that came with the empty document."""
    with ZipFile(target) as made:
        parts = [(name, made.read(name)) for name in made.namelist()]
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(ZipInfo(name, MADE), content, ZIP_DEFLATED)
