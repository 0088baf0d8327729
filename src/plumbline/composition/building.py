"""Builds written content from a stream of openings, words and closings, in whatever order they come."""

import re
from typing import Any

from plumbline.composition import limits
from plumbline.composition.model import HOLDS, MARKS, Json

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_IMPLIED: Json = {}
"""The attributes of a node that nobody opened, but something had to stand in."""
_DEEPEST = limits.DEPTH - 6


class Builder:
    """Keeps the open containers on a stack; a block of text is open at most once, in the innermost of them."""

    def __init__(self) -> None:
        self.document: Json = {"type": "doc", "content": []}
        self.stack: list[Json] = [self.document]
        self.flat: list[str] = []
        """Containers that were too deep and are not nodes, by kind."""
        self.text: Json | None = None
        self.marks: dict[str, int] = {}
        self.links: list[str | None] = []

    def finish(self) -> Json:
        """The content, everything closed."""
        self.end_block()
        return self.document

    def open(self, kind: str, attrs: Json) -> None:
        """Begin a list, an item, a table, a row, a cell or a quotation."""
        self.end_block()
        if len(self.stack) > _DEEPEST or self.flat:
            self.flat.append(kind)
            return
        self._make_room(kind, attrs.get("value"))
        self._push(kind, attrs)

    def _make_room(self, kind: str, number: int | None) -> None:
        """Open what the kind has to stand in, when it comes without; an item may say its number."""
        if kind == "listItem":
            if self._here not in ("bulletList", "orderedList"):
                self._into_blocks()
                self._push("bulletList", _IMPLIED)
            elif self._here == "orderedList" and number:
                self._at(number)
        elif kind in ("tableRow", "tableCell", "tableHeader"):
            if self._here == "tableRow" and kind == "tableRow":
                self.stack.pop()
            if self._here not in ("table", "tableRow"):
                self._into_blocks()
                self._push("table", _IMPLIED)
            if self._here == "table" and kind != "tableRow":
                self._push("tableRow", _IMPLIED)
        else:
            self._into_blocks()

    def _at(self, number: int) -> None:
        """Go on in a list of its own, when the next item is numbered otherwise than by its place."""
        top = self.stack[-1]
        if not top["content"]:
            top["attrs"] = {**top["attrs"], "start": number}
        elif top["attrs"].get("start", 1) + len(top["content"]) != number:
            self.stack.pop()
            self._push("orderedList", {"start": number})

    def _into_blocks(self) -> None:
        """Make sure that the innermost container takes blocks: leave one that was only implied, or go into a part."""
        while "paragraph" not in HOLDS[self._here]:
            top = self.stack[-1]
            if self._here == "tableRow":
                self._push("tableCell", _IMPLIED)
            elif top["attrs"] is _IMPLIED:
                self.stack.pop()
            elif self._here == "table":
                self._push("tableRow", _IMPLIED)
            elif top["content"]:
                self.stack.append(top["content"][-1])
            else:
                self._push("listItem", _IMPLIED)

    @property
    def _here(self) -> str:
        return str(self.stack[-1]["type"])

    def _push(self, kind: str, attrs: Json) -> None:
        node: Json = {"type": kind, "attrs": attrs, "content": []}
        self.stack[-1]["content"].append(node)
        self.stack.append(node)

    def close(self, kind: str) -> None:
        """End the innermost open node of the kind, with what is open inside it."""
        self.end_block()
        if self.flat:
            if self.flat[-1] == kind:
                self.flat.pop()
            return
        for place in range(len(self.stack) - 1, 0, -1):
            if self.stack[place]["type"] == kind:
                del self.stack[place:]
                return

    def start_block(self, node: Json) -> None:
        """Begin a paragraph, a heading or a block of code."""
        self.end_block()
        self._into_blocks()
        self.text = {**node, "content": []}
        self.stack[-1]["content"].append(self.text)

    def end_block(self) -> None:
        """End the block of text that is open; without words it stays only when it is one of ours."""
        block, self.text = self.text, None
        if block is None:
            return
        if block["type"] != "codeBlock":
            _trim(block["content"])
        elif block["content"] and block["content"][-1]["text"].endswith("\n"):
            block["content"][-1]["text"] = block["content"][-1]["text"][:-1]
        block["content"] = [leaf for leaf in block["content"] if leaf.get("text", "x")]
        if not block["content"] and not block.get("attrs", {}).get("id"):
            self.stack[-1]["content"].pop()

    def block(self, node: Json) -> None:
        """Add a block that has no content."""
        self.end_block()
        self._into_blocks()
        self.stack[-1]["content"].append(node)

    def picture(self, node: Json) -> None:
        """Add an image; one in the middle of a paragraph divides it."""
        open_block = self.text
        if open_block is not None and not open_block["content"]:
            node = {**node, "attrs": {**open_block.get("attrs", {}), **node["attrs"]}}
            node["attrs"].pop("level", None)
            open_block["attrs"] = {}
        self.block(node)

    def leaf(self, node: Json) -> None:
        """Add something that stands among words."""
        if self.text is None:
            if node["type"] == "hardBreak":
                return
            self.start_block({"type": "paragraph", "attrs": {}})
        if self.text is None:
            return
        if self.text["type"] == "codeBlock":
            self._append("\n" if node["type"] == "hardBreak" else "", [])
            return
        marks = self._marked() if node["type"] != "hardBreak" else []
        self.text["content"].append({**node, "marks": marks} if marks else node)

    def words(self, text: str) -> None:
        """Add words, their blanks folded as a browser folds them; in code they stay."""
        if self.text is not None and self.text["type"] == "codeBlock":
            self._append(text, [])
            return
        text = _BLANKS.sub(" ", text)
        if self.text is None:
            if not text.strip(" "):
                return
            self.start_block({"type": "paragraph", "attrs": {}})
        self._append(text, self._marked())

    def _append(self, text: str, marks: list[Json]) -> None:
        content = self.text["content"] if self.text is not None else []
        last = content[-1] if content else None
        code = self.text is not None and self.text["type"] == "codeBlock"
        if not code and text.startswith(" ") and (last is None or _ends_blank(last)):
            text = text[1:]
        if not text:
            return
        if last is not None and last["type"] == "text" and last.get("marks", []) == marks:
            last["text"] += text
        else:
            content.append({"type": "text", "text": text, **({"marks": marks} if marks else {})})

    def _marked(self) -> list[Json]:
        marks: list[Json] = [{"type": name} for name in MARKS if self.marks.get(name)]
        href = next((link for link in reversed(self.links) if link), None)
        return [*marks, {"type": "link", "attrs": {"href": href}}] if href else marks

    def mark_on(self, name: str) -> None:
        """Words that follow carry the mark."""
        self.marks[name] = self.marks.get(name, 0) + 1

    def mark_off(self, name: str) -> None:
        """Words that follow do not carry it any more."""
        self.marks[name] = max(0, self.marks.get(name, 0) - 1)

    def link_on(self, href: str | None) -> None:
        """Words that follow lead to the address."""
        self.links.append(href)

    def link_off(self) -> None:
        """The link has ended."""
        if self.links:
            self.links.pop()


def _ends_blank(leaf: dict[str, Any]) -> bool:
    return leaf["type"] == "hardBreak" or (leaf["type"] == "text" and leaf["text"].endswith(" "))


def _trim(content: list[Json]) -> None:
    """Take breaks and blanks off the end."""
    while content and (content[-1]["type"] == "hardBreak" or not content[-1].get("text", "x").strip(" ")):
        content.pop()
    if content and content[-1]["type"] == "text":
        content[-1]["text"] = content[-1]["text"].rstrip(" ")
