"""My work: what I owe, over all registers, read from duties; what I should hear of; what I began and did not save."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import drafts, duties
from plumbline.kernel.models import Notice
from plumbline.registers.support.documents.alerts import places
from plumbline.registers.support.documents.readers import unread

from . import matters, news
from .called import called
from .pages import DeskView

MOST = 200


class MyWork(DeskView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = self.organisation.today()
        owed = list(duties.owed_by(self.actor)[:MOST])
        heard: list[Any] = list(news.unread(self.actor).select_related("record")[:30])
        called([one.record for one in (*owed, *heard)])
        request.waiting = len(owed)  # type: ignore[attr-defined]  # the number in the menu: asked once
        return self.show(
            "desk/my_work.html",
            groups=grouped(owed, today),
            matters=matters.of(self.actor),
            total=len(owed),
            most=MOST,
            notices=[(one, news.words(one)) for one in heard],
            drafts=drafts.of(self.actor)[:20],
            warns=places.may_warn(self.actor),
            leads=unread.may_look(self.actor),
        )


def grouped(owed: list, today: Any) -> list[tuple[str, str, list]]:
    """(heading, tone, duties): overdue, this week, later, without a date."""
    week = today + timedelta(days=7)
    parts = [
        (_("Overdue"), "bad", [d for d in owed if d.due and d.due < today]),
        (_("In the next seven days"), "waiting", [d for d in owed if d.due and today <= d.due <= week]),
        (_("Later"), "neutral", [d for d in owed if d.due and d.due > week]),
        (_("Without a date"), "muted", [d for d in owed if not d.due]),
    ]
    return [part for part in parts if part[2]]


class Seen(DeskView):
    """All notices read."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        Notice.objects.filter(organisation=self.organisation, person=self.actor.person, read_at=None).update(
            read_at=timezone.now()
        )
        return redirect("my-work", self.organisation.slug)
