"""A long list written as a workbook, with its progress; what a restart cut off begins again."""

from django.http import QueryDict
from django.utils import timezone

from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor

from .exporting import Listing, write_workbook
from .models import Export
from .runs import Alive, Interrupted, actor_of, path_of, rights, whole


def write(run: Export, alive: Alive) -> None:
    """The whole file, while somebody wants it and the server lives."""

    def said(done: int) -> None:
        if not alive() or not _wanted(run):
            raise Interrupted
        run.note(done=done)

    actor = actor_of(run)
    run.note(state="running", done=0, rights=rights(actor))
    listing = Listing(register_of(run.kind), actor, QueryDict(run.query), run.fields)
    with whole(run) as part:
        done = write_workbook(str(part), listing, said)
    run.note(state="ready", done=done, total=done, finished_at=timezone.now())
    if not _wanted(run):
        path_of(run).unlink(missing_ok=True)


def _wanted(run: Export) -> bool:
    return Export._base_manager.filter(pk=run.pk).exists()


def drop(run: Export) -> None:
    """Nobody wants it any more."""
    file = path_of(run)
    run.delete()
    file.unlink(missing_ok=True)


def still_allowed(run: Export, actor: Actor) -> bool:
    """Whether the person may see today what she might when it was written."""
    return run.rights == rights(actor)
