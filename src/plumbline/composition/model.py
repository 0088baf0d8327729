"""The JSON that written documents are kept as: Tiptap's model, with what may stand in what."""

import re
from dataclasses import dataclass
from typing import Any

from plumbline.composition import limits

MEDIA_TYPE = "application/vnd.plumbline.document+json"

Json = dict[str, Any]

BLOCKS = frozenset(
    {
        *("paragraph", "heading", "bulletList", "orderedList", "blockquote"),
        *("codeBlock", "horizontalRule", "table", "image"),
    }
)
INLINE = frozenset({"text", "hardBreak", "field", "place", "reference"})
LEAVES = frozenset({"horizontalRule", "image", "text", "hardBreak", "field", "place", "reference"})
IDENTIFIED = BLOCKS | {"listItem"}
"""Nodes that carry an id, so that a remark can be tied to them."""

HOLDS: dict[str, frozenset[str]] = {
    "doc": BLOCKS,
    "paragraph": INLINE,
    "heading": INLINE,
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": BLOCKS,
    "blockquote": BLOCKS,
    "codeBlock": frozenset({"text"}),
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableCell", "tableHeader"}),
    "tableCell": BLOCKS,
    "tableHeader": BLOCKS,
    **dict.fromkeys(LEAVES, frozenset()),
}
MARKS = ("bold", "italic", "underline", "strike", "code", "link")

FIELD = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,5}")
ATTACHMENT = re.compile(r"attachment:[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
TARGET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/ ()-]{0,127}")
IDENTITY = re.compile(r"[A-Za-z0-9_-]{4,40}")
SHA256 = re.compile(r"[0-9a-f]{64}")
KINDS_REFERRED_TO = ("document", "requirement")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")


class NotOurs(ValueError):
    """Content that is not taken: a stable code, the details that fill its text, and the English text."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        self.text = REASONS[code].format(**details)
        super().__init__(self.text)


def _(text: str) -> str:
    """Mark a text for translation where Django is not: whoever shows it translates it."""
    return text


REASONS = {
    "no_json": _("The content cannot be read as JSON."),
    "no_document": _("The content is not a written document."),
    "too_large": _("The content is too large. Split the document."),
    "too_deep": _("The content is nested too deeply. Take some lists or tables apart."),
    "unknown_part": _("The content has a part that is not known here ({part})."),
    "misplaced_part": _("The content has a part where it may not stand ({part} in {place})."),
    "bad_value": _("A part of the content has a value that is not allowed ({part}, {value})."),
    "outside_image": _("An image is not among the attachments. Attach it first."),
    "locked": _("The file is protected by a password. Save it without the password and try again."),
    "no_word": _("The file cannot be read as a Word document. Open it in Word and save it again as .docx."),
}


@dataclass(frozen=True)
class Reference:
    """What a written document points to: a document's uid or a requirement's id, and the words it is shown with."""

    to: str
    target: str
    label: str


def safe_link(href: object) -> str | None:
    """The address when it is http, https, mailto or within this site, else None."""
    if not isinstance(href, str) or not href.strip() or len(href) > limits.ADDRESS:
        return None
    href = href.strip()
    plain = _UNSEEN.sub("", href)
    if plain != href or "\\" in href or href.startswith("//"):
        return None
    if _SCHEME.match(href):
        return href if href.lower().startswith(("http://", "https://", "mailto:")) else None
    return None if ":" in re.split(r"[/?#]", href, maxsplit=1)[0] else href
