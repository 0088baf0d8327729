"""Signed heads: each log's head is signed, kept, and raised in a file outside the database; a fork is never signed."""

import logging
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction

from plumbline.history import notes
from plumbline.history.merkle import Frontier, inclusion_proof
from plumbline.ledger import highwater
from plumbline.ledger.foreign import foreign
from plumbline.ledger.models import Checkpoint, Entry, Event, Log
from plumbline.ledger.writer import Stamp, writing

logger = logging.getLogger(__name__)
PAUSE = timedelta(seconds=60)
_asked: ContextVar[list[bool] | None] = ContextVar("plumbline_asked", default=None)


class ForkRefused(RuntimeError):
    """The log is not an extension of a head that was signed before; the text says which and what to do."""


def key_path() -> Path:
    """Where the signing key stands."""
    return Path(settings.PLUMBLINE_KEYS) / "log.ed25519"


def ensure_key() -> notes.SigningKey:
    """The signing key; made on first use, never again once something was signed (then FileNotFoundError)."""
    path = key_path()
    if not path.exists():
        if highwater.read() or Checkpoint.objects.exists():
            raise FileNotFoundError(f"The key {path} that signed this log is missing: restore it from your backup.")
        try:
            return notes.SigningKey.create(path)
        except FileExistsError:
            pass
    return notes.SigningKey.load(path)


def verifier_text(log: Log) -> str:
    """The verifier key others check this log's heads with."""
    return ensure_key().verifier(log.origin).text


def origins(log: Log) -> list[str]:
    """The origins of a log's epochs, from the first to the one in force."""
    first = log.origin.removesuffix(f"/{log.epoch}") if log.epoch > 1 else log.origin
    return [first, *(f"{first}/{epoch}" for epoch in range(2, log.epoch + 1))]


def trusted(log: Log, size: int) -> list[notes.Verifier]:
    """The keys that may have signed a head of that size: ours, and below where the log was loaded, those before us."""
    key, before = ensure_key(), foreign(log.home)
    return [*map(key.verifier, origins(log)), *(before.verifiers if size <= before.size else ())]


def sign_heads(now: bool = False, home: UUID | None = None) -> list[Checkpoint]:
    """Sign every log (or one) that grew since its last head, at most once a minute unless `now`; raises ForkRefused."""
    logs = Log.objects.order_by("home") if home is None else Log.objects.filter(pk=home)
    marks = highwater.read()
    due = [log.home for log in logs if _due(log, marks.get(str(log.home)), now)]
    return [checkpoint for home in due if (checkpoint := _sign(home, now))]


def sign_now() -> None:
    """After a signature: at once. What hinders it is logged and tried again within a minute, for the move is made."""
    if (asked := _asked.get()) is not None:
        asked.append(True)
        return
    try:
        sign_heads(now=True)
    except (ForkRefused, DatabaseError, OSError, ValueError) as error:
        logger.error("Heads were not signed: %s", error)


@contextmanager
def signed_afterwards() -> Iterator[None]:
    """Around a transaction of more than one act: no head is signed over what may yet be rolled back, but at the end."""
    asked: list[bool] = []
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)
    if asked:
        sign_now()


def _due(log: Log, known: highwater.Mark | None, now: bool) -> bool:
    last = log.checkpoints.order_by("id").last()
    if last is None or last.size == log.size:
        return last is None or known is None or (known.epoch, known.size) != (log.epoch, log.size)
    return now or last.at <= datetime.now(UTC) - PAUSE


def _sign(home: UUID, now: bool) -> Checkpoint | None:
    with transaction.atomic():
        log, known = Log.objects.select_for_update().get(pk=home), highwater.read().get(str(home))
        if not _due(log, known, now):
            return None
        key, last = ensure_key(), log.checkpoints.order_by("id").last()
        frontier = extended(log, last, known)
        head = notes.Checkpoint(log.origin, log.size, frontier.root())
        note = key.sign(head.text, log.origin)
        checkpoint = Checkpoint.objects.create(
            log=log, size=log.size, root=head.root, frontier=frontier.to_bytes(), note=note, at=datetime.now(UTC)
        )
        mark = highwater.Mark(str(home), log.epoch, log.origin, log.size, b64encode(head.root).decode(), note)
        transaction.on_commit(lambda: highwater.raise_to(mark))
        return checkpoint


def extended(log: Log, last: Checkpoint | None, known: highwater.Mark | None) -> Frontier:
    """The head's frontier, proven to extend the last head and the high-water mark by hashing what came since."""
    if known and (known.epoch, known.size) > (log.epoch, log.size):
        raise ForkRefused(f"{log.origin}: {_lost(known, log)}")
    this_epoch = known is not None and known.epoch == log.epoch
    anchors = {known.size: known.root_bytes} if known and this_epoch else {}
    start = Frontier()
    if last:
        head = _checked(last, log)
        if anchors.setdefault(head.size, head.root) != head.root:
            raise ForkRefused(f"{log.origin}: the head at {head.size} is not the one that was signed; run verify")
        if head.origin == log.origin or not this_epoch:
            start = Frontier.from_bytes(last.frontier)
            if start.size != head.size or start.root() != head.root:
                raise ForkRefused(f"{log.origin}: the stored head at {head.size} was altered; run verify")
    _grow(log, start, anchors)
    if start.size != log.size or start.to_bytes() != bytes(log.frontier):
        raise ForkRefused(f"{log.origin}: the head does not fit the entries; run verify")
    return start


def _grow(log: Log, frontier: Frontier, anchors: dict[int, bytes]) -> None:
    """Hash the entries that came since, and compare the roots where a head was signed."""
    leaves = Entry.objects.filter(log=log, seq__gte=frontier.size, seq__lt=log.size).order_by("seq")
    for seq, leaf in leaves.values_list("seq", "leaf").iterator(5000):
        if seq != frontier.size:
            raise ForkRefused(f"{log.origin}: entry {frontier.size} is missing; run verify")
        frontier.append(bytes(leaf))
        if frontier.size in anchors and anchors[frontier.size] != frontier.root():
            raise ForkRefused(f"{log.origin}: the log up to {seq + 1} is not the one that was signed; run verify")


def _checked(checkpoint: Checkpoint, log: Log) -> notes.Checkpoint:
    """The head in a stored checkpoint, its signature checked under this log's origins."""
    try:
        head = notes.Checkpoint.from_text(notes.open_note(checkpoint.note, trusted(log, checkpoint.size)))
    except notes.BadNote as error:
        raise ForkRefused(f"{log.origin}: the stored head at {checkpoint.size} was altered ({error})") from error
    if (head.size, head.root) != (checkpoint.size, bytes(checkpoint.root)):
        raise ForkRefused(f"{log.origin}: the stored head at {checkpoint.size} is not what its note says")
    return head


def _lost(known: highwater.Mark, log: Log) -> str:
    return (
        f"the database stands at {log.size} (epoch {log.epoch}), but {known.size} (epoch {known.epoch}) was signed."
        " Restore a newer backup, or open a new epoch with a reason."
    )


def behind() -> list[str]:
    """Where the database is behind the high-water file or tells another story; empty when all is well."""
    found, logs = [], {str(log.home): log for log in Log.objects.all()}
    for home, known in highwater.read().items():
        log = logs.get(home)
        if log is None:
            found.append(f"{known.origin}: the log is missing; {known.size} events were signed.")
        elif (log.epoch, log.size) < (known.epoch, known.size):
            found.append(f"{log.origin}: {_lost(known, log)}")
        elif log.epoch > known.epoch:
            found.append(f"{log.origin}: the database claims epoch {log.epoch}, of which no head was signed.")
        elif _root_at(log, known.size) != known.root_bytes:
            found.append(f"{log.origin}: the first {known.size} events are not the ones that were signed.")
        elif not _signed(known):
            found.append(f"{log.origin}: the head in the high-water file is not signed by this installation's key.")
    return found


def _signed(known: highwater.Mark) -> bool:
    try:
        text = notes.open_note(known.note, [ensure_key().verifier(known.origin)])
        return notes.Checkpoint.from_text(text) == notes.Checkpoint(known.origin, known.size, known.root_bytes)
    except (notes.BadNote, FileNotFoundError):
        return False


def _root_at(log: Log, size: int) -> bytes:
    stored = log.checkpoints.filter(size=size).order_by("id").last()
    if stored is not None:
        return bytes(stored.root)
    frontier = Frontier()
    for seq, leaf in Entry.objects.filter(log=log, seq__lt=size).order_by("seq").values_list("seq", "leaf").iterator():
        if seq == frontier.size:
            frontier.append(bytes(leaf))
    return frontier.root()


def new_epoch(home: UUID, reason: str, stamp: Stamp) -> Checkpoint:
    """Go on after a restore that lost signed events: an event tells the gap, and heads carry a new origin."""
    if not reason.strip():
        raise ValueError("A new epoch needs a reason.")
    known = highwater.read().get(str(home))
    with transaction.atomic(), writing(home, stamp) as pen:
        log = Log.objects.select_for_update().get(pk=home)
        epoch = max(log.epoch, known.epoch if known else 0) + 1
        facts = {
            "epoch": epoch,
            "from_size": log.size,
            "from_root": Frontier.from_bytes(log.frontier).root(),
            "signed_size": known.size if known else None,
            "signed_note": known.note if known else None,
        }
        pen.note("new_epoch", subject=home, table="log", facts=facts, reason=reason)
        Log.objects.filter(pk=home).update(epoch=epoch, origin=f"{origins(log)[0]}/{epoch}")
    checkpoint = _sign(home, now=True)
    assert checkpoint is not None
    return checkpoint


def proof_of(event_id: UUID) -> str:
    """The C2SP tlog-proof that an event stands in its log, up to the last signed head; raises LookupError."""
    event = Event.objects.select_related("entry__log").get(pk=event_id)
    log, seq = event.entry.log, event.entry.seq
    checkpoint = log.checkpoints.filter(size__gt=seq).order_by("id").last()
    if checkpoint is None:
        raise LookupError("no signed head covers this event yet")
    entries = Entry.objects.filter(log=log, seq__lt=checkpoint.size).order_by("seq")
    leaves = [bytes(leaf) for leaf in entries.values_list("leaf", flat=True).iterator(5000)]
    return notes.tlog_proof(seq, inclusion_proof(seq, leaves), checkpoint.note)
