"""The route of a draft, arranged by whoever makes it: who, in which order, by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.kernel.models import Signature
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, here
from plumbline.organisation.roles import READ_ONLY, Role

from .. import routing
from ..models import Revision, Step
from ..models.kinds import MOST_STEPS

USUAL_DAYS = 5


@dataclass
class Turn:
    """One step of the picture: whose turn, whether it is now, what was signed, and how it can be moved."""

    step: Step
    now: bool
    meaning: str
    earlier: str
    later: str


def groups(steps: Iterable[Step], does: str) -> list[list[Step]]:
    """The steps of one kind, those side by side together."""
    asked = [step for step in steps if step.does == does]
    return [list(some) for _place, some in groupby(asked, key=lambda step: step.place)]


def picture(revision: Revision, signatures: Iterable[Signature] = ()) -> list[tuple[str, list[list[Turn]]]]:
    """(review or approve, its groups of turns one after the other), as the revision's page draws them."""
    verbs = {"in_review": "review", "in_approval": "approve"}
    now = {step.uid for step in revision.open_steps(verbs.get(revision.state, "none"))}
    signed, drawn = list(signatures), []
    for does, label in Step.Does.choices:
        some = groups(revision.route, does)
        rows = [
            [Turn(step, step.uid in now, _meaning(step, signed), *_ways(some, at, step)) for step in row]
            for at, row in enumerate(some)
        ]
        if rows:
            drawn.append((str(label), rows))
    return drawn


def _meaning(step: Step, signed: list[Signature]) -> str:
    """What was signed when the step was decided."""
    own = [one for one in signed if one.verb == step.does and one.by_id == step.decided_by_id]
    at = step.decided_at
    if step.decision != Step.Decision.PASSED or at is None or not own:
        return ""
    return min(own, key=lambda one: abs(one.signed_at - at)).meaning


def _ways(some: list[list[Step]], at: int, step: Step) -> tuple[str, str]:
    """Where it goes when it is moved earlier or later, in words; empty where it cannot."""
    shared = len(some[at]) > 1
    if shared:
        return _("Before the others"), _("After the others")
    before = _("Side by side with %(name)s") % {"name": some[at - 1][0].whose} if at else ""
    after = _("Side by side with %(name)s") % {"name": some[at + 1][0].whose} if at + 1 < len(some) else ""
    return before, after


def add(revision: Revision, by: Actor, who: str, does: str, due: date | None = None, after: bool = True) -> Step:
    """Ask a person ("person:UID") or a role ("role:CODE"); after the others, or side by side with the last."""
    with writing(by.organisation.uid, by.stamp()):
        revision = actions.locked(revision)
        if len(revision.route) >= MOST_STEPS:
            raise ValidationError(_("A route has at most %(most)d steps.") % {"most": MOST_STEPS})
        some = groups(revision.route, does)
        place = (some[-1][0].place if some else 0) + (1 if after or not some else 0)
        if any(_same(step, who) for step in revision.route if step.does == does):
            raise ValidationError(_("That person or role is asked already."))
        due = due or by.organisation.today() + timedelta(days=USUAL_DAYS)
        return actions.create(
            Step, by=by, record=revision, round=_round(revision), place=place, does=does, due=due, **whose(who, by)
        )


def _same(step: Step, who: str) -> bool:
    return who in (f"person:{step.person_id}", f"role:{step.role}" if not step.person_id else "")


def _round(revision: Revision) -> int:
    return max(Step.objects.filter(record_id=revision.uid).values_list("round", flat=True), default=1)


def whose(who: str, by: Actor) -> dict[str, Any]:
    """The person or the role, out of what a list of both was asked for."""
    what, _colon, wanted = who.partition(":")
    if what == "role" and wanted in Role.values:
        return {"role": wanted, "person": None}
    try:
        return {"person": Person.objects.get(organisation=by.organisation, pk=UUID(wanted)), "role": ""}
    except (ValueError, Person.DoesNotExist) as error:
        raise ValidationError({"person": _("Whose turn is it? Choose a person or a role.")}) from error


def asked(by: Actor) -> tuple[list[Person], list[tuple[str, str]]]:
    """The people and the roles that can be asked."""
    today = by.organisation.today()
    people = Person.objects.filter(here(today), organisation=by.organisation).order_by("name")
    return list(people), [(code, str(label)) for code, label in Role.choices if code not in READ_ONLY]


def remove(step: Step, by: Actor) -> None:
    """Not asked after all; it stays on record that somebody was to be."""
    actions.edit(step, by=by, decision=Step.Decision.SKIPPED, decided_by=by.person, decided_at=timezone.now())


def move(revision: Revision, step: Step, by: Actor, earlier: bool) -> None:
    """One step up or down: joins its neighbour side by side, or leaves the group it is in."""
    with writing(by.organisation.uid, by.stamp()):
        rows = groups(actions.locked(revision).route, step.does)
        at = next(n for n, row in enumerate(rows) if step.uid in {one.uid for one in row})
        own = next(one for one in rows[at] if one.uid == step.uid)
        beside = at - 1 if earlier else at + 1
        if len(rows[at]) > 1:
            rows[at] = [one for one in rows[at] if one is not own]
            rows.insert(at if earlier else at + 1, [own])
        elif 0 <= beside < len(rows):
            rows[beside].append(own)
            del rows[at]
        for place, row in enumerate(rows, 1):
            for one in row:
                actions.edit(one, by=by, place=place)
    routing.fresh(revision)
