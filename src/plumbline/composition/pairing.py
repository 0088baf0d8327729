"""Which block of the old text became which block of the new one."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from plumbline.composition.pieces import plain

Pair = tuple[Any | None, Any | None]

_AHEAD = 12
"""How many old blocks are looked at for one new block."""
_SURE, _LIKELY = 75, 45
"""Similarity in per cent at which a block is taken at once, and at which the best of those seen is taken."""
_LOOKED_AT = 600
"""Characters of a block that its similarity is judged by."""


class Side:
    """The blocks of one side with what they are compared by."""

    def __init__(self, blocks: list[Any]) -> None:
        self.blocks = blocks
        self.keys = [hash(plain(block)) for block in blocks]

    def words(self, place: int) -> str:
        """The beginning of a block's words."""
        return " ".join(islice(self.blocks[place].itertext(), _LOOKED_AT))[:_LOOKED_AT]


def paired(old: Side, new: Side) -> Iterator[Pair]:
    """Pairs in reading order: equal blocks, changed ones, and those that stand on one side only."""
    from rapidfuzz.distance import Indel

    gone: list[int] = []
    come: list[int] = []
    for step in Indel.opcodes(old.keys, new.keys):
        if step.tag == "equal":
            yield from _changed(old, gone, new, come)
            gone, come = [], []
            yield from zip(
                old.blocks[step.src_start : step.src_end], new.blocks[step.dest_start : step.dest_end], strict=True
            )
        else:
            gone.extend(range(step.src_start, step.src_end))
            come.extend(range(step.dest_start, step.dest_end))
    yield from _changed(old, gone, new, come)


def _changed(old: Side, gone: list[int], new: Side, come: list[int]) -> Iterator[Pair]:
    """Pair the blocks of a changed passage by their likeness; each is looked at a bounded number of times."""
    at, waiting = 0, []
    for place in come:
        found = _like(old, gone[at : at + _AHEAD], new, place)
        if found is None:
            waiting.append(place)
            continue
        yield from _apart(old, gone[at : at + found], new, waiting)
        yield old.blocks[gone[at + found]], new.blocks[place]
        at, waiting = at + found + 1, []
    yield from _apart(old, gone[at:], new, waiting)


def _apart(old: Side, gone: list[int], new: Side, come: list[int]) -> Iterator[Pair]:
    """What stands on one side only: first what went, then what came."""
    for place in gone:
        yield old.blocks[place], None
    for place in come:
        yield None, new.blocks[place]


def _like(old: Side, candidates: list[int], new: Side, place: int) -> int | None:
    """The candidate that the new block came from, if any is like it."""
    from rapidfuzz import fuzz

    words = new.words(place)
    best, found = float(_LIKELY), None
    for number, candidate in enumerate(candidates):
        if old.blocks[candidate].tag not in _kin(new.blocks[place].tag):
            continue
        measure = fuzz.ratio if new.blocks[place].tag in _TEXTS else fuzz.token_set_ratio
        likeness = measure(old.words(candidate), words, score_cutoff=best)
        if likeness >= _SURE:
            return number
        if likeness > best:
            best, found = likeness, number
    return found


def _kin(tag: str) -> tuple[str, ...]:
    """The tags that a block may have come from: a paragraph may become a heading, a table stays a table."""
    return _TEXTS if tag in _TEXTS else (tag,)


_TEXTS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre")
