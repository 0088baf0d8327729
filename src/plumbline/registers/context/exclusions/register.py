from django.utils.translation import gettext_lazy as _

from plumbline.kernel.register import Register, register
from plumbline.kernel.workflow import Move, State, Workflow

from .models import Exclusion


@register
class Exclusions(Register):
    model = Exclusion
    slug = "not-applicable"
    prefix = "NA"
    scheme = "{prefix}-{n:02}"
    clause = "4.3"
    chapter = "context"
    icon = "ban"
    title = _("Not applicable")
    one = _("requirement not applicable")
    purpose = _(
        "Some requirements cannot apply to you: who designs nothing needs no design control. Say which, and why "
        "leaving it out does no harm; the scope of your certificate rests on it."
    )
    first_step = _("Name a requirement")
    columns = ("number", "requirement", "title", "state", "owner")
    filters = ("state",)
    light = ("requirement", "title", "justification")
    sections = {_("Requirement"): ("requirement", "title", "edition"), _("Why"): ("justification", "owner", "due")}
    searched = ("requirement", "justification")
    created_by = ("quality", "management", "consultant")
    workflow = Workflow(
        states={
            "proposed": State(_("Proposed"), "waiting"),
            "in_force": State(_("In force"), "good", edit=False),
            "withdrawn": State(_("Withdrawn"), "muted", closed=True, edit=False),
        },
        moves=(
            Move(
                "agree",
                _("Put into force"),
                ("proposed",),
                "in_force",
                who=("management", "quality"),
                sign=_("Leaving this out does not touch our ability to deliver what we promised"),
                turn="management",
                primary=True,
            ),
            Move(
                "withdraw",
                _("Withdraw"),
                ("proposed", "in_force"),
                "withdrawn",
                who=("management", "quality"),
                reason=True,
            ),
        ),
    )
