from collections.abc import Iterable
from typing import Any, cast

from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel import actions
from plumbline.kernel.models import Record, RequirementLink
from plumbline.kernel.register import Register, register
from plumbline.kernel.views import RegisterView
from plumbline.kernel.workflow import Move, State, Workflow
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from . import pages, review, telling
from .approval import asking, handling, naming
from .asked.parts import OF_DOCUMENT
from .copies.settings import Copies
from .drafting import pages as drafting
from .library import content
from .models import Document, PaperCopy, Recipient, kinds
from .papers import numbered
from .papers.labels import Labels
from .papers.pages import PaperCopies, PaperCopyPdf
from .purposes import DOCUMENT
from .readers.pages import of_documents
from .revising import FOLLOWS, comes_back, confirmed, withdrawn
from .revisions import Revisions

__all__ = ["Documents", "Revisions"]

MAKERS = ("quality", "management", "consultant", "supervisor")
KEEPERS = ("owner", "author", "quality", "management", "consultant")


def from_inside(document: Document) -> str | None:
    """Why nobody looks for a new edition."""
    return None if document.works_like(Document.Sort.EXTERNAL) else _now("Only documents from outside have editions.")


@register
class Documents(Register):
    model = Document
    slug = "documents"
    purposes = DOCUMENT
    prefix = "DOC"
    scheme = "{prefix}-{n:03}"
    clause = "7.5"
    chapter = "support"
    icon = "file-text"
    title = _("Documents")
    one = _("document")
    purpose = _(
        "What people need to read to do the work right, and what you keep as proof that it was done. Each document has "
        "a number, somebody who answers for it, and one revision that counts."
    )
    first_step = _("New document")
    columns = ("number", "title", "sort", "revision_no", "state", "owner")
    filters = ("state", "sort", "owner")
    light = ("title", "number", "sort")
    sections = {
        _("Document"): ("number", "title", "sort", "revision_no", "language"),
        _("Who and where"): ("owner", "due", "process", "site", "confidential"),
    }
    created_by = MAKERS
    edited_by = KEEPERS
    parts = {
        Recipient: (KEEPERS, ("draft", "proposed", "in_use")),
        RequirementLink: (KEEPERS, None),
        PaperCopy: (KEEPERS, None),
    }
    shown_parts = OF_DOCUMENT
    turns = {"collect": _("Exchange paper copies")}
    turn_pages = {"collect": "paper-copies"}
    page_template = "documents/record.html"
    workflow = Workflow(
        states={
            "draft": State(_("In preparation"), "neutral"),
            "proposed": State(_("Proposed"), "waiting"),
            "in_use": State(_("In use"), "good"),
            "withdrawn": State(_("Withdrawn"), "muted", closed=True, edit=False),
        },
        begins={"proposed": MAKERS},
        moves=(
            Move("enter", _("Come into use"), ("draft",), "in_use", who=("clock",)),
            Move(
                "confirm",
                _("Confirm"),
                ("proposed",),
                "in_use",
                who=KEEPERS,
                effect=confirmed,
                primary=True,
                hint=_("Number, title, kind and revision are right, and this document counts from now on."),
            ),
            Move(
                "keep",
                _("Still right: keep as it is"),
                ("in_use",),
                "in_use",
                who=KEEPERS,
                asks=("due",),
                sign=_("I looked at it again: it is right as it is"),
                hint=_("The revision stays in force. Say when it is to be looked at next."),
            ),
            Move(
                "check",
                _("Checked: no new edition"),
                ("in_use",),
                "in_use",
                who=(*KEEPERS, "watcher"),
                asks=("check_on",),
                unless=from_inside,
                hint=_("The edition we have is the newest. Say when to look again."),
            ),
            Move(
                "withdraw",
                _("Withdraw"),
                ("draft", "proposed", "in_use"),
                "withdrawn",
                who=KEEPERS,
                reason=True,
                effect=withdrawn,
                hint=_("Nothing is deleted: a withdrawn document stays, with your reason."),
            ),
            Move(
                "reopen", _("Take it back"), ("withdrawn",), "draft", who=KEEPERS, also=("proposed",), lands=comes_back
            ),
        ),
    )

    def series(self, organisation: Organisation, values: dict[str, Any]) -> tuple[str, str]:
        """Numbered as its kind is; an organisation that has one scheme for all documents keeps that."""
        rules = kinds.rules_of(organisation, str(values.get("sort") or Document.Sort.PROCEDURE))
        return rules.prefix, organisation.settings.get("numbering", {}).get(self.kind, rules.scheme)

    def options(self, name: str, organisation: Organisation, held: Any = None) -> dict[str, str]:
        """Kinds as the organisation calls them, with its own; those it ended are offered no more."""
        if name != "sort":
            return super().options(name, organisation, held)
        return kinds.names(organisation) if held is None else kinds.offered(organisation, held)

    def edited(self, record: Any, by: Actor, changes: dict[str, list]) -> None:
        """Its revisions take over who answers for it and who may see it."""
        if taken := [name for name in FOLLOWS if name in changes]:
            for revision in record.revisions.order_by("uid"):
                actions.follow(revision, by=by, **{name: getattr(record, name) for name in taken})

    def about(self, table: str, row: dict) -> str:
        return telling.told(table, row) or super().about(table, row)

    def duties(self, record: Record) -> Iterable[tuple]:
        """The owner looks at it again when due, and calls old paper back; somebody watches what comes from outside."""
        document = cast(Document, record)
        if document.state == "in_use" and document.due:
            yield document.owner, "", "keep", document.due
        if document.state == "in_use" and document.check_on:
            yield document.watched_by or document.owner, "", "check", document.check_on
        stale, since = numbered.to_collect(document) if document.state == "in_use" else ([], None)
        if stale:
            yield document.owner, "", "collect", since

    def words(self, record: Record) -> Iterable[str]:
        """All that its revisions in force say, and the names of their files."""
        return content.found_by(cast(Document, record))

    def says(self, actor: Actor, uids: Iterable[Any]) -> dict[Any, str]:
        """What they say where they are in force today."""
        return content.says(uids, actor.organisation.today())

    def own_pages(self) -> list[URLPattern]:
        def page(route: str, view: type[RegisterView], name: str) -> URLPattern:
            return path(route, view.as_view(register=self), name=name)

        return [
            page("", pages.Listing, "list"),
            page("new/", drafting.New, "new"),
            page("bring-in/", pages.BringIn, "bring-in"),
            page("review/", review.Review, "review"),
            page("kinds/", handling.Kinds, "kinds"),
            page("kinds/new/", naming.NewKind, "kind-new"),
            page("kinds/<slug:sort>/", handling.OneKind, "kind"),
            page("copies/", Copies, "copies"),
            page("labels/", Labels, "labels"),
            page("<str:number>/paper-copies/", PaperCopies, "paper-copies"),
            page("<str:number>/paper-copies/<int:no>.pdf", PaperCopyPdf, "paper-copy"),
            page("<str:number>/ask/", asking.Ask, "ask"),
            page("<str:number>/review/", review.Proposed, "proposed"),
            page("<str:number>/requirements/", review.Speaks, "speaks"),
            page("<str:number>/revisions/", pages.Revise, "revise"),
            page("<str:number>/revisions/write-on/", drafting.WriteOn, "write-on"),
            page("<str:number>/redline/", drafting.Redline, "redline"),
            page("<str:number>/revisions/<uuid:uid>/", pages.RevisionContent, "revision"),
            page("<str:number>/text/", pages.WholeText, "text"),
            *of_documents(self),
        ]
