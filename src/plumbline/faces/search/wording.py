"""Text taken apart into words, the same for what is kept and for what is typed."""

import re
import unicodedata
from collections.abc import Iterator

WORD = re.compile(r"[^\W_]+")
PIECE = re.compile(r"\d+|[^\W\d_]+")
UNITS = (
    "mm|cm|dm|km|nm|um|m|mg|kg|g|t|ml|cl|l|mbar|bar|kpa|mpa|pa|kn|n|nmm|v|kv|mv|a|ma|w|kw|mw|hz|khz|mhz|ghz"
    "|s|ms|min|h|ppm|db|ohm|kohm|kj|rpm|inch|zoll|stk|pcs"
)
MEASURE = re.compile(rf"(?<![^\W_])(\d+)[ \u00a0\u202f]?({UNITS})(?![^\W_])")
CODE = re.compile(r"(?<![^\W_])([^\W\d_]{1,4})[-/.](\d+)(?![^\W_])")
UMLAUT = re.compile(r"(?<![aeiouq])([aou])e(?=[^\W_])")
SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
LONGEST = 60  # letters of a word that are looked at
MOST_TERMS = 8


def plain(text: str) -> str:
    """Lower case without accents, so that every engine finds the same."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("µ", "u"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def words(text: str) -> Iterator[str]:
    """The words of a text as they stand and as they may be asked for: 12 mm also as 12mm, L-014 also as l014 and 14."""
    told = plain(text)
    for found in WORD.finditer(told):
        word = found.group()
        yield word[:LONGEST]
        if not word.isalpha():
            yield from _pieces(word)
    yield from ("".join(found.groups()) for pattern in (MEASURE, CODE) for found in pattern.finditer(told))


def _pieces(word: str) -> Iterator[str]:
    """The numbers and letters of a word with digits; of a number also what stands behind its noughts."""
    for piece in PIECE.findall(word):
        yield piece[:LONGEST]
        if piece[0] == "0" and (shorter := piece.lstrip("0")):
            yield shorter[:LONGEST]


def asked(text: str) -> list[list[str]]:
    """What somebody typed, word by word, each with the other ways of writing it: a number with its unit is one word."""
    typed = unicodedata.normalize("NFC", text.lower())
    spelt = {plain(word): plain(word.translate(SPELT)) for word in WORD.findall(typed)}
    joined = MEASURE.sub(lambda found: "".join(found.groups()), plain(text))
    return [_ways(term[:LONGEST], spelt.get(term, term)) for term in WORD.findall(joined)[:MOST_TERMS]]


def _ways(term: str, spelt: str) -> list[str]:
    """Prüfung is also written Pruefung, and 014 is 14."""
    ways = [term]
    if spelt != term:
        ways.append(spelt[:LONGEST])
    elif len(shorter := UMLAUT.sub(r"\1", term)) >= 4 and shorter != term:
        ways.append(shorter)
    if term.isdigit() and (bare := term.lstrip("0")) not in ("", term):
        ways.append(bare)
    return ways


def dotless(term: str) -> list[str]:
    """A short word whose umlaut may have been typed as two letters: Oel is Öl."""
    shorter = UMLAUT.sub(r"\1", term)
    return [shorter] if len(term) <= 4 and shorter != term else []
