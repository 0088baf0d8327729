"""Plain text and CSV."""

import csv
import io
import re

from plumbline.reading import limits
from plumbline.reading.markup import bounded_text
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.sources import Source

TEXT = "text/plain"
CSV = "text/csv"
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?)\s+[A-ZÄÖÜ][^.!?;|]{2,90}$")
_RULE = re.compile(r"^[=\-_*#~+.\s]{4,}$")


def read_text(source: Source) -> Reading:
    """The reading of a text file: wrapped lines joined, headings by number, capitals or an underline."""
    draft = Draft(TEXT)
    lines = [tidy(line[: limits.PARAGRAPH]) for line in bounded_text(source, draft).split("\n")]
    widest = max((len(line) for line in lines[:2000] if len(line) <= 120), default=0)
    kept: list[str] = []
    for place, line in enumerate(lines):
        if not line or (_RULE.match(line) and "___" not in line):
            _give(draft, kept)
            continue
        underlined = place + 1 < len(lines) and bool(re.fullmatch(r"[=\-~]{4,}", lines[place + 1]))
        if underlined or _NUMBERED.match(line) or (line.isupper() and 4 < len(line) < 80):
            _give(draft, kept)
            draft.paragraph(line, heading=True)
        elif kept and (line[0].islower() or (len(kept[-1]) > 0.6 * widest > 30 and kept[-1][-1] not in ".:;!?|")):
            kept.append(line)
        else:
            _give(draft, kept)
            kept.append(line)
    _give(draft, kept)
    return draft.finish()


def _give(draft: Draft, kept: list[str]) -> None:
    if kept:
        draft.paragraph(" ".join(kept))
        kept.clear()


def read_csv(source: Source) -> Reading:
    """The reading of a CSV file, its separator found in its first lines."""
    draft = Draft(CSV)
    text = bounded_text(source, draft).replace("\x00", "")
    first = text[:20_000].split("\n")[:20]
    separator = max(
        ";,\t|", key=lambda mark: (min((line.count(mark) for line in first if line), default=0), _sum(first, mark))
    )
    rows: list[list[str]] = []
    csv.field_size_limit(limits.TEXT_BYTES)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            if (
                len(rows) >= limits.TABLE_ROWS
                or len(rows) * len(row[: limits.TABLE_COLUMNS]) > limits.CELLS
                or draft.full
            ):
                draft.remark("cut_table", rows=len(rows), columns=limits.TABLE_COLUMNS)
                break
            if len(row) > limits.TABLE_COLUMNS:
                draft.remark("cut_table", rows=limits.TABLE_ROWS, columns=limits.TABLE_COLUMNS)
            cells = [tidy(cell[:5000]) for cell in row[: limits.TABLE_COLUMNS]]
            if any(cells):
                rows.append(cells)
                draft.row(cells)
    except csv.Error:
        draft.remark("odd_characters")
    draft.table(rows)
    return draft.finish()


def _sum(lines: list[str], mark: str) -> int:
    return sum(line.count(mark) for line in lines)
