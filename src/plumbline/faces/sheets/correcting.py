"""The file once more, with a column that says what is wrong in each row: to be corrected and brought in again."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from . import tables
from .exporting import write_rows
from .models import Import, Row
from .runs import path_of

MOST, FIRST = 8, 6  # errors that several rows have, and rows of each, that are shown


def write_errors(target: Any, run: Import) -> int:
    """A workbook of the rows that did not come in, as they stand in the file, each with its errors; their count."""
    about = [_("Rows of “%(name)s” that did not come in") % {"name": run.name}]
    about += [_("Correct them here and bring this file in; the last column is not read."), ""]
    return write_rows(target, about, [*run.headings, _("What is wrong")], _rows(run))


def wrong(run: Import) -> Any:
    """The rows that did not come in."""
    return run.rows.filter(step="wrong") | run.rows.filter(state="refused")


def alike(run: Import) -> list[tuple[str, str, int, list[int]]]:
    """The errors that several rows have, the most frequent first: column, words, how many rows, the first of them."""
    found: dict[tuple[str, str], list[int]] = {}
    for line, errors in wrong(run).order_by("line").values_list("line", "errors").iterator():
        for column, words in errors:
            found.setdefault((column, words), []).append(line)
    often = [(*what, len(lines), lines[:FIRST]) for what, lines in found.items() if len(lines) > 1]
    return sorted(often, key=lambda one: -one[2])[:MOST]


def _rows(run: Import) -> Iterator[list[Any]]:
    told = {row.line: words_of(row) for row in wrong(run).iterator()}
    found: list[list[Any]] = []

    def take(line: int, cells: list[str]) -> None:
        if line in told:
            width = len(run.headings)
            found.append([*(cells + [""] * width)[:width], told[line]])

    tables.each(path_of(run), run.reading, take)
    yield from found


def words_of(row: Row) -> str:
    """All that is wrong with a row, in one text."""
    said = [f"{column}: {words}" if column else words for column, words in row.errors]
    return " ".join([*said, *([row.said] if row.said else [])])
