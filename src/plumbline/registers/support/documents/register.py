from collections.abc import Iterable

from django.db.models.functions import Substr
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Record, RequirementLink
from plumbline.kernel.register import Register, register
from plumbline.kernel.views import RegisterView
from plumbline.kernel.workflow import Move, State, Workflow

from . import pages, review
from .models import Document, Revision, Text
from .revising import confirmed

KEEPERS = ("owner", "author", "quality", "management", "consultant")
SEARCHED = 20_000  # characters of the text that search finds


@register
class Documents(Register):
    model = Document
    slug = "documents"
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
    first_step = _("Write a document down")
    columns = ("number", "title", "sort", "revision", "state", "owner")
    filters = ("state", "sort", "owner")
    light = ("title", "number", "sort")
    sections = {
        _("Document"): ("number", "title", "sort", "revision", "language"),
        _("Who and where"): ("owner", "due", "process", "site", "confidential"),
    }
    created_by = ("quality", "management", "consultant", "supervisor")
    edited_by = KEEPERS
    parts = {Revision: (KEEPERS, ("proposed", "in_use")), RequirementLink: (KEEPERS, None)}
    signed_parts = (Revision,)
    page_template = "documents/record.html"
    workflow = Workflow(
        states={
            "proposed": State(_("Proposed"), "waiting"),
            "in_use": State(_("In use"), "good"),
            "withdrawn": State(_("Withdrawn"), "muted", closed=True, edit=False),
        },
        moves=(
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
                "withdraw",
                _("Withdraw"),
                ("proposed", "in_use"),
                "withdrawn",
                who=KEEPERS,
                reason=True,
                hint=_("Nothing is deleted: a withdrawn document stays, with your reason."),
            ),
            Move("reopen", _("Propose again"), ("withdrawn",), "proposed", who=KEEPERS),
        ),
    )

    def words(self, record: Record) -> Iterable[str]:
        """The beginning of what its newest revision says."""
        texts = Text.objects.filter(revision__record_id=record.uid).order_by("-revision")
        return texts.values_list(Substr("text", 1, SEARCHED), flat=True)[:1]

    def own_pages(self) -> list[URLPattern]:
        def page(route: str, view: type[RegisterView], name: str) -> URLPattern:
            return path(route, view.as_view(register=self), name=name)

        return [
            page("", pages.Listing, "list"),
            page("new/", pages.New, "new"),
            page("bring-in/", pages.BringIn, "bring-in"),
            page("review/", review.Review, "review"),
            page("<str:number>/review/", review.Proposed, "proposed"),
            page("<str:number>/requirements/", review.Speaks, "speaks"),
            page("<str:number>/revisions/", pages.Revise, "revise"),
            page("<str:number>/revisions/<uuid:uid>/", pages.RevisionContent, "revision"),
            page("<str:number>/text/", pages.WholeText, "text"),
        ]
