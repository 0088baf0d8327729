"""How an organisation begins here: its row, the first person with the roles it takes, and the account that signs in."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from plumbline.history.uids import uuid7
from plumbline.ledger.writer import Stamp, writing

from .models import RESERVED_SLUGS, Account, Organisation, Person, RoleHolding
from .roles import Role

INSTALLATION = UUID(int=0)
FIRST_ROLES = (Role.ADMINISTRATOR, Role.QUALITY, Role.MANAGEMENT)


def free_slug(name: str) -> str:
    """A short name for the address that nobody has: “Acme & Sons” → acme-sons."""
    stem = slugify(name)[:34].strip("-") or "organisation"
    stem = f"{stem}-1" if stem in RESERVED_SLUGS else stem
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for n in range(1, 10_000) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)


def found(
    account: Account, name: str, *, slug: str = "", roles: tuple[Role, ...] = FIRST_ROLES, **answers: Any
) -> Person:
    """Make the organisation with its first person; both its own log and the installation's tell of it.

    Raises ValidationError when an answer does not fit.
    """
    organisation = Organisation(uid=uuid7(), slug=slug or free_slug(name), name=name, **answers)
    organisation.full_clean(exclude=["last_event"])
    stamp = Stamp(account.uid, "person", account.name, zone=organisation.zone)
    with transaction.atomic():
        with writing(organisation.uid, stamp) as pen:
            pen.save(organisation, "create")
            person = Person(
                uid=uuid7(), organisation=organisation, name=account.name, email=account.email, account=account
            )
            pen.save(person, "create")
            for role in roles:
                pen.save(RoleHolding(uid=uuid7(), organisation=organisation, person=person, role=role), "create")
        with writing(INSTALLATION, stamp) as pen:
            pen.note(
                "found", subject=organisation.uid, table="organisation", facts={"name": name, "slug": organisation.slug}
            )
    return person
