"""A form that a browser sends again, because it heard no answer, is done once and answered as the first time."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.ledger.models import Event
from plumbline.ledger.writer import witnessed
from plumbline.organisation.signin.coming_back import page_of
from plumbline.organisation.signin.devices import AtDevice

from .models import Arrived

HEADER, WHO, FIELD, COOKIE = "X-Plumbline-Once", "X-Plumbline-Who", "_once", "pl_arrived"
NOT_WRITTEN = {FIELD, "csrfmiddlewaretoken"}
KEPT = timedelta(days=30)
UNDER_WAY = timedelta(minutes=1)
TOLD = 600  # seconds in which the next page reads that it arrived


def who(request: HttpRequest) -> str:
    """Whose work the browser keeps it as: the account, or the person at a shared device."""
    user: Any = request.user
    return str(user.session.person_id) if isinstance(user, AtDevice) else user.email


class Overtaken(Exception):
    """What took longer than it may was sent and begun again meanwhile: only the later one counts."""


class Once:
    """Notes the name of what a browser sends before it is done, with the work that it is, and then where it led."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with witnessed(lambda events: committed(request, events)):
            response = self.get_response(request)
        row = getattr(request, "arrived", None)
        return settled(request, row, response) if row else response

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method != "POST" or getattr(view, "csrf_exempt", False) or not request.user.is_authenticated:
            return None
        key = _uid(request.headers.get(HEADER) or request.POST.get(FIELD, "").partition(" ")[0])
        if key is None:
            return None
        if HEADER in request.headers and unquote(request.headers.get(WHO, "")) != who(request):
            return JsonResponse({"taken": False, "other": True}, status=409)
        try:
            with transaction.atomic():
                Arrived.objects.filter(at__lt=timezone.now() - KEPT).delete()
                request.arrived = Arrived.objects.create(  # type: ignore[attr-defined]
                    key=key, by=who(request), content=content(request)
                )
        except IntegrityError:
            return again(request, key)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        row = getattr(request, "arrived", None)
        if not isinstance(error, Overtaken) or row is None:
            return None
        request.arrived = None  # type: ignore[attr-defined]
        return again(request, row.key)


def committed(request: HttpRequest, events: list[Event]) -> None:
    """Within the transaction of the work, so that it has arrived exactly if the work is there."""
    row = getattr(request, "arrived", None)
    if row is None or all(event.table == "file" for event in events):  # a content alone is no work yet
        return
    record = next((event.record for event in events if event.record), None)
    if not _mine(row).update(url=f"/r/{record}/" if record else page_of(request)[:2000]):
        raise Overtaken


def content(request: HttpRequest) -> str:
    """What was sent, whichever way the browser sent it, to be known again."""
    fields = [(name, one.replace("\r\n", "\n")) for name, ones in request.POST.lists() for one in ones]
    files = [(name, f"{one.name} {one.size}") for name, ones in request.FILES.lists() for one in ones if one.size]
    written = sorted(pair for pair in fields + files if pair[0] not in NOT_WRITTEN)
    return hashlib.sha256(json.dumps([request.get_full_path(), written]).encode()).hexdigest()


def settled(request: HttpRequest, row: Arrived, response: HttpResponse) -> HttpResponse:
    """Where it led is noted; what was refused may be sent again under the same name, what is there may not."""
    led = response.headers.get("Location", "") if 300 <= response.status_code < 400 else ""
    later = HEADER in request.headers
    said = [] if led.startswith("/accounts/") else _said(request, later)  # asked who it is, before anything
    worst = max((level for level, _text in said), default=0)
    good = messages.SUCCESS in {level for level, _text in said}
    done = _mine(row).exclude(url="").values_list("url", flat=True).first()
    if done and response.status_code >= 500:
        return _broken(request, done, later)
    taken = bool(led) and (good or worst < messages.WARNING) and not led.startswith("/accounts/")
    if done and worst < messages.ERROR and response.status_code < 400:
        taken, led = True, led or done
    if taken:
        _mine(row).update(url=led[:2000])
    else:
        _mine(row).delete()
    if led and later and not led.startswith("/accounts/"):
        told = [text for level, text in said if not taken or level >= messages.WARNING]
        return JsonResponse({"taken": taken, "url": led, "said": " ".join(told)})
    return _known(request, row.key, response) if taken else response


def _mine(row: Arrived) -> Any:
    """The row, unless the same form was begun again meanwhile."""
    return Arrived.objects.filter(pk=row.pk, at=row.at)


def _broken(request: HttpRequest, done: str, later: bool) -> HttpResponse:
    """The work is there, and then the server failed: who sends it again would do it twice."""
    words = _("This was saved, but then the server failed. Look whether all of it is there before you go on.")
    if later:
        return JsonResponse({"taken": True, "url": done, "said": words})
    messages.warning(request, words)
    return redirect(done)


def _known(request: HttpRequest, key: UUID, response: HttpResponse) -> HttpResponse:
    """The next page reads that it arrived, and no longer keeps it."""
    response.set_cookie(COOKIE, str(key), max_age=TOLD, secure=request.is_secure(), samesite="Lax")
    return response


def again(request: HttpRequest, key: UUID) -> HttpResponse | None:
    """The answer of the first time; None where the first time came to nothing, and this one does it."""
    row, later = Arrived.objects.filter(key=key).first(), HEADER in request.headers
    if row is None or row.by != who(request):
        return JsonResponse({"taken": False, "other": True}, status=409)
    if row.url and row.content in ("", content(request)):
        answer = {"taken": True, "url": row.url, "said": ""}
        return JsonResponse(answer) if later else _known(request, key, redirect(row.url))
    now = timezone.now()
    if row.url:  # it was written anew: who sends it after this has been told to look
        _mine(row).delete()
        return _look(request, row, _("It may have arrived already. Look there before you send it again."), 409)
    if now - row.at < UNDER_WAY:
        words = _("It was sent a moment ago and is being saved. Look again in a minute before you send it again.")
        return _look(request, row, words, 503 if later else 409)
    if not _mine(row).filter(url="").update(at=now, content=content(request)):  # done, or begun, at this very moment
        return again(request, key)
    row.at = now
    request.arrived = row  # type: ignore[attr-defined]
    return None


def _look(request: HttpRequest, row: Arrived, words: str, status: int) -> HttpResponse:
    if HEADER in request.headers:
        return JsonResponse({"taken": False, "said": words}, status=status)
    context = {"words": words, "there": row.url or page_of(request)}
    return render(request, "desk/arrived.html", context, status=status)


def _said(request: HttpRequest, later: bool) -> list[tuple[int, str]]:
    """What the next page would say; a script says it itself, so that no other page does."""
    kept: Any = getattr(request, "_messages", None)
    if kept is None:
        return []
    found = list(kept) if later else kept._queued_messages
    return [(one.level, str(one.message)) for one in found]


def _uid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
