"""My work: what I owe, over all registers, read from duties; what I should hear of; what I began and did not save."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.history.uids import uid_of
from plumbline.kernel import drafts, duties
from plumbline.kernel.models import Notice, Record
from plumbline.kernel.register import register_of, registers
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.alerts import places
from plumbline.registers.support.documents.readers import unread

from . import matters, news
from .called import called
from .pages import DeskView

MOST, NEWS, BEGUN = 200, 30, 20  # duties, news and drafts on the page


class MyWork(DeskView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = self.organisation.today()
        owed = list(duties.owed_by(self.actor)[:MOST])
        heard: list[Any] = list(news.unread(self.actor).select_related("record")[:NEWS])
        called([one.record for one in (*owed, *heard)])
        request.waiting = len(owed)  # type: ignore[attr-defined]  # the number in the menu: asked once
        return self.show(
            "desk/my_work.html",
            groups=grouped(owed, today),
            matters=matters.of(self.actor),
            total=len(owed),
            most=MOST,
            notices=[(one, news.words(one)) for one in heard],
            all_news=len(heard) < NEWS,
            drafts=begun(self.actor),
            warns=places.may_warn(self.actor),
            leads=unread.may_look(self.actor),
        )


def begun(actor: Actor) -> list[tuple[str, str, Any]]:
    """(what, where, when) of the forms that were begun and not saved; of a record only as long as it is seen."""
    kept = [(*one.form.rpartition(":")[::2], one) for one in drafts.of(actor)[:BEGUN]]
    seen = Record.objects.visible_to(actor).filter(
        pk__in=[uid for uid in (uid_of(about) for about, *_form in kept) if uid]
    )
    records, kinds = {str(one.pk): one for one in seen}, {one.kind: one for one in registers()}
    slug, found = actor.organisation.slug, []
    for about, form, one in kept:
        if record := records.get(about):
            found.append((f"{record.number} {record.title}", _place(record, form, slug), one.saved_at))
        elif kind := kinds.get(about):
            typed = str((one.typed.get("title") or [""])[0]).strip()
            where = reverse(f"{kind.slug}:new", args=[slug])
            found.append((typed or str(kind.first_step or kind.one), where, one.saved_at))
    return found


def _place(record: Record, form: str, slug: str) -> str:
    """Where the form of a record is, or the record: what a draft is called comes from a browser."""
    register = register_of(record).slug
    try:
        return reverse(f"{register}:{form}", args=[slug, record.number])
    except NoReverseMatch:
        return reverse(f"{register}:record", args=[slug, record.number])


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
