"""Groups of the directory: kept with their people, whether or not they give a role here."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from scim2_models import Meta, Reference

from plumbline.ledger.writer import writing
from plumbline.organisation.models import Organisation, Person

from . import giving, people
from .asking import compared
from .entry import Caller, Refused
from .models import Group, Member
from .shapes import Group as Shape
from .shapes import MemberOf

MOST_MEMBERS = 5000


def there(organisation: Organisation) -> QuerySet[Group]:
    return Group.objects.filter(organisation=organisation).order_by("uid")


def told(groups: Iterable[Group], caller: Caller, members: bool = True) -> list[Any]:
    """The resources; their people only where they are asked for."""
    rows = list(groups)
    inside: dict[UUID, list[UUID]] = {}
    if members:
        found = Member.objects.filter(group__in=rows, person__identity__removed_at=None).order_by("pk")
        for group, person in found.values_list("group_id", "person_id"):
            inside.setdefault(group, []).append(person)
    return [_one(group, caller, inside.get(group.pk, [])) for group in rows]


def _one(group: Group, caller: Caller, members: list[UUID]) -> Any:
    at = caller.address
    return Shape(
        id=str(group.uid),
        external_id=group.external_id or None,
        display_name=group.name,
        members=[MemberOf(value=str(uid), ref=Reference(f"{at}/Users/{uid}"), type="User") for uid in members] or None,
        meta=Meta(
            resource_type="Group",
            created=group.made_at,
            last_modified=group.changed_at,
            location=f"{at}/Groups/{group.uid}",
            version=version_of(group),
        ),
    )


def version_of(group: Group) -> str:
    return f'W/"{int(group.changed_at.timestamp() * 1_000_000)}"'


def make(shape: Any, caller: Caller) -> Group:
    """Raises Refused where there is one of that name or id."""
    _refuse_taken(shape, caller)
    group = Group(organisation=caller.organisation)
    _name(group, shape)
    group.save(force_insert=True)
    _put_members(group, shape, caller)
    return group


def change(group: Group, shape: Any, caller: Caller) -> Group:
    """Name and people as the directory has them now. Raises Refused, LastAdministrator."""
    _refuse_taken(shape, caller, group)
    before = (group.name, group.external_id)
    _name(group, shape)
    if _put_members(group, shape, caller) or before != (group.name, group.external_id):
        group.changed_at = timezone.now()
        group.save()
    return group


def remove(group: Group, caller: Caller) -> None:
    """Gone, and with it the role it gave. Raises LastAdministrator."""
    inside = list(Person.objects.filter(pk__in=group.members.values("person")))
    group.delete()
    giving.settle_all(inside, caller.actor)


def _name(group: Group, shape: Any) -> None:
    name, external_id = (shape.display_name or "").strip(), shape.external_id or ""
    if not name or max(len(name), len(external_id)) > 255:
        raise Refused(400, _("A group has a name of at most 255 signs."), "invalidValue")
    group.name, group.key, group.external_id = name, compared(name), external_id


def _refuse_taken(shape: Any, caller: Caller, group: Group | None = None) -> None:
    others = there(caller.organisation)
    if group is not None:
        others = others.exclude(pk=group.pk)
    taken = others.filter(key=compared((shape.display_name or "").strip())).exists()
    if taken or (shape.external_id and others.filter(external_id=shape.external_id).exists()):
        raise Refused(409, _("There is a group already with this name or external id."), "uniqueness")


def _put_members(group: Group, shape: Any, caller: Caller) -> bool:
    """Who is in it now; whether that is another than before. Nobody of another organisation is found here."""
    wanted = _uids(shape)
    seen = Member.objects.filter(group=group, person__identity__removed_at=None)
    inside = set(seen.values_list("person_id", flat=True))
    came, went = wanted - inside, inside - wanted
    known = {one.pk: one for one in people.there(caller.organisation).filter(pk__in=list(came | went))}
    if strangers := came - known.keys():
        words = _("Nobody here has the id %(id)s. Only people are members of groups.")
        raise Refused(400, words % {"id": min(strangers)}, "invalidValue")
    with writing(caller.organisation.uid, caller.actor.stamp()):
        Member.objects.filter(group=group, person__in=list(went)).delete()
        Member.objects.bulk_create([Member(group=group, person_id=uid) for uid in sorted(came)], batch_size=500)
        if came or went:
            giving.settle_all([known[uid] for uid in sorted(came | went)], caller.actor)
    return bool(came or went)


def _uids(shape: Any) -> set[UUID]:
    given = [one.value or "" for one in shape.members or []]
    if len(given) > MOST_MEMBERS:
        raise Refused(413, _("A group has at most %(most)d people here.") % {"most": MOST_MEMBERS}, code="tooMany")
    try:
        return {UUID(value) for value in given}
    except ValueError as error:
        raise Refused(400, _("A member is named by the id of a person."), "invalidValue") from error
