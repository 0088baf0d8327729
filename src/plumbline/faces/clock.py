"""What happens by itself: every register says what has come due, the door does it, one act a transaction."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection

from plumbline.kernel import actions
from plumbline.kernel.models import Record
from plumbline.kernel.policy import Denied
from plumbline.kernel.register import Register, registers
from plumbline.kernel.signing import BadSignature
from plumbline.kernel.workflow import IllegalMove
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

LATE = timedelta(minutes=5)  # an act later than this carries when it should have happened
KEY = 0x706C756D62  # of PostgreSQL's advisory lock, in one database
REFUSALS = (Denied, actions.Stale, IllegalMove, BadSignature, ValidationError)

log = logging.getLogger(__name__)
_said: set[tuple] = set()  # refusals that were logged: once each, not every minute


@dataclass(frozen=True)
class Act:
    """One act of the clock, and why it was refused, if it was."""

    organisation: str
    kind: str
    number: str
    verb: str
    occurred_at: datetime
    refused: str = ""


@contextmanager
def alone(what: str = "clock", key: int = KEY) -> Iterator[bool]:
    """Whether nobody else runs the clock (or does that work) on this database; nobody will while the block lasts."""
    if connection.vendor == "sqlite":
        with open(f"{connection.settings_dict['NAME']}.{what}", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def run(now: datetime) -> Iterator[Act]:
    """Do what has come due in every organisation; what cannot be done is logged and hinders nothing else."""
    for organisation in Organisation.objects.order_by("uid"):
        for register in registers():
            for record, verb, occurred_at in _due(register, organisation, now):
                yield _done(organisation, record, verb, occurred_at, now)


def _due(register: Register, organisation: Organisation, now: datetime) -> list[tuple[Record, str, datetime]]:
    try:
        return [due for due in register.by_clock(organisation, now) if due[2] <= now]
    except Exception:
        log.exception("The clock cannot tell what is due among %s of %s", register.slug, organisation.slug)
        return []


def _done(organisation: Organisation, record: Record, verb: str, occurred_at: datetime, now: datetime) -> Act:
    late = occurred_at if now - occurred_at > LATE else None
    act = Act(organisation.slug, record.kind, record.number, verb, occurred_at)
    try:
        by = replace(Actor.clock(organisation), occurred_at=late)
        actions.act(record, verb, by=by, version=record.version)
    except REFUSALS as error:
        act = replace(act, refused=" ".join(error.messages) if isinstance(error, ValidationError) else str(error))
        if (told := (record.pk, verb, act.refused)) not in _said:
            _said.add(told)
            log.warning("The clock could not %s %s of %s: %s", verb, act.number, act.organisation, act.refused)
    except Exception as error:
        log.exception("The clock failed to %s %s of %s", verb, act.number, act.organisation)
        act = replace(act, refused=f"{type(error).__name__}: {error}")
    return act
