"""What every run has: its file, for whom it is, and that it stops where the server does."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404

from plumbline.organisation.actor import Actor

from .models import Run

Alive = Callable[[], bool]


class Interrupted(Exception):
    """The server is being stopped; the run goes on at its next start."""


def folder_of(organisation: object) -> Path:
    """Where the files of an organisation's runs lie: beside the records' files, and never among them."""
    folder = Path(settings.PLUMBLINE_DATA) / "sheets" / str(organisation)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(run: Any) -> Path:
    """Where the file of a run lies."""
    return folder_of(run.organisation_id) / str(run.file_name)


@contextmanager
def whole(run: Any) -> Iterator[Path]:
    """Where the file of a run is written; it gets its own name once all of it is there."""
    final = path_of(run)
    part = final.with_suffix(".part")
    try:
        yield part
        os.replace(part, final)
    finally:
        part.unlink(missing_ok=True)


def own(model: Any, actor: Actor, kind: str, uid: UUID) -> Any:
    """The run of that person; anybody else's is the same 404."""
    mine = model._base_manager.filter(organisation=actor.organisation, person=actor.person, kind=kind)
    return get_object_or_404(mine.select_related("organisation", "person"), pk=uid)


def actor_of(run: Run) -> Actor:
    """Whom it is for, with the roles of this moment."""
    return Actor.of(run.person) if run.person else Actor.installation(run.organisation)


def rights(actor: Actor) -> list[str]:
    """What decides what somebody sees, to be compared later."""
    return sorted([*actor.roles, *(f"{role} {place} {uid}" for role, place, uid in actor.scoped)])
