"""What an organisation chose: whether its directory may write, how new people get in, which group gives which role."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.organisation.roles import Role

RIGHT = ("scim", "people")  # what a token of a directory may: no level of a register, so the API stays closed to it
ROLES = tuple(role for role in Role if role not in (Role.MEMBER, Role.BODY_AUDITOR))  # these two are for no group


@dataclass(frozen=True)
class Target:
    """A role, at large or in one department."""

    role: str
    department: UUID | None = None


@dataclass(frozen=True)
class Connection:
    """Kept in the organisation's settings, so that every change of it is an event."""

    on: bool = False
    mail: bool = False  # new people get a link by mail; else they come in through single sign-on
    targets: dict[UUID, Target] = field(default_factory=dict)  # by group

    @classmethod
    def of(cls, organisation: Organisation) -> "Connection":
        kept = organisation.settings.get("scim", {})
        targets = {
            UUID(group): Target(given["role"], UUID(given["department"]) if given.get("department") else None)
            for group, given in kept.get("groups", {}).items()
        }
        return cls(bool(kept.get("on")), bool(kept.get("mail")), targets)

    def kept(self) -> dict[str, Any]:
        groups = {
            str(group): {"role": one.role, "department": str(one.department or "")}
            for group, one in sorted(self.targets.items())
        }
        return {"on": self.on, "mail": self.mail, "groups": groups}


def choose(organisation: Organisation, by: Actor, **changes: Any) -> Connection:
    """Put the choice into the organisation's settings, through the door."""
    fresh = Organisation.objects.get(pk=organisation.pk)
    connection = replace(Connection.of(fresh), **changes)
    edited = actions.edit(fresh, by=by, settings={**fresh.settings, "scim": connection.kept()})
    organisation.settings = edited.settings
    return connection
