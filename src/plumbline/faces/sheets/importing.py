"""The rows that were checked, through the door: at most 200 a transaction, each with its event, none of them twice."""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions, policy
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.kernel.workflow import IllegalMove
from plumbline.ledger.statements import update
from plumbline.ledger.writer import writing
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

from .checking import counted, spelled, unknown_number
from .converting import Converter
from .models import Import, Row
from .runs import Alive, Interrupted, actor_of
from .wanted import fields

BEGUN = 50  # rows of the first batch
HELD = 0.5  # seconds of one batch, in which nobody else writes
FEWEST = 5
REFUSALS = (ValidationError, policy.Denied, actions.Stale, IllegalMove, IntegrityError)


class Left(Exception):
    """Whoever began this may not go on with it."""


def bring_in(run: Import, alive: Alive) -> None:
    """Batch after batch until none is left; what became of a row is written in the transaction that made it so."""
    size, begun = min(BEGUN, actions.BATCH), time.monotonic()
    try:
        while came := _batch(run, size):
            took = time.monotonic() - begun
            if not alive() or not Import._base_manager.filter(pk=run.pk, state="importing").exists():
                raise Interrupted
            time.sleep(pause(took))
            size, begun = fitting(came, took), time.monotonic()
    except Left as error:
        run.note(state="stopped", error=str(error), counts=counted(run), finished_at=timezone.now())
        return
    run.note_from("importing", state="done", counts=counted(run), finished_at=timezone.now())


def pause(took: float) -> float:
    """Seconds between two batches: on SQLite, whoever waits to write tries again ten times a second only."""
    return max(0.12, min(took / 4, HELD)) if connection.vendor == "sqlite" else 0.02


def fitting(rows: int, took: float) -> int:
    """How many rows the next batch takes, so that on a busy machine, too, nobody waits long behind it."""
    return max(min(FEWEST, actions.BATCH), min(actions.BATCH, int(rows * HELD / max(took, 0.001))))


def waiting(run: Import) -> Any:
    """The rows that are still to come in."""
    return run.rows.filter(state="", step__in=("create", "edit"))


def still_here(run: Any) -> Actor:
    """The actor with the roles of this moment; raises Left."""
    actor = actor_of(run)
    there = actor.person is None or actor.person.is_here(actor.organisation.today())
    if not there or actor.reads_only:
        raise Left(_("Whoever began this may not write here any more. What was done so far stands."))
    return actor


def _batch(run: Import, size: int) -> int:
    """The next rows of one kind; 0 when none is left."""
    actor = still_here(run)
    left = waiting(run).order_by("line")
    first = left.first()
    if first is None:
        return 0
    rows = []
    for row in left[:size]:
        if row.step != first.step:
            break
        rows.append(row)
    if first.step == "create":
        _create(run, rows, actor)
    else:
        _edit(run, rows, actor)
    run.note(done=run.done + len(rows))
    return len(rows)


def converter_of(run: Import, actor: Actor) -> Converter:
    """What reads the rows of a run."""
    register = register_of(run.kind)
    return Converter(register, actor, fields(register, actor.organisation), run.reading)


def _create(run: Import, rows: list[Row], actor: Actor) -> None:
    """All together; where the door refuses one of them, one by one, so that the others come in."""
    try:
        with transaction.atomic():
            _made(run, rows, actor)
    except REFUSALS:
        for row in rows:
            try:
                with transaction.atomic():
                    _made(run, [row], actor)
            except REFUSALS as error:
                row.state, row.said = "refused", why(error)
                row.save(update_fields=["state", "said"])


def _made(run: Import, rows: list[Row], actor: Actor) -> None:
    register, converter = register_of(run.kind), converter_of(run, actor)
    has_own = bool(own.offered(actor.organisation, register.kind))
    values = []
    for row in rows:
        one = {**converter.python(row.given), "uid": row.record}
        if has_own:
            one.setdefault("own", {})
        values.append(one | ({"number": row.number} if row.number else {}))
    for row, record in zip(rows, actions.create_many(register, values, by=actor, reason=reason_of(run)), strict=True):
        row.state, row.number = "done", record.number
    update(Row, rows)


def _edit(run: Import, rows: list[Row], actor: Actor) -> None:
    register, converter = register_of(run.kind), converter_of(run, actor)
    with writing(actor.organisation.uid, actor.stamp()) as pen, pen.together():
        wanted = lock(row.record for row in rows)
        seen = {record.pk: record for record in register.records(actor).filter(pk__in=wanted)}
        for row in rows:
            record = seen.get(row.record) if row.record else None
            if record is None:
                row.state, row.said = "refused", unknown_number()
                continue
            row.before = {name: converter.now(record, name) for name in row.given}
            try:
                values = converter.python(row.given)
                actions.edit(record, by=actor, version=row.version, reason=reason_of(run), **values)
                row.state = "done"
            except actions.Stale:
                row.state, row.said = (
                    "refused",
                    _("Somebody changed this record since it was checked; it stays as it is."),
                )
            except REFUSALS as error:
                row.state, row.said = "refused", why(error)
        update(Row, rows)


def lock(records: Iterable[UUID | None]) -> list[UUID]:
    """Lock the records of one batch, in the order in which everybody locks them."""
    wanted = [one for one in records if one]
    list(Record.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))
    return wanted


def reason_of(run: Import) -> str:
    """What stands beside every change in the history."""
    return _("Import of “%(name)s”") % {"name": run.name[:150]}


def why(error: Exception) -> str:
    """What the door said, in one line."""
    if isinstance(error, ValidationError):
        return " ".join(f"{name}: {words}" if name else words for name, words in spelled(error))
    return _("The database refused it.") if isinstance(error, IntegrityError) else str(error)
