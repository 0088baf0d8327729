"""Long exports and imports: one at a time, by a thread of the server; what a restart cut off is gone on with."""

import logging
import threading
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django.utils import timezone, translation

from plumbline.faces.clock import alone
from plumbline.organisation.actor import Actor

from . import checking, importing, long_exports, undoing
from .models import Export, Import, Run
from .runs import Alive, Interrupted, path_of, rights

KEY = 0x736865657473  # of PostgreSQL's advisory lock
KEPT = timedelta(days=1)  # a file that was exported
TAKEN_BACK = timedelta(days=30)  # for so long an import can be taken back
STEPS: dict[tuple[type[Run], str], Any] = {
    (Export, "waiting"): long_exports.write,
    (Export, "running"): long_exports.write,  # cut off by a restart: from the beginning
    (Import, "checking"): checking.check,
    (Import, "importing"): importing.bring_in,
    (Import, "undoing"): undoing.take_back,
}

log = logging.getLogger(__name__)
_at_work = threading.Lock()
_asked = threading.Event()


def begin(model: type[Run], actor: Actor, kind: str, **wanted: Any) -> Any:
    """Note what somebody wants and what decides what they see; a thread writes it when that is committed."""
    whose = {"organisation": actor.organisation, "person": actor.person, "rights": rights(actor)}
    when = {"language": translation.get_language() or "en", "made_at": timezone.now()}
    run = model._base_manager.create(kind=kind, **whose, **when, **wanted)
    transaction.on_commit(wake)
    return run


def wake() -> None:
    """Let a thread of this process do what waits; one is enough, and one that is about to end looks once more."""
    _asked.set()
    threading.Thread(target=_in_thread, args=(threading.main_thread(),), name="sheets").start()


def catch_up() -> None:
    """For the clock: remove what is over its time, and go on with what a restart cut off."""
    sweep()
    if _next() is not None:
        wake()


def _in_thread(main: threading.Thread) -> None:
    """No daemon: at the end of the process it finishes the batch it is at, and no other."""
    while _asked.is_set() and _at_work.acquire(blocking=False):
        _asked.clear()
        try:
            work(main.is_alive)
        except Exception:
            log.exception("Exports and imports rest until the clock's next minute")
        finally:
            connections.close_all()
            _at_work.release()


def work(alive: Alive = lambda: True) -> None:
    """Do all that waits, the oldest first; nothing at all while another process is at it."""
    with alone("sheets", KEY) as mine:
        while mine and alive() and (run := _next()) is not None:
            do(run, alive)


def queued(run: Run) -> bool:
    """Whether another one is being worked on, so that this one has not begun."""
    begun = [model._base_manager.filter(state__in=_states(model), done__gt=0).exclude(pk=run.pk) for model in _models()]
    return not run.done and any(found.exists() for found in begun)


def _models() -> list[type[Run]]:
    return list(dict.fromkeys(model for model, _state in STEPS))


def _states(model: type[Run]) -> list[str]:
    return [state for one, state in STEPS if one is model]


def _next() -> Any:
    waiting = [
        model._base_manager.filter(state__in=_states(model))
        .select_related("organisation", "person__organisation")
        .order_by("made_at")
        .first()
        for model in _models()
    ]
    return min((run for run in waiting if run), key=lambda run: run.made_at, default=None)


def do(run: Any, alive: Alive = lambda: True) -> None:
    """One step of a run, in the language of whom it is for; what nobody expected is logged and ends it."""
    try:
        with translation.override(run.language):
            STEPS[type(run), run.state](run, alive)
    except Interrupted:
        return
    except Exception:
        log.exception("A run over %s could not be finished", run.kind)
        run.note(state="failed", finished_at=timezone.now())


def sweep() -> None:
    """Files made for somebody go after a day, and their runs with them; files and rows of imports after thirty."""
    made: dict[Any, None] = dict.fromkeys(model for model, _state in STEPS if model is not Import)
    for model in made:
        for run in model._base_manager.filter(made_at__lt=timezone.now() - KEPT):
            path_of(run).unlink(missing_ok=True)
            run.delete()
    for done in Import._base_manager.filter(made_at__lt=timezone.now() - TAKEN_BACK).exclude(reading={}):
        path_of(done).unlink(missing_ok=True)
        done.rows.all().delete()
        ended = done.state if done.state in ("done", "undone", "stopped") else "over"
        done.note(reading={}, state=ended)  # its mapping is remembered
