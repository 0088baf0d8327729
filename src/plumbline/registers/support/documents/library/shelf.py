"""What is in force on a day: which documents, in which revision, at which places; as one person may see it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from plumbline.kernel.models import Record
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.asked import spans as asked
from plumbline.registers.support.documents.models import Document, Recipient, Validity
from plumbline.registers.support.documents.models.force import place_of

AT_ONCE = 500  # documents read in one go where all are wanted
OF_DOCUMENT = ("number", "kind", "title", "due", "sort", "process__name", "owner__name")
NEW_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Line:
    """A document and where which of its revisions is in force on the day; what holds for the reader comes first."""

    document: Document
    spans: Sequence[Validity]

    @property
    def span(self) -> Validity:
        return self.spans[0]

    @property
    def revision(self) -> Any:
        return self.span.record.revision

    @property
    def others(self) -> Sequence[Validity]:
        return self.spans[1:]

    @property
    def only_there(self) -> bool:
        """Whether what comes first holds at one place only."""
        return bool(self.span.place)


def in_force(actor: Actor, day: date) -> QuerySet:
    """The documents, on the spine, that the actor may see and that are in force somewhere on that day."""
    seen, few = Record.objects.visible_to(actor).filter(kind="document"), asked.few(actor, day)
    if few is not None:
        return seen.filter(pk__in=few)
    return seen.filter(Exists(Validity.objects.filter(asked.holds(day), document=OuterRef("pk"))))


def for_me(actor: Actor, day: date) -> QuerySet:
    """Those of the person's own department, site, roles and processes, or given to the person by name."""
    return in_force(actor, day).filter(pk__in=_given(actor, day))


def few_for_me(actor: Actor, day: date, most: int) -> list[UUID] | None:
    """The same, also what the person may not see or is not in force; None if that is more than `most`."""
    found = set(_given(actor, day)[: most + 1])
    return list(found) if len(found) <= most else None


def _given(actor: Actor, day: date) -> QuerySet:
    """Keys of documents whose distribution list names the person, and of those in force at the person's site."""
    person: Any = actor.person
    listed = Recipient.objects.filter(organisation=actor.organisation, ended=False).order_by()
    wanted = [listed.filter(person=person)]
    wanted += [listed.filter(department=person.department_id)] if person.department_id else []
    wanted += [listed.filter(site=person.site_id)] if person.site_id else []
    roles = sorted({*actor.roles, *(role for role, *_place in actor.scoped)} - {"member"})
    wanted += [listed.filter(role__in=roles)] if roles else []
    processes = sorted(uid for _role, what, uid in actor.scoped if what == "process")
    wanted += [listed.filter(process__in=processes)] if processes else []
    keys: list[QuerySet] = [one.values_list("record", flat=True) for one in wanted]
    if person.site_id:
        at_site = Validity.objects.filter(
            asked.holds(day), organisation=actor.organisation, place=place_of(person.site_id)
        )
        keys += [at_site.order_by().values_list("document", flat=True)]
    return keys[0].union(*keys[1:], all=True)


def new(actor: Actor, day: date, most: int) -> list[UUID]:
    """The documents with a revision that came into force lately, the latest first; read only as far as wanted."""
    seen = Record.objects.visible_to(actor).filter(pk=OuterRef("document"))
    since = max(day, date.min + NEW_FOR) - NEW_FOR
    spans = Validity.objects.filter(asked.holds(day), Exists(seen), organisation=actor.organisation, from_on__gt=since)
    latest = spans.order_by("-from_on").values_list("document", flat=True)[: most * 4]
    return list(dict.fromkeys(latest))[:most]


def documents(records: QuerySet, most: int) -> list[Document]:
    """The first of these by number, as far as a line shows them; one query."""
    chosen = records.order_by("number").values("pk")[:most]
    shown = Document.objects.select_related("process", "owner").only(*OF_DOCUMENT)
    return list(shown.filter(pk__in=chosen).order_by("number"))


def lines(actor: Actor, day: date, uids: Iterable[UUID]) -> dict[UUID, Line]:
    """A line for each of these documents that is in force and may be seen, in that order; one query, however many."""
    wanted = list(dict.fromkeys(uids))
    seen = Record.objects.visible_to(actor).filter(pk=OuterRef("document"))  # of each, or SQLite reads the whole list
    along = [f"document__{name}" for name in OF_DOCUMENT]
    held = asked.held(day, wanted).filter(Exists(seen)).select_related("document__process", "document__owner")
    spans = asked.by_document(held.only(*asked.SHOWN, *along))
    return _lines(actor, {uid: spans[uid][0].document for uid in wanted if uid in spans}, spans)


def of(actor: Actor, day: date, documents: dict[UUID, Document]) -> dict[UUID, Line]:
    """A line for each of these that is in force; one query. What a line does not show is not loaded."""
    return _lines(actor, documents, asked.by_document(asked.held(day, list(documents)).only(*asked.SHOWN)))


def _lines(actor: Actor, documents: dict[UUID, Document], spans: dict[UUID, list[Validity]]) -> dict[UUID, Line]:
    nearest = _nearness(actor)
    return {uid: Line(one, sorted(spans[uid], key=nearest)) for uid, one in documents.items() if uid in spans}


def _nearness(actor: Actor) -> Any:
    """The person's own site, then their processes, then everywhere, then elsewhere."""
    site = actor.person.site_id if actor.person else None
    processes = {uid for _role, what, uid in actor.scoped if what == "process"}

    def nearness(span: Validity) -> int:
        if site and span.site_id == site and not span.order:
            return 0
        if span.process_id in processes and not span.order:
            return 1
        return 2 if not span.place else 3

    return nearness


def every(actor: Actor, day: date) -> Iterator[Line]:
    """All of them by number, read a few hundred at a time."""
    last = ""
    while True:
        some = in_force(actor, day).filter(number__gt=last).order_by("number")[:AT_ONCE]
        batch = list(some.values_list("pk", "number"))
        if not batch:
            return
        yield from lines(actor, day, (uid for uid, _number in batch)).values()
        last = batch[-1][1]


def facts_of(actor: Actor, day: date) -> Iterator[dict[str, Any]]:
    """What is valid on that day, and where."""
    for one in every(actor, day):
        for span in sorted(one.spans, key=lambda span: span.place):
            yield {
                "number": one.document.number,
                "title": one.document.title,
                "revision": span.record.revision.revision_no,
                "state": "effective",
                "place": str(span) if span.place else "everywhere",
                "effective_on": span.from_on,
            }
