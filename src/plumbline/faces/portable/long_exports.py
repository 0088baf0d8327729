"""The whole company written while somebody waits for it; the queue is that of long lists (faces/sheets)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from plumbline.faces.sheets.runs import Alive, Interrupted, actor_of, path_of
from plumbline.kernel import policy
from plumbline.organisation.actor import Actor

from .exporting import Told, export
from .form import Unfit
from .models import Export

KIND = "company"
MAY = ("quality", "management")  # who sees everything: an administrator as such does not see the confidential


def may_take_everything(actor: Actor) -> policy.Answer:
    """Whether the actor sees all that the file holds."""
    return policy.allow(MAY, actor, None)


def begin(actor: Actor, language: str) -> Export:
    """Note that somebody wants everything; one that is under way for her is the same."""
    mine = {"organisation": actor.organisation, "person": actor.person, "kind": KIND}
    under_way = Export._base_manager.filter(**mine, state__in=Export.UNDER_WAY).first()
    return under_way or Export._base_manager.create(**mine, language=language, made_at=timezone.now())


def of(actor: Actor) -> QuerySet[Export]:
    """The person's own runs, the newest first."""
    return Export._base_manager.filter(organisation=actor.organisation, person=actor.person).order_by("-made_at")


def write(run: Export, alive: Alive) -> None:
    """The whole file, then its name; what a restart cut off begins again."""
    run.note(state="running", done=0, total=0)
    actor = actor_of(run)
    policy.require(may_take_everything(actor))
    path = path_of(run)
    path.unlink(missing_ok=True)
    try:
        with _noted(run, alive) as told:
            export(run.organisation, path, actor, told)
    except Unfit as error:
        run.note(state="failed", error=str(error), finished_at=timezone.now())
        return
    run.note(state="ready", done=run.total, total=run.total, finished_at=timezone.now())


@contextmanager
def _noted(run: Export, alive: Alive) -> Iterator[Told]:
    """Notes how far it is, once a second, on a connection of its own: the one that reads may not write meanwhile."""
    stop, now = threading.Event(), [0, 0]

    def told(done: int, total: int, name: str) -> None:
        if not alive():
            raise Interrupted
        now[:] = done, total

    def note() -> None:
        try:
            while not stop.wait(1):
                run.note(done=now[0], total=now[1])
        finally:
            connections.close_all()

    thread = threading.Thread(target=note, name="everything")
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()
        run.done, run.total = now
