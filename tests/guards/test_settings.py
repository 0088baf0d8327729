"""Every setting read from the environment is documented, and nothing documented is without effect."""

import ast
import re

from tests.guards.source import ROOT, complain, name_of, python, tree

MANUAL = ROOT / "docs/manual/settings.md"
NAME = re.compile(r"PLUMBLINE_[A-Z][A-Z0-9_]*")
READERS = {"text", "switch", "words", "whole", "path", "get", "getenv", "setdefault"}


def _read() -> dict[str, str]:
    """Return the settings the product reads from the environment, with the place."""
    found = {}
    for path in python():
        for node in ast.walk(tree(path)):
            called = (
                isinstance(node, ast.Call)
                and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) in READERS
            )
            looked_up = isinstance(node, ast.Subscript) and getattr(node.value, "attr", None) == "environ"
            first = node.args[:1] if called else [node.slice] if looked_up else []
            for argument in first:
                if isinstance(argument, ast.Constant) and NAME.fullmatch(str(argument.value)):
                    found[argument.value] = f"{name_of(path)}:{node.lineno}"
    return found


def test_every_setting_is_documented() -> None:
    documented = set(NAME.findall(MANUAL.read_text())) if MANUAL.exists() else set()
    complain(
        [f"{name} ({place})" for name, place in _read().items() if name not in documented],
        f"Add a line to {name_of(MANUAL)}: what it does, its default, an example.",
    )


def test_no_setting_is_documented_in_vain() -> None:
    documented = set(NAME.findall(MANUAL.read_text())) if MANUAL.exists() else set()
    complain(sorted(documented - _read().keys()), f"Nothing reads these: remove them from {name_of(MANUAL)}.")
