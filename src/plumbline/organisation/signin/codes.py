"""A code of an authenticator counts once, whichever process took it, whenever it was started (RFC 6238, 5.2)."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction

LAST = "last_step"  # the half minute of the code that was taken last


def taken(authenticator: Authenticator, code: str) -> bool:
    """Whether this code, which fits, is taken now; not if it was before, or a later one."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
        if kept is None:
            return False
        secret = get_adapter().decrypt(kept.data["secret"])
        fitting = (
            step
            for step in yield_hotp_counters_from_time()
            if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
        )
        step = max(fitting, default=-1)
        if step <= kept.data.get(LAST, -1):
            return False
        kept.data[LAST] = step
        kept.save(update_fields=["data"])
    return True
