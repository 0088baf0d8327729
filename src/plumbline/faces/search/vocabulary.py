"""The words an organisation uses, so that a word typed wrong is understood, wherever in it the slip is.

Of a word with one slip, its first or its last half is whole; of two slips in a long word, mostly its consonants.
So three indexes give the few words to compare with, however many words there are.
"""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from plumbline.ledger.statements import fetched

from .models import SearchWord

SHORTEST, LONGEST = 4, 30  # letters of a word that may be typed wrong
KNOWN = "SELECT word FROM search_searchword WHERE organisation = %s AND word IN ({})"
AT_ONCE = 500  # words asked for in one statement
MOST = 6  # words taken for one that was typed wrong
CANDIDATES = 2000  # words compared with, from each index
END = "\U0010ffff"
ALIKE = (
    ("ph", "f"),
    ("ck", "k"),
    ("th", "t"),
    ("tz", "z"),
    ("v", "f"),
    ("c", "k"),
    ("q", "k"),
    ("z", "s"),
    ("x", "ks"),
)
SOFT = re.compile(r"[aeiouyhw]")
TWICE = re.compile(r"(.)\1+")


def of(words: Iterable[str]) -> set[str]:
    """The words that are worth remembering: made of letters and not short; of endless ones the beginning."""
    return {word for word in (word[:LONGEST] for word in words) if may_be_wrong(word)}


def may_be_wrong(term: str) -> bool:
    """A number is never understood as another one."""
    return SHORTEST <= len(term) <= LONGEST and term.isalpha()


def missing(organisation: UUID, words: set[str]) -> list[str]:
    """Those of the words that the organisation does not have yet."""
    listed, known = sorted(words), set()
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        known |= {word for (word,) in fetched(KNOWN.format(", ".join(["%s"] * len(some))), [organisation, *some])}
    return [word for word in listed if word not in known]


def learn(texts: Iterable[tuple[UUID, set[str]]]) -> None:
    """Remember the words of these texts; two who write at once may both note one, which does no harm and waits not."""
    words: dict[UUID, set[str]] = {}
    for organisation, text in texts:
        words.setdefault(organisation, set()).update(of(text))
    for organisation, found in words.items():
        new = [row_of(organisation, word) for word in missing(organisation, found)]
        SearchWord.objects.bulk_create(new, batch_size=AT_ONCE)


def row_of(organisation: UUID, word: str) -> SearchWord:
    return SearchWord(organisation=organisation, length=len(word), word=word, turned=word[::-1], bones=bones(word))


def bones(word: str) -> str:
    """What is left of a word when vowels and doubled letters are taken away and what sounds alike is written alike."""
    for two, one in ALIKE:
        word = word.replace(two, one)
    return TWICE.sub(r"\1", SOFT.sub("", TWICE.sub(r"\1", word)))


def unknown(organisation: UUID, terms: list[str]) -> set[str]:
    """Those of the terms that no word of the organisation begins with; in one statement."""
    if not terms:
        return set()
    begun = "WHERE organisation = %s AND word >= %s AND word < %s LIMIT 1"
    one = f"SELECT * FROM (SELECT %s FROM search_searchword {begun}) x"
    values: list[Any] = [value for term in terms for value in (term, _key(organisation), term, term + END)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(terms)), values)
        return set(terms) - {term for (term,) in cursor.fetchall()}


def near(organisation: UUID, terms: list[str]) -> dict[str, list[str]]:
    """For each term the words one slip away from it or from their beginning, of longer ones two; the nearest first."""
    compared = _candidates(organisation, terms) if terms else []
    return {term: _nearest(term, compared) for term in terms}


def _candidates(organisation: UUID, terms: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(*statement_for_candidates(organisation, terms))
        return [word for (word,) in cursor.fetchall()]


def statement_for_candidates(organisation: UUID, terms: list[str]) -> tuple[str, list]:
    """One statement, and its values, for the words that share a half or the consonants with one of the terms."""
    one = (
        "SELECT * FROM (SELECT word FROM search_searchword WHERE organisation = %s AND {0} >= %s AND {0} < %s"
        " AND length BETWEEN %s AND %s LIMIT {1}) x"
    )
    parts: list[str] = []
    values: list[Any] = []
    for term in terms:
        size, half, inner = len(term), (len(term) - 1) // 2, bones(term)
        longest = LONGEST if half > 1 else size + 1
        asked = [("word", term[:half], longest), ("turned", term[::-1][:half], size + 2)]
        asked += [("bones", inner, LONGEST if len(inner) > 2 else size + 2)] if len(inner) > 1 else []
        for column, begins, most in asked:
            parts.append(one.format(column, CANDIDATES))
            values += [_key(organisation), begins, begins + END, size - 2, most]
    return " UNION ".join(parts), values


def _nearest(term: str, words: list[str]) -> list[str]:
    from rapidfuzz.distance import OSA

    size, found = len(term), []
    slips = 1 if size <= 5 else 2
    for word in words:
        whole = OSA.distance(term, word, score_cutoff=slips)
        best = (whole, 0)
        if whole > 1 and len(word) > size and size > SHORTEST:  # not typed to its end yet
            begun = min(OSA.distance(term, word[:end], score_cutoff=1) for end in (size - 1, size, size + 1))
            best = min(best, (begun, 1)) if begun <= 1 else best
        if best[0] <= slips and word != term:
            found.append((*best, word[0] != term[0], abs(len(word) - size), word))
    return [word for *_order, word in sorted(set(found))[:MOST]]


def _key(organisation: UUID) -> object:
    return SearchWord._meta.get_field("organisation").get_db_prep_value(organisation, connection)
