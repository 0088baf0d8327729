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
    every = sorted({term for group in groups for term in group}, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_pattern, every))})[^\W_]*", re.IGNORECASE) if every else None


def excerpt(text: str, groups: Groups) -> SafeString:
    """The first lines with one of the words, marked; empty where none stands."""
    wanted = words(groups)
    first = wanted.search(text) if wanted else None
    if wanted is None or first is None:
        return mark_safe("")
    start = max(0, first.start() - BEFORE)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    piece = " ".join(text[start : start + WHOLE].split())
    return mark_safe(("… " if start else "") + marked(piece, wanted) + (" …" if start + WHOLE < len(text) else ""))


def marked(text: str, wanted: re.Pattern | None) -> str:
    """The text, escaped, with what was searched for marked."""
    told, last = [], 0
    for one in wanted.finditer(text) if wanted else ():
        told += [escape(text[last : one.start()]), "<mark>", escape(one.group()), "</mark>"]
        last = one.end()
    return "".join(map(str, [*told, escape(text[last:])]))
