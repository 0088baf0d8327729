"""The cue table: which phrases speak of which clause or requirement, and how strongly.

A line of cues.csv is one cue: alternatives between semicolons, any of which is the cue. In a phrase `*` is any
ending, a space joins neighbouring words, `~` lets up to four words stand between, `&` asks for both in one passage.
Weights: 0.6 and more speaks alone, 0.3 needs another, 0.2 only supports. Target `none` marks what is no QMS document.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from plumbline.reading.words import normal

OFF_TOPIC = "none"


@dataclass(frozen=True)
class Phrase:
    """One alternative of a cue: literals that must occur, then expressions that must all match."""

    literals: tuple[str, ...]
    expressions: tuple[re.Pattern[str], ...]
    loose: bool

    def found_in(self, text: str) -> bool:
        """Whether a passage in normal form has the phrase."""
        return all(literal in text for literal in self.literals) and all(part.search(text) for part in self.expressions)


@dataclass(frozen=True)
class Cue:
    """A clause or requirement, the weight, and the phrases that speak of it."""

    target: str
    tongue: str
    weight: float
    phrases: tuple[Phrase, ...]


def _expression(part: str) -> str:
    pieces = []
    for piece in part.split():
        word = re.escape(piece).replace(r"\*", r"\w*")
        pieces.append(
            r"(?:[\w'-]+\W+){0,4}?"
            if piece == "~"
            else (word if piece.startswith("*") else r"(?<!\w)" + word) + r"(?!\w)\W*"
        )
    return "".join(pieces)


def phrase(text: str) -> Phrase:
    """The phrase written in the cue table's notation."""
    parts = [normal(part.strip()) for part in text.split("&")]
    literals = tuple(max(re.split(r"[*~ ]+", part), key=len) for part in parts)
    return Phrase(literals, tuple(re.compile(_expression(part)) for part in parts), len(parts) > 1)


@lru_cache(maxsize=1)
def cues() -> tuple[Cue, ...]:
    """The shipped table."""
    with Path(__file__).with_name("cues.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Cue(row["target"], row["language"], float(row["weight"]), tuple(map(phrase, row["patterns"].split(";"))))
            for row in csv.DictReader(file)
        )


def clause_of(target: str) -> str:
    """The clause of a requirement id or clause."""
    return target.split("-", 1)[0]
