"""Tests get copies of one migrated template: nothing flushes or truncates, for the triggers refuse that to everyone."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

SETTINGS = "plumbline.config.settings"
TEMPLATE = "plumbline_template"
NO_FLUSH = (
    "flushing the tables is refused by the triggers that keep history: use the fixture real_db, which gives the test "
    "a private copy of the database that commits, in place of TransactionTestCase, transactional_db and live_server"
)


def root() -> Path:
    """Return the folder that all workers of this run share."""
    return Path(os.environ["PLUMBLINE_TEST_ROOT"])


def on_postgresql() -> bool:
    """Say which of the two databases this run is about."""
    return os.environ.get("PLUMBLINE_DATABASE_URL", "").startswith("postgres")


def named(url: str, database: str) -> str:
    """Return the same server's address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold a lock between xdist's workers."""
    with (root() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sql(statement: str) -> None:
    """Run one statement as the owner of PostgreSQL's databases, outside any of them."""
    import psycopg

    with psycopg.connect(named(os.environ["PLUMBLINE_DATABASE_OWNER_URL"], "postgres"), autocommit=True) as connection:
        connection.execute(statement)


def places(data: Path, database: str) -> dict[str, str]:
    """Return the environment of an installation in `data`, on PostgreSQL with `database`."""
    told = {"PLUMBLINE_DATA": str(data)}
    for name in ("PLUMBLINE_DATABASE_URL", "PLUMBLINE_DATABASE_OWNER_URL"):
        if url := os.environ.get(name):
            told[name] = named(url, database)
    return told


def migrated() -> Path:
    """Migrate the template once a session, as a user would, and return its folder."""
    folder = root() / "template"
    with alone("template"):
        if not (folder / "done").exists():
            folder.mkdir()
            if on_postgresql():
                sql(f"CREATE DATABASE {TEMPLATE}")
            command = [
                sys.executable,
                "-m",
                "django",
                "migrate",
                "--skip-checks",
                "--verbosity",
                "0",
                "--settings",
                SETTINGS,
            ]
            told = os.environ | places(folder, TEMPLATE) | {"PLUMBLINE_AS_OWNER": "1"}
            done = subprocess.run(command, env=told, capture_output=True, text=True)
            if done.returncode:
                pytest.exit(f"the test database could not be migrated:\n{done.stderr[-6000:]}", returncode=1)
            (folder / "done").touch()
    return folder


def copied(folder: Path, data: Path, database: str, template: str = TEMPLATE) -> dict[str, str]:
    """Copy an installation (folder and database) and return the environment of the copy."""
    shutil.copytree(folder, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("done", "*-shm"))
    if on_postgresql():
        with alone("create-database"):  # PostgreSQL copies a template for one at a time
            sql(f"CREATE DATABASE {database} TEMPLATE {template}")
    return places(data, database)


def dropped(data: Path, database: str) -> None:
    """Remove a copy; whoever is still connected is cut off, but the server's own cleaning, which ends by itself."""
    shutil.rmtree(data, ignore_errors=True)
    if not on_postgresql():
        return
    import psycopg

    for last in (*[False] * 100, True):
        try:
            sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            return
        except psycopg.errors.InsufficientPrivilege:
            if last:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Give this worker its copy, in place of pytest-django's creation of an empty database."""
    from django.db import connections

    own = Path(os.environ["PLUMBLINE_DATA"])
    database = f"plumbline_{own.name}"
    copied(migrated(), own, database)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    dropped(own, database)


@pytest.fixture(scope="session", autouse=True)
def _quick_settings(django_test_environment):
    """Hash passwords cheaply (50 ms for each person made), and list no styles and scripts for each client made."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def real_db(request, django_db_setup, django_db_blocker, settings):
    """A private copy of the database, for tests with threads, commits, other processes: returns its data folder."""
    from django.db import connections

    name = f"plumbline_real_{uuid.uuid4().hex[:12]}"
    data = root() / name
    told = copied(migrated(), data, name)
    configuration = connections.settings["default"]
    before = configuration["NAME"], {key: os.environ.get(key) for key in told}
    with django_db_blocker.unblock():
        connections.close_all()
        configuration["NAME"] = name if on_postgresql() else str(data / "plumbline.sqlite3")
        os.environ.update(told)
        settings.PLUMBLINE_DATA, settings.PLUMBLINE_KEYS = data, data / "keys"
        settings.PLUMBLINE_FILES, settings.PLUMBLINE_HEADS = data / "files", data / "heads.jsonl"
        try:
            yield data
        finally:
            connections.close_all()
            configuration["NAME"] = before[0]
            os.environ.update({key: value for key, value in before[1].items() if value is not None})
            dropped(data, name)


def pytest_configure(config: pytest.Config) -> None:
    """Start Django, whose settings the root conftest made safe to read; pytest-django then takes it from here."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        django.setup()
    finally:
        del os.environ["DJANGO_SETTINGS_MODULE"]  # xdist's workers would read the settings before they chose a folder


def pytest_runtest_setup(item: pytest.Item) -> None:
    from django.test import TestCase, TransactionTestCase

    fixtures = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    flushes = item.cls and issubclass(item.cls, TransactionTestCase) and not issubclass(item.cls, TestCase)
    if flushes or fixtures & {"transactional_db", "live_server"} or (marker and marker.kwargs.get("transaction")):
        pytest.fail(NO_FLUSH, pytrace=False)
    if "real_db" in fixtures and (marker or "db" in fixtures):
        pytest.fail("real_db and db exclude each other: the one commits, the other rolls back", pytrace=False)
