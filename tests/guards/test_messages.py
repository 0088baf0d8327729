"""The interface speaks German from the first page: every text is translated, and the .mo is what the .po says."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from tests.guards.source import PACKAGE, ROOT, complain, name_of, python, seen, templates, tree

LANGUAGES = sorted(path.parents[1].name for path in PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))
RUN = "Run scripts/messages, translate what it names in src/plumbline/locale, run it again."
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
KINDS = WITH_CONTEXT | {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
TAG = re.compile(
    r"""\{%\s*(?:translate|trans)\s+(["'])(?P<text>.*?)\1(?:[^%]*?\bcontext\s+(["'])(?P<context>.*?)\3)?""", re.S
)
FILLED = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*(?::\w+)?\}")


def texts(language: str) -> polib.POFile:
    """Return the translations of a language as they are written."""
    return polib.pofile(str(PACKAGE / "locale" / language / "LC_MESSAGES/django.po"))


def _called(path: Path) -> dict[str, str]:
    """Return under which names a module calls gettext: {"_": "gettext_lazy", ...}; an own `_` marks texts only."""
    own = {
        node.name: "gettext_noop" for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.name == "_"
    }
    return own | {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in KINDS
    }


def _said() -> Iterator[tuple[Path, int, str | None, str | None]]:
    """Return every text of our Python files and of `translate` tags: file, line, context, text (None: computed)."""
    for path in filter(seen, python()):
        called = _called(path)
        for node in ast.walk(tree(path)):
            kind = called.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
            if kind and not _of_a_table(node.args[0]):
                given = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
                yield (path, node.lineno, *(given[:2] if kind in WITH_CONTEXT else (None, given[0])))
    for path in filter(seen, templates()):
        content = path.read_text()
        for hit in TAG.finditer(content):
            text = hit["text"].replace("%", "%%")  # as Django's template language asks gettext
            yield path, content.count("\n", 0, hit.start()) + 1, hit["context"], text


def _of_a_table(argument: ast.expr) -> bool:
    """Say whether a text is looked up in a constant, where each was marked: `_(REASONS[code])`."""
    return isinstance(argument, ast.Subscript) and getattr(argument.value, "id", "").isupper()


def test_german_is_there() -> None:
    assert "de" in LANGUAGES, RUN


def test_every_text_is_one_that_gettext_can_collect() -> None:
    found = [f"{name_of(path)}:{line}" for path, line, _context, text in _said() if text is None]
    complain(found, "Give gettext the text itself: a name, a sum or an f-string is not collected.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_said_is_collected(language: str) -> None:
    known = {(entry.msgctxt, entry.msgid) for entry in texts(language)}
    missing = {
        f"{name_of(path)}:{line}: {text!r}"
        for path, line, context, text in _said()
        if text and (context, text) not in known
    }
    complain(sorted(missing), RUN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    found = [repr(entry.msgid) for entry in texts(language) if entry.fuzzy or entry.obsolete or not entry.translated()]
    complain(found, RUN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_stands_in_both_languages(language: str) -> None:
    found = [
        f"{entry.msgid!r} -> {said!r}"
        for entry in texts(language)
        for said in (entry.msgstr_plural.values() or [entry.msgstr])
        if sorted(FILLED.findall(said))
        not in [sorted(FILLED.findall(each)) for each in (entry.msgid, entry.msgid_plural)]
    ]
    complain(found, "Write the same %(name)s and {name} in the translation as in the text.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_installed_is_what_is_written(language: str) -> None:
    compiled = PACKAGE / "locale" / language / "LC_MESSAGES/django.mo"
    assert compiled.read_bytes() == texts(language).to_binary(), RUN


@pytest.mark.slow  # reads every text there is
@pytest.mark.skipif(
    not shutil.which("xgettext"), reason="gettext is not installed; the tests above read Python and tags"
)
def test_collecting_again_changes_nothing() -> None:
    done = subprocess.run([ROOT / "scripts/messages", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{RUN}\n{done.stdout}{done.stderr}"
