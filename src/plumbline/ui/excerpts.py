"""The lines around the words that were searched for, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Groups = Sequence[Sequence[str]]  # what is searched for: every group, by any word of it
BEFORE, WHOLE = 60, 220  # letters before the first word, and of an excerpt


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """The letters with accents that count as each plain letter."""
    found: dict[str, str] = {}
    for sign in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
        letter = unicodedata.normalize("NFKD", sign)[0].lower()
        if letter != sign and letter.isalpha():
            found[letter] = found.get(letter, "") + sign
    return found


def _pattern(word: str) -> str:
    """A word typed without accents, as it may be written."""
    return "(?:ss|ß)".join("".join(f"[{one}{_variants().get(one, '')}]" for one in part) for part in word.split("ss"))


def words(groups: Groups) -> re.Pattern | None:
    """What finds every word of the groups at the beginning of a word, whatever its accents."""
    return _finder(_terms(groups))


def marks(groups: Groups) -> re.Pattern | None:
    """What is marked: the words, but of 7.1.5 not every 7, 1 and 5."""
    signs = tuple(group[0].lower() for group in groups if len(group) == 1 and len(group[0]) == 1)
    return _finder(_terms(groups), signs) if len(signs) > 1 else words(groups)


def _terms(groups: Groups) -> tuple[str, ...]:
    return tuple(sorted({term.lower() for group in groups for term in group}, key=len, reverse=True))


@lru_cache(maxsize=256)
def _finder(every: tuple[str, ...], signs: tuple[str, ...] = ()) -> re.Pattern | None:
    """Single `signs` count only one behind the other, with a dot or the like between them."""
    wanted = [r"\W".join(map(_pattern, signs))] if signs else []
    wanted += [_pattern(term) for term in every if term not in signs]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(wanted)})[^\W_]*", re.IGNORECASE) if wanted else None


def excerpt(text: str, groups: Groups) -> SafeString:
    """The first lines with one of the words, marked; empty where none stands."""
    wanted = words(groups)
    first = _first(text, _terms(groups), wanted) if wanted else None
    if wanted is None or first is None:
        return mark_safe("")
    start = max(0, first - BEFORE)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    piece = " ".join(text[start : start + WHOLE].split())
    return mark_safe(
        ("… " if start else "") + marked(piece, marks(groups)) + (" …" if start + WHOLE < len(text) else "")
    )


def _first(text: str, terms: tuple[str, ...], wanted: re.Pattern) -> int | None:
    """Where the first of the words begins; looked for in plain letters where they stand in the same places."""
    plain = text.lower()
    if len(plain) != len(text) or ("ß" in plain and any("ss" in term for term in terms)):
        found = wanted.search(text)
        return found.start() if found else None
    if not plain.isascii():
        plain = plain.translate(_plain())
    places = (_at_a_beginning(plain, term) for term in terms)
    return min((place for place in places if place is not None), default=None)


def _at_a_beginning(text: str, term: str) -> int | None:
    place = text.find(term)
    while place > 0 and text[place - 1].isalnum():
        place = text.find(term, place + 1)
    return place if place >= 0 else None


@lru_cache(maxsize=1)
def _plain() -> dict[int, str]:
    return {ord(sign): letter for letter, signs in _variants().items() for sign in signs}


def marked(text: str, wanted: re.Pattern | None) -> str:
    """The text, escaped, with what was searched for marked."""
    told, last = [], 0
    for one in wanted.finditer(text) if wanted else ():
        told += [escape(text[last : one.start()]), "<mark>", escape(one.group()), "</mark>"]
        last = one.end()
    return "".join(map(str, [*told, escape(text[last:])]))
