"""Signing beside the text: on the page that is read, and told in words when something happened meanwhile."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plumbline.kernel import actions, pages, signing, timeline
from plumbline.kernel.workflow import IllegalMove
from plumbline.ledger.models import Event

from .. import moving
from ..models import Revision
from .looking import look

MOST = 1_000  # characters of what was written; a message travels in a cookie


class Sign(moving.Moving):
    """Agree, approve or ask for changes, with the content and its remarks in sight."""

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        move, form = context["move"], context["form"]
        form.auto_id = f"id_{move.verb}_%s"
        revision = cast(Revision, pages.find(self.register, self.actor, self.record.number))
        seen = look(self.request, revision, self.actor, move.verb, form)
        return super().show("documents/approval/review.html", status, **context, **seen)

    def post(self, request: HttpRequest, verb: str, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, verb, **kwargs)
        except (PermissionDenied, IllegalMove) as error:
            if told := self.meanwhile(request.POST.get("version", "")):
                signing.refused(self.record, verb, self.actor.uid, error)
                messages.warning(request, " ".join([told, _("This time nothing was signed."), *typed(request)]))
                return self.to_record()
            raise

    def tell_changed(self, form: Any, move: Any, error: actions.Stale | signing.BadSignature) -> None:
        super().tell_changed(form, move, error)
        if told := self.meanwhile(form.cleaned_data.get("version")):
            form.add_error(None, told)

    def meanwhile(self, version: Any) -> str:
        """What was done since the page was opened, in words; what one did oneself is told as that."""
        now = pages.find(self.register, self.actor, self.record.number)
        try:
            since = now.version - int(version)
        except (TypeError, ValueError):
            return ""
        if since <= 0:
            return ""
        lines = [line for line in timeline.of(now, newest=40) if line.table == self.register.kind][since - 1 :: -1]
        acts = Event.objects.filter(pk__in=[line.uid for line in lines], actor=self.actor.uid)
        own = set(acts.values_list("pk", flat=True))
        others = [f"{line.who}: {line.verb} ({_clock(line.at)})" for line in lines if line.uid not in own]
        mine = [f"{line.verb} ({_clock(line.at)})" for line in lines if line.uid in own]
        told = ((_("Meanwhile: %(what)s."), others), (_("You were here yourself, in another window: %(what)s."), mine))
        return " ".join(words % {"what": "; ".join(what)} for words, what in told if what)


def typed(request: HttpRequest) -> list[str]:
    """What was written and came too late, so that it is not lost."""
    words = request.POST.get("reason", "").strip()[:MOST]
    return [_("You wrote: “%(words)s”") % {"words": words}] if words else []


def _clock(at: Any) -> str:
    return date_format(localtime(at), "H:i")
