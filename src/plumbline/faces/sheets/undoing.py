"""An import taken back: what was made is cancelled, what was edited is set back, each with its event."""

import json
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.kernel.register import Register, register_of
from plumbline.kernel.workflow import Move
from plumbline.ledger.models import Event
from plumbline.ledger.statements import update
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor

from .checking import counted
from .converting import Converter
from .importing import REFUSALS, Left, converter_of, fitting, lock, pause, still_here, waiting, why
from .models import Import, Row
from .runs import Alive, Interrupted

VERBS = ("cancel", "withdraw", "drop")
BEGUN = 10  # rows of the first batch


def way_back(register: Register, state: str = "") -> Move | None:
    """The move that cancels a record of this kind from that state: it ends it, asks for nothing but a reason."""
    states = register.workflow.states
    found = [
        move
        for move in register.workflow.moves_from(state or register.workflow.initial)
        if states[move.target].closed
        and states[move.target].tone == "muted"
        and not (move.asks or move.sign or move.also)
        and move.who != ("clock",)
    ]
    return min(found, key=lambda move: VERBS.index(move.verb) if move.verb in VERBS else len(VERBS), default=None)


def take_back(run: Import, alive: Alive) -> None:
    """The last row first, until none is left; what cannot be taken back says why and stays."""
    size, begun = BEGUN, time.monotonic()
    try:
        while rows := list(run.rows.filter(state="done", step__in=("create", "edit")).order_by("-line")[:size]):
            actor = still_here(run)
            converter = converter_of(run, actor)
            try:
                _batch(run, rows, actor, converter)
            except REFUSALS:  # all together were refused at the end: one by one
                for row in rows:
                    _alone(run, row, actor, converter)
            run.note(done=run.done + len(rows))
            took = time.monotonic() - begun
            if not alive() or not Import._base_manager.filter(pk=run.pk, state="undoing").exists():
                raise Interrupted
            time.sleep(pause(took))
            size, begun = fitting(len(rows), took), time.monotonic()
    except Left as error:
        ended(run, str(error))
        return
    run.note_from("undoing", state="undone", counts=counted(run), finished_at=timezone.now())


def ended(run: Import, why: str) -> None:
    """Taking back ends before it is through: the rest can be taken back later, and what was not in can still come."""
    state = "stopped" if waiting(run).exists() else "done"
    run.note(state=state, error=why, counts=counted(run), finished_at=timezone.now())


def _batch(run: Import, rows: list[Row], actor: Actor, converter: Converter) -> None:
    """Rows in one transaction: read together, each through the door, and what follows written once for all."""
    register = converter.register
    with writing(actor.organisation.uid, actor.stamp()) as pen, pen.together():
        wanted = lock(row.record for row in rows)
        seen = {record.pk: record for record in register.records(actor).filter(pk__in=wanted)}
        made = _as_made(seen[row.record] for row in rows if row.step == "create" and row.record in seen)
        for row in rows:
            record = seen.get(row.record) if row.record else None
            try:
                if record is None:
                    row.state, row.said = "kept", _("You do not see this record any more.")
                elif row.step == "create":
                    row.state, row.said = _cancelled(run, record, actor, record.pk in made)
                else:
                    row.state, row.said = _set_back(run, row, record, actor, converter)
            except REFUSALS as error:
                row.state, row.said = "kept", why(error)
        update(Row, rows)


def _alone(run: Import, row: Row, actor: Actor, converter: Converter) -> None:
    try:
        _batch(run, [row], actor, converter)
    except REFUSALS as error:
        row.state, row.said = "kept", why(error)
        row.save(update_fields=["state", "said"])


def _cancelled(run: Import, record: Any, actor: Actor, as_made: bool) -> tuple[str, str]:
    move = way_back(register_of(run.kind), record.state)
    if not as_made:
        return "kept", _("Somebody went on with it: cancel it by hand, if it should not be.")
    if move is None:
        return "kept", _("A record of this kind cannot be cancelled from where it stands.")
    actions.act(record, move.verb, by=actor, version=record.version, reason=_reason(run))
    return "undone", ""


def _as_made(records: Iterable[Any]) -> set[UUID]:
    """Those in which all that was changed since was set back, as by an import taken back: nobody went on with them."""
    records = list(records)
    made = {record.pk for record in records if record.version == 1}
    told: dict[UUID, list[str | None]] = {}
    if changed := [record for record in records if record.version != 1]:
        events = Event.objects.filter(subject__in=[one.pk for one in changed], table=changed[0].kind).order_by("pk")
        for subject, text in events.values_list("subject", "opening__text"):
            told[subject] = [told.get(subject, [text])[0], text]
    for subject, texts in told.items():
        first, last = (json.loads(text).get("row") if text else None for text in texts)
        if first and last and first | {"version": 0} == last | {"version": 0}:
            made.add(subject)
    return made


def _set_back(run: Import, row: Row, record: Any, actor: Actor, converter: Converter) -> tuple[str, str]:
    mine = [name for name, value in row.given.items() if converter.same(record, name, value)]
    others = [converter.wanted[name].label for name in row.given if name not in mine]
    told = _("Changed since, and left as it is: %(fields)s.") % {"fields": ", ".join(others)} if others else ""
    if not mine:
        return "kept", told
    try:
        values = converter.python({name: row.before.get(name) for name in mine})
    except ValidationError as error:
        return "kept", why(error)
    actions.edit(record, by=actor, version=record.version, reason=_reason(run), **values)
    return "undone", told


def _reason(run: Import) -> str:
    return _("Import of “%(name)s” taken back: %(reason)s") % {"name": run.name[:100], "reason": run.reason}
