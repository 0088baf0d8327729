"""What else happens at a move: a new lead on the team, one finding merged into another."""

from typing import Any

from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor

from .models import Audit, Finding, TeamMember


def lead_replaced(audit: Audit, by: Actor, answers: dict) -> None:
    """The former lead's time as lead ends today, the new one's begins; nothing that was written changes its author."""
    today = audit.home.today()
    for member in TeamMember.objects.filter(record_id=audit.uid, role="lead", until_on=None).exclude(
        person=audit.lead_id
    ):
        actions.edit(member, by=by, until_on=today)
    own = TeamMember.objects.filter(record_id=audit.uid, person=audit.lead_id, until_on=None).first()
    if own is None:
        actions.create(TeamMember, by=by, record=audit, person=audit.lead, role="lead", from_on=today)
    elif own.role != "lead":
        actions.edit(own, by=by, role="lead")
    vars(audit).pop("team_uids", None)


def merged(finding: Finding, by: Actor, answers: dict) -> None:
    """The one that stays takes over what the other said, under the other's number."""
    into = finding.merged_into
    assert into is not None  # the move asks for it
    taken: dict[str, Any] = {
        "requirements": joined(into.requirements, finding.requirements),
        "clause": joined(into.clause, finding.clause, ", "),
    }
    for name in ("text", "evidence"):
        if said := getattr(finding, name):
            taken[name] = f"{getattr(into, name)}\n[{finding.number}] {said}".strip()
    if into.result == "partly" and finding.result == "not_met":
        taken["result"] = "not_met"
    reason = _("Merged with %(number)s.") % {"number": finding.number}
    actions.edit(into, by=by, reason=reason, **taken)


def joined(one: str, other: str, between: str = " ") -> str:
    parts = dict.fromkeys(part for text in (one, other) for part in text.split(between) if part)
    return between.join(parts)
