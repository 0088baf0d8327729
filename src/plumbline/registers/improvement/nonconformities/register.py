from typing import Any

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from plumbline.kernel.register import Register, register
from plumbline.kernel.workflow import Move, State, Workflow
from plumbline.organisation.actor import Actor

from .models import Nonconformity
from .reporting import Report


def actions_are_pending(nonconformity: Nonconformity) -> str | None:
    pending = nonconformity.pending_actions()
    words = ngettext("%(count)d action is still open.", "%(count)d actions are still open.", pending)
    return words % {"count": pending} if pending else None


@register
class Nonconformities(Register):
    model = Nonconformity
    slug = "nonconformities"
    prefix = "NC"
    clause = "10.2"
    chapter = "improvement"
    icon = "alert-triangle"
    title = _("Nonconformities")
    one = _("nonconformity")
    purpose = _(
        "When something is not as it should be, write it down here: what happened, what you did about it, and whether "
        "that is enough. Where it is not, the cause is found and removed."
    )
    first_step = _("Report a problem")
    columns = ("number", "title", "grade", "state", "owner", "due")
    filters = ("state", "grade", "source", "owner")
    light = ("title", "description", "place", "lot", "correction")
    sections = {
        _("What happened"): (
            "title",
            "description",
            "place",
            "lot",
            "quantity",
            "unit",
            "source",
            "grade",
            "process",
            "site",
        ),
        _("Who and when"): ("owner", "due", "confidential"),
        _("Correction"): ("correction", "enough_because"),
        _("Corrective action"): ("containment", "cause", "similar_cases", "criterion"),
        _("Effectiveness check"): ("effect",),
    }
    searched = ("description", "place", "lot", "cause")
    raises = ("action",)
    workflow = Workflow(
        states={
            "open": State(_("Reported"), "waiting"),
            "corrected": State(_("Corrected"), "active"),
            "analysis": State(_("Cause being sought"), "active"),
            "action": State(_("Action under way"), "active"),
            "check": State(_("Effectiveness to be checked"), "waiting"),
            "closed": State(_("Closed"), "good", closed=True, edit=False),
            "cancelled": State(_("Cancelled"), "muted", closed=True, edit=False),
        },
        moves=(
            Move(
                "correct",
                _("Record what was done"),
                ("open",),
                "corrected",
                who=("owner", "author", "quality", "supervisor"),
                asks=("correction",),
                may_ask=("lot", "quantity", "unit"),
                turn="owner",
                primary=True,
            ),
            Move(
                "settle",
                _("The correction is enough"),
                ("corrected",),
                "closed",
                who=("quality", "management"),
                asks=("enough_because",),
                turn="quality",
                primary=True,
                hint=_("That no corrective action is needed is a decision: it keeps your name and your reason."),
            ),
            Move(
                "analyse",
                _("Open a corrective action"),
                ("corrected",),
                "analysis",
                who=("owner", "quality", "management"),
                may_ask=("containment",),
            ),
            Move(
                "plan",
                _("Record the cause"),
                ("analysis",),
                "action",
                who=("owner", "quality"),
                asks=("cause", "criterion"),
                may_ask=("similar_cases", "containment"),
                turn="owner",
                primary=True,
            ),
            Move(
                "submit",
                _("Actions are done"),
                ("action",),
                "check",
                who=("owner", "quality"),
                unless=actions_are_pending,
                turn="owner",
                primary=True,
            ),
            Move(
                "confirm",
                _("It worked"),
                ("check",),
                "closed",
                who=("quality", "management", "auditor"),
                asks=("effect",),
                not_by=("owner",),
                sign=_("I checked by the criterion that the action worked"),
                turn="quality",
                primary=True,
            ),
            Move(
                "repeat",
                _("It did not work"),
                ("check",),
                "analysis",
                who=("quality", "management", "auditor"),
                reason=True,
            ),
            Move(
                "cancel",
                _("Cancel this record"),
                ("open", "corrected"),
                "cancelled",
                who=("quality",),
                reason=True,
                hint=_("Nothing is deleted: a cancelled record stays, with your reason."),
            ),
            Move("reopen", _("Reopen"), ("closed",), "corrected", who=("quality", "management"), reason=True),
        ),
    )

    def own_pages(self) -> list[URLPattern]:
        return [path("new/", Report.as_view(register=self), name="new")]

    def edited(self, record: Any, by: Actor, changes: dict[str, list]) -> None:
        """The criterion is fixed before the action starts: afterwards nobody bends it to the result."""
        if "criterion" in changes and record.state in ("action", "check", "closed"):
            raise ValidationError(
                {"criterion": _now("It was fixed when the action began and is not changed any more.")}
            )
