"""Finds the best of some records for what somebody typed, and narrows lists to them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from plumbline.kernel.models import Record

from . import vocabulary, wording
from .engines import Groups, engine

MOST_COUNTED = 1000


@dataclass(frozen=True)
class Found:
    """What a search gave: records of the spine, those with the words in number or title first."""

    records: list[Record]
    groups: Groups
    close: bool = False  # nothing had the words as typed; these have words close to them


def find(records: QuerySet, text: str, most: int, organisation: UUID, head: bool = False) -> Found:
    """The best of these records for what somebody typed; when nothing has it, what has the words it is close to.

    `head` looks at numbers and titles only.
    """
    typed = wording.asked(text)
    if not typed:
        return Found([], [])
    if found := engine().best(records, typed, most, organisation, head):
        return Found(found, typed)
    for close in _close(organisation, typed):
        if found := engine().best(records, close, most, organisation, head):
            return Found(found, close, True)
    return Found([], typed)


def counted(records: QuerySet, text: str, most: int) -> tuple[int, QuerySet]:
    """How many of these records have every word typed, counted up to `most`, and those; without words, all of them."""
    groups = wording.asked(text.strip())
    if not groups:
        return records.order_by().values("pk")[:most].count(), records
    total, common = engine().counted(records, groups, most)
    return total, engine().among(records, groups, common)


def having(records: QuerySet, groups: Groups) -> int:
    """How many of these records have a word of every group, counted up to one more than is told."""
    return engine().counted(records, groups, MOST_COUNTED + 1)[0]


def _close(organisation: UUID, typed: list[list[str]]) -> list[list[list[str]]]:
    """What may have been meant: first only words that nobody here uses are understood otherwise, then every one."""
    terms = [term for term, *_ways in typed if vocabulary.may_be_wrong(term)]
    near = vocabulary.near(organisation, terms)
    strange = vocabulary.unknown(organisation, terms) if len(typed) > 1 else set(terms)
    tries = []
    for wrong in (strange, set(terms)):
        meant = [near[ways[0]] if ways[0] in wrong else wording.dotless(ways[0]) for ways in typed]
        close = [[*ways, *more] for ways, more in zip(typed, meant, strict=True)]
        if close != typed and close not in tries:
            tries.append(close)
    return tries


def narrow(records: QuerySet, text: str, common: Any = None) -> QuerySet:
    """Only the records whose words begin with every word typed, in their own order."""
    groups = wording.asked(text.strip())
    return engine().among(records, groups, common) if groups else records
