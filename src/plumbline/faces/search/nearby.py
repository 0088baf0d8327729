"""Whether short texts, such as names and titles, fit what somebody typed: for what is few and kept in memory."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from . import wording
from .vocabulary import may_be_wrong

Thing = TypeVar("Thing")


@lru_cache(maxsize=8192)
def _words(text: str) -> str:
    """The words of a text, each behind a space."""
    return "".join(f" {word}" for word in dict.fromkeys(wording.words(text)))


def fitting(
    things: Iterable[Thing], typed: str, said: Callable[[Thing], str], most: int, forgive: bool = True
) -> list[Thing]:
    """Those with every word typed, in their order; when none has, those with the fewest slips."""
    groups, listed = wording.asked(typed), list(things)
    if not groups:
        return []
    told = [_words(said(one)) for one in listed]
    exact = list(range(len(listed)))
    for group in groups:
        begun = [f" {term}" for term in group]
        exact = [place for place in exact if any(one in told[place] for one in begun)]
    if exact or not forgive:
        return [listed[place] for place in exact[:most]]
    slips = [(found, place) for place, words in enumerate(told) if (found := _slips(groups, words))]
    return [listed[place] for _found, place in sorted(slips)[:most]]


def _begun(group: Iterable[str], words: str) -> bool:
    return any(f" {term}" in words for term in group)


def _slips(groups: Iterable[list[str]], said: str) -> int:
    """How many slips lead from what was typed to these words; 0 when they are something else."""
    from rapidfuzz.distance import OSA

    total, words = 0, said.split()
    for group in groups:
        if _begun(group, said):
            continue
        term, most = group[0], 1 if len(group[0]) <= 5 else 2
        if not may_be_wrong(term):
            return 0
        near = [OSA.distance(term, word, score_cutoff=most) for word in words if may_be_wrong(word)]
        begun = [OSA.distance(term, word[: len(term)], score_cutoff=1) for word in words if len(word) > len(term) > 4]
        best = min((*(one for one in near if one <= most), *(one for one in begun if one <= 1)), default=0)
        if not best:
            return 0
        total += best
    return total
