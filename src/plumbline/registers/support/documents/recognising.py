"""Whether a file is already here, a new revision of a document that is, or new: by content, by name, by number."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from plumbline.history.uids import uuid7
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding, here
from plumbline.reading import Catalogue, Proposal
from plumbline.standards.catalogue import Edition, shipped
from plumbline.standards.models import find_edition

from .models import Document, Revision, kinds
from .models.labels import order
from .models.revision import UNDER_WAY

CURRENT = (*UNDER_WAY, "proposed", "effective")
Status = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True)
class Decision:
    """What a file is to us, which document it belongs to or which number it gets, and why."""

    status: Status
    document: Document | None = None
    number: str = ""
    reason: str = ""
    known: Revision | None = None  # the revision whose content it is


@dataclass
class Run:
    """One import: who imports, against which edition, and what it has met so far."""

    actor: Actor
    confirm: bool = False
    dry_run: bool = False
    into: Document | None = None  # every file is a revision of this one
    number: str = ""  # and has this number
    batch: UUID = field(default_factory=uuid7)
    present: set[str] = field(default_factory=set)  # names of all files there are, as far as known
    whole: bool = False  # the names are those of a whole folder: what is missing there is gone
    met: set[UUID] = field(default_factory=set)  # documents whose file was met in this run
    planned: dict[str, str] = field(default_factory=dict)  # of a dry run: content → number or title
    numbers: dict[str, tuple[str, set[str]]] = field(default_factory=dict)  # of a dry run: number → title, revisions

    def __post_init__(self) -> None:
        organisation = self.actor.organisation
        self.edition: Edition = find_edition(organisation.uid, organisation.edition) or shipped()[0]
        self.catalogue = catalogue(self.edition)
        people = Person.objects.filter(here(organisation.today()), organisation=organisation).order_by("uid")
        self.people = {person.name.casefold(): person for person in people}
        self.own_kinds = kinds.letters(organisation)
        self.keeper = self.actor.person or self._quality() or next(iter(self.people.values()), None)

    def _quality(self) -> Person | None:
        organisation = self.actor.organisation
        holdings = RoleHolding.current(organisation.today()).filter(person__organisation=organisation, role="quality")
        holding = holdings.select_related("person").order_by("uid").first()
        return holding.person if holding else None

    def owner(self, name: str) -> Person | None:
        """The person of that name, or who imports, or who runs the quality system."""
        return self.people.get(name.strip().casefold()) or self.keeper


@lru_cache(maxsize=4)
def catalogue(edition: Edition) -> Catalogue:
    """The requirements of an edition in all its languages, ready to be compared with texts."""
    words = ("title", "requirement", "evidence", "question")
    return Catalogue.load(
        {"id": one.id, "clause": one.clause, "language": tongue, **{name: one.said(name, tongue) for name in words}}
        for one in edition.requirements
        for tongue in one.words
    )


def numbered(found: str) -> str:
    """A number as found, made fit for an address: “VA 7.5/01” becomes VA-7.5-01."""
    return re.sub(r"[^\w.\-]+", "-", found).strip("-.")[:40]


def recognised(run: Run, name: str, sha256: str) -> Decision | None:
    """The document whose content or file this is, if there is one; the content decides before the name."""
    ours = Revision.objects.filter(home=run.actor.organisation)
    same = list(ours.filter(file__sha256=sha256).order_by("-uid")[:20])
    if known := next((one for one in same if one.state in CURRENT), None):
        return _unchanged(run, known, name)
    if last := ours.filter(source=name[-500:], state__in=CURRENT).order_by("-uid").first():
        run.met.add(last.of_document_id)
        return Decision("changed", Document.objects.get(pk=last.of_document_id))
    return _unchanged(run, same[0], name) if same else None


def _unchanged(run: Run, known: Revision, name: str) -> Decision:
    run.met.add(known.of_document_id)
    moved = known.source != name[-500:] and known.state in CURRENT
    reason = _("The same content as “%(name)s”.") % {"name": known.source} if moved and known.source else ""
    return Decision("unchanged", Document.objects.get(pk=known.of_document_id), reason=reason, known=known)


def claimed(run: Run, proposal: Proposal) -> Decision:
    """By the number the file claims: a new document, a revision of one, or a second claim that gets its own number."""
    number = numbered(proposal.number)
    if not number:
        return Decision("new")
    holder = Document.objects.filter(organisation=run.actor.organisation, number__iexact=number).first()
    there = _revisions(holder) if holder else set()
    if run.dry_run and number.casefold() in run.numbers:
        title, planned = run.numbers[number.casefold()]
        another = _same(title, proposal.title) and _another(proposal.revision, planned | there)
        return _revision_of(holder, number, proposal, planned | there) if another else _taken(number)
    if holder is None:
        return Decision("new", number=number)
    if _belongs(run, holder, proposal, there):
        return _revision_of(holder, holder.number, proposal, there)
    return _taken(holder.number)


def _revision_of(holder: Document | None, number: str, proposal: Proposal, there: set[str]) -> Decision:
    earlier = _another(proposal.revision, there) and not all(_later(proposal.revision, one) for one in there)
    reason = _("An earlier revision of %(number)s: it is kept in its history.") % {"number": number} if earlier else ""
    return Decision("changed", holder, number, reason)


def _revisions(holder: Document) -> set[str]:
    """The numbers of its revisions, without those that were not taken."""
    taken = Revision.objects.filter(of_document=holder.pk).exclude(state="rejected").exclude(revision_no="")
    return {holder.revision_no, *taken.values_list("revision_no", flat=True)} - {""}


def _another(revision: str, there: set[str]) -> bool:
    """Whether it is a revision that is not among those there are."""
    return bool(revision and there) and order(revision) not in [order(one) for one in there]


def _taken(number: str) -> Decision:
    reason = _("It says %(number)s, but another document has that number: it gets its own.") % {"number": number}
    return Decision("new", reason=reason)


def _belongs(run: Run, holder: Document, proposal: Proposal, there: set[str]) -> bool:
    """Whether a file with a document's number is a revision of it, rather than a second claim on the number."""
    if holder.closed_at is not None:
        return False
    title = _same(holder.title, proposal.title)
    if _is_here(run, holder):
        return title and _another(proposal.revision, there)
    return run.whole or title or _later(proposal.revision, holder.revision_no)


def _is_here(run: Run, holder: Document) -> bool:
    """Whether the document's own file is among those of this run."""
    if holder.pk in run.met:
        return True
    current = Revision.objects.filter(of_document=holder.pk, state__in=CURRENT)
    return any(one.batch == run.batch or one.source in run.present for one in current)


def _same(one: str, other: str) -> bool:
    def bare(title: str) -> str:
        return re.sub(r"\W+", "", title.casefold())[:190]

    return bare(one) == bare(other)


def _later(new: str, old: str) -> bool:
    return bool(new and old) and order(new) > order(old)
