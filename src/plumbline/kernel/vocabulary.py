"""The words an organisation uses, so that a word typed wrong is understood."""

import re
from collections.abc import Iterable
from uuid import UUID

from .indexed import SearchWord

WORD = re.compile(r"[^\W_]+")
SHORTEST, LONGEST = 4, 30  # letters of a word that may be typed wrong
AT_ONCE = 500  # words asked for in one statement
MOST = 6  # words taken for one that was typed wrong


def of(words: str) -> set[str]:
    """The words that are worth remembering: made of letters, neither short nor endless."""
    return {word for word in words.split() if SHORTEST <= len(word) <= LONGEST and word.isalpha()}


def missing(organisation: UUID, words: set[str]) -> list[str]:
    """Those of the words that the organisation does not have yet."""
    listed, known = sorted(words), set()
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        known |= set(SearchWord.objects.filter(organisation=organisation, word__in=some).values_list("word", flat=True))
    return [word for word in listed if word not in known]


def learn(texts: Iterable[tuple[UUID, str]]) -> None:
    """Remember the words of these texts; two who write at once may both note one, which does no harm and waits not."""
    words: dict[UUID, set[str]] = {}
    for organisation, text in texts:
        words.setdefault(organisation, set()).update(of(text))
    for organisation, found in words.items():
        new = [SearchWord(organisation=organisation, length=len(w), word=w) for w in missing(organisation, found)]
        SearchWord.objects.bulk_create(new, batch_size=AT_ONCE)


def near(organisation: UUID, term: str) -> list[str]:
    """The organisation's words that are one slip away from this one, of longer ones two; the nearest first."""
    if not (SHORTEST <= len(term) <= LONGEST and term.isalpha()):
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 1 if len(term) <= 5 else 2
    lengths = range(len(term) - slips, len(term) + slips + 1)
    words = SearchWord.objects.filter(organisation=organisation, length__in=lengths).values_list("word", flat=True)
    found = process.extract(term, words, scorer=OSA.distance, score_cutoff=slips, limit=MOST * 2)
    return list(dict.fromkeys(word for word, *_slips in found if word != term))[:MOST]
