"""PDF: text by page through a separate program, lines joined to paragraphs, repeated lines told as margins."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plumbline.reading import limits
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source

MEDIA_TYPE = "application/pdf"
_PROGRAM = Path(__file__).with_name("pdf_pages.py")
_NAMES = {"Title": "title", "Author": "author", "CreationDate": "created", "ModDate": "modified", "Subject": "subject"}
_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.)\s+[A-ZÄÖÜ][^.!?;]{2,90}$")
_LIST_MARK = re.compile(r"^(?:[•▪●■◦·–—*-]|\(?[a-z0-9]{1,2}[.)])\s+")
_DIGITS = re.compile(r"\d+")


def read_pdf(source: Source) -> Reading:
    """The reading of a PDF; raises Refused."""
    answer = _ask(source)
    if "error" in answer:
        raise Refused(str(answer["error"]), **({"kind": "PDF"} if answer["error"] == "damaged" else {}))
    if answer["pages"] > limits.PDF_PAGES_REFUSED:
        raise Refused("too_many_pages", pages=answer["pages"])
    draft = Draft(MEDIA_TYPE)
    draft.reading.pages = answer["pages"]
    draft.reading.properties = _properties(answer.get("properties", {}))
    draft.reading.controls = 1 if answer.get("form") else 0
    texts = _mended(answer.get("texts", []))
    if len(texts) < answer["pages"]:
        draft.remark("cut_pages", read=len(texts), pages=answer["pages"])
    _fill(draft, [[tidy(line) for line in _unbroken(text).split("\n")] for text in texts])
    for title in answer.get("outline", []):
        if tidy(title) and tidy(title) not in draft.reading.headings:
            draft.reading.headings.append(tidy(title))
    if source.holds(b"/JavaScript") or source.holds(b"/Launch"):
        draft.remark("script")
    if source.holds(b"/EmbeddedFile"):
        draft.remark("embedded")
    if not draft.lines:
        draft.remark("no_text")
    return draft.finish()


def _ask(source: Source) -> dict[str, Any]:
    with TemporaryDirectory(prefix="plumbline-") as folder:
        path = Path(folder) / "document.pdf"
        source.file.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(source.file, copy, limits.MEGABYTE)
        figures = [limits.CHILD_BYTES + source.size, int(limits.SECONDS), limits.PDF_PAGES, limits.CHARACTERS]
        command = [sys.executable, "-I", str(_PROGRAM), str(path), *map(str, figures)]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limits.WALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("too_slow") from error
    if done.returncode == -24:  # SIGXCPU
        raise Refused("too_slow")
    try:
        return dict(json.loads(done.stdout))
    except ValueError as error:
        slow = done.returncode == -9
        raise Refused("too_slow" if slow else "damaged", **({} if slow else {"kind": "PDF"})) from error


def _properties(found: dict[str, str]) -> dict[str, str]:
    named = {_NAMES[key]: tidy(value)[:300] for key, value in found.items() if key in _NAMES and tidy(value)}
    for key in ("created", "modified"):
        if date := _DATE.match(named.get(key, "")):
            named[key] = f"{date[1]}-{date[2]}-{date[3]}"
        else:
            named.pop(key, None)
    return named


def _unbroken(text: str) -> str:
    """Undo hyphens at line ends (PDFium marks them) and unify line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x02\ufffe]\n?", "", text)
    return re.sub(r"(?<=[a-zäöüß])-\n(?=[a-zäöüß])", "", text)


def _fill(draft: Draft, pages: list[list[str]]) -> None:
    repeated = _margins(pages)
    for page in pages:
        widest = max((len(line) for line in page), default=0)
        kept: list[str] = []
        for place, line in enumerate(page):
            if line and _edge(place, len(page)) and _DIGITS.sub("#", line) in repeated:
                draft.margin(line)
            elif line and kept and _continues(kept[-1], line, widest):
                kept[-1] += " " + line
            elif line:
                kept.append(line)
        for paragraph in kept:
            draft.paragraph(paragraph, heading=bool(_NUMBERED.match(paragraph)))


def _edge(place: int, count: int) -> bool:
    return place < 12 or place >= count - 12


_MISREAD = str.maketrans("‰ˆ¸ƒ÷‹", "äöüÄÖÜ")
_SHARP_S = re.compile(
    r"(?i)((?:schwei|regelmä|drau|proze|gemä|anschlie|verschlie|schlie|verschlei|grö|stra|gefä|ma)|\b(?:da|mu|me|au|wei|hei|fu|sto))fl"
    r"(?=\b|nahm|mittel|gerä|ge|wert|en|e|t|lich|teil|vor|fä|i|st)"
)


def _mended(texts: list[str]) -> list[str]:
    """Undo umlauts that a printer driver wrote in one code page and named another (ä as ‰, ö as ˆ, ü as ¸, ß as fl)."""
    whole = "".join(texts)
    wrong = len(re.findall(r"[a-z][‰ˆ¸](?=[a-z])|\b[ƒ÷‹][a-z]|f¸r", whole))
    if not wrong or wrong <= len(re.findall(r"[äöü]", whole)):
        return texts
    return [_SHARP_S.sub(lambda run: run[1] + "ß", text.translate(_MISREAD)) for text in texts]


def _margins(pages: list[list[str]]) -> set[str]:
    """Lines near the edge of at least three pages and of half of all, digits aside."""
    seen: Counter[str] = Counter()
    for page in pages:
        lines = {_DIGITS.sub("#", line) for place, line in enumerate(page) if line and _edge(place, len(page))}
        seen.update(lines)
    return {line for line, count in seen.items() if count >= 3 and count * 2 >= len(pages)}


def _continues(before: str, line: str, widest: int) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if _LIST_MARK.match(line) or _NUMBERED.match(line) or _NUMBERED.match(before) or len(before) > 3000:
        return False
    if line[0].islower():
        return True
    last = before.rsplit("\n", 1)[-1]
    return len(last) > 0.6 * widest and widest > 40 and before[-1] not in ".:;!?|"
