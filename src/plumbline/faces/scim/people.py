"""People as the directory sees them: who there is, and each as a resource."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from scim2_models import Meta, Reference

from plumbline.faces.api.models import Token
from plumbline.organisation.models import Organisation, Person

from .entry import Caller
from .models import Identity, Member
from .shapes import Email, EnterpriseUser, GroupOf, Name, User
from .shapes import Person as Shape

OWN = ("id", "meta", "schemas", "groups")  # never kept of what a directory says


def there(organisation: Organisation) -> QuerySet[Person]:
    """Everybody but programs and whom the directory has deleted; also those who have left."""
    programs = Token.objects.filter(person=OuterRef("pk"), program=True)
    people = Person.objects.filter(~Exists(programs), organisation=organisation, identity__removed_at=None)
    return people.select_related("identity", "department").order_by("uid")


def identity_of(person: Person) -> Identity | None:
    return getattr(person, "identity", None)


def named(person: Person) -> str:
    """The user name; whom the directory never named is known by the address, or by the uid."""
    identity = identity_of(person)
    return identity.user_name if identity else person.email or str(person.uid)


def told(people: Iterable[Person], caller: Caller, groups: bool = True) -> list[Any]:
    """The resources, with what the groups are asked once."""
    rows = list(people)
    of: dict[UUID, list[tuple[UUID, str]]] = {}
    if groups:
        members = Member.objects.filter(person__in=rows).order_by("group__key")
        for person, group, name in members.values_list("person_id", "group_id", "group__name"):
            of.setdefault(person, []).append((group, name))
    return [_one(person, caller, of.get(person.pk, [])) for person in rows]


def _one(person: Person, caller: Caller, groups: list[tuple[UUID, str]]) -> Any:
    identity = identity_of(person)
    found = Shape.model_validate(identity.said if identity else {})
    found.id = str(person.uid)
    found.user_name = named(person)
    found.external_id = (identity.external_id if identity else "") or None
    here = person.is_here(caller.organisation.today())
    found.active = None if identity and "active" not in identity.said else here
    found.title = person.job or None
    _put_name(found, person, identity)
    found.emails = _emails(found.emails or [], person.email)
    _put_department(found, person)
    found.groups = [
        GroupOf(value=str(uid), ref=Reference(f"{caller.address}/Groups/{uid}"), display=name) for uid, name in groups
    ] or None
    found.meta = _meta(person, identity, caller)
    return found


def _put_name(found: Any, person: Person, identity: Identity | None) -> None:
    """As the person is called here: what was corrected by hand stands in for what the directory said."""
    if found.display_name or identity is None:
        found.display_name = person.name
    elif name_of(found) != person.name:
        found.name = Name(formatted=person.name)


def name_of(user: Any) -> str:
    """What a person is called, from whatever a directory tells."""
    name = user.name or Name()
    parts = " ".join(part for part in (name.given_name, name.family_name) if part)
    return (user.display_name or name.formatted or parts or user.user_name or "").strip()


def _emails(said: list[Email], email: str) -> list[Email] | None:
    first = primary(said)
    if not email:
        return [one for one in said if one is not first] or None
    if first is not None and (first.value or "").lower() == email.lower():
        return said
    rest = [one for one in said if one is not first]
    return [Email(value=email, type=first.type if first else "work", primary=True), *rest]


def primary(emails: list[Email]) -> Email | None:
    """The address that mails go to: called so, or for work, or the first."""
    given = [one for one in emails if one.value]
    first = next((one for one in given if one.primary), None)
    return first or next((one for one in given if (one.type or "").lower() == "work"), given[0] if given else None)


def _put_department(found: Any, person: Person) -> None:
    if person.department is not None:
        extension = found[EnterpriseUser] or EnterpriseUser()
        extension.department = person.department.name
        found[EnterpriseUser] = extension


def _meta(person: Person, identity: Identity | None, caller: Caller) -> Meta:
    changed = max([_when(person.last_event_id), *([identity.changed_at] if identity else [])])
    return Meta(
        resource_type="User",
        created=_when(person.uid),
        last_modified=changed,
        location=f"{caller.address}/Users/{person.uid}",
        version=version_of(person),
    )


def version_of(person: Person) -> str:
    """Changes with every change of the person, or of what the directory says."""
    identity = identity_of(person)
    seen = f"{person.last_event_id} {identity.changed_at.timestamp() if identity else ''}"
    return f'W/"{hashlib.sha256(seen.encode()).hexdigest()[:20]}"'


def _when(uid: UUID) -> datetime:
    """The moment that stands in a UUIDv7."""
    return datetime.fromtimestamp((uid.int >> 80) / 1000, UTC)


def kept(user: Any) -> dict[str, Any]:
    """What a directory said, for the next time."""
    found: dict[str, Any] = User.model_dump(user)
    return {name: value for name, value in found.items() if name not in OWN}
