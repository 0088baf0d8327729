"""The initial audit of a demo company: planned, half answered, and what was decided about its gaps."""

from datetime import time
from io import BytesIO

from plumbline.kernel import actions
from plumbline.registers.evaluation.audits import answering, gaps, planning
from plumbline.registers.evaluation.audits.asking import AreaPlan, allocation
from plumbline.registers.evaluation.audits.models import Area, Audit
from plumbline.standards.catalogue import Edition, edition_of

from . import cast
from .company import Company
from .sketch import whiteboard

WHITEBOARD = "4.4.1-1"  # the question at which a photo was taken


def half_done(told: cast.Audit, company: Company) -> Audit:
    """Plan the audit, start it, answer what was asked up to now, and propose what closes the gaps."""
    audit = _planned(told, company)
    _answered(told, company, audit)
    _gaps(told, company, audit)
    return audit


def _planned(told: cast.Audit, company: Company) -> Audit:
    edition = edition_of(company.organisation.edition)
    assert edition is not None
    asked = _questions(told, company, edition)
    lead, team = company.people[told.lead], [company.people[name] for name in told.team]
    plans = [
        AreaPlan(
            area.code,
            area.name,
            company.people[area.auditee],
            company.people[area.auditor],
            day=company.workday(area.day),
            start=time.fromisoformat(area.start),
            end=time.fromisoformat(area.end),
            questions=tuple(asked[area.code]),
        )
        for area in told.areas
    ]
    days = [plan.day for plan in plans if plan.day]
    by = company.actor(told.lead, company.workday(min(area.day for area in told.areas) - 3))
    audit = planning.plan(
        by, told.title, plans, sort=told.kind, lead=lead, team=team, from_on=min(days), to_on=max(days),
        near={lead.uid: told.near_because}, objectives=told.objectives, scope=told.scope, criteria=told.criteria,
    )  # fmt: skip
    return actions.act(audit, "start", by=company.actor(told.lead, min(days), time(9)))


def _questions(told: cast.Audit, company: Company, edition: Edition) -> dict[str, list[str]]:
    """Each area's questions: as proposed, but where the audit is done, those that were asked there."""
    codes = {area.name: area.code for area in told.areas}
    shares = allocation(edition, codes.values(), designs=company.organisation.designs_products)
    asked = {(codes[answer.area], answer.requirement) for answer in told.answers}
    known = {question for _code, question in asked}
    seen = {area.code for area in told.areas if area.day < 0}
    for code in seen:
        own = [question for at, question in asked if at == code]
        shares[code] = list(dict.fromkeys([*(id for id in shares[code] if id not in known), *own]))
    order = [question.id for question in edition.questions()]
    return {code: sorted(ids, key=order.index) for code, ids in shares.items()}


def _answered(told: cast.Audit, company: Company, audit: Audit) -> None:
    rows = {area.code: area for area in Area.objects.filter(record_id=audit.uid).select_related("process")}
    visits = {area.name: area for area in told.areas}
    for answer in told.answers:
        visit = visits[answer.area]
        by = company.actor(visit.auditor, company.workday(visit.day), time.fromisoformat(visit.start))
        answering.save(
            audit, rows[visit.code], answer.requirement, by, result=answer.result, notes=answer.notes,
            interviewee=answer.interviewee, strength=answer.requirement in told.strengths,
        )  # fmt: skip
        if answer.requirement == WHITEBOARD:
            answering.attach(
                audit, rows[visit.code], WHITEBOARD, by, BytesIO(whiteboard()), "Whiteboard with the processes.png"
            )


def _gaps(told: cast.Audit, company: Company, audit: Audit) -> None:
    found = {gap.finding.answer.question: gap.finding.number for gap in gaps.of(audit) if gap.finding.answer}
    by = company.actor(told.lead, company.workday(-3), time(15))
    for gap in told.gaps:
        gaps.close_by(
            audit, [found[id] for id in gap.requirements], by, title=gap.what, owner=company.people[gap.who],
            due=company.day(gap.due) if gap.due is not None else None, effort=f"{gap.effort} h",
            blocks_stage_1=gap.blocks_stage_1,
        )  # fmt: skip
