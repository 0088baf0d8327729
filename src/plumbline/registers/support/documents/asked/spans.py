"""Which revision is in force where on a day: the spans that the library looks up."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.organisation.actor import Actor

from ..models import Validity

FEW = 300  # spans of a day gone by that are looked up, where otherwise each document would be asked
OF_REVISION = ("number", "kind", "revision__revision_no", "revision__temporary")
SHOWN = (
    "document_id", "record_id", "place", "order", "from_on", "until_on", "site__name", "process__name",
    *(f"record__{name}" for name in OF_REVISION),
)  # fmt: skip


def holds(day: date) -> Q:
    return Q(from_on__lte=day) & (Q(until_on=None) | Q(until_on__gt=day))


def few(actor: Actor, day: date) -> list[UUID] | None:
    """Keys of what was in force on a day gone by, if it was little; None where that has to be asked of each."""
    if day >= actor.organisation.today():
        return None
    held = Validity.objects.filter(holds(day), organisation=actor.organisation).order_by()
    found = list(held.values_list("document", flat=True)[: FEW + 1])
    return list(dict.fromkeys(found)) if len(found) <= FEW else None


def held(day: date, documents: list[UUID]) -> QuerySet:
    held = Validity.objects.filter(holds(day), document__in=documents)
    return held.select_related("site", "process", "record__revision").order_by("place", "from_on")


def by_document(held: QuerySet) -> dict[UUID, list[Validity]]:
    spans: dict[UUID, list[Validity]] = {}
    for span in held:
        spans.setdefault(span.document_id, []).append(span)
    return spans
