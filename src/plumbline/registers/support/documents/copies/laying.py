"""Pages laid out by WeasyPrint: a whole copy from HTML, or only the heads and feet to stamp other pages with."""

import io
import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .facts import Facts
from .printing import printed

LONG = 12_000  # characters of HTML from which on a copy begins with its contents
HEADINGS = 4
POINTS_A_MM = 72 / 25.4
_HEADING = re.compile(r"<h([23])((?: [^>]*)?)>(.*?)</h\1>", re.S)
_ID = re.compile(r' id="([A-Za-z0-9_-]+)"')


def laid_out(facts: Facts, body: str) -> bytes:
    """The content (inert HTML) on A4, with title block, and contents when it is long."""
    body, contents = _with_contents(body)
    return _pdf(facts, body=mark_safe(body), contents=contents)


def stamps(facts: Facts, sizes: list[tuple[float, float]]) -> bytes:
    """One empty page for each size (points), with head, foot and what is written across."""
    kinds = {size: f"s{number}" for number, size in enumerate(dict.fromkeys(sizes))}
    rules = "".join(f"@page {name} {{ size: {width:.3f}pt {height:.3f}pt }}" for (width, height), name in kinds.items())
    narrow = min(min(size) for size in sizes) / POINTS_A_MM
    return _pdf(facts, leaves=[kinds[size] for size in sizes], rules=rules, narrow=narrow)


def _pdf(facts: Facts, rules: str = "", narrow: float = 210, **context: Any) -> bytes:
    told = {"facts": facts, "w": words(), "qr": qr(facts.address), "css": _css() + rules + _across(facts, narrow)}
    html = render_to_string("documents/copies/sheet.html", {"body": None, "leaves": (), **told, **context})
    return printed(html, identifier_of(facts), len(context.get("leaves", ())))


def identifier_of(facts: Facts) -> bytes:
    """The same for the same copy, so that the same input gives the same bytes."""
    return sha256(f"{facts.uid} {facts.mark} {facts.code} {facts.copy}".encode()).digest()[:16]


def words() -> dict[str, str]:
    """The words at the edges and in the title block."""
    return {
        "revision": _("Revision"),
        "number": _("Number"),
        "owner": _("Owner"),
        "contents": _("Contents"),
        "page": pgettext("page n of m", "Page"),
        "of": pgettext("page n of m", "of"),
        "code": _("Verification code"),
        "scan": _("Whether it is still current: scan the code with any phone."),
    }


def qr(address: str) -> str:
    """The address as a picture that any phone reads, inline."""
    import segno

    return segno.make(address, error="m").png_data_uri(scale=8, border=1)


def _across(facts: Facts, narrow: float) -> str:
    """What is written across is as large as the narrowest page allows."""
    fits = 1.05 * narrow * POINTS_A_MM / max(len(facts.mark.word) * 0.68, 4.5)
    return f"#across {{ font-size: {min(fits, 110):.1f}pt }}"


def _with_contents(body: str) -> tuple[str, list[tuple[str, str, str]]]:
    """The body with an id at each heading, and the contents: (level, id, words)."""
    found: list[tuple[str, str, str]] = []

    def named(match: re.Match[str]) -> str:
        level, attributes, inner = match.groups()
        own = _ID.search(attributes)
        name = own[1] if own else f"c-{len(found)}"
        if text := unescape(strip_tags(inner)).strip():
            found.append((level, name, text))
        return match[0] if own else f'<h{level} id="{name}"{attributes}>{inner}</h{level}>'

    made = _HEADING.sub(named, body)
    return made, found if len(body) > LONG and len(found) >= HEADINGS else []


@lru_cache(maxsize=1)
def _css() -> str:
    return Path(__file__).with_name("copy.css").read_text(encoding="utf-8")


def inlined(content: bytes) -> str:
    """A picture as an address that carries it, freed of what the camera wrote into it; empty when it is none."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as opened:
            opened.draft("RGB", (2400, 2400))
            upright = ImageOps.exif_transpose(opened)
            clear = "A" in upright.getbands() or "transparency" in upright.info
            upright = upright.convert("RGBA" if clear else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    upright.thumbnail((2400, 2400))
    kept = io.BytesIO()
    upright.save(kept, "PNG" if clear else "JPEG", **({} if clear else {"quality": 85}))
    kind = "png" if clear else "jpeg"
    return f"data:image/{kind};base64,{b64encode(kept.getvalue()).decode('ascii')}"
