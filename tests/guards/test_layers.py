"""The kernel knows no kind, registers know no register, start-up stays light."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from plumbline.kernel.models import Kind
from tests.guards.source import LIST, PACKAGE, complain, exceptions, name_of, python, seen, tree, words

HEAVY = (
    "weasyprint",
    "openpyxl",
    "docx",
    "docxtpl",
    "mammoth",
    "xlsxwriter",
    "scipy",
    "pyhanko",
    "boto3",
    "pypdfium2",
    "PIL",
    "numpy",
    "scim2_models",
)
AMBIGUOUS = {"action", "actions", "records"}  # the kernel's own words too: its door, and what everything in it is


def _kinds() -> set[str]:
    """Return the words that name a kind: model names and folders of the registers."""
    models = {model.__name__ for model in apps.get_models() if issubclass(model, Kind)}
    folders = {
        config.name.rsplit(".", 1)[1]
        for config in apps.get_app_configs()
        if config.name.startswith("plumbline.registers.")
    }
    return {name.lower() for name in models | folders} - AMBIGUOUS


GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"}


def _unheard(path: Path) -> set[ast.AST]:
    """Return the strings that are no code: docstrings, and what is said to users."""
    found = set()
    for node in ast.walk(tree(path)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(body[0].value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in GETTEXT:
            found.update(node.args)
    return found


def _spoken(path: Path) -> Iterator[tuple[int, str]]:
    """Return each word of a file's names and plain strings."""
    unheard = _unheard(path)
    for node in ast.walk(tree(path)):
        name = (
            getattr(node, "id", None)
            or getattr(node, "attr", None)
            or getattr(node, "name", None)
            or getattr(node, "arg", None)
        )
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in unheard:
            name = node.value
        if isinstance(name, str):
            yield from ((getattr(node, "lineno", 0), word) for word in {name.lower(), *words(name)})


@pytest.mark.parametrize("layer", ["kernel", "ledger", "organisation", "conformity", "faces", "ui"])
def test_no_kind_is_named_below_the_registers(layer: str) -> None:
    kinds, allowed = _kinds(), exceptions("kinds")
    assert kinds, "no register is installed: this guard sees nothing"
    found = {
        f"{name_of(path)}:{line}: {word}"
        for path in python()
        if path.is_relative_to(PACKAGE / layer) and seen(path)
        for line, word in _spoken(path)
        if word in kinds and f"{name_of(path)}:{word}" not in allowed
    }
    complain(
        sorted(found),
        f"Below the registers nobody knows a kind: declare it in the register, or except the word in {LIST} [kinds].",
    )


def test_registers_do_not_import_each_other() -> None:
    found = []
    for path in python():
        parts = path.relative_to(PACKAGE).parts
        if parts[0] != "registers" or len(parts) < 4:
            continue
        own = ".".join(("plumbline", *parts[:3]))
        for node in ast.walk(tree(path)):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) and not node.level else ""
            if module.startswith("plumbline.registers.") and not (module + ".").startswith(own + "."):
                found.append(f"{name_of(path)}:{node.lineno} imports {module}")
            if isinstance(node, ast.ImportFrom) and node.level > len(parts) - 3:
                found.append(f"{name_of(path)}:{node.lineno} reaches out of its folder")
    complain(
        found,
        "Speak of another kind by its name through the kernel (raises, Link); what needs two kinds lives in desk/.",
    )


@pytest.mark.slow  # it is a start-up
def test_start_up_is_light(tmp_path: Path) -> None:
    told = os.environ | {"PLUMBLINE_DATA": str(tmp_path)}
    code = f"import sys, plumbline.config.wsgi; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    complain(
        done.stdout.split(),
        "Import heavy libraries inside the function that uses them: start-up pays for them otherwise.",
    )


def test_composition_history_and_reading_need_no_django(tmp_path: Path) -> None:
    names = sorted(
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in python()
        if any(path.is_relative_to(PACKAGE / layer) for layer in ("composition", "history", "reading"))
    )
    code = (
        f"import sys, importlib; [importlib.import_module(name) for name in {names!r}]; print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "False", (
        f"composition/, history/ and reading/ are plain Python, usable alone.\n{done.stdout}{done.stderr}"
    )
