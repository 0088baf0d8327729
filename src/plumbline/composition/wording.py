"""What changed between the words of two blocks: words and signs one by one, each with the tags it stands in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

_WORD = re.compile(r"\d+(?:[.,:]\d+)+\s*|\w+\s*|[^\w\s]\s*|\s+")
_SILENT = (" id=", " rel=", " data-label=")
_WHOLE = ("img", "br")


@dataclass(frozen=True)
class Word:
    """A word with the blanks after it, or a picture; `tags` are the opening tags it stands in, outermost first."""

    html: str
    tags: tuple[str, ...]

    @property
    def key(self) -> int:
        """What it is compared by."""
        return hash((self.html.strip(), self.tags))

    @property
    def weight(self) -> int:
        """How much it says: signs and blanks say nothing."""
        return sum(letter.isalnum() for letter in self.html)


Step = tuple[str, list[Word]]
"""What happened (equal, delete, insert) to a run of words."""


def words(block: Any) -> list[Word]:
    """The words of a block, the number of a heading left out."""
    return list(_words(block, ()))


def _words(element: Any, tags: tuple[str, ...]) -> Iterator[Word]:
    yield from _split(element.text, tags)
    for child in element:
        if child.tag in _WHOLE:
            yield Word(f"{_opening(child)}", tags)
        elif child.get("class") != "pl-number":
            yield from _words(child, (*tags, _opening(child)))
        tail = child.tail or ""
        yield from _split(tail.lstrip() if child.get("class") == "pl-number" else tail, tags)


def _split(text: str | None, tags: tuple[str, ...]) -> Iterator[Word]:
    for found in _WORD.findall(text or ""):
        yield Word(escape(found, quote=False), tags)


def _opening(element: Any) -> str:
    """The opening tag, without what says nothing to a reader."""
    attributes = (f' {name}="{escape(value)}"' for name, value in element.attrib.items())
    return f"<{element.tag}{''.join(each for each in attributes if not each.startswith(_SILENT))}>"


def compared(old: list[Word], new: list[Word]) -> str:
    """The new words as HTML, what is gone in del and what came in ins."""
    from rapidfuzz.distance import Indel

    steps: list[Step] = []
    for step in Indel.opcodes([word.key for word in old], [word.key for word in new]):
        if step.tag == "equal":
            steps.append(("equal", new[step.dest_start : step.dest_end]))
        else:
            steps.append(("delete", old[step.src_start : step.src_end]))
            steps.append(("insert", new[step.dest_start : step.dest_end]))
    return "".join(_told(*step) for step in _calmed([step for step in steps if step[1]]))


def _calmed(steps: list[Step]) -> list[Step]:
    """Changes that are parted only by a sign or a small word are told as one: first what went, then what came."""
    calm: list[Step] = []
    runs = [(kind == "equal", list(group)) for kind, group in groupby(steps, key=lambda step: step[0])]
    gone: list[Word] = []
    come: list[Word] = []
    for place, (equal, group) in enumerate(runs):
        held = [word for _, run in group for word in run]
        if equal and not (0 < place < len(runs) - 1 and _slight(held, gone, come)):
            calm += [("delete", gone), ("insert", come), ("equal", held)]
            gone, come = [], []
        elif equal:
            gone, come = gone + held, come + held
        elif group[0][0] == "delete":
            gone = gone + held
        else:
            come = come + held
    return [step for step in [*calm, ("delete", gone), ("insert", come)] if step[1]]


def _slight(held: list[Word], gone: list[Word], come: list[Word]) -> bool:
    """Whether equal words say so little after words that were replaced that they only disturb the reader."""
    if not gone or not come:
        return False
    weight = sum(word.weight for word in held)
    around = sum(word.weight for word in (*gone, *come))
    return weight == 0 or (len(held) <= 2 and weight * 6 < around)


def _told(kind: str, run: list[Word]) -> str:
    html = "".join(_dressed(run))
    return html if kind == "equal" else f"<{kind[:3]}>{html}</{kind[:3]}>"


def _dressed(run: Iterable[Word]) -> Iterator[str]:
    """The words in their tags, each opened and closed as seldom as possible."""
    for tags, group in groupby(run, key=lambda word: word.tags):
        yield "".join(tags)
        yield from (word.html for word in group)
        yield "".join(f"</{tag[1:].split()[0].rstrip('>')}>" for tag in reversed(tags))
