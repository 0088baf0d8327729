"""The server refuses to start over what is unsafe; each guard is tried with the thing it guards against."""

from dataclasses import replace

import pytest
from django.db import connection

from plumbline.config import environment, starting
from plumbline.ledger import heads, highwater
from tests.peers import databases


def test_nothing_hinders_a_sound_installation(acme) -> None:
    heads.sign_heads(now=True)
    assert starting.problems() == []


def test_old_sqlite(acme, monkeypatch) -> None:
    monkeypatch.setattr("pysqlite3.sqlite_version_info", (3, 51, 2))
    found = starting.problems()
    assert found == [] if databases.on_postgresql() else ["3.51.3 is needed" in line for line in found] == [True]


@pytest.mark.parametrize(
    "secret, loopback, refused",
    [
        ("", True, True),
        ("short", True, False),
        ("short", False, True),
        ("django-insecure-0123456789-abcdefghijklmnopqrstuvwxyz", False, True),
        ("a" * 60, False, True),
        ("kJ8s0dPq2LmN4vXw6ZyB1cTf3GhR5uEi7AoQ9-_xYzKlMnOpQr", False, False),
    ],
)
def test_secrets(settings, secret: str, loopback: bool, refused: bool) -> None:
    settings.SECRET_KEY, settings.PLUMBLINE_LOOPBACK = secret, loopback
    assert bool(starting.weak_secret()) == refused


def test_missing_triggers(acme) -> None:
    name = "plumbline_kernel_record_row" if databases.on_postgresql() else "plumbline_kernel_record_update"
    acme.sql(f'DROP TRIGGER "{name}"' + (" ON kernel_record" if databases.on_postgresql() else ""))
    [line] = starting.problems()
    assert f"trigger {name} is missing" in line
    assert "plumb migrate" in line


def test_unapplied_migrations(acme) -> None:
    acme.sql("DELETE FROM django_migrations WHERE app = 'kernel' AND name = '0002_words'")
    connection.close()
    [line] = starting.problems()
    assert line.startswith("1 migrations are not applied, kernel.0002_words first: run `plumb migrate`")


def test_a_head_behind_the_high_water_file(acme) -> None:
    heads.sign_heads(now=True)
    mark = max(highwater.read().values(), key=lambda one: one.size)
    highwater.raise_to(replace(mark, size=mark.size + 3))
    [line] = starting.problems()
    assert f"{mark.size + 3} (epoch 1) was signed" in line
    assert "plumb restore" in line


def test_a_signing_key_that_is_gone(acme) -> None:
    heads.sign_heads(now=True)
    heads.key_path().unlink()
    [line] = starting.problems()
    assert "is missing: restore it from your backup" in line


@pytest.mark.slow  # starts the server's process
def test_serve_says_so_and_does_not_start(acme) -> None:
    acme.sql("DELETE FROM django_migrations WHERE app = 'kernel' AND name = '0002_words'")
    done = acme.plumb("serve", "--port", "1")
    assert done.returncode == 1
    assert "Plumbline does not start" in done.stderr
    assert "plumb migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_database_address_says_reaches_the_driver(tmp_path) -> None:
    """An address that asks for a checked certificate must not be connected to without."""
    told = environment.database("postgresql://plumb%40hq:p%2Fw@db.example:6432/qms%20one?sslmode=verify-full", tmp_path)
    assert (told["USER"], told["PASSWORD"], told["NAME"]) == ("plumb@hq", "p/w", "qms one")
    assert told["OPTIONS"] == {"sslmode": "verify-full"}
    with pytest.raises(SystemExit, match="must begin with postgresql://"):
        environment.database("plumbline.db", tmp_path)
