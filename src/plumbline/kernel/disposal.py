"""Content that is given up: who else holds it, what the rows then say, and how the bytes leave the disk."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from plumbline.ledger.writer import Pen, writing
from plumbline.organisation.actor import Actor

from . import faces, files
from .models import Attachment, File, Part

FRESH = 3600  # seconds: bytes that came after the disposal may belong to somebody who is just keeping them again


def holders(file: File) -> set[UUID]:
    """The records on which this content is still kept."""
    found: set[UUID] = set()
    for relation in File._meta.related_objects:
        model: Any = relation.related_model
        rows = model.objects.filter(**{relation.field.name: file})
        if model is Attachment:
            rows = rows.filter(disposal=None)
        found.update(rows.values_list("record_id" if issubclass(model, Part) else "pk", flat=True))
    return found


def give_up(record: Any, because: UUID, *, by: Actor) -> list[tuple[Attachment, set[UUID]]]:
    """Inside a move: no file of the record is had from it any more; what no other record holds leaves the disk.

    Each file with the records that still hold its content. The bytes go once all of this is committed.
    """
    with writing(record.organisation_id, by.stamp()) as pen:
        parts = list(Attachment.objects.filter(record_id=record.uid, disposal=None).order_by("uid"))
        rows = File.objects.select_for_update().filter(pk__in={part.file_id for part in parts})
        locked = {file.pk: file for file in rows.order_by("sha256")}
        for part in parts:
            part.file, part.disposal, part.version = locked[part.file_id], because, part.version + 1
            pen.save(part, "dispose")
        held = {pk: holders(file) for pk, file in locked.items()}
        for file in (file for pk, file in locked.items() if not held[pk] and not file.disposed_at):
            file.disposed_at, file.disposal = timezone.now(), because
            pen.save(file, "dispose")
            faces.wrote([file])
            transaction.on_commit(partial(removed, file), robust=True)  # if it fails, a sweep does it
    return [(part, held[part.file_id]) for part in parts]


def kept_again(pen: Pen, file: File) -> None:
    """Somebody brings content anew that was disposed of: the row counts again, the old record does not.

    Raises FileNotFoundError where the bytes left the disk meanwhile: then it is sent once more.
    """
    files.path_of(file).stat()
    file.disposed_at = file.disposal = None
    pen.save(file, "keep")


def removed(file: File, whatever: bool = False) -> bool:
    """Take the bytes of disposed content off the disk, durably; whether there were any. `whatever`: fresh ones too."""
    with transaction.atomic():
        row = File.objects.select_for_update().filter(pk=file.pk).first()
        path = files.path_of(file)
        if (
            row is None
            or row.disposed_at is None
            or not path.exists()
            or not (whatever or _left(path, row.disposed_at))
        ):
            return False
        path.unlink(missing_ok=True)
        files.sync(path.parent)
    return True


def _left(path: Path, disposed_at: datetime) -> bool:
    """Whether the bytes are those that were disposed of, or lie there too long for an upload under way."""
    came = path.stat().st_mtime
    return came <= disposed_at.timestamp() or timezone.now().timestamp() - came > FRESH


def sweep(whatever: bool = False) -> int:
    """Take off the disk what was disposed of and is still there, after a crash or a restore; how many files."""
    gone: Iterable[File] = File.objects.exclude(disposed_at=None).iterator()
    return sum(removed(file, whatever) for file in gone if files.path_of(file).exists())
