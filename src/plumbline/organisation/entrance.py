"""Who comes in: the account with the people it is and the roles they hold, read in one query for every page."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from plumbline.ledger.prepared import Prepared

from .models import Account, Person, RoleHolding

HELD = ("role", "site_id", "department_id", "process_id", "from_on", "until_on")


@dataclass
class Entrance:
    """The people somebody is, each with every role they ever held."""

    people: list[Person] = field(default_factory=list)
    roles: dict[UUID, list[RoleHolding]] = field(default_factory=dict)


def entered(account: Any) -> Entrance:
    """What is known of this account; read now, unless it came with it."""
    found = getattr(account, "entrance", None)
    return found if isinstance(found, Entrance) else _gathered(_rows(account.pk))


def account_of(uid: UUID) -> Account | None:
    """The account, with what `entered` tells of it."""
    rows = _rows(uid)
    account = rows[0].account if rows else Account.objects.filter(pk=uid).first()
    if account is not None:
        setattr(account, "entrance", _gathered(rows))  # noqa: B010 beside its fields, for this request
    return account


def _asked(account: UUID) -> QuerySet[Person]:
    """A row for each person and each role of theirs."""
    told = {f"held_{name}": F(f"roleholding__{name}") for name in HELD}
    people = Person.objects.filter(account=account).select_related("account", "organisation")
    return people.annotate(holding=F("roleholding__uid"), **told)


_people = Prepared(_asked)


def _rows(uid: UUID) -> list[Any]:
    return list(_people(uid))


def _gathered(rows: list[Any]) -> Entrance:
    made = Entrance()
    for row in rows:
        if row.pk not in made.roles:
            made.people.append(row)
            made.roles[row.pk] = []
        if row.holding:
            values = {name: getattr(row, f"held_{name}") for name in HELD}
            made.roles[row.pk].append(RoleHolding(person_id=row.pk, **values))
    return made
