"""Names are the field's nouns; imports are open to view; nothing happens behind the reader's back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.source import LIST, PACKAGE, complain, exceptions, name_of, python, tree, words

FORBIDDEN = {
    "manager",
    "managers",
    "service",
    "services",
    "helper",
    "helpers",
    "util",
    "utils",
    "common",
    "base",
    "data",
    "info",
}
FRAMEWORK = {  # names a library asks for
    "get_context_data", "process_view", "process_request", "process_response", "process_exception", "process_formdata",
    "value_from_datadict", "get_cleaned_data", "handle_data", "setUpTestData",
}  # fmt: skip
SIGNALS = (
    "django.dispatch",
    "django.db.models.signals",
    "django.core.signals",
    "django.contrib.auth.signals",
    "allauth.account.signals",
)


def _defined(path: Path) -> Iterator[str]:
    """Return the names a file makes: its own, its folder's, its classes and functions."""
    yield path.stem
    yield path.parent.name
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def _forbidden(name: str) -> bool:
    parts = words(name)
    return name not in FRAMEWORK and (
        bool(FORBIDDEN & set(parts)) or (parts[:1] == ["process"] and name.islower() and name != "processes")
    )


@pytest.mark.slow  # reads all our code
def test_names_are_nouns_of_the_field() -> None:
    allowed = exceptions("names")
    found = [
        f"{name_of(path)}: {name}"
        for path in python()
        for name in _defined(path)
        if _forbidden(name) and f"{name_of(path)}:{name}" not in allowed
    ]
    complain(
        found,
        f"Use the trade's words, not {', '.join(sorted(FORBIDDEN))}, process(); or except it in {LIST} [names].",
    )


def test_no_star_imports() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python(tests=True)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    complain(found, "Import names, so that a reader sees where each comes from.")


def test_no_circles_hidden_from_the_interpreter() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "TYPE_CHECKING")
        or (isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING")
    ]
    complain(found, "TYPE_CHECKING hides a circle between modules: move what both need into the lower layer.")


def _ours(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] == "plumbline"
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "plumbline" for alias in node.names)


def test_no_import_of_ours_inside_a_function() -> None:
    found = {
        f"{name_of(path)}:{node.lineno}"
        for path in python()
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and (function.name, name_of(path)) not in READY
        for node in ast.walk(function)
        if _ours(node)
    }
    complain(
        sorted(found),
        "Import our own modules at the top (inside a function they hide a circle); only heavy libraries go inside.",
    )


READY = {("ready", name_of(path)) for path in PACKAGE.rglob("apps.py")}  # models do not exist before an app is ready


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_no_signal_receivers() -> None:
    found = [
        f"{name_of(path)}:{node.lineno} imports {module}"
        for path in python()
        for node in ast.walk(tree(path))
        for module in _imported(node)
        if module.startswith(SIGNALS)
    ]
    complain(
        found, "No signals: what happens at a change stands in the door (kernel/actions.py), or in the move's effect."
    )


def test_no_excuse_swallows_an_error() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
    ]
    complain(found, "Name the error you expect and say what then holds; anything else must be seen.")
