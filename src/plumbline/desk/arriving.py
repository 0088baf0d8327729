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


class Once:
    """Notes the name that a browser gave to what it sends, before it is done, and where it led, afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
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


def content(request: HttpRequest) -> str:
    """What was sent, whichever way the browser sent it, to be known again."""
    fields = [(name, one.replace("\r\n", "\n")) for name, ones in request.POST.lists() for one in ones]
    files = [(name, f"{one.name} {one.size}") for name, ones in request.FILES.lists() for one in ones if one.size]
    written = sorted(pair for pair in fields + files if pair[0] not in NOT_WRITTEN)
    return hashlib.sha256(json.dumps([request.get_full_path(), written]).encode()).hexdigest()


def settled(request: HttpRequest, row: Arrived, response: HttpResponse) -> HttpResponse:
    """What was done is noted; what was refused may be sent again under the same name."""
    led = response.headers.get("Location", "") if 300 <= response.status_code < 400 else ""
    if led.startswith("/accounts/"):  # asked who it is, before anything
        row.delete()
        return response
    later = HEADER in request.headers
    said = _said(request, later)
    levels = {level for level, _text in said}
    taken = bool(led) and (messages.SUCCESS in levels or not any(level >= messages.WARNING for level in levels))
    if taken:
        Arrived.objects.filter(pk=row.pk).update(url=led[:2000])
    else:
        row.delete()
    if led and later:
        return JsonResponse({"taken": taken, "url": led, "said": " ".join(text for _level, text in said)})
    if taken:
        response.set_cookie(COOKIE, str(row.key), max_age=TOLD, secure=request.is_secure(), samesite="Lax")
    return response


def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """The answer of the first time; where that is not known, or it was written anew, nobody says it was done."""
    row, later = Arrived.objects.filter(key=key).first(), HEADER in request.headers
    if row is None or row.by != who(request):
        return JsonResponse({"taken": False, "other": True}, status=409)
    if row.url and row.content in ("", content(request)):
        return JsonResponse({"taken": True, "url": row.url, "said": ""}) if later else redirect(row.url)
    under_way = not row.url and timezone.now() - row.at < UNDER_WAY
    if not under_way:
        row.delete()  # who sends it after this has been told to look
    words = _("It may have arrived already. Look there before you send it again.")
    if later:
        return JsonResponse({"taken": False, "said": words}, status=503 if under_way else 409)
    return render(request, "desk/arrived.html", {"words": words, "there": row.url or page_of(request)}, status=409)


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
