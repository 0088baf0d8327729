"""What users read goes through gettext, in the words of their trade."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.guards.source import LIST, complain, exceptions, name_of, python, seen, templates, tree

GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
NOT_OURS = {  # what users should not meet -> what we say
    r"void(?:ed)?": "cancelled",
    r"not seen": "not audited",
    r"observations?": "opportunity for improvement",
    r"non-conform\w*|nonconformances?": "nonconformity",
    r"(?:log[- ]?head|root hash|merkle|digests?|hash(?:es)?)": "verification code",
    r"log ?in|log ?out|log ?on|logged (?:in|out)": "sign in, sign out",
    r"audit trail": "history",
    r"oops|whoops|sorry": "say what happened and what to do",
    r"click here": "name where the link goes",
    r"users?": "person, people",
    r"QMS manager": "quality manager",
}
WORDING = re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in NOT_OURS), re.I)
TAG = re.compile(r"\{%-?\s*(\w+)\s*(.*?)-?%\}", re.S)
TRANSLATED = re.compile(r"""\{%\s*(?:translate|trans)\s+(["'])(.*?)\1""", re.S)
BLOCKS = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
UNTRANSLATED = re.compile(r"\b(?:Plumbline|CSV|PDF|DOCX|XLSX|JSON|ISO|QR|Ctrl|Esc|Enter|K|40\d_\w+|pl-[\w-]+)\b")
SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:title|alt|placeholder|aria-label|aria-description)\s*=\s*(["'])(.*?)\1""", re.S)


def _said() -> Iterator[tuple[Path, str]]:
    """Return every text that goes to users through gettext, with its file."""
    for path in python():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) in GETTEXT
            ):
                yield from (
                    (path, value.value)
                    for value in node.args
                    if isinstance(value, ast.Constant) and isinstance(value.value, str)
                )
    for path in templates():
        text = path.read_text()
        yield from ((path, found[2]) for found in TRANSLATED.finditer(text))
        yield from ((path, re.sub(r"\{[{%].*?[%}]\}", "", found[1], flags=re.S)) for found in BLOCKS.finditer(text))


def test_the_words_are_theirs() -> None:
    allowed = exceptions("texts")
    found = {
        f"{name_of(path)}: {text.strip()[:90]!r}: {hit[0]}"
        for path, text in _said()
        if (hit := WORDING.search(text)) and f"{name_of(path)}: {text.strip()}" not in allowed
    }
    complain(
        sorted(found), f"Use the words of PRODUCT and NOT_OURS in this file, or except the text in {LIST} [texts]."
    )


def _bare(text: str) -> str:
    """Return what a template says without gettext: markup, tags and translated blocks taken away."""
    text = re.sub(r"\{#.*?#\}|\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"<(script|style|code)\b.*?</\1>", "", BLOCKS.sub("", text), flags=re.S | re.I)
    spoken = " ".join(found[2] for found in SPOKEN_ATTRIBUTE.finditer(text))
    return re.sub(
        r"\{[{%].*?[%}]\}|&\w+;",
        " ",
        re.sub(r"<[^>]*>", " ", re.sub(r"\{[{%].*?[%}]\}", " ", text, flags=re.S), flags=re.S) + spoken,
        flags=re.S,
    )


def test_templates_say_nothing_without_gettext() -> None:
    found = [
        f"{name_of(path)}: {hit[0].strip()[:80]!r}"
        for path in filter(seen, templates())
        for hit in [re.search(r"[A-Za-z]{2,}(?:[ ,.']+[A-Za-z]+)*", UNTRANSLATED.sub("", _bare(path.read_text())))]
        if hit
    ]
    complain(found, 'Put the text into {% translate "..." %}, so that it can be German.')
