"""The two declarations of the family."""

from collections.abc import Iterable
from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Record
from plumbline.kernel.register import EVERYBODY, Register, register
from plumbline.kernel.workflow import Move, State, Workflow
from plumbline.organisation.actor import Actor
from plumbline.standards.catalogue import shipped

from . import changes, pages
from .models import Answer, Area, Audit, Finding, TeamMember
from .purposes import AUDIT
from .results import not_ready_to_close, nothing_planned

PLANNERS = ("quality", "management", "auditor", "consultant")
KEEPERS = ("lead", "quality", "management", "author")


@register
class Audits(Register):
    model = Audit
    slug = "audits"
    purposes = AUDIT
    prefix = "AUD"
    clause = "9.2"
    chapter = "evaluation"
    icon = "clipboard-check"
    title = _("Audits")
    one = _("audit")
    purpose = _(
        "An audit looks at how things really are. The initial audit walks through every area with plain "
        "questions and ends in a report: what is there, what is missing, and who closes which gap by when."
    )
    first_step = _("Plan an audit")
    columns = ("number", "title", "sort", "state", "lead", "from_on")
    filters = ("state", "sort", "owner")
    sections = {
        _("What it is about"): ("title", "sort", "objectives", "scope", "criteria"),
        _("Who and when"): ("from_on", "to_on", "owner", "due", "site", "agreement"),
    }
    light = ("title", "from_on", "to_on")
    searched = ("objectives", "scope")
    created_by = PLANNERS
    edited_by = KEEPERS
    by_moves = ("lead",)
    turns = {"audit": _("Audit your areas")}
    raises = ("finding",)
    parts = {
        TeamMember: (KEEPERS, ("planned", "running")),
        Area: (KEEPERS, ("planned", "running")),
        Answer: (("team", "lead"), ("running",)),
    }
    signed_parts = (TeamMember, Area, Answer)
    page_template = "audits/audit.html"
    workflow = Workflow(
        states={
            "planned": State(_("Planned"), "waiting"),
            "running": State(_("Under way"), "active"),
            "closed": State(_("Report signed"), "good", closed=True, edit=False),
            "cancelled": State(_("Cancelled"), "muted", closed=True, edit=False),
        },
        moves=(
            Move(
                "start",
                _("Start the audit"),
                ("planned",),
                "running",
                who=("lead", "team", "quality"),
                unless=nothing_planned,
                primary=True,
            ),
            Move(
                "close",
                _("Sign the report"),
                ("running",),
                "closed",
                who=("lead",),
                may_ask=("agreement",),
                sign=_("I led this audit. The report says what we saw, and what was not audited is named in it."),
                strength="again",
                unless=not_ready_to_close,
                primary=True,
            ),
            Move(
                "replace",
                _("Replace the lead auditor"),
                ("planned",),
                "planned",
                who=("quality", "management"),
                asks=("lead",),
                reason=True,
                effect=changes.lead_replaced,
            ),
            Move(
                "replace",
                _("Replace the lead auditor"),
                ("running",),
                "running",
                who=("quality", "management"),
                asks=("lead",),
                reason=True,
                effect=changes.lead_replaced,
                hint=_("Notes that were taken before keep the name of who wrote them."),
            ),
            Move(
                "cancel",
                _("Cancel this record"),
                ("planned", "running"),
                "cancelled",
                who=("quality", "management"),
                reason=True,
                hint=_("Nothing is deleted: a cancelled audit stays, with your reason."),
            ),
            Move(
                "reopen",
                _("Reopen"),
                ("closed",),
                "running",
                who=("quality", "management"),
                reason=True,
                hint=_("The signed report stays as it is; a new one needs a new signature."),
            ),
        ),
    )

    def records(self, actor: Actor) -> QuerySet:
        return super().records(actor).select_related("lead")

    def about(self, table: str, row: dict) -> str:
        """An answer is told by its question."""
        asked = next((e.get(row.get("question", "")) for e in shipped() if table == "answer"), None)
        return asked.question[:160] if asked else super().about(table, row)

    def duties(self, record: Record) -> Iterable[tuple]:
        """The lead owes the next step; every auditor owes the areas that are theirs."""
        audit = cast(Audit, record)
        if audit.state == "planned":
            yield audit.lead, "", "start", audit.from_on
        if audit.state == "running":
            yield audit.lead, "", "close", audit.to_on
            areas = Area.objects.filter(record_id=audit.uid, dropped=False).exclude(auditor=audit.lead_id)
            theirs = areas.exclude(auditor=None).select_related("auditor").order_by("-day")  # the earliest day stays
            for person, day in {area.auditor: area.day for area in theirs}.items():
                yield person, "", "audit", day

    def included(self, record: Record) -> Iterable[Record]:
        return Finding.objects.filter(of_audit=record.uid).order_by("uid")

    def own_pages(self) -> list:
        return pages.audit_pages(self)


def actions_are_pending(finding: Finding) -> str | None:
    total, pending = finding.pending_actions()
    if not total:
        return _now("No action closes this gap yet.")
    return _now("An action that closes it is still open.") if pending else None


def report_is_signed(finding: Finding) -> str | None:
    return _now("The report is signed: both stay as they are.") if finding.of_audit.state != "running" else None


@register
class Findings(Register):
    model = Finding
    slug = "findings"
    prefix = "F"
    clause = "9.2"
    chapter = "evaluation"
    icon = "flag"
    title = _("Findings")
    one = _("finding")
    purpose = _(
        "What audits found. At an initial audit a finding is a gap: it becomes a task, several gaps to one task if you "
        "like. A nonconformity is opened only when somebody decides that it is worth it."
    )
    first_step = _("Write down a finding")
    columns = ("number", "title", "grade", "clause", "state", "owner")
    filters = ("state", "grade", "of_audit")
    light = ("of_audit", "title", "text", "evidence")
    sections = {
        _("What was found"): ("of_audit", "title", "grade", "text", "evidence"),
        _("Where"): ("clause", "requirements", "area", "owner", "process"),
    }
    searched = ("text", "evidence", "clause", "area")
    raises = ("action", "nonconformity")
    small = False
    created_by = EVERYBODY  # the record itself refuses who is not on the team (Finding.clean)
    edited_by = ("team", "lead", "quality", "management")
    page_template = "audits/finding.html"
    workflow = Workflow(
        states={
            "open": State(_("Open"), "waiting"),
            "closed": State(_("Closed"), "good", closed=True, edit=False),
            "merged": State(_("Merged into another"), "muted", closed=True, edit=False),
            "withdrawn": State(_("Withdrawn"), "muted", closed=True, edit=False),
        },
        moves=(
            Move(
                "close",
                _("The gap is closed"),
                ("open",),
                "closed",
                who=("lead", "quality", "management"),
                unless=actions_are_pending,
                sign=_("I looked, and the gap is closed"),
                primary=True,
            ),
            Move(
                "merge",
                _("Merge into another"),
                ("open",),
                "merged",
                who=("team", "lead"),
                asks=("merged_into",),
                unless=report_is_signed,
                effect=changes.merged,
                hint=_("Both numbers stay; the old one leads to the other."),
            ),
            Move("withdraw", _("Withdraw"), ("open",), "withdrawn", who=("team", "lead", "quality"), reason=True),
            Move("restore", _("Restore"), ("withdrawn",), "open", who=("team", "lead", "quality"), reason=True),
            Move("reopen", _("Reopen"), ("closed",), "open", who=("lead", "quality", "management"), reason=True),
        ),
    )

    def records(self, actor: Actor) -> QuerySet:
        return super().records(actor).select_related("of_audit", "merged_into")

    def duties(self, record: Record) -> Iterable[tuple]:
        """None of its own: the audit is the lead's turn, the action its owner's."""
        return ()

    def own_pages(self) -> list:
        return pages.finding_pages(self)
