"""Tries of strangers are kept as long as they count and never without bound."""

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings

MOST = 20_000  # rows; beyond that the oldest go


def forget(now: datetime) -> None:
    """Delete what counts no more, and the oldest of what is too much."""
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    kept = AccessAttempt.objects.order_by("-pk").values_list("pk", flat=True)[MOST : MOST + 1].first()
    if kept:
        AccessAttempt.objects.filter(pk__lte=kept).delete()
