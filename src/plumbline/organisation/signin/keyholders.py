"""Who of those that run an organisation still gets in by the provider its rule names; the last of them stays."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Account, Organisation, Person, RoleHolding, here
from ..roles import RUNS_ORGANISATION
from .providers import find, name_of


class ShutOut(ValidationError):
    """Nobody would be left who runs the organisation and can enter it."""


def ruled(organisation: Organisation) -> str:
    """The one provider by which the organisation is entered, if its rule names one."""
    return (organisation.settings.get("sign_in") or {}).get("provider", "")


def left(organisation: Organisation, provider: str, day: date, only: Any = None, **without: Any) -> bool:
    """Whether on that day somebody who runs the organisation could enter by this provider.

    `without` leaves out one link, role or person: the one that is about to go; `only` looks at one account alone.
    """
    if find(provider) is None:
        return False
    gone = {what: [without[what]] if what in without else [] for what in ("link", "role", "person")}
    links = apps.get_model("socialaccount", "SocialAccount").objects.filter(provider=provider, user__is_active=True)
    held = RoleHolding.current(day).filter(organisation=organisation, role__in=RUNS_ORGANISATION)
    at_large = held.filter(site=None, department=None, process=None).exclude(pk__in=gone["role"])
    people = Person.objects.filter(here(day), organisation=organisation, pk__in=at_large.values("person"))
    who = people.exclude(pk__in=gone["person"]).values("account")
    who = who.filter(account=only) if only else who
    return links.filter(user__in=who).exclude(pk__in=gone["link"]).exists()


def shut_out(account: Account, link: Any) -> str:
    """Why this link to a provider is not cut: some organisation could not be run by anybody any more; or nothing."""
    people = Person.objects.filter(account=account).values("organisation")
    for organisation in Organisation.objects.select_for_update().filter(pk__in=people).order_by("pk"):
        day = organisation.today()
        if ruled(organisation) != link.provider or not left(organisation, link.provider, day):
            continue
        if not left(organisation, link.provider, day, link=link.pk):
            return told(organisation, link.provider)
    return ""


def told(organisation: Organisation, provider: str) -> str:
    """The reason, in words."""
    words = _(
        "%(where)s is entered only with %(name)s, and nobody else who runs it signs in there: it would be "
        "shut for good. Lift that rule first, or let another administrator sign in with %(name)s."
    )
    return words % {"where": organisation.name, "name": name_of(provider)}


def kept_open(organisation: Organisation, day: date, **without: Any) -> None:
    """Raise ShutOut where the one who goes is the last who runs the organisation and can enter it."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    provider, today = ruled(locked), locked.today()
    if provider and left(locked, provider, today) and not left(locked, provider, max(day, today), **without):
        raise ShutOut(told(locked, provider))


def unreachable(organisations: Iterable[Organisation]) -> list[tuple[Organisation, str]]:
    """Organisations that are entered only by a provider which is not configured."""
    named = [(one, ruled(one)) for one in organisations]
    return [(one, provider) for one, provider in named if provider and find(provider) is None]
