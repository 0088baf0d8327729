"""What every run has: its file, for whom it is, and that it stops where the server does."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from plumbline.organisation.actor import Actor

from .models import Run

Alive = Callable[[], bool]


class Interrupted(Exception):
    """The server is being stopped; the run goes on at its next start."""


def path_of(organisation: UUID, name: str) -> Path:
    """Where the file of a run lies: beside the records' files, and never among them."""
    folder = Path(settings.PLUMBLINE_DATA) / "sheets" / str(organisation)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def actor_of(run: Run) -> Actor:
    """Whom it is for, with the roles of this moment."""
    return Actor.of(run.person) if run.person else Actor.installation(run.organisation)


def rights(actor: Actor) -> list[str]:
    """What decides what somebody sees, to be compared later."""
    return sorted([*actor.roles, *(f"{role} {place} {uid}" for role, place, uid in actor.scoped)])
