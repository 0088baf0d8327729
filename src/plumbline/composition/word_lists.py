"""The numbers that Word gives to the items of its lists, which HTML would count anew after every paragraph between."""

import re
from collections import defaultdict
from typing import Any

from plumbline.composition.word_parts import W, WordParts

_OPEN, _CLOSE = "\ue002", "\ue003"
_SIGNS = dict.fromkeys(map(ord, (_OPEN, _CLOSE)))
_TOKEN = re.compile(
    f"<(?P<list>ol|ul)>(?:(?=<li>{_OPEN}(?P<first>[0-9]+){_CLOSE}))?|(?P<end></(?:ol|ul)>)"
    f"|(?P<item><li>)(?:{_OPEN}(?P<number>[0-9]+){_CLOSE})?|{_OPEN}[0-9]+{_CLOSE}"
)


class ListNumbers:
    """Counts the items of a file's lists in reading order, as Word does: by numbering, not by list."""

    def __init__(self, parts: WordParts) -> None:
        self.starts: dict[tuple[str, int], int] = {}
        """Where the levels of numberings that count begin; bullets are left out."""
        self.of_style: dict[str, tuple[str, int]] = {}
        self.numberings: dict[str, str] = {}
        self.begins_again: dict[tuple[str, int], int] = {}
        self.counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if "numbering" in parts.side:
            self._read(parts.side["numbering"], parts.side.get("styles"))

    def _read(self, root: Any, styles: Any) -> None:
        linked: dict[str, str] = {}
        for numbering in root.iter(f"{W}abstractNum"):
            key = numbering.get(f"{W}abstractNumId", "")
            linked[key] = _value(numbering.find(f"{W}numStyleLink"))
            for level in numbering.iter(f"{W}lvl"):
                place = _whole(level.get(f"{W}ilvl"), 0)
                if _value(level.find(f"{W}numFmt")) != "bullet":
                    self.starts[key, place] = _whole(_value(level.find(f"{W}start")), 1)
                self.of_style[_value(level.find(f"{W}pStyle"))] = (key, place)
        for num in root.iter(f"{W}num"):
            key = num.get(f"{W}numId", "")
            self.numberings[key] = _value(num.find(f"{W}abstractNumId"))
            for change in num.iter(f"{W}lvlOverride"):
                if start := _value(change.find(f"{W}startOverride")):
                    self.begins_again[key, _whole(change.get(f"{W}ilvl"), 0)] = _whole(start, 1)
        self._follow(linked, styles)

    def _follow(self, linked: dict[str, str], styles: Any) -> None:
        """A numbering may only name a style, which names another numbering."""
        if styles is None:
            return
        of_style = {
            style.get(f"{W}styleId", ""): _value(style.find(f"{W}pPr/{W}numPr/{W}numId"))
            for style in styles.iter(f"{W}style")
        }
        self.numberings |= {
            key: self.numberings.get(of_style.get(linked[kind], ""), kind)
            for key, kind in self.numberings.items()
            if linked.get(kind)
        }

    def mark(self, block: Any) -> None:
        """Write before the words of every numbered paragraph of a block which number it has."""
        for text in block.iter(f"{W}t"):
            if text.text and (_OPEN in text.text or _CLOSE in text.text):
                text.text = text.text.translate(_SIGNS)
        for paragraph in list(block.iter(f"{W}p")):
            number = self._next(paragraph)
            if number is None or not _says_something(paragraph):
                continue
            run = paragraph.makeelement(f"{W}r")
            text = run.makeelement(f"{W}t")
            text.text = f"{_OPEN}{number}{_CLOSE}"
            run.append(text)
            paragraph.insert(1 if paragraph[0].tag == f"{W}pPr" else 0, run)

    def _next(self, paragraph: Any) -> int | None:
        key, num, place = self._place(paragraph)
        if (key, place) not in self.starts:
            return None
        counts = self.counts[key]
        begins = self.begins_again.pop((num, place), None)
        if begins is None:
            begins = counts[place] + 1 if place in counts else self.starts[key, place]
        counts[place] = begins
        for deeper in [level for level in counts if level > place]:
            del counts[deeper]
        return begins

    def _place(self, paragraph: Any) -> tuple[str, str, int]:
        """The numbering, the list that uses it and the level of a paragraph, found where mammoth finds them."""
        num = _value(paragraph.find(f"{W}pPr/{W}numPr/{W}numId"))
        place = _value(paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        styled = self.of_style.get(_value(paragraph.find(f"{W}pPr/{W}pStyle")) or "-")
        if styled and not (num and place):
            return styled[0], "", styled[1]
        return self.numberings.get(num, ""), num, _whole(place, 0)


def numbered(html: str) -> str:
    """HTML whose marked items say their number where it is not the next one anyway."""
    awaited: list[int] = []

    def told(found: re.Match[str]) -> str:
        if found["list"]:
            awaited.append(int(found["first"] or 1))
            return f'<ol start="{awaited[-1]}">' if found["list"] == "ol" and awaited[-1] != 1 else f"<{found['list']}>"
        if found["end"]:
            if awaited:
                awaited.pop()
            return found[0]
        if not found["item"] or not awaited:
            return found["item"] or ""
        number = int(found["number"] or awaited[-1])
        expected, awaited[-1] = awaited[-1], number + 1
        return "<li>" if number == expected else f'<li value="{number}">'

    return _TOKEN.sub(told, html)


def _says_something(paragraph: Any) -> bool:
    """Whether a reader takes the paragraph at all: one without words is left out, though Word counts it."""
    return any(
        part.text or not part.tag.endswith("}t")
        for part in paragraph.iter(f"{W}t", f"{W}drawing", f"{W}pict", f"{W}footnoteReference")
    )


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))


def _whole(text: str | None, default: int) -> int:
    """A number of at most five digits."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else default
