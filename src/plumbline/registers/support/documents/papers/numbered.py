"""Numbered paper copies: handed out, exchanged when a new revision is in force, and back."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel import actions, duties
from plumbline.kernel.models import Record
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from ..copies import controlled_pdf
from ..copies.facts import language_of
from ..models import Document, PaperCopy, Revision, Validity


def out(document: Document) -> list[PaperCopy]:
    """Those that are not back, by their number."""
    rows = PaperCopy.objects.filter(record_id=document.uid, back_on=None)
    return list(rows.select_related("revision", "holder").order_by("no"))


def in_force(document: Document) -> dict[Any, Validity]:
    """The spans of today by revision, the one for everywhere first."""
    return {span.record_id: span for span in reversed(document.in_force(document.home.today()))}


def to_collect(document: Document, copies: list[PaperCopy] | None = None) -> tuple[list[PaperCopy], date | None]:
    """Of these copies, or all that are out: those of a revision in force nowhere today, and since when to call back."""
    copies = out(document) if copies is None else copies
    held = in_force(document) if copies else {}
    stale = [one for one in copies if one.revision_id not in held]
    since = max((span.from_on for span in held.values()), default=None)
    return stale, since if stale else None


def hand_out(document: Document, by: Actor, place: str, holder: Person | None) -> PaperCopy:
    """One more copy of what is in force; numbers are given once and never again."""
    revision = _current(document)
    with writing(by.organisation.uid, by.stamp()):
        Record.objects.select_for_update().get(pk=document.pk)
        last = PaperCopy.objects.filter(record_id=document.uid).aggregate(last=Max("no"))["last"] or 0
        values: dict[str, Any] = {"no": last + 1, "revision": revision, "place": place, "holder": holder}
        made: PaperCopy = actions.create(PaperCopy, by=by, record=document, handed_on=by.organisation.today(), **values)
    return made


def exchange(copy: PaperCopy, document: Document, by: Actor) -> None:
    """The same number at the same place, of the revision that is in force now."""
    actions.edit(copy, by=by, revision=_current(document), handed_on=by.organisation.today())
    duties.renew([Document.objects.get(pk=document.pk)])


def back(copy: PaperCopy, document: Document, by: Actor) -> None:
    """It is back or destroyed."""
    actions.edit(copy, by=by, back_on=by.organisation.today())
    duties.renew([Document.objects.get(pk=document.pk)])


def _current(document: Document) -> Revision:
    held = in_force(document)
    if not held:
        raise ValidationError(_("Nothing is in force: there is no copy to hand out."))
    found = {one.pk: one for one in Revision.objects.filter(pk__in=held)}
    return next(found[uid] for uid in reversed(held) if uid in found)


def pdf(copy: PaperCopy, actor: Actor) -> bytes:
    """The controlled copy that says its number, its place and that it comes back; raises NoCopy."""
    revision = Revision.objects.get(pk=copy.revision_id)
    with override(language_of(revision)):
        where = ", ".join(piece for piece in (copy.place, copy.holder.name if copy.holder else "") if piece)
        told = _("Controlled copy no. %(no)s: %(where)s. It goes back when a new revision is in force.")
        said = told % {"no": copy.no, "where": where}
    return controlled_pdf(revision, actor, said)
