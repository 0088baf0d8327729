"""`redline`: what changed between two fragments, block by block, then word by word inside changed blocks."""

from collections.abc import Iterator
from html import escape
from typing import Any

from plumbline.composition import limits
from plumbline.composition.inert import inert
from plumbline.composition.pairing import Side, paired
from plumbline.composition.pieces import blocks, children, is_leaf, marked, plain
from plumbline.composition.wording import compared, words

_ROWS = ("tr",)


def redline(old_html: str, new_html: str) -> str:
    """The new fragment with what is gone in del and what came in ins; equal blocks stand as they are."""
    return inert("".join(_Redline().lines(blocks(old_html), blocks(new_html))))


class _Redline:
    """Keeps account of the work done, so that a hostile or very long pair of texts still ends soon."""

    def __init__(self) -> None:
        self.left = limits.WORK

    def lines(self, old: list[Any], new: list[Any]) -> Iterator[str]:
        """Both sides as one row of blocks."""
        for start in range(0, max(len(old), len(new)), limits.BLOCKS):
            sides = Side(old[start : start + limits.BLOCKS]), Side(new[start : start + limits.BLOCKS])
            for before, after in paired(*sides):
                yield self._block(before, after)

    def _block(self, before: Any, after: Any) -> str:
        if before is None:
            return marked(after, "ins")
        if after is None:
            return marked(before, "del")
        if plain(before) == plain(after):
            return plain(after, whole=True)
        if is_leaf(before) and is_leaf(after):
            return self._words(before, after)
        if before.tag != after.tag or is_leaf(before) != is_leaf(after):
            return marked(before, "del") + marked(after, "ins")
        return self._container(before, after)

    def _container(self, before: Any, after: Any) -> str:
        """A list, a table, a row, an item or a cell on both sides."""
        old, new = children(before), children(after)
        if after.tag in _ROWS:
            if len(old) != len(new):
                return marked(before, "del") + marked(after, "ins")
            inside = "".join(self._block(*cells) for cells in zip(old, new, strict=True))
        else:
            inside = "".join(self.lines(old, new))
        return _within(after, inside)

    def _words(self, before: Any, after: Any) -> str:
        """The new block with the words that went and came; whole, old and new, when it is too long for that."""
        old, new = words(before), words(after)
        work = (len(old) + 1) * (len(new) + 1)
        if max(len(old), len(new)) > limits.WORDS or work > self.left:
            return marked(before, "del") + marked(after, "ins")
        self.left -= work
        number = after.find("./span[@class='pl-number']")
        shown = f'<span class="pl-number">{escape(number.text or "")}</span> ' if number is not None else ""
        return _within(after, shown + compared(old, new))


def _within(block: Any, inside: str) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in block.attrib.items())
    return f"<{block.tag}{attributes}>{inside}</{block.tag}>"
