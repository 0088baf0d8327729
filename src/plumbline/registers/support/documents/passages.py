"""What a document says, as escaped text with the passages marked that speak to requirements."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WHOLE = 400_000  # characters shown on a page of its own; the file has the rest


@dataclass
class Mark:
    """A stretch of the text and the requirements it speaks to."""

    start: int
    end: int
    requirements: list[str] = field(default_factory=list)


def found_in(text: str, passages: Iterable[tuple[str, str]]) -> list[Mark]:
    """Where the passages (requirement, passage) stand; those that overlap are told together."""
    marks: list[Mark] = []
    for requirement, passage in passages:
        start = text.find(passage) if passage.strip() else -1
        if start >= 0:
            marks.append(Mark(start, start + len(passage), [requirement]))
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    joined: list[Mark] = []
    for mark in marks:
        if joined and mark.start < joined[-1].end:
            joined[-1].end = max(joined[-1].end, mark.end)
            joined[-1].requirements += [one for one in mark.requirements if one not in joined[-1].requirements]
        else:
            joined.append(mark)
    return joined


def marked(text: str, passages: Iterable[tuple[str, str]], most: int = WHOLE) -> SafeString:
    """The first `most` characters as paragraphs; everything from the file is escaped."""
    text = text[:most]
    parts, at = [], 0
    for mark in found_in(text, passages):
        parts += [_shown(text[at : mark.start]), _highlighted(text[mark.start : mark.end], mark)]
        at = mark.end
    parts.append(_shown(text[at:]))
    return mark_safe(f"<p>{''.join(parts)}</p>")


def _shown(text: str) -> str:
    return escape(text).replace("\n", "</p><p>")


def _highlighted(text: str, mark: Mark) -> str:
    told = escape(", ".join(mark.requirements))
    lines = [f'<mark title="{told}">{escape(line)}</mark>' for line in text.split("\n")]
    anchors = "".join(f'<span id="says-{escape(one)}"></span>' for one in mark.requirements)
    return anchors + "</p><p>".join(lines) + f'<small class="dc-id"> {told}</small>'
