from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plumbline.kernel.models import Attachment, Record
from plumbline.kernel.register import Register, register
from plumbline.kernel.views import RegisterView
from plumbline.kernel.workflow import Move, State, Workflow

from . import categories, disposing, pages
from .models import SIGNERS, Disposal, QualityRecord
from .purposes import RECORD

KEEPERS = ("owner", "author", "quality", "management", "consultant")


def repeat(record: QualityRecord, by: Any, answers: dict) -> None:
    """Effect of the move that only the installation makes."""
    disposing.repeated(record, by, answers["note"])


@register
class Records(Register):
    model = QualityRecord
    slug = "records"
    purposes = RECORD
    prefix = "REC"
    clause = "7.5.3"
    chapter = "support"
    icon = "archive"
    title = pgettext_lazy("kept as evidence", "Records")
    one = pgettext_lazy("kept as evidence", "record")
    purpose = _(
        "What you keep as proof that something was done: inspection sheets, certificates, minutes. Each has a category "
        "that says for how long it is kept, where, and who may see it; when that time is over, it is disposed of, "
        "with a signature."
    )
    first_step = _("File a record")
    columns = ("number", "title", "category", "dated_on", "keep_until", "state")
    filters = ("state", "category")
    light = ("title", "category", "dated_on")
    sections = {
        _("What it is"): ("title", "category", "dated_on", "description", "concerns", "language"),
        _("How long and where"): ("ended_on", "place"),
        _("Who"): ("owner", "process", "site", "confidential"),
    }
    edited_by = KEEPERS
    by_moves = ("method", "due")
    parts = {Attachment: ((*KEEPERS, "supervisor"), ("kept", "held")), Disposal: (("anyone",), ("disposed",))}
    page_template = "records/record.html"
    workflow = Workflow(
        states={
            "kept": State(_("Kept"), "good"),
            "proposed": State(_("Proposed for disposal"), "waiting", edit=False),
            "signed": State(_("Second signature needed"), "waiting", edit=False),
            "held": State(_("On hold"), "active"),
            "disposed": State(_("Disposed of"), "muted", closed=True, edit=False),
            "cancelled": State(_("Cancelled"), "muted", closed=True, edit=False),
        },
        moves=(
            Move(
                "propose",
                _("Propose for disposal"),
                ("kept", "cancelled"),
                "proposed",
                who=("owner", "quality", "management"),
                unless=disposing.still_kept,
                hint=_("Its retention time is over. Nothing is lost until somebody signs for it."),
            ),
            Move(
                "dispose",
                _("Dispose of it"),
                ("proposed",),
                "disposed",
                who=SIGNERS,
                asks=("method",),
                sign=_("Its retention time is over and nothing stands against it: dispose of it for good"),
                unless=disposing.two_are_needed,
                effect=disposing.disposed,
                primary=True,
                hint=_("The content of its files goes for good. The record and its history stay, and say who did it."),
            ),
            Move(
                "sign",
                _("Sign first for disposal"),
                ("proposed",),
                "signed",
                who=SIGNERS,
                asks=("method",),
                sign=_("Its retention time is over and nothing stands against it: it may be disposed of"),
                unless=disposing.one_is_enough,
                primary=True,
                hint=_("Somebody else signs second; only then the content goes."),
            ),
            Move(
                "countersign",
                _("Sign second and dispose of it"),
                ("signed",),
                "disposed",
                who=("second",),
                sign=_("I looked at it as well: dispose of it for good"),
                unless=disposing.still_kept,
                effect=disposing.countersigned,
                primary=True,
                hint=_("The content of its files goes for good. The record and its history stay, and say who did it."),
            ),
            Move("keep", _("Keep it after all"), ("proposed", "signed"), "kept", who=("owner", *SIGNERS), reason=True),
            Move(
                "hold",
                _("Put on hold"),
                ("kept", "proposed", "signed"),
                "held",
                who=SIGNERS,
                reason=True,
                sign=_("This record is not to be disposed of until the hold is lifted"),
                hint=_("For a dispute, an inquiry or a claim: whatever its retention time, it stays."),
            ),
            Move(
                "lift",
                _("Lift the hold"),
                ("held",),
                "kept",
                who=SIGNERS,
                reason=True,
                sign=_("Nothing stands any more against disposing of this record in its time"),
            ),
            Move(
                "cancel",
                _("Cancel this record"),
                ("kept",),
                "cancelled",
                who=KEEPERS,
                reason=True,
                hint=_("Nothing is deleted: a cancelled record stays for its retention time, with your reason."),
            ),
            Move(
                "repeat",
                _("Disposed of again"),
                ("kept", "proposed", "signed", "cancelled"),
                "disposed",
                who=("installation",),
                may_ask=("method",),
                effect=repeat,
                hint=_("It was disposed of before an older backup was put in place; only the installation does this."),
            ),
        ),
    )

    def records(self, actor: Any) -> Any:
        return super().records(actor).select_related("owner", "category")

    def duties(self, record: Record) -> Iterable[tuple]:
        """A disposal waits for whoever may sign for it."""
        assert isinstance(record, QualityRecord)
        if record.state == "proposed":
            yield None, "quality", "sign" if record.category.two_people else "dispose", None
        elif record.state == "signed":
            yield from ((None, role, "countersign", None) for role in SIGNERS)

    def words(self, record: Record) -> Iterable[str]:
        """What was typed about it; nothing of that is found once it is disposed of."""
        assert isinstance(record, QualityRecord)
        return [] if record.state == "disposed" else [record.description, record.concerns, record.place]

    def own_pages(self) -> list[URLPattern]:
        def page(route: str, view: type[RegisterView], name: str) -> URLPattern:
            return path(route, view.as_view(register=self), name=name)

        return [
            page("", pages.Listing, "list"),
            page("new/", pages.New, "new"),
            page("retention/", pages.Retention, "retention"),
            page("disposal/", pages.Disposing, "disposal"),
            page("categories/", categories.Categories, "categories"),
            page("categories/new/", categories.Category, "category-new"),
            page("categories/<uuid:uid>/", categories.Category, "category"),
            page("<str:number>/", pages.Detail, "record"),
        ]
