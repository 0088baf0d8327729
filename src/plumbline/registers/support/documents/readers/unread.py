"""Who may not yet work to what: for whoever leads people, across documents; and a word to those who are late."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from plumbline.history.uids import uid_of
from plumbline.kernel import notices, policy
from plumbline.kernel.views import RegisterView
from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.models import Reading, Revision
from plumbline.registers.support.documents.models.reading import LACKING
from plumbline.registers.support.documents.reading import LIVE

from . import audience

MOST = 500


def may_look(actor: Actor) -> policy.Answer:
    """Whether this actor leads people, or answers for the documents."""
    leads = any(role == Role.SUPERVISOR.value for role, _place, _uid in actor.scoped)
    return policy.ALLOWED if leads else policy.allow((*audience.SEE_ALL, "supervisor"), actor, None)


def open_readings(actor: Actor) -> Any:
    """What the people of this actor have still to read or to be trained in, among what she may see."""
    seen = Revision.objects.visible_to(actor).filter(state__in=LIVE)
    rows = Reading.objects.filter(LACKING, organisation=actor.organisation, ended_because="")
    return rows.filter(audience.under(actor), record__in=seen.values("pk")).select_related(
        "person", "person__department", "record__revision__of_document"
    )


class Unread(RegisterView):
    """Person by person what they have not read."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(may_look(self.actor))
        rows = list(open_readings(self.actor).order_by("person__name", "person", "due", "uid")[:MOST])
        people = [(person, list(theirs)) for person, theirs in groupby(rows, lambda one: one.person)]
        blocked = len({one.person_id for one in rows if one.record.state == "effective"})
        today = self.actor.organisation.today()
        return self.show("documents/readers/unread.html", people=people, blocked=blocked, today=today, most=MOST,
                         total=len(rows))  # fmt: skip


class Nudge(RegisterView):
    """A word to one person, or to everybody who did not read it yet."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(audience.may_witness(self.actor, self.record))
        rows = Reading.objects.filter(audience.under(self.actor, self.record), record_id=self.record.uid)
        rows = rows.filter(read_at=None, ended_because="")
        if "person" in request.POST:
            rows = rows.filter(person=uid_of(request.POST["person"]))
        told = notices.nudge(set(rows.values_list("person", flat=True)), self.record, self.actor)
        said = _("They were told.") if told else _("They have been told already, and did not look yet.")
        messages.success(request, said)
        back = request.POST.get("back", "")
        ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
        return redirect(back) if ours else self.to_record()
