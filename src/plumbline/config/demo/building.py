"""Builds the demo companies in an empty installation: people, places, processes, and their documents as found."""

from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Department, Organisation, Person, Process, RoleHolding, Site
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.importing import import_path

from . import brightwater, linden
from .accounts import account_of

SIGN_IN = 6  # people of each company who have an account; the others are met in records
ROLES = (  # the word in a job title, and the role that goes with it
    ("quality", Role.QUALITY),
    ("director", Role.MANAGEMENT),
    ("lead", Role.SUPERVISOR),
    ("head of", Role.SUPERVISOR),
)


def build() -> list[Organisation]:
    """Make the demo companies; the organisations made."""
    return [_company(linden, start=Organisation.Start.NOTHING), _company(brightwater, start=Organisation.Start.SYSTEM)]


def _company(cast: ModuleType, start: Organisation.Start) -> Organisation:
    first, *others = cast.PEOPLE
    account = account_of(_address(first.name, cast), first.name)
    size = {"people": len(cast.PEOPLE), "sites_count": len(cast.SITES)}
    person = found(account, cast.NAME, slug=cast.SLUG, start=start, designs_products="Design" in cast.DEPARTMENTS,
                   measures=True, **size)  # fmt: skip
    by = Actor.of(person, how="demo")
    places = {site.code: actions.create(Site, by=by, name=site.name, address=site.address) for site in cast.SITES}
    sites = {name: places[code] for name, code in getattr(cast, "SITE_OF", {}).items()}
    rooms = {
        name: actions.create(Department, by=by, name=name, site=sites.get(name) or next(iter(places.values())))
        for name in cast.DEPARTMENTS
    }
    people = {first.name: actions.edit(person, by=by, job=first.title, department=rooms[first.department])}
    people |= {one.name: _person(one, place, cast, rooms, by) for place, one in enumerate(others, start=2)}
    for process in cast.PROCESSES:
        actions.create(Process, by=by, name=process.name, owner=people[process.owner])
    _documents(cast, by)
    return person.organisation


def _address(name: str, cast: ModuleType) -> str:
    return f"{name.split()[0].lower()}@{cast.SLUG}.example"


def _person(one, place: int, cast: ModuleType, rooms: dict[str, Department], by: Actor) -> Person:
    roles = {role for word, role in ROLES if word in one.title.lower()}
    address = _address(one.name, cast) if place <= SIGN_IN or roles else ""
    person = actions.create(
        Person,
        by=by,
        name=one.name,
        email=address,
        job=one.title,
        department=rooms[one.department],
        site=rooms[one.department].site,
        account=account_of(address, one.name) if address else None,
    )
    for role in sorted(roles):
        actions.create(RoleHolding, by=by, person=person, role=role)
    return person


def _documents(cast: ModuleType, by: Actor) -> None:
    with TemporaryDirectory() as folder:
        cast.documents(Path(folder))
        for _line in import_path(folder, by, confirm=False):
            pass
