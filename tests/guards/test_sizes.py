"""Small, kept small: files, functions, templates, register folders, the kernel."""

import statistics
from pathlib import Path

from tests.guards.source import (
    LIST,
    PACKAGE,
    complain,
    exceptions,
    functions,
    is_test,
    length,
    name_of,
    python,
    templates,
)

FILE, FUNCTION, TEMPLATE, FOLDER, KERNEL = 300, 40, 80, 200, 3500  # lines
SLACK = 20  # lines an exception may be under its number before the number has to be lowered


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _oversized(section: str, sizes: dict[str, int], limit: int) -> list[str]:
    """Return what is over the limit and not excepted, what outgrew its exception, and exceptions past their use."""
    allowed = exceptions(section)
    found = []
    for name, lines in sizes.items():
        entry = allowed.get(name)
        if entry is None and lines > limit:
            found.append(f"{name}: {lines} lines, the limit is {limit}")
        elif entry and not entry.get("reason", "").strip():
            found.append(f"{name}: its exception gives no reason")
        elif entry and lines > entry["lines"]:
            found.append(f"{name}: {lines} lines, its exception ends at {entry['lines']}; exceptions only shrink")
        elif entry and lines <= limit:
            found.append(f"{name}: {lines} lines fit the limit: remove its exception")
        elif entry and lines < entry["lines"] - SLACK:
            found.append(f"{name}: shrank to {lines} lines: lower its exception from {entry['lines']}")
    found += [
        f"{name}: excepted, but not there any more: remove its exception" for name in allowed.keys() - sizes.keys()
    ]
    return found


def test_files_are_small() -> None:
    sizes = {name_of(path): _lines(path) for path in python(tests=True)}
    complain(_oversized("files", sizes, FILE), f"Split the file along its nouns, or give a reason in {LIST} [files].")


def test_functions_are_small() -> None:
    sizes: dict[str, int] = {}
    for path in python(tests=True):
        for function in functions(path):
            name = f"{name_of(path)}:{function.name}"
            sizes[name] = max(sizes.get(name, 0), length(function))
    complain(_oversized("functions", sizes, FUNCTION), f"Give the steps names, or a reason in {LIST} [functions].")


def test_functions_are_small_as_a_rule() -> None:
    median = statistics.median(length(function) for path in python() for function in functions(path))
    assert median <= 8, f"The median function has {median} lines, the house's rule is 8: split the long ones."


def test_templates_are_small() -> None:
    sizes = {name_of(path): _lines(path) for path in templates()}
    complain(
        _oversized("templates", sizes, TEMPLATE),
        f"Make a part a block tag in ui/, or give a reason in {LIST} [templates].",
    )


def _folder(path: Path) -> str | None:
    """Return the register a file belongs to, registers/<chapter>/<register>, or the folder it keeps apart inside."""
    parts = path.relative_to(PACKAGE).parts
    return "/".join(parts[:-1][:4]) if parts[0] == "registers" and len(parts) > 3 else None


def test_registers_are_small() -> None:
    sizes: dict[str, int] = {}
    for path in python():
        if path.is_relative_to(PACKAGE) and not is_test(path) and (folder := _folder(path)):
            sizes[folder] = sizes.get(folder, 0) + _lines(path)
    complain(
        _oversized("folders", sizes, FOLDER),
        f"Climb the ladder: declare, a method, a template block, own pages; or a reason in {LIST} [folders].",
    )


def test_the_kernel_is_small() -> None:
    kernel = [path for path in python() if path.is_relative_to(PACKAGE / "kernel")]
    lines = sum(map(_lines, kernel))
    assert lines <= KERNEL, (
        f"The kernel has {lines} lines, its brake is {KERNEL}: a mechanic enters when three registers need it."
    )
