"""The tables of the log, and the abstract row that every piece of evidence is."""

from typing import Any, NoReturn
from uuid import UUID

from django.db import models

from plumbline.history.uids import uuid7

from .prepared import Prepared

INSTALLATION = UUID(int=0)


class WrittenOutsideTheDoor(RuntimeError):
    """Evidence was about to change without an event; write it with `pen.save` inside `ledger.writer.writing`."""


def _refuse(what: str) -> NoReturn:
    raise WrittenOutsideTheDoor(f"{what}: evidence changes only through pen.save inside ledger.writer.writing")


class Log(models.Model):
    """One append-only log: an organisation's, or (home 0) the installation's."""

    home = models.UUIDField(primary_key=True)
    origin = models.CharField(max_length=200, unique=True)
    epoch = models.PositiveIntegerField(default=1)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"{self.origin} ({self.size})"


class Entry(models.Model):
    """The seal of an event: its place in the log and its leaf hash, written last."""

    event_id = models.UUIDField(primary_key=True)
    log = models.ForeignKey(Log, models.DO_NOTHING, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    leaf = models.BinaryField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["log", "seq"], name="ledger_entry_seq")]

    def __str__(self) -> str:
        return f"{self.log_id}:{self.seq}"


class Event(models.Model):
    """One change, without a personal value; its key is a deferred reference to its seal, so unsealed it cannot stay."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, db_column="id", related_name="event")
    home = models.UUIDField()
    subject = models.UUIDField()
    record = models.UUIDField(null=True)
    table = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    actor = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=12)
    on_behalf_of = models.UUIDField(null=True)
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, default="UTC")
    how = models.CharField(max_length=60, blank=True, default="")
    schema = models.CharField(max_length=70)
    commitment = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["home", "at"], name="ledger_event_home_at"),
            models.Index(fields=["record", "entry"], name="ledger_event_record"),
            models.Index(fields=["subject", "entry"], name="ledger_event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.table} {self.subject}"

    @property
    def id(self) -> UUID:
        """The event's UUID (order by `pk`, which is the same column)."""
        return self.entry_id


class Opening(models.Model):
    """What an event's commitment commits to: the only place with values, names, reasons; erasing deletes it."""

    event = models.OneToOneField(Event, models.DO_NOTHING, primary_key=True, related_name="opening")
    salt = models.BinaryField()
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.event_id)


events_of = Prepared(
    lambda record, newest: Event.objects.filter(record=record).select_related("opening").order_by("-pk")[:newest]
)


class Checkpoint(models.Model):
    """A signed head; the frontier lets the next one be proven an extension without reading the whole log."""

    log = models.ForeignKey(Log, models.DO_NOTHING, related_name="checkpoints", db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField()
    frontier = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["log", "size", "id"], name="ledger_checkpoint_size")]

    def __str__(self) -> str:
        return self.note


class EvidenceQuerySet(models.QuerySet):
    """A queryset that reads; the base of every custom queryset on evidence."""

    def update(self, **values: Any) -> NoReturn:
        """Refused: a change without an event."""
        _refuse("update()")

    def delete(self) -> NoReturn:
        """Refused: nothing is deleted."""
        _refuse("delete()")

    def bulk_create(self, *args: Any, **options: Any) -> NoReturn:
        """Refused: use pen.save_many."""
        _refuse("bulk_create()")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        """Refused: use pen.save_many."""
        _refuse("bulk_update()")

    delete.queryset_only = True  # type: ignore[attr-defined]


EvidenceManager = models.Manager.from_queryset(EvidenceQuerySet, "EvidenceManager")


class Evidence(models.Model):
    """A row that counts as evidence: it names the event that wrote it, and only the pen writes it."""

    HOME = "organisation"
    RECORD: str | None = None
    schema_version = 1
    # Columns (what, where, from, until) of a span of dates, until exclusive: the database refuses two spans of one
    # thing at one place that share a day; an empty span is one that was taken back. `what` points to a Kind.
    SPAN: tuple[str, str, str, str] | None = None

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The trigger demands the event at once; a constraint as well would make SQLite, which always has an unsealed event
    # in hand, read every evidence table through for each event (measured: 2.7 ms of SQL a row instead of 0.05).
    last_event = models.ForeignKey(
        Event, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False, editable=False
    )

    objects = EvidenceManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Refused: the pen writes the row together with its event."""
        _refuse(f"{type(self).__name__}.save()")

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        """Refused: nothing is deleted."""
        _refuse(f"{type(self).__name__}.delete()")
