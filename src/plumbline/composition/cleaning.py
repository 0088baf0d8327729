"""`cleaned`: content as it came from an editor or a file, checked and brought into our form."""

import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from plumbline.composition import limits
from plumbline.composition.model import (
    ATTACHMENT,
    FIELD,
    HOLDS,
    IDENTIFIED,
    IDENTITY,
    KINDS_REFERRED_TO,
    LEAVES,
    MARKS,
    SHA256,
    TARGET,
    Json,
    NotOurs,
    safe_link,
)

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_CONTROLS = dict.fromkeys(
    [*range(9), 11, 12, 13, *range(14, 32), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
)
_FILLED = {
    "doc": "paragraph",
    "blockquote": "paragraph",
    "listItem": "paragraph",
    "tableCell": "paragraph",
    "tableHeader": "paragraph",
}
"""What stands in a node that would be empty, as the editor demands it."""


def new_id() -> str:
    """Eight random letters and digits that cannot be misread."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def cleaned(content: object) -> Json:
    """The content in our form, its unknown attributes dropped and its blocks identified; raises NotOurs."""
    if isinstance(content, str | bytes):
        content = _parsed(content)
    if not isinstance(content, Mapping) or content.get("type") != "doc":
        raise NotOurs("no_document")
    return _Cleaner().node(content, 0) or {"type": "doc", "content": []}


def _parsed(text: str | bytes) -> object:
    if len(text) > limits.JSON_BYTES:
        raise NotOurs("too_large")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise NotOurs("too_deep") from error
    except ValueError as error:
        raise NotOurs("no_json") from error


class _Cleaner:
    """Counts what it takes, and gives every block an id of its own."""

    def __init__(self) -> None:
        self.nodes = 0
        self.characters = 0
        self.ids: set[str] = set()

    def node(self, node: Mapping[str, Any], depth: int) -> Json | None:
        """The node with its content, or None when nothing of it is left."""
        self.nodes += 1
        if depth > limits.DEPTH:
            raise NotOurs("too_deep")
        if self.nodes > limits.NODES:
            raise NotOurs("too_large")
        kind = node["type"]
        if kind == "text":
            return self._text(node)
        made: Json = {"type": kind}
        attrs = node.get("attrs")
        attributes = self._attributes(kind, attrs if isinstance(attrs, Mapping) else {})
        if attributes:
            made["attrs"] = attributes
        if kind in LEAVES:
            return self._with_marks(made, node) if kind in _MARKED else made
        return self._filled(made, self._content(kind, node.get("content"), depth))

    def _content(self, kind: str, content: object, depth: int) -> list[Json]:
        if content is None:
            return []
        if not isinstance(content, list | tuple):
            raise NotOurs("bad_value", part=kind, value="content")
        kept = []
        for child in content:
            name = child.get("type") if isinstance(child, Mapping) else None
            if not isinstance(name, str) or name not in HOLDS or name == "doc":
                raise NotOurs("unknown_part", part=str(name)[:40])
            if name not in HOLDS[kind]:
                raise NotOurs("misplaced_part", part=name, place=kind)
            if kind == "codeBlock":
                child = {key: value for key, value in child.items() if key != "marks"}
            if (made := self.node(child, depth + 1)) is not None:
                kept.append(made)
        return kept

    def _filled(self, made: Json, content: list[Json]) -> Json | None:
        """The node with its content, completed to what the editor demands of it."""
        kind = made["type"]
        if kind in ("bulletList", "orderedList", "table") and not content:
            return None
        first = _FILLED.get(kind)
        if first and (not content or (kind == "listItem" and content[0]["type"] != "paragraph")):
            content.insert(0, {"type": first, "attrs": {"id": self._identity(None)}})
        if content:
            made["content"] = content
        return made if content or kind != "tableRow" else None

    def _text(self, node: Mapping[str, Any]) -> Json | None:
        text = node.get("text")
        if not isinstance(text, str):
            raise NotOurs("bad_value", part="text", value=type(text).__name__)
        text = unicodedata.normalize("NFC", text.translate(_CONTROLS))
        self.characters += len(text)
        if self.characters > limits.CHARACTERS:
            raise NotOurs("too_large")
        return self._with_marks({"type": "text", "text": text}, node) if text else None

    def _with_marks(self, made: Json, node: Mapping[str, Any]) -> Json:
        marks = node.get("marks") or []
        if not isinstance(marks, list | tuple):
            raise NotOurs("bad_value", part=made["type"], value="marks")
        kept: dict[str, Json] = {}
        for mark in marks:
            name = mark.get("type") if isinstance(mark, Mapping) else None
            if name not in MARKS:
                raise NotOurs("unknown_part", part=str(name)[:40])
            if name != "link":
                kept[name] = {"type": name}
            elif href := safe_link((mark.get("attrs") or {}).get("href")):
                kept[name] = {"type": name, "attrs": {"href": href}}
        if "code" in kept:  # the editor lets nothing stand beside code; an address is worth more than a typeface
            kept = {"link": kept["link"]} if "link" in kept else {"code": kept["code"]}
        if kept:
            made["marks"] = [kept[name] for name in MARKS if name in kept]
        return made

    def _attributes(self, kind: str, attrs: Mapping[str, Any]) -> Json:
        made: Json = {"id": self._identity(attrs.get("id"))} if kind in IDENTIFIED else {}
        if kind in _ATTRIBUTES:
            made |= _ATTRIBUTES[kind](attrs)
        return made

    def _identity(self, found: object) -> str:
        if not isinstance(found, str) or not IDENTITY.fullmatch(found) or found in self.ids:
            found = new_id()
        self.ids.add(found)
        return found


def _whole(attrs: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = attrs.get(name, default)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise NotOurs("bad_value", part=name, value=str(value)[:40])
    return value


def _words(attrs: Mapping[str, Any], name: str) -> str:
    value = attrs.get(name)
    return " ".join(value.translate(_CONTROLS).split())[: limits.LABEL] if isinstance(value, str) else ""


def _matched(attrs: Mapping[str, Any], name: str, pattern: Any, part: str) -> str:
    value = attrs.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise NotOurs("bad_value", part=part, value=str(value)[:40])
    return value


def _heading(attrs: Mapping[str, Any]) -> Json:
    level = _whole(attrs, "level", 1, 6)
    return {"level": min(max(level, 1), 4)}


def _ordered(attrs: Mapping[str, Any]) -> Json:
    return {"start": _whole(attrs, "start", 1, 100_000)}


def _cell(attrs: Mapping[str, Any]) -> Json:
    made: Json = {name: max(1, _whole(attrs, name, 1, limits.SPAN)) for name in ("colspan", "rowspan")}
    widths = attrs.get("colwidth")
    fits = isinstance(widths, list | tuple) and len(widths) == made["colspan"]
    if fits and all(type(width) is int and 0 < width <= 10_000 for width in widths or ()):
        made["colwidth"] = list(widths or ())
    return made


def _image(attrs: Mapping[str, Any]) -> Json:
    src = attrs.get("src")
    if not isinstance(src, str) or not ATTACHMENT.fullmatch(src):
        raise NotOurs("outside_image")
    made: Json = {"src": src, "alt": _words(attrs, "alt"), "title": _words(attrs, "title")}
    digest = attrs.get("sha256")
    if isinstance(digest, str) and SHA256.fullmatch(digest):
        made["sha256"] = digest
    return made


def _reference(attrs: Mapping[str, Any]) -> Json:
    if attrs.get("to") not in KINDS_REFERRED_TO:
        raise NotOurs("bad_value", part="reference", value=str(attrs.get("to"))[:40])
    return {
        "to": attrs["to"],
        "target": _matched(attrs, "target", TARGET, "reference"),
        "label": _words(attrs, "label"),
    }


_ATTRIBUTES: dict[str, Callable[[Mapping[str, Any]], Json]] = {
    "heading": _heading,
    "orderedList": _ordered,
    "tableCell": _cell,
    "tableHeader": _cell,
    "image": _image,
    "field": lambda attrs: {"name": _matched(attrs, "name", FIELD, "field")},
    "place": lambda attrs: {"hint": _words(attrs, "hint")},
    "reference": _reference,
}
_MARKED = ("field", "place", "reference")
"""Leaves that may be bold or a link like text."""
