"""The people and places of a demo company: founded, staffed, and everybody at hand by name."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

from plumbline.kernel import actions
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Department, Organisation, Person, Process, RoleHolding, Site
from plumbline.organisation.roles import Role

from . import cast as told
from .accounts import account_of

ZONE = "Europe/London"


@dataclass
class Company:
    """A company that is being built."""

    organisation: Organisation
    founder: Actor
    people: dict[str, Person] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str, on: date | None = None, at: time = time(10)) -> Actor:
        """The person as one who acts, if need be telling of a day that is past."""
        actor = self._actors.setdefault(name, Actor.of(self.people[name], how="demo"))
        return replace(actor, occurred_at=datetime.combine(on, at, ZoneInfo(ZONE))) if on else actor

    def day(self, offset: int) -> date:
        """So many days from today."""
        return self.organisation.today() + timedelta(days=offset)

    def workday(self, offset: int) -> date:
        """So many working days from today."""
        day, step = self.organisation.today(), 1 if offset > 0 else -1
        for _left in range(abs(offset)):
            day += timedelta(days=step)
            while day.weekday() > 4:
                day += timedelta(days=step)
        return day


def staff(cast: ModuleType) -> Company:
    """Found the company and put its sites, departments, people with their roles, and processes into it."""
    first = next(person for person in cast.PEOPLE if person.name == cast.FOUNDER)
    founder = found(
        account_of(first.email, first.name), cast.NAME, slug=cast.SLUG, start=cast.START, zone=ZONE, language="en",
        people=len(cast.PEOPLE), sites_count=len(cast.SITES), designs_products=cast.DESIGNS, measures=True,
        roles=tuple(Role(role) for role in first.roles),
    )  # fmt: skip
    company = Company(founder.organisation, Actor.of(founder, how="demo"))
    with writing(company.organisation.uid, company.founder.stamp()):
        _fill(cast, company, founder, first)
    return company


def _fill(cast: ModuleType, company: Company, founder: Person, first: told.Person) -> None:
    by = company.founder
    places = {site.code: actions.create(Site, by=by, name=site.name, address=site.address) for site in cast.SITES}
    rooms = {
        name: actions.create(Department, by=by, name=name, site=places[code]) for name, code in cast.DEPARTMENTS.items()
    }
    for one in (*cast.PEOPLE, *cast.OUTSIDE):
        room = rooms.get(one.department)
        where = {"job": one.title, "department": room, "site": room.site if room else None}
        if one is first:
            company.people[one.name] = actions.edit(founder, by=by, **where)
        else:
            company.people[one.name] = _person(one, by, where)
    for process in cast.PROCESSES:
        owner = company.people[process.owner]
        actions.create(Process, by=by, name=process.name, owner=owner, kind=process.kind)


def _person(one: told.Person, by: Actor, where: dict) -> Person:
    account = account_of(one.email, one.name) if one.email else None
    person = actions.create(Person, by=by, name=one.name, email=one.email, account=account, **where)
    for role in one.roles:
        actions.create(RoleHolding, by=by, person=person, role=role)
    return person
