"""What is in force and yet weak: it holds nobody up, and is shown."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.kernel.models import Record
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents.models import (
    Document,
    DocumentKind,
    Recipient,
    Remark,
    Text,
)
from plumbline.registers.support.documents.models.kinds import usual
from plumbline.registers.support.documents.models.revision import UNDER_WAY

from .answering import DOCUMENT, Candidate, in_force
from .asked import Asked


@dataclass
class Weak:
    """A document in force, and why somebody should look at it."""

    candidate: Candidate
    why: list[str] = field(default_factory=list)

    @property
    def record(self) -> Record:
        return self.candidate.record


def weak(actor: Actor, rows: list[Asked]) -> list[Weak]:
    """The weak ones among the documents that answer what is asked for and that the reader may see; six queries."""
    organisation = actor.organisation
    every = [one for row in rows for one in row.answered.holding if one.record.kind == DOCUMENT and one.seen]
    found = {one.record.uid: Weak(one) for one in every}
    _nobody_answers(organisation, found)
    for uid, why in (*_open_remarks(found), *_content(actor, found), *_nobody_told(organisation, found)):
        found[uid].why.append(why)
    return sorted((one for one in found.values() if one.why), key=lambda one: one.record.number)


def _nobody_answers(organisation: Organisation, found: dict[UUID, Weak]) -> None:
    today = organisation.today()
    for one in found.values():
        owner, due = one.record.owner, one.record.due
        if owner is None:
            one.why.append(_("nobody answers for it"))
        elif not owner.is_here(today):
            one.why.append(_("%(name)s, who answers for it, has left") % {"name": owner.name})
        if due and due < today:
            one.why.append(_("its review was due on %(day)s") % {"day": date_format(due)})


def _open_remarks(found: dict[UUID, Weak]) -> list[tuple[UUID, str]]:
    states = (*UNDER_WAY, "effective")
    remarks = Remark.objects.filter(
        record__revision__of_document__in=list(found), record__revision__state__in=states, resolved_at=None
    )
    counts = remarks.order_by().values_list("record__revision__of_document").annotate(Count("uid"))
    return [(uid, _remarks(n)) for uid, n in counts]


def _remarks(n: int) -> str:
    return ngettext("%(n)d remark that nobody resolved", "%(n)d remarks that nobody resolved", n) % {"n": n}


def _places(n: int) -> str:
    words = ngettext("%(n)d place is still to be filled in", "%(n)d places are still to be filled in", n)
    return words % {"n": n}


def _content(actor: Actor, found: dict[UUID, Weak]) -> list[tuple[UUID, str]]:
    """Places left to fill, and references to what was withdrawn: of what is in force, as kept when it was saved."""
    document_of = {span.record_id: span.document_id for span in in_force(actor.organisation, found)}
    said = list(Text.objects.filter(revision__in=document_of).values_list("revision", "unfilled", "refers"))
    named = {uid for _revision, _places, refers in said for uid in refers}
    gone = Record.objects.visible_to(actor).filter(kind=DOCUMENT, pk__in=named).exclude(closed_at=None)
    numbers = {str(uid): number for uid, number in gone.values_list("pk", "number")}
    why = []
    for revision, places, refers in said:
        if places:
            why.append((document_of[revision], _places(len(places))))
        if withdrawn := [numbers[uid] for uid in refers if uid in numbers]:
            told = _("it refers to %(numbers)s, which is withdrawn") % {"numbers": ", ".join(withdrawn)}
            why.append((document_of[revision], told))
    return why


def _nobody_told(organisation: Organisation, found: dict[UUID, Weak]) -> list[tuple[UUID, str]]:
    """Reading is asked by the rules of its kind, and nobody is on the distribution list."""
    rules = dict(DocumentKind.objects.filter(organisation=organisation).values_list("sort", "reads"))
    told = set(Recipient.objects.filter(record__in=list(found), ended=False).values_list("record", flat=True))
    sorts = Document.objects.filter(pk__in=[uid for uid in found if uid not in told]).values_list("pk", "sort")
    why = _("reading is to be confirmed, and nobody is on its distribution list")
    return [(uid, why) for uid, sort in sorts if rules.get(sort, usual(organisation, sort).reads)]
