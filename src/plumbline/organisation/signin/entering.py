"""What an organisation asks of whoever enters: a second factor, one provider, signing in again after some hours."""

import time
from dataclasses import dataclass
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from ..models import Account, Organisation, Person, here
from ..shared_devices import Badge, Pin
from .providers import find

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Rules:
    """Kept in the organisation's settings, so every change of them is an event."""

    second_factor: bool = False
    provider: str = ""
    hours: int = 0
    devices: str = ""  # yes, no; empty: as long as nothing above asks for more

    @classmethod
    def of(cls, organisation: Organisation) -> "Rules":
        kept = organisation.settings.get("sign_in", {})
        return cls(
            bool(kept.get("second_factor")),
            kept.get("provider", ""),
            int(kept.get("hours") or 0),
            kept.get("devices", ""),
        )

    def kept(self) -> dict[str, Any]:
        said = {"second_factor": self.second_factor, "provider": self.provider, "hours": self.hours}
        return {**said, "devices": self.devices} if self.devices else said

    @property
    def lets_devices_in(self) -> bool:
        """Whether a badge or a PIN at a shared device lets in: it is no second factor, and no provider's word."""
        return self.devices == "yes" or (not self.devices and not self.second_factor and not self.provider)


def lacking(rules: Rules, records: list[dict[str, Any]], now: float | None = None) -> tuple[str, ...]:
    """What this session lacks, from how it was signed in; no table is asked."""
    now = time.time() if now is None else now
    if any(record["method"] == "device" for record in records):
        return () if rules.lets_devices_in else ("device",)
    missing = []
    if rules.provider and not any(record.get("provider") == rules.provider for record in records):
        missing.append("provider")
    if rules.second_factor and not any(_second(record) for record in records):
        missing.append("second_factor")
    if rules.hours and not any(now - record["at"] < rules.hours * 3600 for record in records):
        missing.append("hours")
    return tuple(missing)


def _second(record: dict[str, Any]) -> bool:
    """A code after the password, a passkey that asked for finger, face or PIN, or a provider that asks for both."""
    if record["method"] == "mfa":
        return True
    provider = find(record.get("provider", ""))
    return provider is not None and provider.second_factor


@dataclass(frozen=True)
class Outlook:
    """What a rule would mean for one person."""

    person: Person
    lacks: tuple[str, ...]


def outlook(organisation: Organisation, rules: Rules) -> list[Outlook]:
    """Everybody with an account who could not enter at once; they are led to what is missing."""
    people = Person.objects.filter(here(organisation.today()), organisation=organisation).exclude(account=None)
    accounts = [person.account_id for person in people]
    factors = set(Authenticator.objects.filter(user__in=accounts, type__in=FACTORS).values_list("user_id", flat=True))
    linked: dict[Any, set[str]] = {}
    for user, provider in SocialAccount.objects.filter(user__in=accounts).values_list("user_id", "provider"):
        linked.setdefault(user, set()).add(provider)
    found, one = [], find(rules.provider)
    for person in people.select_related("account").order_by("name"):
        has = linked.get(person.account_id, set())
        strong = any(other.second_factor for id in has if (other := find(id)))
        lacks = []
        if rules.provider and rules.provider not in has:
            known = one is None or one.vouches_for(cast(Account, person.account).email, True)
            lacks.append("provider" if known else "elsewhere")
        if rules.second_factor and person.account_id not in factors and not strong:
            lacks.append("second_factor")
        if lacks:
            found.append(Outlook(person, tuple(lacks)))
    return found


def at_devices(organisation: Organisation, rules: Rules) -> int:
    """How many with a PIN or a badge could not sign in at any shared device."""
    if rules.lets_devices_in:
        return 0
    able = Person.objects.filter(here(organisation.today()), organisation=organisation)
    badges = Badge.objects.filter(organisation=organisation, revoked_at=None)
    pins = Pin.objects.filter(organisation=organisation)
    return able.filter(Q(pk__in=pins.values("person")) | Q(pk__in=badges.values("person"))).count()


def has_factor(account: Account) -> bool:
    return Authenticator.objects.filter(user=account, type__in=FACTORS).exists()
