"""Writes manuscripts as the files a company would have; the same day gives the same bytes."""

from datetime import UTC, date, datetime, time
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from plumbline.config.demo.manuscripts import Block, Manuscript, blocks, manuscripts

SHEET = Path(__file__).with_name("press.css")


def print_all(source: Path, folder: Path, today: date) -> list[Path]:
    """Write every manuscript of the source into the folder, and return the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_print(manuscript, folder) for manuscript in manuscripts(source, today)]


def _print(manuscript: Manuscript, folder: Path) -> Path:
    path = folder / manuscript.file
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = {".docx": _word, ".pdf": _pdf, ".xlsx": _workbook, ".md": _markdown}[path.suffix]
    path.write_bytes(writer(manuscript))
    return path


def _markdown(manuscript: Manuscript) -> bytes:
    return (manuscript.text.strip() + "\n").encode()


def _word(manuscript: Manuscript) -> bytes:
    from docx import Document
    from docx.shared import Mm

    document = Document()
    document.styles["Normal"].font.name = "Arial"
    for block in blocks(manuscript.text):
        _word_block(document, block)
    document.sections[0].page_width, document.sections[0].page_height = Mm(210), Mm(297)
    section, properties = document.sections[0], document.core_properties
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = manuscript.head, manuscript.foot
    properties.author, properties.title = manuscript.author, manuscript.title
    properties.last_modified_by, properties.comments = manuscript.author, ""
    properties.created = properties.modified = datetime.combine(manuscript.written_on, time(9, 0))
    written = BytesIO()
    document.save(written)
    return _repacked(written, manuscript.written_on)


def _word_block(document, block: Block) -> None:
    if block.kind == "heading":
        document.add_heading(block.text, block.level)
    elif block.kind == "table":
        table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
        for index, row in enumerate(block.rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.paragraphs[0].add_run(text).bold = index == 0
        document.add_paragraph()
    else:
        style = {"item": "List Bullet", "step": "List Number", "paragraph": "Normal"}[block.kind]
        document.add_paragraph(block.text, style=style)


def _repacked(written: BytesIO, day: date) -> bytes:
    """The same parts with fixed times."""
    packed = BytesIO()
    with ZipFile(written) as made, ZipFile(packed, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            kept.writestr(ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0)), made.read(name), ZIP_DEFLATED)
    return packed.getvalue()


def _pdf(manuscript: Manuscript) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    body = "".join(_html(block) for block in blocks(manuscript.text)).replace("</ul><ul>", "").replace("</ol><ol>", "")
    page = (
        f'<html lang="{manuscript.language}"><head><title>{escape(manuscript.title)}</title>'
        f'<meta name="author" content="{escape(manuscript.author)}">'
        f'<meta name="dcterms.created" content="{manuscript.written_on.isoformat()}">'
        f"<style>{SHEET.read_text()}</style></head><body>"
        f'<div id="head">{escape(manuscript.head)}</div><div id="foot">{escape(manuscript.foot)}</div>'
        f"{body}</body></html>"
    )
    identifier = sha256(page.encode()).digest()[:16]
    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False)
    return HTML(string=page, url_fetcher=nothing).write_pdf(pdf_identifier=identifier)


def _html(block: Block) -> str:
    if block.kind == "table":
        head, *rows = block.rows
        lines = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
        lines += ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    if block.kind == "heading":
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if block.kind in {"item", "step"}:
        kind = "ul" if block.kind == "item" else "ol"
        return f"<{kind}><li>{escape(block.text)}</li></{kind}>"
    return f"<p>{escape(block.text)}</p>"


def _workbook(manuscript: Manuscript) -> bytes:
    """Every second-level heading is a sheet; what stands before the first goes on the first sheet."""
    from xlsxwriter import Workbook

    written = BytesIO()
    book = Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = datetime.combine(manuscript.written_on, time(9, 0), UTC).replace(tzinfo=None)
    book.set_properties({"author": manuscript.author, "title": manuscript.title, "created": created})
    looks = {"head": book.add_format({"bold": True, "bg_color": "#E9EDF1", "text_wrap": True, "border": 1})}
    looks |= {
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "bold": book.add_format({"bold": True}),
    }
    sheet, row = None, 0
    for block in blocks(manuscript.text):
        if block.kind == "heading" and block.level == 2:
            sheet, row = book.add_worksheet(block.text[:31]), 0
            sheet.set_column(0, 0, 16)
            sheet.set_column(1, 12, 24)
            sheet.set_header(f"&L{manuscript.head}".replace("&", "&&").replace("&&L", "&L", 1))
            continue
        row = _sheet_block(sheet, row, block, looks) if sheet else row
    book.close()
    return written.getvalue()


def _sheet_block(sheet, row: int, block: Block, looks: dict) -> int:
    """Write a block from a row on, and return the next free row."""
    if block.kind != "table":
        sheet.write_string(row, 0, block.text, looks["bold"] if block.kind == "heading" else None)
        return row + 1
    for index, cells in enumerate(block.rows):
        for column, text in enumerate(cells):
            _write(sheet, row + index, column, text, looks, head=index == 0)
    return row + len(block.rows) + 1


def _write(sheet, row: int, column: int, text: str, looks: dict, head: bool) -> None:
    if head:
        sheet.write_string(row, column, text, looks["head"])
    elif text.replace(".", "", 1).isdigit() and not text.startswith("00"):
        sheet.write_number(row, column, float(text))
    elif len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit():
        sheet.write_datetime(row, column, date.fromisoformat(text), looks["day"])
    else:
        sheet.write_string(row, column, text)
