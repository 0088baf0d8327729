"""A small company, its ZIP, and other installations to load it into."""

import io
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.peers import databases


@pytest.fixture
def acme(real_db: Path) -> Any:
    """Acme with Ann, two nonconformities, one of them with a file."""
    from plumbline.kernel import actions, files
    from plumbline.kernel.register import register_of
    from plumbline.ledger.heads import sign_heads
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.founding import found
    from plumbline.organisation.models import Account

    ann = found(Account.objects.create_user("ann@example.org", "correct-horse-9", name="Ann Bell"), "Acme")
    by = Actor.of(ann)
    one, _ = (
        actions.create(register_of("nonconformity"), by=by, title=title, description="As seen")
        for title in ("Wrong label", "=1+1")
    )
    sign_heads(now=True)
    kept = files.keep(ann.organisation_id, io.BytesIO(b"a photograph" * 1000), "label.txt")
    actions.attach(one, kept, "label.txt", by=by)
    return ann


@pytest.fixture
def zipped(acme: Any, tmp_path: Path) -> Path:
    """Acme as a ZIP."""
    from plumbline.faces.portable.exporting import export
    from plumbline.organisation.actor import Actor

    path = tmp_path / "acme.zip"
    export(acme.organisation, path, Actor.installation(acme.organisation))
    return path


@pytest.fixture
def elsewhere(real_db: Path, settings) -> Iterator[Callable[[], Path]]:
    """Goes to another installation, migrated and empty, with keys of its own; as often as it is called."""
    from django.db import connections

    made: list[Path] = []
    configuration = connections.settings["default"]

    def go() -> Path:
        name = f"plumbline_real_{uuid.uuid4().hex[:12]}"
        data = databases.root() / name
        told = databases.copied(databases.migrated(), data, name)
        connections.close_all()
        configuration["NAME"] = name if databases.on_postgresql() else str(data / "plumbline.sqlite3")
        os.environ.update(told)
        settings.PLUMBLINE_DATA, settings.PLUMBLINE_KEYS = data, data / "keys"
        settings.PLUMBLINE_FILES, settings.PLUMBLINE_HEADS = data / "files", data / "heads.jsonl"
        made.append(data)
        return data

    yield go
    connections.close_all()
    for data in made:
        databases.dropped(data, data.name)
