"""From an identity at a provider to an account here: by a link, an invitation, or proof; never by a claim alone."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .. import accounts, inviting
from ..models import Account
from . import again, leading
from .providers import Provider, find

PENDING = "provider_to_connect"
WHY = {
    "silent": "it names no e-mail address",
    "unverified": "it does not call this address verified",
    "elsewhere": "this address is of none of its domains",
    "nobody": "nobody has been invited with this address",
}
logger = logging.getLogger(__name__)


def own_way_in(account: Account) -> bool:
    """Whether somebody has already shown, by other means, that this account is theirs."""
    return (
        account.has_usable_password()
        or SocialAccount.objects.filter(user=account).exists()
        or Authenticator.objects.filter(user=account).exists()
    )


def account_for(email: str, provider: Provider) -> Account | None:
    """The account this address leads to: one that nobody has a way into yet, or a new one for somebody invited."""
    account = Account.objects.filter(email__iexact=email).first()
    if account is not None:
        return None if own_way_in(account) else account
    invited = inviting.waiting_for(email)
    if invited is None:
        return None
    account = Account.objects.prepared(email, None, name=invited.person.name, language=invited.organisation.language)
    account.save()
    accounts.note("create", account, how=provider.id)
    return account


class Linking(DefaultSocialAccountAdapter):
    """What allauth asks of us when somebody comes back from a provider."""

    def list_apps(self, request: Any, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """Only those of the file: a provider is the installation's, no row that could be slipped in."""
        apps = [
            SocialApp(provider=kind, **app)
            for kind, given in settings.SOCIALACCOUNT_PROVIDERS.items()
            for app in given["APPS"]
        ]
        wanted = [app for app in apps if not provider or provider in (app.provider, app.provider_id)]
        return [app for app in wanted if not client_id or app.client_id == client_id]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict) -> Account:
        user = sociallogin.user
        user.email, user.name = data.get("email") or "", data.get("name") or ""
        return user

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: str = "", exception: Any = None, extra_context: Any = None
    ) -> None:
        leading.refused(request, provider.sub_id, error, exception, extra_context or {})

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not of_one(sociallogin.account.extra_data or {}):
            id = sociallogin.account.provider
            raise ImmediateHttpResponse(leading.not_in(request, id, "doubtful", "two answers about two people"))
        process = sociallogin.state.get("process")
        if process == "redirect":
            again.came_back(request, sociallogin)
        elif process != "connect" and not sociallogin.is_existing:
            self.first_time(request, sociallogin)

    def first_time(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link, or say what must happen before."""
        provider = find(sociallogin.account.provider)
        told = (sociallogin.user.email or "").lower()
        if provider is None or (why := unvouched(provider, told, said_verified(sociallogin))):
            raise refused(request, provider, told, why if provider else "nobody")
        email = told
        with transaction.atomic():
            if account := account_for(email, provider):
                sociallogin.connect(request, account)
                return
        if Account.objects.filter(email__iexact=email).exists():
            request.session[PENDING] = sociallogin.serialize()
            request.session[f"{PENDING}_email"] = email
            raise ImmediateHttpResponse(redirect("provider-prove"))
        raise refused(request, provider, email, "nobody")


def of_one(given: dict[str, Any]) -> bool:
    """Whether what a provider says in both of its answers is of the same human being."""
    subjects = {told.get("sub") for told in (given.get("userinfo"), given.get("id_token")) if isinstance(told, dict)}
    return len(subjects) <= 1


def said_verified(sociallogin: SocialLogin) -> bool | None:
    """Whether the provider calls the address verified; None where it says nothing of it."""
    given = sociallogin.account.extra_data or {}
    told = given.get("userinfo") or given.get("id_token") or {}
    said = told.get("email_verified") if isinstance(told, dict) else None
    return said.lower() == "true" if isinstance(said, str) else said


def unvouched(provider: Provider, email: str, verified: bool | None) -> str:
    """Why an address does not count as this human being's, or nothing."""
    if not email:
        return "silent"
    if provider.vouches_for(email, verified):
        return ""
    return "unverified" if provider.vouches_for(email, True) else "elsewhere"


def refused(request: HttpRequest, provider: Provider | None, email: str, why: str) -> ImmediateHttpResponse:
    """A page that says why nobody was signed in, and who can help."""
    name = provider.name if provider else _("The provider")
    logger.warning("Sign-in with the provider %s: %s: %s", provider and provider.id, WHY[why], email[:120])
    context = {"provider": name, "email": email, "why": why}
    return ImmediateHttpResponse(render(request, "organisation/no_account.html", context, status=403))
