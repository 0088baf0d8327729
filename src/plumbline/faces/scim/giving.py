"""Groups give and take roles: what somebody's groups are mapped to, and what of it they hold already."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person, RoleHolding, here
from plumbline.organisation.roles import Role

from .mapping import Connection, Target
from .models import Given, Member

BATCH = 200  # people a transaction


class LastAdministrator(Exception):
    """Nobody who can sign in would be left to keep the organisation's settings."""

    def __init__(self, name: str) -> None:
        words = _("%(name)s is the last administrator who can sign in: make somebody else administrator first.")
        super().__init__(words % {"name": name})


def administrators(organisation: Organisation) -> set[UUID]:
    """Those who keep the settings and can sign in."""
    today = organisation.today()
    held = RoleHolding.current(today).filter(
        organisation=organisation, role=Role.ADMINISTRATOR, site=None, department=None, process=None
    )
    there = Person.objects.filter(here(today), organisation=organisation, pk__in=held.values("person"))
    return set(there.exclude(account=None).values_list("pk", flat=True))


def settle_all(people: Iterable[Person], by: Actor) -> None:
    """Whoever is in a group holds what it gives, and whoever is in none any more holds it no longer."""
    rows = list(people)
    for start in range(0, len(rows), BATCH):
        with writing(by.organisation.uid, by.stamp()):
            _settle(rows[start : start + BATCH], by)


def _settle(people: list[Person], by: Actor) -> None:
    wanted, today = _wanted(people, by.organisation), by.organisation.today()
    marks: dict[UUID, list[Given]] = {}
    for mark in Given.objects.select_related("holding").filter(person__in=people):
        marks.setdefault(mark.person_id, []).append(mark)
    held: dict[UUID, list[RoleHolding]] = {}
    for holding in RoleHolding.current(today).filter(person__in=people, site=None, process=None, deputy_of=None):
        held.setdefault(holding.person_id, []).append(holding)
    for person in people:
        theirs, due = held.get(person.pk, []), wanted.get(person.pk, {})
        given = {mark.holding_id for mark in marks.get(person.pk, [])}
        for holding in [one for one in theirs if one.pk in given and target_of(one) not in due]:
            end(holding, by, rest=[one for one in theirs if one.pk != holding.pk])
            theirs = [one for one in theirs if one.pk != holding.pk]
        Given.objects.filter(person=person).exclude(holding__in=[one.pk for one in theirs]).delete()
        known = {target_of(one) for one in theirs}
        for target, group in due.items():
            if target not in known:
                _give(person, target, group, by)


def _wanted(people: list[Person], organisation: Organisation) -> dict[UUID, dict[Target, str]]:
    """By person: what the groups give, and the name of one that gives it."""
    targets = Connection.of(organisation).targets
    found: dict[UUID, dict[Target, str]] = {}
    members = Member.objects.filter(person__in=people, group__in=list(targets)).order_by("pk")
    for person, group, name in members.values_list("person_id", "group_id", "group__name"):
        found.setdefault(person, {}).setdefault(targets[group], name)
    return found


def target_of(holding: RoleHolding) -> Target:
    return Target(holding.role, holding.department_id)


def _give(person: Person, target: Target, group: str, by: Actor) -> None:
    reason = _("member of the group “%(group)s”") % {"group": group}
    holding = actions.create(
        RoleHolding, by=by, reason=reason, person=person, role=target.role, department_id=target.department
    )
    Given.objects.create(holding=holding, person=person)


def end(holding: RoleHolding, by: Actor, rest: list[RoleHolding]) -> None:
    """The role ended yesterday, so that it opens nothing from now on."""
    if target_of(holding) == Target(Role.ADMINISTRATOR) and Target(Role.ADMINISTRATOR) not in map(target_of, rest):
        require_another(holding.person, by.organisation)
    reason = _("in no group any more that gives this role")
    actions.edit(holding, by=by, reason=reason, until_on=by.organisation.today() - timedelta(days=1))


def require_another(person: Person, organisation: Organisation) -> None:
    """Raises LastAdministrator."""
    if administrators(organisation) == {person.pk}:
        raise LastAdministrator(person.name)
