"""Tries of strangers are kept as long as they count and never without bound."""

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MOST = 20_000  # rows; beyond that the oldest go


def forget(now: datetime) -> None:
    """Delete what counts no more, and the oldest of what is too much."""
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    kept = AccessAttempt.objects.order_by("-pk").values_list("pk", flat=True)[MOST : MOST + 1].first()
    if kept:
        AccessAttempt.objects.filter(pk__lte=kept).delete()


def rests(request: HttpRequest, credentials: Any = None) -> HttpResponse:
    """The page after too many wrong passwords: how long this machine waits, and what goes meanwhile."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    then = request.POST.get("next", "")
    return render(request, "account/login_rests.html", {"minutes": minutes, "then": then}, status=429)


def begin_anew(email: str) -> None:
    """Who has chosen another password by a mailed link is not kept waiting for wrong tries of the old one."""
    AccessAttempt.objects.filter(username=email.lower()[:255]).delete()
