"""Numbers that somebody typed before headings, where they only say what the headings are numbered by anyway."""

import re
from dataclasses import dataclass

from plumbline.composition.asking import inline_text, nodes
from plumbline.composition.model import Json
from plumbline.composition.numbers import Numbers

_TYPED = re.compile(r"\(?(\d{1,2}(?:\.\d{1,2}){0,3})(?:([.):]?)\s+(?:[–—-]\s+)?(?=\S)|([.):])(?=[^\W\d_]))")


@dataclass
class _Heading:
    """A heading, its level, and the number that is typed before its words, with how many letters that takes."""

    node: Json
    level: int
    typed: str = ""
    length: int = 0
    bare: bool = False
    """A number that may as well belong to the words, as in "3 bolts"."""


def without_typed_numbers(content: Json) -> Json:
    """Take typed numbers off the headings when the headings get the same ones, all together or without their titles.

    What stands above the first number (mostly the title as the only heading of the first level) counts for nothing in
    the numbers of such a file: it becomes a bold paragraph, as Word's own titles do, and the others move up.
    """
    headings = [_heading(node) for node in nodes(content) if node["type"] == "heading"]
    first = next((place for place, heading in enumerate(headings) if heading.typed), None)
    if first is None:
        return content
    if found := _section_numbers(headings):
        _take_off(found)
        return content
    titles, others = headings[:first], headings[first:]
    raised = others[0].level - 1
    for heading in others:
        heading.level = max(1, heading.level - raised)
    found = _section_numbers(others)
    if len(found) > max(1, len(titles)):
        for title in titles:
            _as_paragraph(title.node)
        for heading in others:
            heading.node["attrs"]["level"] = heading.level
        _take_off(found)
    return content


def _heading(node: Json) -> _Heading:
    level = int(node["attrs"]["level"])
    found = _TYPED.match(inline_text(node))
    if not found:
        return _Heading(node, level)
    bare = "." not in found[1] and not found[2] and not found[3]
    return _Heading(node, level, found[1], found.end(), bare)


def _section_numbers(headings: list[_Heading]) -> list[_Heading]:
    """Those whose typed number is their section's; none when the numbers of a level are not the ones it gets."""
    numbers = Numbers()
    levels: dict[int, list[bool]] = {}
    typed = []
    for heading in headings:
        number = numbers.next(heading.level)
        if heading.typed:
            typed.append(heading)
            levels.setdefault(heading.level, []).append(heading.typed == number)
    if any(not all(levels[heading.level]) and not heading.bare for heading in typed):
        return []
    found = [heading for heading in typed if all(levels[heading.level])]
    begins = bool(found) and not set(found[0].typed) - set("1.")
    return found if begins and (len(found) > 1 or not found[0].bare) else []


def _take_off(headings: list[_Heading]) -> None:
    for heading in headings:
        left, content = heading.length, heading.node["content"]
        for leaf in content:
            if leaf["type"] != "text":
                break
            leaf["text"], left = leaf["text"][left:], max(0, left - len(leaf["text"]))
        heading.node["content"] = [leaf for leaf in content if leaf.get("text", "x")]


def _as_paragraph(node: Json) -> None:
    """The heading as a paragraph in bold."""
    node["type"] = "paragraph"
    del node["attrs"]["level"]
    for leaf in node.get("content", []):
        marks = leaf.get("marks", [])
        if leaf["type"] == "text" and not any(mark["type"] in ("bold", "code") for mark in marks):
            leaf["marks"] = [{"type": "bold"}, *marks]
