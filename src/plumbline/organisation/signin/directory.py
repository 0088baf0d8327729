"""Signing in with the password of a company's directory (LDAP)."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest

from .. import accounts
from ..models import Account
from . import linking
from .asking import identified
from .providers import Provider, configured


class Directory(BaseBackend):
    """E-mail address and directory password; the account must be linked, invited, or without another way in."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **more: Any
    ) -> Account | None:
        for provider in directories():
            if email and password and provider.vouches_for(email, True):
                uid = identified(provider, email, password)
                account = uid and account_of(provider, uid, email.lower())
                if account and accounts.Backend().user_can_authenticate(account):
                    if request is not None:
                        record_authentication(request, account, "socialaccount", provider=provider.id, uid=uid)
                    return account
        return None

    def get_user(self, user_id: Any) -> Account | None:
        return accounts.Backend().get_user(user_id)


def directories() -> list[Provider]:
    return [one for one in configured() if one.kind == "ldap"]


def account_of(provider: Provider, uid: str, email: str) -> Account | None:
    """The account linked to this entry, or one that may be linked now; a password of ours is never passed over."""
    linked = SocialAccount.objects.select_related("user").filter(provider=provider.id, uid=uid).first()
    if linked:
        return linked.user if linked.user.email == email else None
    with transaction.atomic():
        account = linking.account_for(email, provider)
        if account:
            link(provider, uid, account)
    return account


def link(provider: Provider, uid: str, account: Account) -> None:
    """From now on the directory's password signs this account in."""
    SocialAccount.objects.create(user=account, provider=provider.id, uid=uid)
    accounts.note("connect provider", account, how=provider.id)
