"""Passwords and codes tried when signing again: after five wrong ones signing rests for a while, signing in not."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from plumbline.organisation.models import Account
from plumbline.organisation.signin.again import Shown

MOST = 5  # wrong ones in a row
PAUSE = timedelta(minutes=15)


class SigningTry(models.Model):
    """One try that was not right, or is being looked at just now. Working table."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()


def judged(account: Account | None, shown: str | Shown) -> str:
    """Why this password, or what else was shown, does not sign: its name, “paused”, or nothing.

    Each try counts before it is judged.
    """
    if account is None:
        return "password"
    now, tries = timezone.now(), SigningTry.objects.filter(account=account)
    if not tries.filter(at__gt=now - PAUSE).exists():
        tries.filter(at__lte=now - PAUSE).delete()  # not those that come in at this moment
    if tries.count() >= MOST:
        return "paused"
    mine = SigningTry.objects.create(account=account, at=now)
    if tries.filter(pk__lt=mine.pk).count() >= MOST:  # others tried at the same moment
        mine.delete()
        return "paused"
    if isinstance(shown, Shown):
        if not shown.holds(account):
            return shown.name
    elif not account.check_password(shown):
        return "password"
    tries.delete()
    return ""
