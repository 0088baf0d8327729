"""Groups give and take roles: what somebody's groups are mapped to, and what of it they hold already."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.ledger.writer import Pen, writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person, RoleHolding, here
from plumbline.organisation.roles import RUNS_ORGANISATION, Role

from . import holdings
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
        with writing(by.organisation.uid, by.stamp()) as pen:
            _settle(rows[start : start + BATCH], by, pen)


def _settle(people: list[Person], by: Actor, pen: Pen) -> None:
    wanted, marks = _wanted(people, by.organisation), Given.objects.filter(person__in=people)
    held: dict[UUID, list[RoleHolding]] = {}
    current = RoleHolding.current(by.organisation.today()).select_related("person")
    for holding in current.filter(person__in=people, site=None, process=None, deputy_of=None):
        held.setdefault(holding.person_id, []).append(holding)
    given = set(marks.values_list("holding", flat=True))
    over: list[RoleHolding] = []
    new: dict[str, list[tuple[Person, Target]]] = {}
    for person in people:
        theirs, due = held.get(person.pk, []), wanted.get(person.pk, {})
        ended = [one for one in theirs if one.pk in given and target_of(one) not in due]
        over += ended
        known = {target_of(one) for one in theirs if one not in ended}
        for target, group in due.items():
            if target not in known:
                new.setdefault(group, []).append((person, target))
    _end(over, by, pen, held)
    left = {one.pk for theirs in held.values() for one in theirs} - {one.pk for one in over}
    Given.objects.filter(pk__in=given - left).delete()
    for group, begun in new.items():
        reason = _("member of the group “%(group)s”") % {"group": group}
        rows = holdings.begin(pen, begun, by, reason)
        Given.objects.bulk_create([Given(holding=row, person=row.person) for row in rows])


def _end(over: list[RoleHolding], by: Actor, pen: Pen, held: dict[UUID, list[RoleHolding]]) -> None:
    """What runs the organisation one by one, since somebody has to stay; the rest at once."""
    runs = [one for one in over if one.role in RUNS_ORGANISATION]
    for holding in runs:
        end(holding, by, rest=[one for one in held[holding.person_id] if one not in over])
    if others := [one for one in over if one not in runs]:
        holdings.end(pen, others, by, _("in no group any more that gives this role"))


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
