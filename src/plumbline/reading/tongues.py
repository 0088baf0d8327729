"""The language of a text, English or German, and whether it is rather another one."""

import re

from plumbline.reading.words import STOPS, words

_OTHERS = """
el la los las del de que en un una con para por se su sus al lo como pero sin sobre entre cuando este esta y
le les et du des est une dans pour pas qui sur avec sont ou par au aux ce cette ces ne
il gli dei della delle di che per non nel nella con sono come anche questo questa
os da das dos uma um com não em na nas no nos ao pelo pela ou são
het een van en op te dat niet voor met zijn aan bij ook naar wordt worden deze
nie na do jest sie oraz przez dla jako lub po od och att det som av till inte med ska vid eller
"""  # small words of Spanish, French, Italian, Portuguese, Dutch, Polish and Swedish
FOREIGN = frozenset(_OTHERS.split()) - STOPS["en"] - STOPS["de"]
_ADDRESS = re.compile(r"\S+[.@]\w\S*")  # “firma.de” is no small word
_OTHER_LETTERS = re.compile(r"[^a-zäöü]")


def foreign(text: str) -> bool:
    """Whether more of it points to another language than to English or German."""
    found = words(_ADDRESS.sub(" ", text[:60_000]))
    ours = max(sum(word in STOPS[tongue] for word in found) for tongue in ("en", "de"))
    return sum(word in FOREIGN or bool(_OTHER_LETTERS.search(word)) for word in found) > max(1, ours)


def speaks(text: str, tongue: str) -> bool:
    """Whether at least one small word is of that language."""
    return any(word in STOPS[tongue] for word in words(text[:60_000]))


def language(text: str) -> str:
    """ "en" or "de" by counts of small words, "" when neither is clear."""
    if foreign(text):
        return ""
    found = words(text[:60_000])
    english = sum(word in STOPS["en"] and word not in STOPS["de"] for word in found)
    german = sum(word in STOPS["de"] and word not in STOPS["en"] for word in found)
    umlauts = sum(any(letter in word for letter in "äöü") for word in found)
    german += min(umlauts, len(found) // 10)
    more, fewer = max(english, german), min(english, german)
    if more < 3 or more < len(found) * 0.03 or more < 1.5 * fewer:
        return _by_endings(found)
    return "en" if english > german else "de"


def _by_endings(found: list[str]) -> str:
    """A guess for tables and forms, which have few small words."""
    german = sum(
        word.endswith(("ung", "keit", "heit", "nummer", "datum", "schaft", "lich")) or "ä" in word or "ü" in word
        for word in found
    )
    english = sum(
        word.endswith(("tion", "ing", "ment", "ness", "ity")) or word in ("date", "number", "the", "by", "of")
        for word in found
    )
    if max(german, english) < 2 or max(german, english) < 2 * min(german, english):
        return ""
    return "de" if german > english else "en"
