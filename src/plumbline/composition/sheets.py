"""Workbooks and CSV as tables."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from typing import BinaryIO

from plumbline.composition import limits
from plumbline.composition.packages import BROKEN, Package, Unreadable


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows as an HTML table, the first as its head; empty rows at the end and columns at the right are left out."""
    kept = [list(row) for row in rows]
    while kept and not any(kept[-1]):
        kept.pop()
    width = max((place + 1 for row in kept for place, cell in enumerate(row) if cell), default=0)
    if not width:
        return ""
    lines = []
    for number, row in enumerate(kept):
        tag = "td" if number else "th"
        cells = [*row[:width], *[""] * (width - len(row))]
        lines.append(f"<tr>{''.join(f'<{tag}>{_lined(cell)}</{tag}>' for cell in cells)}</tr>")
    return f'<table class="pl-table"><tbody>{"".join(lines)}</tbody></table>'


def _lined(text: str) -> str:
    return escape(text[:5000], quote=False).replace("\n", "<br>")


def csv_html(text: str) -> str:
    """A CSV file as one table, its separator found in its first lines."""
    lines = text[:20_000].split("\n")[:20]
    separator = max(";,\t|", key=lambda mark: sum(line.count(mark) for line in lines))
    return table(_csv_rows(text, separator))


def _csv_rows(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(limits.TEXT_BYTES)
    cells = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=separator)):
            if number >= limits.ROWS or cells >= limits.CELLS:
                return
            cells += len(row[: limits.COLUMNS])
            yield [cell.strip() for cell in row[: limits.COLUMNS]]
    except csv.Error:
        return


def workbook_html(stream: BinaryIO) -> str:
    """The sheets of an .xlsx, each under its name; raises Unreadable."""
    import openpyxl

    for name in (package := Package(stream)).names("", ".xml"):
        with package.open(name) as part:
            if _declares(part.read(8192)):
                raise Unreadable("a document type")
    stream.seek(0)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        left = [limits.CELLS]
        return "".join(_sheet(sheet, left) for sheet in book.worksheets)
    except BROKEN as error:
        raise Unreadable("workbook") from error


def _declares(head: bytes) -> bool:
    """Whether XML begins with a document type, in whichever encoding; Office files have none."""
    plain = head.replace(b"\x00", b"")
    return (
        b"<!DOCTYPE" in plain or b"<!ENTITY" in plain or plain.lstrip(codecs.BOM_UTF8 + b" \r\n\t\xff\xfe")[:1] != b"<"
    )


def _sheet(sheet: object, left: list[int]) -> str:
    rows = []
    for row in sheet.iter_rows(max_row=limits.ROWS, max_col=limits.COLUMNS, values_only=True):  # type: ignore[attr-defined]
        left[0] -= len(row)
        if left[0] < 0:
            break
        rows.append([_worded(cell) for cell in row])
    title = escape(str(sheet.title), quote=False)  # type: ignore[attr-defined]
    body = table(rows)
    return f"<h2>{title}</h2>{body}" if body else ""


def _worded(value: object) -> str:
    """A cell as a reader expects it: dates without midnight, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == value.time().min else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
