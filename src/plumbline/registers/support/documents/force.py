"""Being in force: spans of dates at places of use, and the states that follow from them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from .models import Document, Revision, Validity
from .models.force import place_of


def begin(
    revision: Revision,
    by: Actor,
    on: date,
    last: date | None = None,
    site: Any = None,
    process: Any = None,
    order: str = "",
) -> Validity:
    """It is in force at a place from that day (to its last); what was in force there ends, or waits till after."""
    order = _as_written(revision, order)
    place, end = place_of(site, process, order), last + timedelta(days=1) if last else None
    spans = _of(revision.of_document_id, place, on, end)
    for span in [*spans] if place or end else [*spans, *_led_the_way(revision, on)]:
        _make_room(span, by, on, end)
    values = {"document": revision.of_document, "place": place, "site": site, "process": process, "order": order}
    return actions.create(Validity, by=by, record=revision, from_on=on, until_on=end, **values)


def _as_written(revision: Revision, order: str) -> str:
    """An order as it stands already at the document, whatever its capitals: it is the same order."""
    order = " ".join(order.split())
    known = Validity.objects.filter(document=revision.of_document_id, order__iexact=order)
    return known.values_list("order", flat=True).first() or order if order else ""


def _led_the_way(revision: Revision, on: date) -> QuerySet:
    """Where it was in force first, and need not be any more once it is in force everywhere."""
    later = Q(until_on=None) | Q(until_on__gt=on)
    return Validity.objects.filter(later, record=revision.uid).exclude(place="").exclude(until_on=F("from_on"))


def _of(document: Any, place: str, on: date, end: date | None) -> QuerySet:
    """The spans of a document at a place that share a day with the new one; empty ones were taken back."""
    shared = Q(until_on=None) | Q(until_on__gt=on)
    spans = Validity.objects.filter(shared, document=document, place=place).exclude(until_on=F("from_on"))
    return (spans.filter(from_on__lt=end) if end else spans).select_related("record", "document", "site", "process")


def _make_room(span: Validity, by: Actor, on: date, end: date | None) -> None:
    before = span.until_on
    actions.edit(span, by=by, until_on=max(on, span.from_on))
    if end and (before is None or before > end):
        values = {name: getattr(span, name) for name in ("document", "place", "site", "process", "order")}
        actions.create(Validity, by=by, record=span.record, from_on=end, until_on=before, **values)


def finish(revision: Revision, by: Actor, on: date) -> None:
    """From that day on it is in force nowhere; what had not begun is taken back, and the one before goes on."""
    open_ended = Q(until_on=None) | Q(until_on__gt=on)
    for span in Validity.objects.filter(open_ended, record_id=revision.uid).exclude(until_on=F("from_on")):
        actions.edit(span, by=by, until_on=max(on, span.from_on))
        if span.from_on > on:
            _resume(span, by)


def _resume(span: Validity, by: Actor) -> None:
    """What would have ended on the day the span was to begin goes on."""
    before = Validity.objects.filter(document=span.document_id, place=span.place, until_on=span.from_on)
    for one in before.exclude(from_on=F("until_on")).exclude(pk=span.pk):
        actions.edit(one, by=by, until_on=span.until_on)


def on_day(organisation: Organisation, day: date) -> QuerySet[Validity]:
    """Every span that holds on that day in the organisation."""
    held = Validity.objects.filter(Q(until_on=None) | Q(until_on__gt=day), organisation=organisation, from_on__lte=day)
    return held.select_related("document", "site", "process")


def settle(document: Document, today: date) -> None:
    """Bring states and the document's revision in line with the spans, as the date has it."""
    clock = Actor.clock(document.home)
    for revision in Revision.objects.filter(of_document=document.pk, state__in=("approved", "effective")).order_by(
        "uid"
    ):
        if verb := due_move(revision, today):
            actions.act(revision, verb, by=clock)
    name_current(Document.objects.get(pk=document.pk), today)


def name_current(document: Document, today: date) -> None:
    """The document says which revision is in force, and is in use once one is."""
    clock, spans = Actor.clock(document.home), document.in_force(today)
    if not spans:
        return
    if document.state == "draft":
        document = actions.act(document, "enter", by=clock)
    current = Revision.objects.get(pk=spans[0].record_id)
    if document.revision_no != current.revision_no:
        actions.edit(document, by=clock, revision_no=current.revision_no)


def due_move(revision: Revision, today: date) -> str:
    """The move a date asks for: to take effect, or to step back; empty when nothing has come."""
    spans = [span for span in Validity.objects.filter(record_id=revision.uid) if span.until_on != span.from_on]
    if revision.state == "approved" and any(span.holds_on(today) for span in spans):
        return "take_effect"
    if revision.state == "effective" and not any(span.until_on is None or span.until_on > today for span in spans):
        return "expire" if revision.temporary else "supersede"
    return ""


def waiting(organisation: Organisation, today: date) -> Iterator[tuple[Revision, str, date]]:
    """The revisions whose date has come: (revision, move, the day it should have been made)."""
    begun = on_day(organisation, today).filter(record=OuterRef("pk"))
    later = Validity.objects.filter(Q(until_on=None) | Q(until_on__gt=today), record=OuterRef("pk"))
    revisions = Revision.objects.filter(home=organisation)
    for revision in revisions.filter(Exists(begun), state="approved").order_by("uid"):
        spans = Validity.objects.filter(record_id=revision.uid, from_on__lte=today)
        yield revision, "take_effect", min(span.from_on for span in spans if span.holds_on(today))
    for revision in revisions.filter(~Exists(later), state="effective").order_by("uid"):
        ends = [span.until_on for span in Validity.objects.filter(record_id=revision.uid) if span.until_on]
        if verb := due_move(revision, today):
            yield revision, verb, max(ends, default=today)
