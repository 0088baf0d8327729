"""What guards read: the files, functions, names and texts of the product."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/plumbline"
LIST = "tests/guards/exceptions.toml"


@cache
def exceptions(section: str) -> dict[str, dict]:
    """Return a section of the list of exceptions: {what: {"reason": ..., maybe "lines": ...}}."""
    return tomllib.loads((ROOT / LIST).read_text()).get(section, {})


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files of the repository: committed, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(sorted(path for name in listed if name and (path := ROOT / name).is_file()))


def name_of(path: Path) -> str:
    """Return a file's path as the lists write it."""
    return path.relative_to(ROOT).as_posix()


def python(*, tests: bool = False) -> list[Path]:
    """Return our Python files: the product's without migrations, with `tests` every other too."""
    files = [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]
    return files if tests else [path for path in files if path.is_relative_to(PACKAGE) and not is_test(path)]


def is_test(path: Path) -> bool:
    """Say whether a file holds tests."""
    return path.name in ("tests.py", "conftest.py") or path.name.startswith("test_") or "tests" in path.parts


def templates() -> list[Path]:
    """Return our templates for pages and mails."""
    ours = [path for path in tracked() if path.is_relative_to(PACKAGE)]
    return [path for path in ours if "templates" in path.relative_to(PACKAGE).parts]


def seen(path: Path) -> bool:
    """Say whether users see what a file says; the style page is for whoever works on the face."""
    return "styleguide" not in path.name


@cache
def tree(path: Path) -> ast.Module:
    """Return a Python file, parsed."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a file, methods and inner ones included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.AST) -> int:
    """Count a function's lines from `def` to its end, without its docstring."""
    first = function.body[0]
    described = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = first.end_lineno - first.lineno + 1 if described and len(function.body) > 1 else 0
    return function.end_lineno - function.lineno + 1 - docstring


def words(name: str) -> list[str]:
    """Split an identifier into its words, in lower case: `dueOn`, `due_on`, `DueOn` give due, on."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def complain(found: list[str], what_to_do: str) -> None:
    """Fail with every place found and with what to do about it."""
    assert not found, f"{what_to_do}\n  " + "\n  ".join(found)
