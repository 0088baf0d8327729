"""Words of English and German texts: normal form, light stems, compounds split by a known vocabulary."""

import re
from collections.abc import Container
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{2,}")
STOPS = {
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "to",
            "in",
            "is",
            "are",
            "be",
            "for",
            "with",
            "by",
            "on",
            "at",
            "from",
            "that",
            "this",
            "which",
            "it",
            "as",
            "or",
            "an",
            "a",
            "not",
            "will",
            "shall",
            "must",
            "may",
            "can",
            "has",
            "have",
            "been",
            "was",
            "were",
            "if",
            "when",
            "all",
            "any",
            "each",
            "their",
            "its",
            "they",
            "we",
            "our",
            "you",
            "your",
            "who",
            "what",
            "how",
            "where",
            "into",
            "than",
            "then",
            "there",
            "these",
            "those",
            "do",
            "does",
            "such",
            "other",
            "only",
            "no",
            "also",
            "should",
            "would",
            "after",
            "before",
            "during",
            "between",
            "within",
            "per",
            "more",
            "most",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "den",
            "dem",
            "des",
            "ein",
            "eine",
            "einer",
            "eines",
            "einem",
            "einen",
            "und",
            "oder",
            "ist",
            "sind",
            "wird",
            "werden",
            "wurde",
            "wurden",
            "für",
            "mit",
            "von",
            "zu",
            "zur",
            "zum",
            "im",
            "in",
            "an",
            "am",
            "auf",
            "aus",
            "bei",
            "nach",
            "durch",
            "über",
            "unter",
            "vor",
            "als",
            "auch",
            "nicht",
            "nur",
            "wenn",
            "dass",
            "sich",
            "es",
            "er",
            "sie",
            "wir",
            "ihr",
            "ihre",
            "ihrer",
            "ihren",
            "unser",
            "unsere",
            "kann",
            "können",
            "muss",
            "müssen",
            "soll",
            "sollen",
            "hat",
            "haben",
            "alle",
            "aller",
            "allen",
            "jede",
            "jeder",
            "jedes",
            "diese",
            "dieser",
            "dieses",
            "wie",
            "was",
            "wer",
            "wo",
            "sowie",
            "bzw",
            "um",
            "so",
            "noch",
            "sein",
            "seine",
            "vom",
            "beim",
            "ohne",
            "gegen",
            "bis",
        ]
    ),
}
_SUFFIXES = {
    "en": (
        "ations",
        "ation",
        "ements",
        "ement",
        "ments",
        "ment",
        "ities",
        "ity",
        "ings",
        "ing",
        "ions",
        "ion",
        "ers",
        "ies",
    ),
    "de": (
        "ierungen",
        "ierung",
        "ungen",
        "ung",
        "keiten",
        "keit",
        "heiten",
        "heit",
        "lichen",
        "liche",
        "lich",
        "erinnen",
    ),
}
_ENDINGS = {
    "en": ("ed", "es", "er", "ly", "al", "s", "e", "y"),
    "de": ("enden", "ende", "ten", "tes", "ter", "ern", "en", "er", "es", "em", "et", "st", "te", "e", "n", "s", "t"),
}


def normal(text: str) -> str:
    """Lower case, ß as ss, typographic hyphens and apostrophes plain."""
    return text.lower().replace("ß", "ss").replace("‑", "-").replace("–", "-").replace("’", "'")


def words(text: str) -> list[str]:
    """The words of a text in normal form."""
    return _WORD.findall(normal(text))


@lru_cache(maxsize=50_000)
def stem(word: str, tongue: str) -> str:
    """A light stem: one derivational and one inflectional ending taken off, umlauts opened in German."""
    if tongue == "de":
        word = word.translate(str.maketrans("äöü", "aou"))
    for suffix in _SUFFIXES.get(tongue, ()):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    for ending in _ENDINGS.get(tongue, ()):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str, tongue: str, vocabulary: Container[str] = ()) -> list[str]:
    """The stems of a text without stop words; German compounds also give their parts known in the vocabulary."""
    found: list[str] = []
    for word in words(text):
        if word in STOPS.get(tongue, ()) or len(word) < 3:
            continue
        root = stem(word, tongue)
        found.append(root)
        if tongue == "de" and len(word) > 9:
            found.extend(part for part in _parts(word, tongue, vocabulary) if part != root)
    return found


def _parts(word: str, tongue: str, vocabulary: Container[str]) -> list[str]:
    """Head and tail of a compound when both, or a long head, are known."""
    for cut in range(len(word) - 4, 3, -1):
        head, tail = word[:cut], word[cut:]
        for joint in ("", "s", "en", "n", "es"):
            bare = head[: -len(joint)] if joint and head.endswith(joint) else head
            if len(bare) >= 4 and stem(bare, tongue) in vocabulary and stem(tail, tongue) in vocabulary:
                return [stem(bare, tongue), stem(tail, tongue)]
    return []
