"""`plumb sign-in`: what IT enters at each provider, whether it answers; the way in for who is shut out."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Organisation
from plumbline.organisation.signin import asking, lost
from plumbline.organisation.signin.providers import Provider, configured

from .. import starting
from .telling import Refused, line, say, show

TIMEOUT = 10  # seconds


def run(lift: str = "", anew: str = "", json: bool = False) -> int:
    """Exit 1 when a provider does not answer as it must."""
    if lift:
        return _lift(lift)
    if anew:
        return _anew(anew)
    found = [{"id": one.id, "kind": one.kind, "name": one.name, **_address(one), "wrong": _wrong(one)}
             for one in configured()]  # fmt: skip
    for facts in found:
        if json:
            line(facts)
        else:
            show("\n".join(f"{name:>9}  {value}" for name, value in facts.items() if value) + "\n")
    gone = starting.missing_providers()
    for why in gone:
        show(f"{why}\n")
    if not found:
        say("No provider is configured: PLUMBLINE_SIGN_IN names the file, docs/manual/single-sign-on.md tells how.")
    return 1 if gone or any(facts["wrong"] for facts in found) else 0


def _lift(slug: str) -> int:
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise Refused(f"There is no organisation “{slug}”.")
    kept = {key: value for key, value in organisation.settings.items() if key != "sign_in"}
    actions.edit(organisation, by=Actor.installation(organisation), reason="shut out", settings=kept)
    say(f"{organisation.name} is entered in any way again; its history says so.")
    return 0


def _anew(email: str) -> int:
    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        raise Refused(f"Nobody has an account with the address {email}.")
    gone = lost.begin_anew(account)
    say(f"{account.name} has no second factor any more ({gone} taken away) and is signed out everywhere.")
    try:
        lost.letter(account)
    except OSError as error:
        say(f"The mail about it was not sent ({error}): tell {account.name} yourself.")
    return 0


def _address(one: Provider) -> dict[str, str]:
    """What the provider wants to know of us."""
    if one.kind == "oidc":
        return {"callback": settings.PLUMBLINE_ORIGIN + reverse("openid_connect_callback", args=[one.id])}
    if one.kind == "saml":
        return {
            "metadata": settings.PLUMBLINE_ORIGIN + reverse("saml_metadata", args=[one.id]),
            "acs": settings.PLUMBLINE_ORIGIN + reverse("saml_acs", args=[one.id]),
        }
    return {"server": one.options["server"]}


def _wrong(one: Provider) -> str:
    """What is wrong with the provider, in one sentence; empty when it answers."""
    if one.kind == "oidc":
        return _oidc(one)
    return asking.unreachable(one) if one.kind == "ldap" else ""


def _oidc(one: Provider) -> str:
    import requests  # only this command asks others by itself

    address = f"{one.options['issuer'].rstrip('/')}/.well-known/openid-configuration"
    try:
        told: dict[str, Any] = requests.get(address, timeout=TIMEOUT).json()
    except (requests.RequestException, ValueError) as error:
        return f"{address} does not answer: {error}"
    if told.get("issuer", "").rstrip("/") != one.options["issuer"].rstrip("/"):
        return f"it calls itself {told.get('issuer')}: write that as issuer"
    door = urlsplit(told.get("authorization_endpoint", ""))
    origin = f"{door.scheme}://{door.netloc}"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "" if origin in directives["form-action"] else f'people are led to {origin}: add origins = ["{origin}"]'
