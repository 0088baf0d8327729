"""Calendars (RFC 5545) that other programs subscribe to: what somebody owes, or the dates of one register."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from plumbline.faces.lists import shelf
from plumbline.kernel import duties
from plumbline.kernel.models import Record
from plumbline.kernel.register import by_slug
from plumbline.kernel.templatetags.kernel import verb_label
from plumbline.organisation.accounts import Backend
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account

from .called import called
from .digest import record_address, why
from .mailing import language_of
from .models import CalendarKey

MOST = 5000  # dates in one calendar
LATELY = timedelta(days=31)
Dated = tuple[Record, str, date, str, str]  # of which record, its code, when, in words, why


@method_decorator(login_not_required, name="dispatch")
class Calendar(View):
    """For whoever knows the secret address; filtered at every reading by what its person may see now."""

    def get(
        self, request: HttpRequest, organisation: str, token: str, register: str = "", view: UUID | None = None
    ) -> HttpResponse:
        key = CalendarKey.objects.select_related("person__organisation", "person__account").filter(
            token=token, person__organisation__slug=organisation
        )
        actor = _actor_of(key.first())
        with translation.override(language_of(cast(Account, cast(Any, actor.person).account))):
            name, dates = _of_register(actor, register, view) if register else (_("To do"), _owed(actor))
            written = _written(actor, f"{actor.organisation.name}: {name}", dates)
        headers = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex"}
        return HttpResponse(written, "text/calendar; charset=utf-8", headers=headers)


def _actor_of(key: CalendarKey | None) -> Actor:
    """The person with the rights of today; nobody who has left or may not sign in."""
    account = key.person.account if key else None
    if key is None or account is None or not Backend().user_can_authenticate(account):
        raise Http404
    actor = Actor.of(key.person)
    if actor.outside or not key.person.is_here(actor.organisation.today()):
        raise Http404
    return actor


def _owed(actor: Actor) -> Iterator[Dated]:
    today = actor.organisation.today()
    owed = _nearest(duties.owed_by(actor).exclude(due=None), today)
    called([duty.record for duty in owed])
    for duty in owed:
        words = f"{verb_label(duty.record, duty.verb)}: {duty.record.named}"
        yield duty.record, duty.verb, cast(date, duty.due), words, why(duty, today)


def _nearest(dated: Any, today: date) -> list[Any]:
    """Where there are more than a calendar holds: what comes and what was lately, then the newest of what is past."""
    found = list(dated[: MOST + 1])
    if len(found) <= MOST:
        return found
    coming = list(dated.filter(due__gte=today - LATELY).order_by("due", "pk")[:MOST])
    past = dated.filter(due__lt=today - LATELY).order_by("-due", "pk")
    return [*reversed(past[: MOST - len(coming)]), *coming]


def _of_register(actor: Actor, slug: str, uid: UUID | None) -> tuple[str, Iterator[Dated]]:
    """Everything of a register, or of a saved view of it, that is not done and has a date."""
    register = by_slug(slug)
    view = shelf.find(register, actor, uid) if register and uid else None
    if register is None or (uid and view is None):
        raise Http404
    records = register.records(actor).filter(closed_at=None)
    if view:
        records = records.filter(pk__in=shelf.answered(register, actor, view).values("pk"))
    nearest = _nearest(records.exclude(due=None).order_by("due", "uid"), actor.organisation.today())
    dates = (
        (record, "due", record.due, str(record), f"{register.state_of(record).label} · {record.owner}")
        for record in nearest
    )
    return f"{register.title}: {view.name}" if view else str(register.title), dates


def _written(actor: Actor, name: str, dates: Iterable[Dated]) -> bytes:
    import icalendar

    calendar = icalendar.Calendar()
    host = urlsplit(settings.PLUMBLINE_ORIGIN).hostname or "localhost"
    head = {"PRODID": "-//Plumbline//Plumbline//EN", "VERSION": "2.0", "METHOD": "PUBLISH", "X-WR-CALNAME": name}
    for field, value in head.items():
        calendar.add(field, value)
    seen = set()
    for record, code, day, words, reason in dates:
        uid = f"{record.uid}.{code}@{host}"
        if uid not in seen:  # one date for one thing to do, though it be owed by name and by role
            seen.add(uid)
            url = record_address(record, actor.organisation)
            calendar.add_component(_event(uid, record.created_at, day, words, f"{reason}\n{url}", url))
    return calendar.to_ical()


def _event(uid: str, made_at: datetime, day: date, words: str, reason: str, url: str) -> Any:
    """A whole day that keeps nobody busy."""
    import icalendar

    event = icalendar.Event()
    fields = {"UID": uid, "DTSTAMP": made_at, "DTSTART": day, "SUMMARY": words, "DESCRIPTION": reason, "URL": url}
    for field, value in {**fields, "TRANSP": "TRANSPARENT"}.items():
        event.add(field, value)
    return event
