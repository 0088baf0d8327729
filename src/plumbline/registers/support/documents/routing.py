"""The route of a revision: who reviews, who approves, whose turn it is, and what each decided."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .models import Remark, Revision, Step


def lay(revision: Revision, by: Actor) -> None:
    """The steps of a first round, as the rules of its kind have them."""
    today = by.organisation.today()
    for step in revision.rules.route:
        person = (
            Person.objects.filter(organisation=by.organisation, pk=step["person"]).first()
            if step.get("person")
            else None
        )
        actions.create(
            Step, by=by, record=revision, place=step.get("place", 1), does=step["does"], person=person,
            role="" if person else step.get("role") or "quality", due=today + timedelta(days=step.get("days", 5)),
        )  # fmt: skip
    fresh(revision)


def lay_again(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """Effect of asking for changes: whose turn it was asked for them; the same people are asked in a new round."""
    before = list(revision.route)
    for step in before:
        if not step.decision:
            own = step.is_for(by)
            why: dict[str, Any] = {"note": answers.get("reason") or ""} if own else {}
            actions.edit(step, by=by, **why, **_decided(by, Step.Decision.CHANGES if own else Step.Decision.SKIPPED))
    today, number = by.organisation.today(), max((step.round for step in before), default=0) + 1
    for step in before:
        days = (step.due - step.created_at.date()).days if step.due else 5
        values = {name: getattr(step, name) for name in ("place", "does", "person", "role", "deputy")}
        actions.create(Step, by=by, record=revision, round=number, due=today + timedelta(days=max(days, 1)), **values)
    fresh(revision)


def decide(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """Effect of reviewing or approving: the steps whose turn it was by this actor have passed."""
    does = "review" if revision.state == "in_review" or _reviews_open(revision) else "approve"
    why = own_work(revision, by)
    for step in revision.open_steps(does):
        if step.is_for(by):
            actions.edit(step, by=by, note=why, **_decided(by, Step.Decision.PASSED))
    fresh(revision)


def own_work(revision: Revision, by: Actor) -> str:
    """Why this actor may judge what they wrote themselves; empty where they did not write it."""
    return revision.rules.author_may_approve if by.uid and by.uid == revision.author_id else ""


def _reviews_open(revision: Revision) -> bool:
    return bool(revision.open_steps("review"))


def _decided(by: Actor, decision: str) -> dict[str, Any]:
    return {"decision": decision, "decided_by": by.person, "decided_at": timezone.now()}


def fresh(revision: Revision) -> None:
    """Forget the steps that were read before."""
    revision.__dict__.pop("turns", None)


def after_submitting(revision: Revision, by: Actor) -> str | None:
    return None if revision.open_steps("review") else "in_approval"


def after_review(revision: Revision, by: Actor) -> str | None:
    return "in_review" if _left(revision, by, "review") else None


def after_approval(revision: Revision, by: Actor) -> str | None:
    return "in_approval" if _left(revision, by, "approve") else None


def _left(revision: Revision, by: Actor, does: str) -> bool:
    """Whether somebody else still has to decide."""
    mine = {step.uid for step in revision.open_steps(does) if step.is_for(by)}
    return any(step.does == does and not step.decision and step.uid not in mine for step in revision.route)


def not_ready(revision: Revision) -> str | None:
    """Why a draft cannot be handed in yet."""
    if revision.file_id is None:
        return _("There is no content yet: write it, or add a file.")
    if not any(step.does == "approve" for step in revision.route):
        return _("Nobody is asked to approve it: add a step to its route.")
    return None


def open_remarks(revision: Revision) -> str | None:
    """Why it cannot be approved yet."""
    if Remark.objects.filter(record_id=revision.uid, resolved_at=None).exists():
        return _("There are remarks that nobody resolved yet.")
    return None
