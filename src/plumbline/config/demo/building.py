"""Builds the demo companies in an empty installation."""

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Department, Organisation, Person, RoleHolding
from plumbline.organisation.roles import Role

from .accounts import account_of

LINDEN = "linden"
PEOPLE = (  # name, job, department, roles at large
    ("Ben Albers", "Production manager", "Production", (Role.SUPERVISOR,)),
    ("Carla Voss", "Inspector", "Quality", (Role.AUDITOR,)),
    ("Deniz Kaya", "Sales", "Office", ()),
    ("Eva Brandt", "Purchasing", "Office", ()),
    ("Farid Nasser", "Laser operator", "Production", ()),
)


def build() -> list[Organisation]:
    """Make the demo companies; the organisations made."""
    return [_linden()]


def _linden() -> Organisation:
    director = account_of("maria@linden.example", "Maria Linden")
    person = found(director, "Linden Metalwork", slug=LINDEN, people=12, start=Organisation.Start.NOTHING)
    by = Actor.of(person, how="demo")
    rooms = {name: actions.create(Department, by=by, name=name) for name in ("Production", "Quality", "Office")}
    for name, job, department, roles in PEOPLE:
        email = f"{name.split()[0].lower()}@linden.example"
        account = account_of(email, name)
        one = actions.create(
            Person, by=by, name=name, email=email, job=job, account=account, department=rooms[department]
        )
        for role in roles:
            actions.create(RoleHolding, by=by, person=one, role=role)
    return person.organisation
