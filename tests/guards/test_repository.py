"""What is committed says nothing about the machine it was written on, and nothing that must not be quoted."""

import re

from tests.guards.source import ROOT, complain, name_of, tracked

MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/bash)/[\w.]")
REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|deb\.debian|security\.debian|crates)\.(?:org|com|io)\b", re.I)
SECRET = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{16}")
THIRD_PARTY = ("/static/vendor/", "/vendor/", "THIRD-PARTY", "/licenses/")
BIG = 2_000_000  # bytes


def _texts():
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            yield path, content.decode("utf-8", errors="replace")


def test_no_path_of_a_machine_and_no_registry() -> None:
    found = [
        f"{name_of(path)}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for path, text in _texts()
        if not any(part in f"/{name_of(path)}" for part in THIRD_PARTY)
        for pattern in (MACHINE, REGISTRY)
        for hit in pattern.finditer(text)
    ]
    complain(
        found, "Write paths relative to the checkout, and name no package registry: an installation may use its own."
    )


def test_locks_are_hashed_and_name_no_host() -> None:
    found = []
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        pins, hashed = (
            len(re.findall(r"(?m)^[a-z0-9][\w.\[\]-]*==", text)),
            len(re.findall(r"(?m)^[a-z0-9].*\\\n    --hash=", text)),
        )
        found += [lock.name] if "://" in text or pins != hashed or not pins else []
    complain(found, "Make the locks with scripts/lock: every line pinned and hashed, no address.")


def test_no_private_key_is_committed() -> None:
    complain([name_of(path) for path, text in _texts() if SECRET.search(text)], "Make keys when the tests run.")


def test_no_big_file_is_committed() -> None:
    big = [f"{name_of(path)}: {path.stat().st_size:,} bytes" for path in tracked() if path.stat().st_size > BIG]
    complain(big, "Make it when it is needed, or make it smaller.")
