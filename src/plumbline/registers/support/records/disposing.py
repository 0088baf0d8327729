"""Disposal: what forbids it, and what happens when the last signature stands."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plumbline.history.uids import uuid7
from plumbline.kernel import actions, disposal
from plumbline.kernel.models import Draft, Signature
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from . import noting
from .models import Disposal, QualityRecord


def still_kept(record: QualityRecord) -> str | None:
    """Why the record is not to be disposed of yet."""
    if record.category.months is None:
        return _("Records of this category are kept for good.")
    if record.begins() is None:
        return _("Its retention time has not begun: say when the contract, the product's life or the file ended.")
    end = record.end()
    if end is None or not record.past():
        return _("It is to be kept until %(day)s.") % {"day": date_format(end or date.max, "DATE_FORMAT")}
    return None


def one_is_enough(record: QualityRecord) -> str | None:
    enough = None if record.category.two_people else _("One signature is enough for this category.")
    return enough or still_kept(record)


def two_are_needed(record: QualityRecord) -> str | None:
    needed = _("This category wants two signatures.") if record.category.two_people else None
    return needed or still_kept(record)


def disposed(record: QualityRecord, by: Actor, answers: dict) -> None:
    """Effect of the only signature: the content goes, the record of disposal comes, and a note of it lies outside."""
    _dispose(record, by, uuid7(), (by.person, None), timezone.now(), repeated=False)


def countersigned(record: QualityRecord, by: Actor, answers: dict) -> None:
    """Effect of the second signature, with the newest first one."""
    first = Signature.objects.filter(record_id=record.uid, verb="sign").select_related("by").latest("uid")
    _dispose(record, by, uuid7(), (first.by, by.person), timezone.now(), repeated=False)


def repeated(record: QualityRecord, by: Actor, note: noting.Note) -> None:
    """What a note outside says was disposed of, in a database that does not know it: an older backup."""
    known = Person.objects.filter(organisation=record.organisation_id)
    first, second = (known.filter(pk=uid).first() if uid else None for uid in (note.first_by, note.second_by))
    _dispose(record, by, note.disposal, (first, second), note.disposed_at, repeated=True)


def _dispose(
    record: QualityRecord, by: Actor, uid: UUID, signers: tuple[Person | None, ...], at: datetime, *, repeated: bool
) -> None:
    first, second = signers
    note = noting.Note(
        record.organisation_id,
        record.uid,
        uid,
        at,
        record.method,
        first.uid if first else None,
        second.uid if second else None,
    )
    if not repeated:
        transaction.on_commit(
            lambda: noting.keep(note), robust=True
        )  # before the content goes; a sweep mends a failure
    given = disposal.give_up(record, uid, by=by)
    actions.create(
        Disposal, by=by, record=record, uid=uid, category=record.category.name, source=_source(record),
        kept_until=record.keep_until, method=record.method, first_by=first, second_by=second, disposed_at=at,
        files=[_told(part, held) for part, held in given], repeated=repeated,
    )  # fmt: skip
    Draft.objects.filter(organisation=record.organisation_id, form__startswith=f"{record.uid}:").delete()


def _source(record: QualityRecord) -> str:
    return ": ".join(filter(None, (record.category.get_basis_display(), record.category.source)))


def _told(part: Any, held: set[UUID]) -> dict[str, Any]:
    """One file of the record of disposal."""
    file = part.file
    return {"name": part.name, "sha256": file.sha256, "size": file.size, "held": sorted(map(str, held))}
