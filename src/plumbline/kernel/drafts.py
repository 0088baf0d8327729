"""Drafts: what somebody has typed and not saved, one per person and form; never an event."""

from typing import Any

from django.http import QueryDict

from plumbline.organisation.actor import Actor

from .models import Draft

LARGEST = 4_000_000  # characters of one draft; 300 written pages are about 3 million
NOT_KEPT = {"csrfmiddlewaretoken", "_once", "password", "code", "passkey", "provider", "version", "seen"}


def keep(actor: Actor, form: str, typed: QueryDict) -> Draft:
    """Keep what is typed, and the version of the record it was typed upon; the newest replaces the one before."""
    given = typed.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    content = {name: [one.replace("\0", "") for one in typed.getlist(name)] for name in typed if name not in NOT_KEPT}
    if sum(len(value) for values in content.values() for value in values) > LARGEST:
        raise ValueError("draft too large")
    draft, _made = Draft.objects.update_or_create(
        organisation=actor.organisation, person=actor.person, form=form, defaults={"typed": content, "version": version}
    )
    return draft


def find(actor: Actor, form: str) -> Draft | None:
    return Draft.objects.filter(organisation=actor.organisation, person=actor.person, form=form).first()


def drop(actor: Actor, form: str) -> None:
    Draft.objects.filter(organisation=actor.organisation, person=actor.person, form=form).delete()


def of(actor: Actor) -> Any:
    return Draft.objects.filter(organisation=actor.organisation, person=actor.person).order_by("-saved_at")
