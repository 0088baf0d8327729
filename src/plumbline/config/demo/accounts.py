"""The accounts of the demo: they sign in only while the server is bound to loopback, so their password is no secret."""

from plumbline.organisation.models import Account

from . import PASSWORD


def account_of(email: str, name: str, language: str = "en") -> Account:
    """A demo account; they all have the one password that `plumb serve` prints."""
    return Account.objects.create_user(email, PASSWORD, name=name, language=language, demo=True)
