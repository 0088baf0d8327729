"""Daily work of a demo company: nonconformities on their way, actions, remarks, and what does not apply."""

from datetime import time
from types import ModuleType
from typing import Any

from plumbline.kernel import actions, signing
from plumbline.kernel.models import Comment, Record
from plumbline.kernel.register import register_of

from . import cast
from .company import Company


def daily_work(told: ModuleType, company: Company) -> None:
    """Everything but what is signed, which has to wait until the rest is sealed."""
    for exclusion in told.EXCLUSIONS:
        by = company.actor(exclusion.proposed_by, company.workday(-3))
        actions.create(
            register_of("exclusion"), by=by, title=exclusion.title, requirement=exclusion.clause,
            justification=exclusion.justification, owner=company.people[told.FOUNDER],
        )  # fmt: skip
    for case in told.NONCONFORMITIES:
        _nonconformity(case, company)
    for action in told.ACTIONS:
        _action(action, company, company.actor(told.FOUNDER), sort="task")


def sign_off(told: ModuleType, company: Company) -> None:
    """What the founder signs: clauses that do not apply, and actions that worked."""
    for exclusion in register_of("exclusion").model.objects.filter(organisation=company.organisation):
        _signed(exclusion, "agree", told.FOUNDER, company)
    effects = {case.title: case.effect for case in told.NONCONFORMITIES if case.effect}
    model = register_of("nonconformity").model
    for record in model.objects.filter(organisation=company.organisation, title__in=effects, state="check"):
        _signed(record, "confirm", told.FOUNDER, company, effect=effects[record.title])


def _signed(record: Record, verb: str, who: str, company: Company, **answers: Any) -> None:
    move = register_of(record).workflow.move(verb, record.state)
    proof = signing.prove(company.people[who].account, record, move, None)
    actions.act(record, verb, by=company.actor(who), proof=proof, **answers)


def _nonconformity(case: cast.Nonconformity, company: Company) -> None:
    record = actions.create(
        register_of("nonconformity"),
        by=company.actor(case.reported_by, company.day(case.day)),
        title=case.title,
        description=case.what,
        place=case.where,
        lot=case.lot,
        quantity=case.quantity,
        unit="{piece}",
        source=case.source,
        owner=company.people[case.owner],
        due=company.day(case.due),
    )
    for place, step in enumerate(case.steps, start=1):
        by = company.actor(step.who, company.day(min(case.day + place, -1)), time(15))
        record = actions.act(record, step.verb, by=by, **step.answers)
        if step.verb == "plan":
            for action in case.actions:
                _action(action, company, by, sort="corrective", raised_by=record)
    for remark in case.remarks:
        actions.create(Comment, by=company.actor(remark.who), record=record, text=remark.text)


def _action(action: cast.Action, company: Company, by: Any, **values: Any) -> None:
    made = actions.create(
        register_of("action"), by=by, title=action.title, description=action.what, due=company.day(action.due),
        owner=company.people[action.owner], effort=f"{action.effort} h", **values,
    )  # fmt: skip
    if action.result:
        actions.act(made, "finish", by=company.actor(action.owner, company.day(action.due)), result=action.result)
