"""`plumb sign-in`: what IT enters at each provider, whether it answers; the way in for who is shut out."""

import os

from django.conf import settings

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Organisation
from plumbline.organisation.signin import checking, lost
from plumbline.organisation.signin.providers import Provider, configured

from .. import starting
from .telling import Refused, line, say, show


def run(lift: str = "", anew: str = "", json: bool = False) -> int:
    """Exit 1 when a provider does not answer as it must."""
    if lift:
        return _lift(lift)
    if anew:
        return _anew(anew)
    found = [_facts(one) for one in configured()]
    for facts in found:
        if json:
            line(facts)
        else:
            told = facts if facts["wrong"] else {**facts, "answers": "as it must"}
            show("\n".join(f"{name:>9}  {value}" for name, value in told.items() if value) + "\n")
    if any("server" not in facts for facts in found) and not os.environ.get("PLUMBLINE_ORIGIN"):
        say(
            f"Set PLUMBLINE_ORIGIN to the address that people type, then run this again: it is not set, and addresses "
            f"that begin with {settings.PLUMBLINE_ORIGIN} hold on this machine only."
        )
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


def _facts(one: Provider) -> dict[str, str]:
    where = {"server": one.options["server"]} if one.kind == "ldap" else checking.addresses(one)
    facts = {"id": one.id, "kind": one.kind, "name": one.name, "for": ", ".join(one.domains), **where}
    return {**facts, "wrong": checking.wrong(one)}
