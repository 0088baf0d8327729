from django.utils.translation import gettext_lazy as _

from plumbline.kernel.register import Register, register
from plumbline.kernel.workflow import Move, State, Workflow

from .models import Action


@register
class Actions(Register):
    model = Action
    slug = "actions"
    prefix = "ACT"
    clause = "10.2.1"
    chapter = "improvement"
    icon = "list-check"
    title = _("Actions")
    one = _("action")
    purpose = _(
        "What was decided is done here: one line says who does what by when. Actions come from gaps, nonconformities "
        "and reviews, or you simply write one down."
    )
    first_step = _("Write down an action")
    columns = ("number", "title", "sort", "state", "owner", "due")
    filters = ("state", "sort", "owner", "blocks_stage_1")
    light = ("title", "owner", "due")
    sections = {
        _("What is to be done"): ("title", "description", "sort", "effort", "blocks_stage_1"),
        _("Who and when"): ("owner", "due", "process", "site", "confidential"),
        _("Result"): ("result",),
    }
    searched = ("description", "result")
    workflow = Workflow(
        states={
            "open": State(_("To do"), "waiting"),
            "done": State(_("Done"), "good", closed=True, edit=False),
            "cancelled": State(_("Cancelled"), "muted", closed=True, edit=False),
        },
        moves=(
            Move(
                "finish",
                _("Done"),
                ("open",),
                "done",
                who=("owner", "author", "quality"),
                asks=("result",),
                turn="owner",
                primary=True,
            ),
            Move("reopen", _("Not done yet"), ("done",), "open", who=("author", "quality", "management"), reason=True),
            Move(
                "cancel",
                _("Cancel this record"),
                ("open",),
                "cancelled",
                who=("author", "quality", "management"),
                reason=True,
                hint=_("Nothing is deleted: a cancelled record stays, with your reason."),
            ),
        ),
    )
