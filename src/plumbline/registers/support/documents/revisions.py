"""The declaration of revisions: from the request for a change to the day a revision is superseded."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import File, Link, Record
from plumbline.kernel.register import EVERYBODY, Register, register
from plumbline.kernel.workflow import Move, State, Workflow
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from . import enforcing, force, reading, revising, revision_pages, routing, telling
from .approval import asking
from .asked.parts import OF_REVISION
from .drafting import fields
from .library import content
from .models import Reading, Remark, Revision, Step, Validity
from .purposes import REVISION
from .readers import sweep

KEEPERS = ("owner", "author", "quality", "management", "consultant")
MAKERS = ("owner", "author", "quality", "management", "consultant", "supervisor")
CLOCK = ("clock",)
WHEN_READ = ("draft", "approved", "effective", "superseded", "withdrawn")


def before_its_date(revision: Revision) -> str | None:
    """Why it is not put into force again."""
    begun = Validity.objects.filter(record_id=revision.uid).exclude(until_on=F("from_on"))
    if revision.state == "approved" and begun.exists():
        return _now("It has its date already. Take it back first, if the date is to be another one.")
    return None


@register
class Revisions(Register):
    model = Revision
    slug = "revisions"
    prefix = "REV"
    scheme = "{prefix}-{n:04}"
    clause = "7.5.2"
    chapter = "support"
    icon = "git-branch"
    title = _("Revisions")
    one = _("revision")
    within = "of_document"
    purposes = REVISION
    small = False
    purpose = _(
        "A document changes by revisions: somebody asks for a change, somebody writes it, others review and approve "
        "it, and from a date on it is in force. Nobody works to a superseded one by mistake."
    )
    first_step = _("Ask for a change")
    columns = ("number", "title", "revision_no", "state", "owner", "due")
    filters = ("state", "owner")
    light = ("change", "because")
    sections = {
        _("The change"): ("title", "revision_no", "change", "because", "impact"),
        _("In force"): ("effective_on", "effective_until", "order", "temporary", "dated_on"),
        _("Reading"): ("read_by", "training"),
        _("Who and where"): ("owner", "due", "process", "site"),
    }
    created_by = EVERYBODY  # a change is asked for by anybody; see the workflow for who may begin a draft
    edited_by = KEEPERS
    by_moves = ("effective_on", "effective_until", "order")
    parts = {
        Step: ((*KEEPERS, "on_route"), None),
        Remark: (EVERYBODY, ("draft", "in_review", "in_approval")),
        Validity: (KEEPERS, None),
        Reading: (EVERYBODY, WHEN_READ),  # reading.py says who, when
        Link: (EVERYBODY, None),  # whoever fills in a form files what it became
    }
    shown_parts = OF_REVISION
    turns = {"read": _("Read and understood"), "train": _("See to the training")}
    turn_pages = {"read": "read", "train": "training"}
    page_template = "documents/revision.html"
    workflow = Workflow(
        states={
            "requested": State(_("Asked for"), "waiting"),
            "draft": State(_("Draft"), "neutral"),
            "in_review": State(_("In review"), "active", edit=False),
            "in_approval": State(_("In approval"), "active", edit=False),
            "approved": State(_("Approved"), "waiting", edit=False),
            "effective": State(_("In force"), "good", edit=False),
            "superseded": State(_("Superseded"), "muted", closed=True, edit=False),
            "withdrawn": State(_("Withdrawn"), "muted", closed=True, edit=False),
            "proposed": State(_("Proposed"), "waiting"),
            "rejected": State(_("Not taken"), "muted", closed=True, edit=False),
        },
        begins={"draft": MAKERS, "proposed": MAKERS},
        moves=(
            Move(
                "start",
                _("Make the change"),
                ("requested",),
                "draft",
                who=MAKERS,
                effect=enforcing.started,
                unless=asking.already_making,
                primary=True,
                hint=_("A draft begins, with the content of the revision that is in force."),
            ),
            Move("decline", _("Decline"), ("requested",), "rejected", who=KEEPERS, reason=True, effect=asking.declined),
            Move(
                "submit",
                _("Hand in"),
                ("draft",),
                "in_review",
                who=MAKERS,
                asks=("revision_no",),
                may_ask=("change",),
                also=("in_approval",),
                lands=routing.after_submitting,
                effect=fields.fix,
                unless=routing.not_ready,
                primary=True,
                hint=_("It goes to those on its route, and is not changed any more while they look at it."),
            ),
            Move("drop", _("Drop this draft"), ("draft",), "rejected", who=KEEPERS, reason=True),
            Move(
                "review",
                _("Agree"),
                ("in_review",),
                "in_approval",
                who=("reviewer",),
                not_by=("wrote_it",),
                also=("in_review",),
                lands=routing.after_review,
                effect=routing.decide,
                primary=True,
                sign=_("I have read this revision and agree with it"),
                unless=routing.open_remarks,
            ),
            Move(
                "approve",
                _("Approve"),
                ("in_approval",),
                "approved",
                who=("approver",),
                not_by=("wrote_it",),
                also=("in_approval",),
                lands=routing.after_approval,
                effect=enforcing.approved,
                primary=True,
                sign=_("I approve this revision; it may be put into force"),
                unless=routing.open_remarks,
            ),
            Move(
                "change",
                _("Ask for changes"),
                ("in_review", "in_approval"),
                "draft",
                who=("reviewer", "approver", *KEEPERS),
                reason=True,
                effect=routing.lay_again,
                hint=_("It goes back to a draft; what was written, remarked and decided is kept."),
            ),
            Move(
                "put_into_force",
                _("Put into force"),
                ("approved",),
                "approved",
                who=KEEPERS,
                asks=("effective_on",),
                may_ask=("site", "process", "order", "effective_until", "read_by"),
                also=("effective",),
                lands=enforcing.on_its_date,
                effect=enforcing.put_into_force,
                unless=before_its_date,
                primary=True,
                hint=_("From that day it is the one to work to, and the one before steps back by itself."),
            ),
            Move(
                "recall",
                _("Take back"),
                ("approved",),
                "draft",
                who=KEEPERS,
                reason=True,
                effect=enforcing.recalled,
                hint=_("It becomes a draft again and needs its approvals anew; the one in force stays in force."),
            ),
            Move(
                "roll_out",
                _("Put into force elsewhere"),
                ("effective",),
                "effective",
                who=KEEPERS,
                asks=("effective_on",),
                may_ask=("site", "process", "order"),
                effect=enforcing.put_into_force,
            ),
            Move(
                "withdraw",
                _("Withdraw"),
                ("effective",),
                "withdrawn",
                who=KEEPERS,
                reason=True,
                effect=enforcing.withdrawn,
                hint=_("From today nobody works to it; nothing takes its place by itself."),
            ),
            Move(
                "take_effect", _("Come into force"), ("approved",), "effective", who=CLOCK, effect=enforcing.took_effect
            ),
            Move("ask", _("Ask who joined"), ("approved",), "approved", who=CLOCK, effect=reading.catch_up),
            Move("ask", _("Ask who joined"), ("effective",), "effective", who=CLOCK, effect=reading.catch_up),
            Move("supersede", _("Supersede"), ("effective",), "superseded", who=CLOCK, effect=enforcing.stepped_back),
            Move("expire", _("End by date"), ("effective",), "withdrawn", who=CLOCK, effect=enforcing.stepped_back),
            Move(
                "confirm",
                _("Confirm"),
                ("proposed",),
                "effective",
                who=KEEPERS,
                effect=enforcing.confirmed,
                primary=True,
                hint=_("It was in force before Plumbline, or is from now on: it counts as it is."),
            ),
            Move("reject", _("Do not take this revision"), ("proposed",), "rejected", who=KEEPERS),
            Move("restore", _("Propose again"), ("rejected",), "proposed", who=KEEPERS),
        ),
    )

    def records(self, actor: Actor) -> QuerySet:
        return super().records(actor).select_related("of_document__home", "file")

    def strength(self, move: Move, record: Record) -> str:
        """As strong as the rules of its kind of document ask."""
        return cast(Revision, record).rules.strength if move.verb == "approve" else move.strength

    def meaning(self, move: Move, record: Record, by: Actor) -> str:
        """Whoever approves what they wrote says so, with the reason why they may."""
        why = routing.own_work(cast(Revision, record), by)
        return f"{move.sign} ({_now('wrote it too:')} {why})" if why else str(move.sign)

    def beside(self, record: Record) -> Iterable[UUID]:
        """Its document, and the other revisions that step back or go on when it moves."""
        revision = cast(Revision, record)
        yield revision.of_document_id
        others = Revision.objects.filter(of_document=revision.of_document_id, state__in=("approved", "effective"))
        yield from others.exclude(pk=revision.pk).values_list("pk", flat=True)

    def files(self, record: Any) -> Iterable[File]:
        return [record.file] if record.file else []

    def about(self, table: str, row: dict) -> str:
        return telling.told(table, row) or super().about(table, row)

    def duties(self, record: Record) -> Iterable[tuple]:
        """Whose turn it is on the way into force; then, who has to read it."""
        revision = cast(Revision, record)
        if revision.state == "requested":
            yield revision.owner, "", "start", revision.due
        if revision.state == "draft":
            yield revision.author or revision.owner, "", "submit", revision.due
        for state, does in (("in_review", "review"), ("in_approval", "approve")):
            for step in revision.open_steps(does) if revision.state == state else ():
                yield step.person, "" if step.person else step.role, does, step.due
        if revision.state == "approved" and not revision.effective_on:
            yield revision.owner, "", "put_into_force", revision.due
        if revision.state in ("approved", "effective"):
            unread = Reading.objects.filter(record_id=revision.uid, read_at=None, ended_because="")
            for one in unread.select_related("person"):
                yield one.person, "", "read", one.due
            yield from reading.training_duties(revision)

    def by_clock(self, organisation: Organisation, now: datetime) -> Iterable[tuple[Record, str, datetime]]:
        """What comes into force or steps back at the midnight it should have; then, whoever joined is asked."""
        zone, waits = ZoneInfo(organisation.zone), False
        for revision, verb, day in force.waiting(organisation, now.astimezone(zone).date()):
            waits = True
            yield revision, verb, datetime.combine(day, time(), zone)
        if not waits:
            yield from ((revision, "ask", now) for revision in sweep.to_ask(organisation))

    def worked_out(self, record: Record, afresh: bool = False) -> Iterable[str]:
        """What its file says."""
        revision = cast(Revision, record)
        text = content.read_again(revision)
        wanted = revising.said(revision, text) if text is not None else {}
        if any(getattr(getattr(revision, "said", None), name, None) != value for name, value in wanted.items()):
            if afresh:
                revising.keep_text(revision, text or "")
            yield "text"

    def own_pages(self) -> list:
        return revision_pages.pages(self)
