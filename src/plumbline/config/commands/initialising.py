"""`plumb init`: the database, the keys, the first organisation and the person who runs it."""

import os
from getpass import getpass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from plumbline.ledger.heads import ensure_key
from plumbline.organisation.accounts import note
from plumbline.organisation.founding import found
from plumbline.organisation.models import Account, Organisation

from .migrating import migrate
from .telling import Refused, line, say


def run(
    organisation: str, admin: str, name: str, slug: str, password_env: str, language: str, zone: str, json: bool
) -> int:
    """Everything a person needs to open the address and sign in."""
    slug = slug or slugify(organisation)[:40].strip("-")
    if not slug:
        raise Refused(f"“{organisation}” makes no short name for addresses: give one with --slug.")
    validate_email(admin)
    if language not in dict(settings.LANGUAGES):
        raise Refused(f"The language “{language}” is not one of {', '.join(dict(settings.LANGUAGES))}.")
    migrate()
    if Organisation.objects.filter(slug=slug).exists():
        raise Refused(
            f"There is an organisation “{slug}” here already: sign in, or make another one under another name."
        )
    ensure_key()
    account = _account(admin.lower(), name or _name_in(admin), language, password_env)
    with transaction.atomic():  # an answer that does not fit leaves no account behind
        if account._state.adding:
            account.save()
            note("create", account, how="command line")
        person = found(account, organisation, slug=slug, language=language, zone=zone)
    told = {"organisation": slug, "uid": person.organisation_id, "admin": account.email, "person": person.uid}
    line(told) if json else say(f"{organisation} is made. `plumb serve` opens it; sign in as {account.email}.")
    return 0


def _account(email: str, name: str, language: str, password_env: str) -> Account:
    """The account of this address, a new one not saved; one that exists keeps its password: others may know it too."""
    account = Account.objects.filter(email__iexact=email).first()
    if account:
        say(f"{email} has an account already; its password stays as it is.")
        return account
    password = _password(password_env)
    validate_password(password, Account(email=email, name=name))
    return Account.objects.prepared(email, password, name=name, language=language, operator=True)


def _password(variable: str) -> str:
    if variable:
        if not os.environ.get(variable):
            raise Refused(
                f"The environment variable {variable} holds no password: set it, or leave --password-env away."
            )
        return os.environ[variable]
    try:
        password = getpass("Password for the first sign-in (at least 10 characters): ")
        again = getpass("Once more: ")
    except EOFError:
        raise Refused("Nobody is there to type a password: name a variable with --password-env.") from None
    if password != again:
        raise Refused("The two passwords differ: start again.")
    return password


def _name_in(email: str) -> str:
    return email.partition("@")[0].replace(".", " ").replace("-", " ").title()
