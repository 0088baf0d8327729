"""Stage 1 of the road, computed from the initial audit: planned, audited, report signed, every gap owned and dated."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.organisation.models import Organisation

from . import gaps
from .models import Audit
from .results import area_states, missing_to_close, nothing_planned


@dataclass(frozen=True)
class Condition:
    """One condition of a gate: `holds` is None while nobody has looked yet."""

    key: str
    text: str
    holds: bool | None
    url: str
    missing: list[str] = field(default_factory=list)


def initial_audit(organisation: Organisation) -> Audit | None:
    """The newest initial audit that was not cancelled; a signed one before one that is only planned."""
    found = list(
        Audit.objects.filter(home=organisation, sort="initial")
        .exclude(state="cancelled")
        .select_related("home", "lead")
        .order_by("-pk")[:20]
    )
    return next((audit for audit in found if audit.state == "closed"), found[0] if found else None)


def stage_1_facts(organisation: Organisation) -> list[Condition]:
    """The four conditions of stage 1, each with what is missing and where to do it."""
    audit = initial_audit(organisation)
    texts = {
        "planned": _("The initial audit is planned"),
        "audited": _("Every area is audited, or left out with a reason"),
        "signed": _("The lead auditor signed the report"),
        "gaps": _("Every gap has an owner and a date"),
    }
    if audit is None:
        new = reverse("audits:new", args=[organisation.slug])
        first = Condition("planned", texts["planned"], False, new, [_("Plan the initial audit: five minutes.")])
        return [first, *(Condition(key, text, None, new) for key, text in texts.items() if key != "planned")]
    unplanned, states, found = nothing_planned(audit), area_states(audit), gaps.of(audit)
    missing = missing_to_close(states)
    begun = audit.state != "planned"
    undated = [f"{gap.finding.number} {gap.finding.title}" for gap in found if gaps.without_date(gap)]
    signed = audit.state == "closed"

    def page(name: str) -> str:
        return reverse(f"audits:{name}", args=[organisation.slug, audit.number])

    unsigned = (
        [] if signed or missing else [_("Everything is audited: %(name)s can sign.") % {"name": audit.lead or "?"}]
    )
    return [
        Condition("planned", texts["planned"], not unplanned, page("plan"), [unplanned] if unplanned else []),
        Condition(
            "audited", texts["audited"], not missing if begun else None, page("checklist"), missing if begun else []
        ),
        Condition("signed", texts["signed"], signed if begun else None, page("report"), unsigned),
        Condition("gaps", texts["gaps"], not undated if found or signed else None, page("gaps"), undated),
    ]
