"""The master list on paper: a short one is laid out in the server, a long one in a program of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from . import press

WIDTHS = (9, 18, 12.5, 6.5, 8, 10.5, 8.5, 8, 10.5, 8.5)  # of the columns, in hundredths
LONGEST = 400  # characters of a cell
MEMORY = 2 << 30
SECONDS = 4 * 3600  # 13 ms a row and as much again

Said = Callable[[int, int], Any]  # how many rows are done, of how many; raises what ends the work


class NoPaper(Exception):
    """The list cannot be laid out; the text says why, in the reader's words."""


def pdf(title: str, columns: list[str], rows: Iterable[list[Any]]) -> bytes:
    """A short list, at once: every row, with the headings and "page n / m" on each page."""
    with TemporaryDirectory(prefix="plumbline-list-") as made:
        folder = Path(made)
        _tell(folder, title, columns, rows)
        press.lay(folder, lambda done: None)
        return (folder / "list.pdf").read_bytes()


def write(title: str, columns: list[str], rows: Iterable[list[Any]], target: Path, said: Said) -> int:
    """A list of any length into a file, beside the server: how many rows it has. Raises NoPaper."""
    with TemporaryDirectory(prefix="plumbline-list-") as made:
        folder = Path(made)
        total = _tell(folder, title, columns, rows)
        said(0, total)
        limits = (str(MEMORY), str(SECONDS))
        command = [sys.executable, "-I", press.__file__, *limits, str(folder)]
        nothing = subprocess.DEVNULL
        with subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=nothing, text=True) as running:
            try:
                for line in running.stdout or ():
                    said(int(line), total)
            except BaseException:
                running.kill()
                raise
        if running.returncode:
            why = _("The list could not be laid out: it needs more memory or time than a list may have here.")
            raise NoPaper(f"{why} {_('The workbook (XLSX) has all of it.')}")
        shutil.copyfile(folder / "list.pdf", target)
    return total


def _tell(folder: Path, title: str, columns: list[str], rows: Iterable[list[Any]]) -> int:
    """What the press works from; how many rows that are."""
    count = 0
    with (folder / "rows.txt").open("w", encoding="utf-8", newline="\n") as file:
        for count, row in enumerate(rows, 1):
            file.write(_row(count - 1, row) + "\n")
    shown = {"title": title, "columns": list(zip(columns, WIDTHS, strict=True)), "empty": not count}
    told = {"first": {"first": True}, "next": {}, "total": {"total": True}}
    sheets = {name: render_to_string("documents/library/master.html", shown | own) for name, own in told.items()}
    (folder / "told.json").write_text(json.dumps({"title": title, **sheets}), encoding="utf-8")
    return count


def _row(number: int, row: list[Any]) -> str:
    cells = format_html_join("", "<td>{}</td>", ((_shown(cell),) for cell in row))
    return format_html('<tr id="r{}">{}</tr>', number, cells)


def _shown(cell: Any) -> str:
    if cell is None:
        return "–"
    told = date_format(cell, "SHORT_DATE_FORMAT") if isinstance(cell, date) else " ".join(str(cell).split())
    return Truncator(told).chars(LONGEST)
