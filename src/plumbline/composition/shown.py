"""`shown`: any kept file as an inert HTML fragment, for the viewer and for the redline."""

import base64
import codecs
import io
import re
import shutil
from collections.abc import Callable
from html import escape
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from plumbline.composition import limits
from plumbline.composition.cleaning import cleaned
from plumbline.composition.drawn import dxf_html, svg_html, tiff_html
from plumbline.composition.inert import inert_foreign
from plumbline.composition.markdown import from_markdown
from plumbline.composition.markup import to_html
from plumbline.composition.model import MEDIA_TYPE, NotOurs
from plumbline.composition.packages import Unreadable
from plumbline.composition.parsing import from_html
from plumbline.composition.pdf_pages import pdf_html
from plumbline.composition.sheets import csv_html, workbook_html
from plumbline.composition.slides import slides_html
from plumbline.composition.word_pages import word_html

_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    MEDIA_TYPE: "written",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    "application/vnd.ms-word.document.macroenabled.12": "docx",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
    "application/pdf": "pdf",
    "image/vnd.dxf": "dxf",
    "image/svg+xml": "svg",
    "image/tiff": "tiff",
    "text/csv": "csv",
    "text/markdown": "md",
    "text/html": "html",
    "text/plain": "txt",
}
_ENDINGS = {"docx", "xlsx", "pptx", "pdf", "dxf", "svg", "csv", "md", "html", "txt"}
_SAME = {"markdown": "md", "htm": "html", "xhtml": "html", "text": "txt", "log": "txt", "tsv": "csv"}
_SAME |= {"docm": "docx", "xlsm": "xlsx"}
_SHOWN_PICTURES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8", "image/webp": b"RIFF"}
_HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)


def shown(stream: BinaryIO | bytes, media_type: str, name: str) -> str:
    """The words, tables and pictures of a file as inert HTML; empty when it is of no known kind or cannot be read."""
    kind = _kind(media_type, name)
    if kind is None:
        return ""
    with seekable(stream) as file:
        try:
            return _SHOWN[kind](file)
        except (Unreadable, NotOurs):
            return ""


def _kind(media_type: str, name: str) -> str | None:
    """What the file is; text/plain and unknown media types give way to the ending of the name."""
    known = KINDS.get(media_type.split(";")[0].strip().lower())
    ending = PurePosixPath(name.lower()).suffix.lstrip(".")
    ending = _SAME.get(ending, ending)
    if known in (None, "txt") and ending in _ENDINGS:
        return ending
    return known


def seekable(stream: BinaryIO | bytes) -> BinaryIO:
    """The stream from its beginning, as one that can be read twice and closed without closing the caller's."""
    copy = cast(BinaryIO, SpooledTemporaryFile(max_size=8 * limits.MEGABYTE))  # noqa: SIM115
    shutil.copyfileobj(io.BytesIO(stream) if isinstance(stream, bytes) else stream, copy, limits.MEGABYTE)
    copy.seek(0)
    return copy


def _text(file: BinaryIO) -> str:
    """The first part of a text file, whatever its encoding."""
    content = file.read(limits.TEXT_BYTES)
    named = _CHARSET.search(content[:2048])
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    marked = [encoding for mark, encoding in marks if content.startswith(mark)]
    for encoding in (*marked, "utf-8", *([named[1].decode("ascii")] if named else [])):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(content).replace("\r\n", "\n")
        except (UnicodeDecodeError, LookupError, TypeError, AttributeError):
            continue
    return content.decode("cp1252", errors="replace").replace("\r\n", "\n")


def _paragraphs(text: str) -> str:
    """Plain text as it stands, paragraphs divided by empty lines."""
    parts = (part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.replace("\x00", "")))
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts if part.strip())


def _markdown(file: BinaryIO) -> str:
    text = _text(file)
    if len(text) > limits.MARKDOWN_BYTES:
        return inert_foreign(_paragraphs(text))
    return inert_foreign(to_html(from_markdown(text), numbered=False))


def _page(file: BinaryIO) -> str:
    return inert_foreign(to_html(from_html(_text(file)), numbered=False))


def _word(file: BinaryIO) -> str:
    left = [limits.PICTURES_BYTES]

    def picture(content: bytes, media_type: str, alt: str) -> dict[str, str] | None:
        left[0] -= len(content)
        begins = _SHOWN_PICTURES.get(media_type)
        if begins is None or not content.startswith(begins) or len(content) > limits.PICTURE_BYTES or left[0] < 0:
            return None
        return {"src": f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"}

    html = word_html(file, picture)
    return inert_foreign(_HEADING.sub(lambda tag: f"{tag[1]}{min(6, int(tag[2]) + 1)}", html))


_SHOWN: dict[str, Callable[[BinaryIO], str]] = {
    "written": lambda file: to_html(cleaned(file.read(limits.JSON_BYTES + 1))),
    "docx": _word,
    "xlsx": lambda file: inert_foreign(workbook_html(file)),
    "pptx": lambda file: inert_foreign(slides_html(file)),
    "pdf": lambda file: inert_foreign(pdf_html(file)),
    "dxf": lambda file: inert_foreign(dxf_html(file)),
    "svg": lambda file: inert_foreign(svg_html(file)),
    "tiff": lambda file: inert_foreign(tiff_html(file)),
    "csv": lambda file: inert_foreign(csv_html(_text(file))),
    "md": _markdown,
    "html": _page,
    "txt": lambda file: inert_foreign(_paragraphs(_text(file))),
}
