"""What the answers come to: of a question, of an area, of the audit; and what is missing for the signature."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from plumbline.kernel.register import registers
from plumbline.organisation.models import Organisation
from plumbline.standards.catalogue import Edition, Question
from plumbline.standards.models import find_edition

from .models import RAISES, Answer, Area, Audit, Finding

SEVERITY = ("met", "conforms", "opportunity", "partly", "minor", "not_met", "major")


def edition_for(audit: Audit) -> Edition:
    """The edition the audit asks after."""
    return edition_named(audit.organisation_id, audit.edition)


def edition_named(home: UUID, code: str) -> Edition:
    """The edition of that code; ISO 9001 where a loaded one is gone."""
    found = find_edition(home, code) or find_edition(home, "iso9001:2015")
    assert found is not None
    return found


def questions_of(edition: Edition) -> dict[str, Question]:
    return {question.id: question for question in edition.questions()}


def not_applicable(organisation: Organisation, edition: Edition) -> dict[str, str]:
    """Requirement id → why it is not applicable, of what is in force."""
    found: dict[str, str] = {}
    kind = next((register for register in registers() if register.kind == "exclusion"), None)
    if kind is None:
        return found
    model: Any = kind.model
    for record in model.objects.filter(organisation=organisation, state="in_force", edition__in=edition.codes):
        why = f"{record.number} {record.title}: {record.justification}"
        found |= {requirement.id: why for requirement in edition.under(record.requirement)}
    return found


def combined(results: Iterable[str]) -> str:
    """One result for several: alike is alike, met and not met mixed is partly met, blank while one is missing."""
    given = list(results)
    if not given or "" in given:
        return ""
    seen = {result for result in given if result not in {"not_audited", "not_applicable"}}
    if not seen:
        return "not_audited" if "not_audited" in given else "not_applicable"
    if len(seen) == 1:
        return seen.pop()
    if seen <= {"met", "partly", "not_met"}:
        return "partly"
    return max(seen, key=SEVERITY.index)


def result_of(question: Question, answers: dict[str, Answer], excluded: dict[str, str]) -> str:
    """The result of a question in one area; once opened into its requirements, it comes from theirs alone."""
    single = {id: answer.result for id, answer in answers.items() if id and answer.result}
    if single:
        return combined(
            single.get(requirement.id, "") for requirement in question.requirements if requirement.id not in excluded
        )
    return answers[""].result if "" in answers else ""


@dataclass
class AreaState:
    """How far one area is."""

    area: Area
    asked: list[Question] = field(default_factory=list)
    skipped: list[tuple[Question, str]] = field(default_factory=list)
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def answered(self) -> int:
        return sum(1 for result in self.results.values() if result)

    @property
    def gaps(self) -> int:
        return sum(
            1
            for found in self.answers.values()
            for answer in found.values()
            if answer.result in RAISES and self._counts(answer)
        )

    @property
    def code(self) -> str:
        """not_started, started, audited or not_audited: only what was looked at is audited."""
        if self.area.unaudited_because:
            return "not_audited"
        if self.total == 0:
            return "audited"
        if self.answered == self.total and set(self.results.values()) != {"not_audited"}:
            return "audited"
        return "started" if self.answers else "not_started"

    @property
    def tone(self) -> str:
        return {"audited": "good", "started": "active", "not_audited": "muted"}.get(self.code, "neutral")

    @property
    def word(self) -> str:
        words = {"audited": _("Audited"), "started": _("Started"), "not_audited": _("Not audited")}
        return words.get(self.code, _("Not started"))

    def _counts(self, answer: Answer) -> bool:
        return bool(answer.requirement) or not any(
            id and each.result for id, each in self.answers[answer.question].items()
        )


def area_states(
    audit: Audit, edition: Edition | None = None, excluded: dict[str, str] | None = None
) -> list[AreaState]:
    """Every area of the plan with its questions and answers; three queries whatever their number."""
    edition = edition or edition_for(audit)
    excluded = not_applicable(audit.home, edition) if excluded is None else excluded
    known = questions_of(edition)
    areas = Area.objects.filter(record_id=audit.uid, dropped=False).select_related(
        "meets", "auditor", "process", "agreed_by"
    )
    states = {area.uid: AreaState(area) for area in areas.order_by("place", "uid")}
    for answer in _answers(audit):
        if answer.area_id in states:
            states[answer.area_id].answers.setdefault(answer.question, {})[answer.requirement] = answer
    for state in states.values():
        for question in (known[id] for id in state.area.questions if id in known):
            whys = [excluded[requirement.id] for requirement in question.requirements if requirement.id in excluded]
            if len(whys) == len(question.requirements):
                state.skipped.append((question, whys[0]))
                continue
            state.asked.append(question)
            state.results[question.id] = result_of(question, state.answers.get(question.id, {}), excluded)
    return list(states.values())


def _answers(audit: Audit) -> QuerySet[Answer]:
    """The audit's answers, each with the number of its finding while that is open."""
    found = Finding.objects.filter(answer=OuterRef("pk"), state="open").values("number")[:1]
    rows = Answer.objects.filter(record_id=audit.uid).annotate(finding=Subquery(found))
    return rows.select_related("by", "changed_by").order_by("uid")


def nothing_planned(audit: Audit) -> str | None:
    if not audit.from_on or not audit.to_on:
        return _("Say first on which days.")
    if not Area.objects.filter(record_id=audit.uid, dropped=False).exists():
        return _("Plan at least one area first.")
    return None


def missing_to_close(states: list[AreaState]) -> list[str]:
    """What keeps the report from being signed, one sentence an area."""
    missing = []
    for state in states:
        words = {"area": state.area.name, "open": state.total - state.answered, "total": state.total}
        if state.code == "not_audited" or state.code == "audited":
            continue
        if state.answered == state.total:
            missing.append(_("%(area)s: everything is “not audited”. Give the reason and who agreed.") % words)
        elif state.answered:
            missing.append(_("%(area)s: %(open)d of %(total)d questions have no result.") % words)
        else:
            missing.append(_("%(area)s is not audited: do it, or give the reason and who agreed.") % words)
    return missing


def not_ready_to_close(audit: Audit) -> str | None:
    missing = missing_to_close(area_states(audit))
    if len(missing) > 2:
        missing[2:] = [_("And %(count)d more areas.") % {"count": len(missing) - 2}]
    return " ".join(missing) or None
