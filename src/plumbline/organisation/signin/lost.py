"""The phone is lost and so are the recovery codes: the second factor is taken away by whoever runs the installation."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from plumbline.ledger.writer import Stamp, writing

from .. import accounts
from ..models import Account
from . import sessions


def begin_anew(account: Account) -> int:
    """Take authenticator, passkeys and codes away and end every session; how many ways of showing it there were."""
    stamp = Stamp(actor=None, actor_kind="installation", actor_name="installation", how="command")
    with writing(accounts.INSTALLATION, stamp) as pen:
        gone = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES).count()
        Authenticator.objects.filter(user=account).delete()
        sessions.end_others(None, account)
        sessions.end_at_shared(account)
        facts = {"name": account.name, "email": account.email}
        pen.note("take second factor", subject=account.uid, table="account", facts=facts)
    return gone


def letter(account: Account) -> None:
    """Its owner hears of it, in case it was not the owner who asked. Raises OSError."""
    with translation.override(account.language or None):
        words = _(
            "Whoever runs this installation took the second factor of your account away: authenticator, passkeys and "
            "recovery codes. You are signed out everywhere. Sign in with your password and set up a new one:\n%(link)s"
            "\n\nIf you did not ask for this, change your password now and tell them."
        )
        link = f"{settings.PLUMBLINE_ORIGIN}/accounts/security/"
        send_mail(_("Your second factor was taken away"), words % {"link": link}, None, [account.email])
