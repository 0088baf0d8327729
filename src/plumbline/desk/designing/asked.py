"""The documents asked for: the edition's rows on documented information, less what is not applicable, with the gaps."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from plumbline.kernel.register import register_of
from plumbline.organisation.models import Organisation
from plumbline.registers.evaluation.audits import gaps
from plumbline.registers.evaluation.audits.gaps import Gap
from plumbline.registers.evaluation.audits.gate import initial_audit
from plumbline.registers.evaluation.audits.models import Answer
from plumbline.registers.support.documents.blanks import ORDER, Blank, blanks
from plumbline.registers.support.documents.models import Justification
from plumbline.standards.catalogue import CHAPTERS, Edition, Requirement, shipped
from plumbline.standards.models import find_edition

from .answering import Answered, Candidate

IN_FORCE, NOT_NEEDED, TO_MEND, MAKING, MISSING = "in_force", "not_needed", "to_mend", "making", "missing"


@dataclass
class Asked:
    """One document (or kind of record) that the edition wants in writing, and what there is of it."""

    requirements: tuple[Requirement, ...]
    gaps: list[Gap] = field(default_factory=list)
    hidden: set[UUID] = field(default_factory=set)  # the findings among them that the reader may not see
    justification: Justification | None = None
    answered: Answered = field(default_factory=Answered)
    looked_at: bool = False  # by the initial audit, at least at something of its clause

    @property
    def key(self) -> str:
        """The first of its requirements: stable, and the address of its page."""
        return self.requirements[0].id

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.requirements]

    @property
    def clause(self) -> str:
        return self.requirements[0].clause

    @property
    def title(self) -> str:
        return self.requirements[0].title

    @property
    def chapter(self) -> str:
        return self.requirements[0].chapter

    @property
    def as_record(self) -> bool:
        """Whether it is to be kept as proof, rather than written and kept current."""
        return self.requirements[0].documented_information == "retain"

    @property
    def more(self) -> int:
        """How many requirements stand beside the first."""
        return len(self.requirements) - 1

    @property
    def lacking(self) -> list[str]:
        return self.answered.lacking(self.ids)

    @property
    def open_gaps(self) -> list[Gap]:
        """The gaps that nobody has closed, neither in the document nor by what was planned."""
        begun = self.answered.begun_on
        return [gap for gap in self.gaps if not _closed(gap) and not (begun and begun >= _found_on(gap))]

    @property
    def named_gaps(self) -> list[Gap]:
        """Those the reader may see."""
        return [gap for gap in self.gaps if gap.finding.uid not in self.hidden]

    @property
    def named_open_gaps(self) -> list[Gap]:
        return [gap for gap in self.open_gaps if gap.finding.uid not in self.hidden]

    @property
    def state(self) -> str:
        if self.justification:
            return NOT_NEEDED
        if self.lacking:
            return MAKING if self.answered.coming else MISSING
        return TO_MEND if self.open_gaps else IN_FORCE

    @property
    def alarming(self) -> bool:
        """Whether the audit named a gap where nothing is: what it did not look at is unknown, and not red."""
        return self.state == MISSING and bool(self.gaps)

    @property
    def settled(self) -> bool:
        return self.state in (IN_FORCE, NOT_NEEDED)

    @property
    def blanks(self) -> list[Blank]:
        """The templates that answer it, the closest first."""
        return [one for one, _close in sorted(_close_to(tuple(self.ids), self.clause), key=lambda pair: -pair[1])]

    @property
    def candidates(self) -> list[Candidate]:
        return [*self.answered.holding, *self.answered.coming]


def _closed(gap: Gap) -> bool:
    done = bool(gap.actions) and all(action.closed_at for action in gap.actions)
    return gap.finding.state == "closed" or done


def _found_on(gap: Gap) -> Any:
    return gap.finding.created_at.date()


def edition_of(organisation: Organisation) -> Edition:
    return find_edition(organisation.uid, organisation.edition) or shipped()[0]


def asked(organisation: Organisation, edition: Edition) -> list[Asked]:
    """What is asked for, in the order of the standard, with gaps and justifications; six queries."""
    left_out = _left_out(organisation, edition)
    grouped: dict[tuple[str, str], list[Requirement]] = {}
    for one in edition.requirements:
        if one.documented_information != "none" and one.id not in left_out:
            grouped.setdefault((one.clause, one.documented_information), []).append(one)
    rows = [Asked(tuple(some)) for some in grouped.values()]
    found, said, clauses = _gaps(organisation), _justifications(organisation, edition), _looked_at(organisation)
    for row in rows:
        row.looked_at = row.clause in clauses
        row.gaps = list({gap.finding.uid: gap for id in row.ids for gap in found.get(id, ())}.values())
        row.justification = said.get(row.key)
    return sorted(rows, key=lambda row: CHAPTERS.index(row.chapter) if row.chapter in CHAPTERS else 99)


def _left_out(organisation: Organisation, edition: Edition) -> set[str]:
    exclusions: Any = register_of("exclusion").model
    places = exclusions.objects.filter(organisation=organisation, state="in_force", edition__in=edition.codes)
    return {one.id for place in places.values_list("requirement", flat=True) for one in edition.under(place)}


def _gaps(organisation: Organisation) -> dict[str, list[Gap]]:
    """Requirement → the gaps of the initial audit."""
    audit, found = initial_audit(organisation), dict[str, list[Gap]]()
    for gap in gaps.of(audit) if audit else ():
        for id in gap.finding.requirements.split() if gap.finding.grade == "gap" else ():
            found.setdefault(id, []).append(gap)
    return found


def _looked_at(organisation: Organisation) -> set[str]:
    """The clauses in which the initial audit has answered something."""
    answered = Answer.objects.filter(record=initial_audit(organisation)).exclude(result__in=("", "not_audited"))
    return {question.split("-")[0] for question in answered.values_list("question", flat=True)}


def _justifications(organisation: Organisation, edition: Edition) -> dict[str, Justification]:
    said = Justification.objects.filter(organisation=organisation, edition__in=edition.codes, ended=False)
    return {one.requirement: one for one in said.select_related("said_by").order_by("uid")}


@lru_cache(maxsize=256)
def _close_to(ids: tuple[str, ...], clause: str) -> list[tuple[Blank, float]]:
    """Templates (in English: by id they are one) with how close each is: the same requirement, else near its clause."""
    above, found = clause.rsplit(".", 1)[0] + "." if clause.count(".") > 1 else clause, []
    for one in blanks("en"):
        shared = len(set(ids) & set(one.requirements))
        clauses = [id.split("-")[0] for id in one.requirements]
        near = sum(other == clause or other.startswith(above) for other in clauses) / len(clauses)
        if shared or near:
            found.append((one, shared + near - ORDER.index(one.id) / 10_000))
    return found
