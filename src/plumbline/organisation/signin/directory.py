"""Signing in with the password of a company's directory (LDAP)."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .. import accounts
from ..models import Account
from . import linking
from .asking import TOLD, Silent, identified
from .providers import Provider, configured


class Directory(BaseBackend):
    """E-mail address and directory password; the account must be linked, invited, or without another way in."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **more: Any
    ) -> Account | None:
        for provider in directories():
            if email and password and provider.vouches_for(email, True):
                try:
                    uid = identified(provider, email, password)
                except Silent as error:
                    tell(request, error.messages[0])
                    continue
                account = uid and account_of(provider, uid, email.lower())
                if uid and not account:
                    tell(request, why_not(provider, email))
                if account and accounts.Backend().user_can_authenticate(account):
                    if request is not None:
                        record_authentication(request, account, "socialaccount", provider=provider.id, uid=uid)
                    return account
        return None

    def get_user(self, user_id: Any) -> Account | None:
        return accounts.Backend().get_user(user_id)


def tell(request: HttpRequest | None, why: str) -> None:
    """What the sign-in page says in place of “wrong password”, by accounts.Adapter."""
    if request is not None:
        setattr(request, TOLD, why)


def why_not(provider: Provider, email: str) -> str:
    """To somebody whose password the directory took: only the owner of the entry learns it."""
    words = _("“%(name)s” took your password, but nobody has been invited with this address. Ask your quality manager.")
    if Account.objects.filter(email__iexact=email).exists():
        words = _(
            "“%(name)s” took your password. Your account here has its own way in: sign in with that once, then"
            " connect “%(name)s” under “Security of my account”."
        )
    return words % {"name": provider.name}


def directories() -> list[Provider]:
    return [one for one in configured() if one.kind == "ldap"]


def account_of(provider: Provider, uid: str, email: str) -> Account | None:
    """The account linked to this entry, or one that may be linked now; a password of ours is never passed over."""
    linked = SocialAccount.objects.select_related("user").filter(provider=provider.id, uid=uid).first()
    if linked:
        return linked.user  # whatever the address is now: the entry is the same
    with transaction.atomic():
        account = linking.account_for(email, provider)
        if account:
            link(provider, uid, account)
    return account


def link(provider: Provider, uid: str, account: Account) -> None:
    """From now on the directory's password signs this account in."""
    SocialAccount.objects.create(user=account, provider=provider.id, uid=uid)
    accounts.note("connect provider", account, how=provider.id)
