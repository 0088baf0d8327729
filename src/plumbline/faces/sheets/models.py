"""Working rows: exports that take a while, and imports from the file to what became of every row."""

from typing import Any

from django.db import models

from plumbline.history.uids import uuid7
from plumbline.organisation.models import Organisation, Person


class Run(models.Model):
    """What takes a while: for whom, of which register, how far it is. No evidence: the records have theirs."""

    UNDER_WAY: tuple[str, ...] = ("waiting", "running")

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=20, default="waiting")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def note(self, **values: Any) -> None:
        """Keep these values, at once."""
        for name, value in values.items():
            setattr(self, name, value)
        type(self)._base_manager.filter(pk=self.pk).update(**values)

    def note_from(self, before: str, /, **values: Any) -> None:
        """Keep these values if it is still in that state: somebody may have stopped it at this moment."""
        if type(self)._base_manager.filter(pk=self.pk, state=before).update(**values):
            for name, value in values.items():
                setattr(self, name, value)

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    def step(self, **values: Any) -> bool:
        """Keep these values if it still stands where it was seen to stand: of two who press at once, one does it."""
        found = type(self)._base_manager.filter(pk=self.pk, state=self.state).update(**values)
        for name, value in values.items() if found else ():
            setattr(self, name, value)
        return bool(found)

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class Export(Run):
    """A long list on its way into a file; the file is the person's own and goes after a day."""

    query = models.TextField(blank=True)
    fields = models.CharField(max_length=10, default="shown")
    rights = models.JSONField(default=list)  # of the person when it was asked for: the file shows what they allowed

    class Meta:
        indexes = [models.Index(fields=["state", "made_at"], name="sheets_export_waiting")]

    @property
    def file_name(self) -> str:
        return f"{self.uid}.xlsx"


class Import(Run):
    """A file on its way into a register: how it is read, what became of it; its rows say it one by one."""

    UNDER_WAY = ("checking", "importing", "undoing")

    state = models.CharField(max_length=20, default="mapping")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    reading = models.JSONField(default=dict)  # kind, encoding, delimiter, sheet, row of the headings, spelling
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)  # the field each column fills, "" for none
    changing = models.BooleanField(default=True)  # a row with a number changes that record; else it makes a new one
    clearing = models.BooleanField(default=False)  # an empty cell empties the field
    counts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)  # why it was taken back

    class Meta:
        indexes = [
            models.Index(fields=["state", "made_at"], name="sheets_import_waiting"),
            models.Index(fields=["organisation", "kind", "sha256"], name="sheets_import_same"),
        ]

    @property
    def file_name(self) -> str:
        return f"{self.uid}.table"


class Row(models.Model):
    """One row of the file: what it means, and what became of it. The uid of a new record is made before it is."""

    belongs = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    step = models.CharField(max_length=10)  # create, edit, same, wrong
    record = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=0)  # of the record, when the row was checked
    given = models.JSONField(default=dict)
    before = models.JSONField(default=dict)  # what the edited fields held
    errors = models.JSONField(default=list)  # [column, words]
    state = models.CharField(max_length=10, blank=True)  # done, refused; undone, kept
    said = models.TextField(blank=True)
    number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["belongs", "line"], name="one_row_per_line")]
        indexes = [models.Index(fields=["belongs", "step", "state", "line"], name="sheets_row_next")]
