"""Signing in: no open sign-up, demo accounts only on loopback, every change told to the installation's log."""

import logging
import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.ledger.writer import Stamp, writing

from . import entrance, inviting
from .models import Account
from .signin import asking, sessions, strangers

INSTALLATION = UUID(int=0)
FRESH = 300  # seconds for which having signed in counts as showing again that it is you
TOLD = {  # mails of allauth about a change → what the installation's log says
    "mfa/email/totp_activated": "add authenticator",
    "mfa/email/totp_deactivated": "remove authenticator",
    "mfa/email/webauthn_added": "add passkey",
    "mfa/email/webauthn_removed": "remove passkey",
    "mfa/email/recovery_codes_generated": "new recovery codes",
    "socialaccount/email/account_connected": "connect provider",
    "socialaccount/email/account_disconnected": "disconnect provider",
}
logger = logging.getLogger(__name__)


def note(verb: str, account: Account, by: Account | None = None, how: str = "") -> None:
    """Tell the installation's log what happened to an account; its name and address stand where they can be erased."""
    actor = by or account
    stamp = Stamp(actor=actor.uid, actor_kind="person", actor_name=actor.name, how=how)
    with writing(INSTALLATION, stamp) as pen:
        pen.note(verb, subject=account.uid, table="account", facts={"name": account.name, "email": account.email})


def tried(request: HttpRequest | None, credentials: dict | None) -> str:
    """The address somebody tried to sign in with, for counting wrong tries."""
    given = (credentials or {}).get("email") or (request.POST.get("login", "") if request else "")
    return given.lower()[:255]


def machine(request: HttpRequest) -> str:
    """Whose machine asks: behind our own proxy the address that the proxy saw, which is the last one it wrote."""
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return seen.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def factors_left(user: Account) -> str:
    """Said to who signed in by a recovery code: how many are left, and what to do about a lost phone."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    left = len(kept.wrap().get_unused_codes()) if kept else 0
    words = ngettext(
        "You signed in with a recovery code; %(left)d is left.",
        "You signed in with a recovery code; %(left)d are left.",
        left,
    )
    more = _("Is your phone lost? Under “Security of my account” remove what was on it and set up a new one.")
    return f"{words % {'left': left}} {more}"


class Backend(AuthenticationBackend):
    """allauth's sign-in by e-mail and password; demo accounts sleep once the server answers the network."""

    def user_can_authenticate(self, user: Account) -> bool:
        if user.demo and not settings.PLUMBLINE_LOOPBACK:
            return False
        return super().user_can_authenticate(user)

    def get_user(self, user_id: Any) -> Account | None:
        """With the people it is and their roles, which every page asks for next."""
        account = entrance.account_of(user_id)
        return account if account and self.user_can_authenticate(account) else None


class Adapter(DefaultAccountAdapter):
    """Accounts are made by invitation or on the command line; passwords set are noted."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponse | None:
        """Whoever may not sign in is told so: allauth would begin a session for an active account all the same."""
        if not Backend().user_can_authenticate(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **options)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Where a directory could say more than that the password is wrong, that is said."""
        why = getattr(self.request, asking.TOLD, "") if code.endswith("password_mismatch") else ""
        return ValidationError(why, code=code) if why else super().validation_error(code, *args)

    def get_client_ip(self, request: HttpRequest) -> str:
        return machine(request)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who signed in just now is not asked again at once."""
        records = sessions.ways(self.request)
        return not any(time.time() - record["at"] < FRESH for record in records)

    def post_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponse:
        """Who has an open invitation is led to it first, and then to the page that was wanted."""
        request.session["seen_at"] = int(time.time())
        if any(record.get("type") == "recovery_codes" for record in sessions.ways(request)):
            messages.warning(request, factors_left(user))
        response = super().post_login(request, user, **options)
        wanted, invited = response.headers.get("Location", ""), inviting.waiting_for(user.email)
        home = reverse("home", args=[invited.organisation.slug]) if invited else ""
        if invited and (wanted == "/" or wanted.startswith(home)):
            then = "" if wanted == "/" else f"?next={quote(wanted)}"
            return redirect(f"{reverse('join', args=[invited.token])}{then}")
        return response

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: dict | None = None, email: str | None = None
    ) -> None:
        """A change of how somebody signs in stands in the log, and its owner gets a mail about it."""
        if verb := TOLD.get(template_prefix):
            named = (context or {}).get("provider")
            note(verb, user, how=named.sub_id if named else "")
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """A mail server that is silent is no fault of who asks, and must not tell whether there is an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            logger.error("A mail of the sign-in pages was not sent: %s", error)

    def set_password(self, user: Account, password: str) -> None:
        """Whoever had the old one is out everywhere at once, and wrong tries of it count no more."""
        super().set_password(user, password)
        note("set password", user)
        sessions.end_others(self.request, user)
        strangers.begin_anew(user.email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def get_user_search_fields(self) -> list[str]:
        return ["name", "email"]
