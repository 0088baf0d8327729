"""A PDF's text, page by page, read by a program of its own."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from plumbline.composition import limits
from plumbline.composition.packages import Unreadable

_PROGRAM = Path(__file__).with_name("pdf_program.py")
_HYPHEN = re.compile(r"[\x02\ufffe]\n?|(?<=[a-zäöüß])-\n(?=[a-zäöüß])")
_STARTS = re.compile(r"(?:[•▪●■◦·–—*-]|\(?[A-Za-z0-9]{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+)\s+\S")


def pdf_html(stream: BinaryIO) -> str:
    """The pages of a PDF as sections of paragraphs; raises Unreadable."""
    sections = []
    for number, text in enumerate(_pages(stream), 1):
        paragraphs = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in _paragraphs(text))
        sections.append(f'<section class="pl-page" data-page="{number}">{paragraphs}</section>')
    return "".join(sections)


def _pages(stream: BinaryIO) -> list[str]:
    with TemporaryDirectory(prefix="plumbline-") as folder:
        path = Path(folder) / "document.pdf"
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, limits.MEGABYTE)
        memory = limits.PROGRAM_BYTES + path.stat().st_size
        figures = [memory, limits.PROGRAM_SECONDS, limits.PAGES, limits.CHARACTERS]
        command = [sys.executable, "-I", str(_PROGRAM), str(path), *map(str, figures)]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=limits.PROGRAM_SECONDS * 3,
                check=True,
            )
            return [str(text) for text in json.loads(done.stdout)]
        except (subprocess.SubprocessError, ValueError) as error:
            raise Unreadable("PDF") from error


def _paragraphs(text: str) -> Iterator[str]:
    """Lines joined to paragraphs: a line that is full and goes on in the next belongs to it."""
    lines = [
        " ".join(line.split()) for line in _HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    ]
    widest = max((len(line) for line in lines), default=0)
    kept = last = ""
    for line in lines:
        goes_on = kept and line and not _STARTS.match(line) and (line[0].islower() or _full(last, widest))
        if goes_on:
            kept += " " + line
        else:
            if kept:
                yield kept
            kept = line
        last = line
    if kept:
        yield kept


def _full(line: str, widest: int) -> bool:
    return len(line) > 0.6 * widest > 24 and line[-1] not in ".:;!?|"
