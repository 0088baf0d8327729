"""What people call a record: a revision by its document and what it is numbered there, anything else by its number."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from plumbline.kernel.models import Record
from plumbline.registers.support.documents.models import Revision


def called(records: Iterable[Record]) -> None:
    """Say what each of these is `called`, and `named` with its title; one query, if there are revisions among them."""
    every: list[Any] = list(records)
    uids = {record.uid for record in every if record.kind == "revision"}
    rows = Revision.objects.filter(pk__in=uids).values_list("pk", "of_document__number", "revision_no") if uids else ()
    documents = {uid: (number, f"{_('revision')} {no}".strip()) for uid, number, no in rows}
    for record in every:
        number, revision = documents.get(record.uid, (record.number, ""))
        record.called = f"{number} {revision}".strip()
        record.named = f"{number} {record.title}" + (f", {revision}" if revision else "")
