"""What answers a document that is asked for: documents in force whose link is confirmed, or what is on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, Max, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber

from plumbline.kernel.models import Record, RequirementLink
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents import force
from plumbline.registers.support.documents.models import Revision, Validity
from plumbline.registers.support.documents.models.revision import UNDER_WAY
from plumbline.standards.catalogue import Edition

MOST = 6  # records shown for one requirement
DOCUMENT, KEPT = "document", "qualityrecord"


@dataclass
class Candidate:
    """A record that speaks to what is asked for, how far it is, and whether the reader may see it."""

    record: Record
    requirements: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    begun_on: date | None = None
    under_way: Revision | None = None
    seen: bool = True

    @property
    def holds(self) -> bool:
        return self.record.kind == KEPT or self.begun_on is not None

    @property
    def proposed(self) -> bool:
        """Whether somebody still has to say that it answers."""
        return not self.confirmed


@dataclass
class Answered:
    """The records that answer, those that might or will, and since when."""

    holding: list[Candidate] = field(default_factory=list)
    coming: list[Candidate] = field(default_factory=list)

    def lacking(self, ids: Iterable[str]) -> list[str]:
        """The requirements nothing in force speaks to."""
        there = {id for one in self.holding for id in one.confirmed}
        return [id for id in ids if id not in there]

    @property
    def begun_on(self) -> date | None:
        return max((one.begun_on for one in self.holding if one.begun_on), default=None)


def answers(actor: Actor, edition: Edition, rows: list[Any]) -> None:
    """Say of each row what answers it; five queries, whatever the size."""
    organisation = actor.organisation
    links = _links(organisation, edition, [id for row in rows for id in row.ids])
    uids = {link.record_id for link in links}
    begun, under_way = _begun(organisation, uids), _under_way(uids)
    found_gaps = {gap.finding.uid for row in rows for gap in row.gaps}
    seen = set(Record.objects.visible_to(actor).filter(pk__in=uids | found_gaps).values_list("pk", flat=True))
    of: dict[str, list[RequirementLink]] = {}
    for link in links:
        of.setdefault(link.requirement, []).append(link)
    for row in rows:
        row.hidden = found_gaps - seen
        found: dict[UUID, Candidate] = {}
        for link in (link for id in row.ids for link in of.get(id, ())):
            if link.record.kind == KEPT and not row.as_record:
                continue
            one = found.setdefault(link.record_id, Candidate(link.record, seen=link.record_id in seen))
            one.begun_on, one.under_way = begun.get(link.record_id), under_way.get(link.record_id)
            (one.confirmed if link.state == "confirmed" else one.requirements).add(link.requirement)
        for one in found.values():
            (row.answered.holding if one.holds and one.confirmed else row.answered.coming).append(one)


def _links(organisation: Organisation, edition: Edition, ids: list[str]) -> list[RequirementLink]:
    """The first few records that speak to each requirement: confirmed and in force before the others."""
    today = organisation.today()
    spans = force.on_day(organisation, today).filter(document=OuterRef("record"))
    best = Case(
        When(Q(state="confirmed") & (Exists(spans) | Q(record__kind=KEPT)), then=Value(0)),
        When(state="confirmed", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    links = RequirementLink.objects.filter(
        organisation=organisation, edition__in=edition.codes, requirement__in=ids,
        record__kind__in=(DOCUMENT, KEPT), record__closed_at=None,
    ).exclude(state="rejected")  # fmt: skip
    place = Window(RowNumber(), partition_by=F("requirement"), order_by=["best", "record__number"])
    chosen = links.annotate(best=best).annotate(place=place).filter(place__lte=MOST)
    return list(chosen.select_related("record", "record__owner").order_by("best", "record__number"))


def _begun(organisation: Organisation, uids: set[UUID]) -> dict[UUID, date]:
    """Document → since when the newest of what is in force of it today is."""
    spans = force.on_day(organisation, organisation.today()).filter(document__in=uids)
    return dict(spans.order_by().values_list("document").annotate(Max("from_on")))


def _under_way(uids: set[UUID]) -> dict[UUID, Revision]:
    """Document → the revision that is being made, or waits to be confirmed."""
    revisions = Revision.objects.filter(of_document__in=uids, state__in=(*UNDER_WAY, "proposed"))
    return {one.of_document_id: one for one in revisions.order_by("uid")}


def in_force(organisation: Organisation, uids: Iterable[UUID]) -> list[Validity]:
    """The spans that hold today of these documents."""
    return list(force.on_day(organisation, organisation.today()).filter(document__in=list(uids)))
