"""Installations to run commands on: a migrated one, and empty ones; each in a folder and a database of its own."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plumbline.config.tests.installations import PASSWORD, Installation
from tests.peers import databases


def _environment(told: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("PLUMBLINE_AS_OWNER", "PLUMBLINE_SECRET")}
    return kept | told


@pytest.fixture
def installation(real_db: Path) -> Installation:
    """A migrated installation without an organisation."""
    return Installation(real_db, _environment(databases.places(real_db, real_db.name)))


@pytest.fixture
def acme(installation: Installation) -> Installation:
    """The same with Acme, Ann and two nonconformities; what the test itself writes goes there too."""
    from plumbline.kernel import actions
    from plumbline.kernel.register import register_of
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.founding import found
    from plumbline.organisation.models import Account

    person = found(Account.objects.create_user("ann@example.org", PASSWORD, name="Ann Bell"), "Acme")
    by = Actor.of(person)
    for title in ("Wrong label", "Scratch on the housing"):
        actions.create(register_of("nonconformity"), by=by, title=title, description="Batch 7")
    return installation


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[[], Installation]]:
    """Makes installations of which nothing exists yet but, on PostgreSQL, the empty database."""
    made: list[Installation] = []

    def one() -> Installation:
        name = f"plumbline_empty_{uuid.uuid4().hex[:12]}"
        if databases.on_postgresql():
            databases.sql(f"CREATE DATABASE {name}")
        data = tmp_path / name
        made.append(Installation(data, _environment(databases.places(data, name))))
        return made[-1]

    yield one
    for installation in made:
        databases.dropped(installation.data, installation.data.name)
