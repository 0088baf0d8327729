"""Signing in: no open sign-up, demo accounts only on loopback, every change told to the installation's log."""

import logging
from typing import Any
from uuid import UUID

from allauth.account import urls as allauth_urls
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from plumbline.ledger.writer import Stamp, writing

from .models import Account

INSTALLATION = UUID(int=0)
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
    return given.lower()


class Backend(AuthenticationBackend):
    """allauth's sign-in by e-mail and password; demo accounts sleep once the server answers the network."""

    def user_can_authenticate(self, user: Account) -> bool:
        if user.demo and not settings.PLUMBLINE_LOOPBACK:
            return False
        return super().user_can_authenticate(user)


class Adapter(DefaultAccountAdapter):
    """Accounts are made by invitation or on the command line; passwords set are noted."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponse | None:
        """Whoever may not sign in is told so: allauth would begin a session for an active account all the same."""
        if not Backend().user_can_authenticate(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **options)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """A mail server that is silent is no fault of who asks, and must not tell whether there is an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            logger.error("A mail of the sign-in pages was not sent: %s", error)

    def set_password(self, user: Account, password: str) -> None:
        super().set_password(user, password)
        note("set password", user)

    def get_user_search_fields(self) -> list[str]:
        return ["name", "email"]


def _urls() -> list:
    """Only what we use of allauth: sign in, sign out, reset and change the password. No sign-up, no social accounts."""
    kept = {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
    return [pattern for pattern in allauth_urls.urlpatterns if getattr(pattern, "name", "") in kept]


urls = _urls()
