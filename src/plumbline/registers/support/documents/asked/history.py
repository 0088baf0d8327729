"""The revisions of a document, asked for on each of its pages."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Substr

from plumbline.ledger.prepared import Prepared

OPENING = 12_000  # characters of the text that the page of a document shows
FIRST_WORDS = ("effective", "proposed")  # of which revisions


def _newest_first(document: UUID) -> QuerySet:
    told = When(state__in=FIRST_WORDS, then=Substr("said__text", 1, OPENING))
    rows: Any = apps.get_model("documents", "Revision").objects.filter(of_document=document)
    return rows.select_related("file", "author").annotate(opening=Case(told, default=Value(""))).order_by("-uid")


revisions_of = Prepared(_newest_first)
