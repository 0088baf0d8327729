"""The log against itself: events, seals, openings, heads and their signatures, in one stream of constant memory."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import Exists, Model, OuterRef

from plumbline.history import notes
from plumbline.history.merkle import Frontier, leaf_hash
from plumbline.ledger.foreign import foreign
from plumbline.ledger.heads import ensure_key, origins
from plumbline.ledger.leaves import IDS, NAMES, TIMES, commitment_of, leaf_content
from plumbline.ledger.models import Checkpoint, Entry, Event, Log, Opening
from plumbline.ledger.problems import Problem, number_in

CHUNK = 2000
UUID_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 99))
ID, HOME, TABLE, SUBJECT, COMMITMENT = (NAMES.index(name) for name in ("id", "home", "table", "subject", "commitment"))


def problems_of(log: Log) -> Iterator[Problem]:
    """Everything wrong with one log, up to the size its head had at the start."""
    frontier, heads = Frontier(), _Heads(log)
    for seq, event_id, leaf, salt, text, *spelled in _entries(log):
        if seq != frontier.size:
            yield Problem(log.home, "ledger_entry", str(seq), None, f"entries {frontier.size} to {seq - 1} are missing")
        if event_id is None:
            yield Problem(log.home, "ledger_entry", str(seq), None, "this entry cannot be read")
        elif what := _wrong(log, _bytes(leaf), salt, text, spelled):
            table, subject = spelled[TABLE] or Event._meta.db_table, spelled[SUBJECT] or event_id
            yield Problem(log.home, table, str(subject), number_in(text), f"event {event_id}: {what}")
        frontier = frontier if seq == frontier.size else Frontier(seq, [b""] * seq.bit_count())
        frontier.append(_bytes(leaf))
        yield from heads.reach(frontier)
    if frontier.size != log.size or frontier.to_bytes() != bytes(log.frontier):
        yield Problem(log.home, "ledger_log", str(log.home), None, "the head is not the one its entries give")
    yield from heads.rest()


def strays() -> Iterator[Problem]:
    """Events without a seal, openings without an event, entries beyond their log's head."""
    for event in Event.objects.filter(_without(Entry, "pk")).iterator(CHUNK):
        yield Problem(event.home, event.table, str(event.subject), None, f"event {event.pk} is not in the log")
    for key in Opening.objects.filter(_without(Event, "pk")).values_list("pk", flat=True).iterator(CHUNK):
        yield Problem(None, "ledger_opening", str(key), None, "this opening has no event")
    for home, size in Log.objects.values_list("home", "size"):
        for key in Entry.objects.filter(log_id=home, seq__gte=size).values_list("pk", flat=True)[:100]:
            if Log.objects.get(pk=home).size == size:
                yield Problem(home, "ledger_entry", str(key), None, "this entry lies beyond the log's head")
    for key in Entry.objects.filter(_without(Log, "log_id")).values_list("pk", flat=True).iterator(CHUNK):
        yield Problem(None, "ledger_entry", str(key), None, "this entry belongs to no log")


def _without(model: type[Model], key: str) -> Any:
    """That no row of the model has this key; a join would be left out, for the database is thought to forbid it."""
    return ~Exists(model._base_manager.filter(pk=OuterRef(key)))


def _wrong(log: Log, leaf: bytes, salt: Any, text: str | None, spelled: Sequence[str | None]) -> str:
    if spelled[ID] is None:
        return "the event is missing"
    if leaf_hash(leaf_content(spelled)) != leaf:
        return "the event was altered"
    if spelled[HOME] != str(log.home):
        return "the event belongs to another organisation"
    if text is None or salt is None:
        return "" if _erased(log, UUID(spelled[ID])) else "its opening was deleted"
    if commitment_of(_bytes(salt), str(text)).hex() != spelled[COMMITMENT]:
        return "its opening (values, name or reason) was altered"
    return ""


def _erased(log: Log, event_id: UUID) -> bool:
    return Event.objects.filter(home=log.home, subject=event_id, verb="erase", table="opening").exists()


class _Heads:
    """The stored heads of a log, compared with the roots as the stream reaches their sizes."""

    def __init__(self, log: Log) -> None:
        self.log = log
        key = ensure_key() if log.checkpoints.exists() else None
        self.verifiers = [key.verifier(origin) for origin in origins(log)] if key else []
        self.before = foreign(log.home)
        self.waiting = log.checkpoints.order_by("size", "id").iterator(500)
        self.next: Checkpoint | None = next(self.waiting, None)

    def reach(self, frontier: Frontier) -> Iterator[Problem]:
        while self.next is not None and self.next.size <= frontier.size:
            head, self.next = self.next, next(self.waiting, None)
            if what := self._wrong(head, frontier):
                yield self._problem(head, what)

    def rest(self) -> Iterator[Problem]:
        while self.next is not None:
            head, self.next = self.next, next(self.waiting, None)
            if not Log.objects.filter(pk=self.log.home, size__gte=head.size).exists():
                yield self._problem(head, f"{head.size} events were signed, the log has {self.log.size}")

    def _wrong(self, head: Checkpoint, frontier: Frontier) -> str:
        try:
            verifiers = self.verifiers + [*self.before.verifiers] * (head.size <= self.before.size)
            signed = notes.Checkpoint.from_text(notes.open_note(head.note, verifiers))
        except notes.BadNote as error:
            return f"its signature does not hold: {error}"
        if (signed.size, signed.root) != (head.size, bytes(head.root)):
            return "it is not what its note says"
        if head.size != frontier.size or signed.root != frontier.root():
            return f"the first {head.size} events are not the ones that were signed"
        return "" if bytes(head.frontier) == frontier.to_bytes() else "its frontier was altered"

    def _problem(self, head: Checkpoint, what: str) -> Problem:
        return Problem(self.log.home, "ledger_checkpoint", str(head.pk), None, what)


def _entries(log: Log) -> Iterator[tuple]:
    """The entries of a log with their events and openings, in order; unreadable ones as (seq, None …)."""
    columns = ", ".join(map(_column, NAMES))
    statement = (
        f'SELECT n."seq", n."event_id", n."leaf", o."salt", o."text", {columns}'
        " FROM ledger_entry n LEFT JOIN ledger_event e ON e.id = n.event_id"
        " LEFT JOIN ledger_opening o ON o.event_id = n.event_id"
        ' WHERE n.log_id = %s AND n."seq" >= %s AND n."seq" < %s ORDER BY n."seq"'
    )
    home = Log._meta.pk.get_db_prep_value(log.home, connection)
    for low in range(0, log.size, CHUNK):
        yield from _read(statement, home, low, min(low + CHUNK, log.size))


def _read(statement: str, home: Any, low: int, high: int) -> Iterator[tuple]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [home, low, high])
            rows = cursor.fetchall()
    except (DatabaseError, UnicodeDecodeError):
        if high - low == 1:
            rows = [(low, None, b"", None, None, *[None] * len(NAMES))]
        else:
            middle = (low + high) // 2
            yield from _read(statement, home, low, middle)
            yield from _read(statement, home, middle, high)
            return
    yield from rows


def _column(name: str) -> str:
    """SQL that spells a column as the leaf does; SQLite keeps UUIDs as 32 digits and instants with a space."""
    postgresql, column = connection.vendor == "postgresql", f'e."{name}"'
    if name == "commitment":
        return f"encode({column}, 'hex')" if postgresql else f"lower(hex({column}))"
    if name in IDS and not postgresql:
        return "||'-'||".join(f"substr({column}, {at}, {size})" for at, size in UUID_PARTS)
    if name in TIMES and postgresql:
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    if name in TIMES:
        return f"replace({column}, ' ', 'T') || CASE length({column}) WHEN 19 THEN '.000000Z' ELSE 'Z' END"
    return f"CAST({column} AS text)"


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else bytes(value) if isinstance(value, memoryview) else str(value).encode()
