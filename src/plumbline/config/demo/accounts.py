"""The accounts of the demo: they sign in only while the server is bound to loopback, so their password is no secret."""

from functools import lru_cache

from django.contrib.auth.hashers import make_password

from plumbline.organisation.accounts import note
from plumbline.organisation.models import Account

from . import PASSWORD


def account_of(email: str, name: str, language: str = "en") -> Account:
    """The demo account of that address, made if need be; they all have the one password that `plumb serve` prints."""
    if account := Account.objects.filter(email=email, demo=True).first():
        return account
    account = Account(email=email, password=_hashed(), name=name, language=language, demo=True)
    account.full_clean()
    account.save()
    note("create", account)
    return account


@lru_cache(maxsize=1)
def _hashed() -> str:
    """Hashed once for all of them, for it costs a good part of a second."""
    return make_password(PASSWORD)
