"""What the parts of records say: comments, answers, files by name and content; read from the declarations."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Substr

from plumbline.kernel.models import Attachment, Link, Part, Record, RequirementLink, Signature
from plumbline.kernel.register import register_of

from .models import FileText

SILENT = (Link, RequirementLink, Signature)  # what they say stands elsewhere
PASSAGE = 20_000  # letters of a file among which a passage is looked for
LONG = 60  # letters a field must hold to be somebody's words, not a code
UNSAID = {"cancelled_reason"}


@lru_cache
def told_by(part: type[Part]) -> tuple[str, ...]:
    """The fields of a part in which people write."""
    if issubclass(part, SILENT):
        return ()
    return tuple(
        field.name
        for field in part._meta.concrete_fields
        if isinstance(field, models.TextField | models.CharField)
        and (isinstance(field, models.TextField) or (field.max_length or 0) >= LONG)
        and not field.choices
        and field.name not in UNSAID
    )


def of_records(records: Iterable[Record], most: int | None = None) -> dict[UUID, list[str]]:
    """Everything the parts of these records say, by record; of a file at most so many letters."""
    by_part: dict[type[Part], list[UUID]] = {}
    for record in records:
        for part in register_of(record).parts:
            if told_by(part):
                by_part.setdefault(part, []).append(record.uid)
    said: dict[UUID, list[str]] = {}
    for part, uids in by_part.items():
        kept: models.QuerySet[Any] = part.objects.filter(record__in=uids)
        if any(field.name == "cancelled_reason" for field in part._meta.concrete_fields):
            kept = kept.filter(cancelled_reason="")
        for uid, *texts in kept.order_by("uid").values_list("record_id", *told_by(part)):
            said.setdefault(uid, []).extend(filter(None, texts))
        if part is Attachment:
            for uid, text in _in_files(kept, most):
                said.setdefault(uid, []).append(text)
    return said


def _in_files(kept: models.QuerySet, most: int | None) -> Iterable[tuple[UUID, str]]:
    there = kept.filter(disposal=None, file__disposed_at=None).order_by("uid")
    of_file = FileText.objects.filter(file=models.OuterRef("file")).values("text")
    text: models.expressions.Combinable = models.Subquery(of_file, output_field=models.TextField())
    said = there.annotate(_said=Substr(text, 1, most) if most else text).exclude(_said=None)
    return said.values_list("record_id", "_said")
