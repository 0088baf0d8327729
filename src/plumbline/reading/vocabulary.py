"""The words each clause's matters are told in: neighbouring passages that use several of them speak of the clause.

For texts that avoid the terms of quality management. A plus marks a word that is telling, `*` any ending; words that
many clauses share count less. Target `none` has the words of what is no matter of a quality management system.
"""

import csv
from collections import defaultdict
from functools import lru_cache
from math import prod
from pathlib import Path

from plumbline.reading.cues import OFF_TOPIC
from plumbline.reading.passages import Passage
from plumbline.reading.words import normal, words

TELLING = 0.2
COMMON = 0.1
LEAST_WORDS = 4
LEAST_TELLING = 2
NEIGHBOURS = 4
BEST_OF = 3
CEILING = 0.62

Spoken = dict[str, dict[str, float]]
"""By clause, the words (as listed) and what each is worth."""


@lru_cache(maxsize=1)
def _entries() -> tuple[dict[str, list[tuple[str, float]]], dict[str, list[tuple[str, str, float]]]]:
    """Whole words, and beginnings by their first three letters, with the clauses they belong to."""
    raw: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with Path(__file__).with_name("vocabulary.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                raw[normal(word.lstrip("+"))].append((row["clause"], TELLING if word.startswith("+") else COMMON))
    whole: dict[str, list[tuple[str, float]]] = {}
    begun: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for word, targets in raw.items():
        chapters = {".".join(clause.split(".")[:2]) for clause, _ in targets}
        shared = [(clause, weight / (1 + 0.25 * (len(chapters) - 1))) for clause, weight in targets]
        if word.endswith("*"):
            begun[word[:3]].extend((word[:-1], clause, weight) for clause, weight in shared)
        else:
            whole[word] = shared
    return whole, dict(begun)


@lru_cache(maxsize=50_000)
def _of(word: str) -> tuple[tuple[str, str, float], ...]:
    """Clause, listed word and worth for one word of a text."""
    whole, begun = _entries()
    found = [(clause, word, weight) for clause, weight in whole.get(word, ())]
    found += [(clause, start, weight) for start, clause, weight in begun.get(word[:3], ()) if word.startswith(start)]
    return tuple(found)


def _spoken(passage: Passage) -> Spoken:
    found: Spoken = defaultdict(dict)
    if passage.worth >= 0.3:
        for word in set(words(passage.text)):
            for clause, listed, weight in _of(word):
                found[clause][listed] = max(weight, found[clause].get(listed, 0.0))
    return found


def told(everything: list[Passage]) -> dict[str, tuple[float, int]]:
    """By clause how surely the words speak of it (0 to 0.62), and the passage with most of them."""
    said = [_spoken(passage) for passage in everything]
    best: dict[str, tuple[float, int]] = {}
    for start in range(1, len(said)):
        window = range(start, min(len(said), start + NEIGHBOURS))
        scores = _scores([said[0], *(said[place] for place in window)])
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])[:BEST_OF]
        for clause, score in ranked:
            if clause != OFF_TOPIC and score > best.get(clause, (0.0, 0))[0]:
                best[clause] = score, max(window, key=lambda place: sum(said[place].get(clause, {}).values()))
    return best


def _scores(window: list[Spoken]) -> dict[str, float]:
    """What each clause's distinct words in a window amount to; off-topic words take away from all."""
    together: Spoken = defaultdict(dict)
    for spoken in window:
        for clause, found in spoken.items():
            together[clause].update(found)
    off = 0.75 ** len(together.pop(OFF_TOPIC, {}))
    return {
        clause: min(CEILING, 1 - prod(1 - weight for weight in found.values())) * off
        for clause, found in together.items()
        if len(found) >= LEAST_WORDS and sum(weight > COMMON for weight in found.values()) >= LEAST_TELLING
    }
