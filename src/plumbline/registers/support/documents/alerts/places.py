"""Whoever holds a role only for a place warns the people of that place, and nobody else's."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from plumbline.kernel import policy
from plumbline.kernel.forms import choices
from plumbline.kernel.register import register_of
from plumbline.organisation import naming
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Person, Process, RoleHolding, Site
from plumbline.organisation.roles import Role

MODELS: dict[str, Any] = {"department": Department, "process": Process, "site": Site}


def held(actor: Actor) -> set[UUID] | None:
    """The places for which this actor holds a role that makes documents; None where it is held at large.

    What is allowed at a site is allowed in its departments.
    """
    register = register_of("document")
    if policy.may_create(actor, register):
        return None
    if actor.reads_only:
        return set()
    places = {uid for role, _name, uid in actor.scoped if role in register.created_by}
    return places | set(choices(Department, actor).filter(site__in=places).values_list("uid", flat=True))


def may_warn(actor: Actor) -> policy.Answer:
    """Whether this actor may write an alert for anybody at all."""
    if (places := held(actor)) is None or places:
        return policy.ALLOWED
    return policy.may_create(actor, register_of("document"))


def offered(actor: Actor, places: set[UUID]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Whom she may name, in groups as a distribution list has them: (heading, [(value, words)])."""
    headings = {"department": _("Departments"), "process": _("Processes"), "site": _("Sites")}
    for name, model in MODELS.items():
        rows = choices(model, actor).filter(pk__in=places).values_list("uid", "name")
        if rows:
            yield headings[name], [(f"{name}:{uid}", words) for uid, words in rows]
    people = choices(Person, actor).filter(at(places)).distinct().values_list("uid", "name")
    if people:
        yield _("People"), [(f"person:{uid}", words) for uid, words in people]


def at(places: set[UUID]) -> Q:
    """The people of these departments, sites and processes."""
    of_them = Q(department__in=places) | Q(site__in=places) | Q(department__site__in=places)
    return of_them | Q(pk__in=RoleHolding.objects.filter(process__in=places).values("person"))


def where(actor: Actor, places: set[UUID]) -> dict[str, Any]:
    """The sites and processes she may bind it to: hers, and the site her departments are at."""
    sites = choices(Site, actor).filter(Q(pk__in=places) | Q(department__in=places)).distinct()
    return {"site": sites, "process": choices(Process, actor)}


def named(actor: Actor, places: set[UUID]) -> str:
    """These places in words."""
    rows = [choices(model, actor).filter(pk__in=places).values_list("name", flat=True) for model in MODELS.values()]
    return ", ".join(name for names in rows for name in names)


def refusal(actor: Actor, places: set[UUID], wanted: UUID | None) -> str:
    """Why not for that place or person, and who could."""
    roles = {role for role, _name, uid in actor.scoped if uid in places}
    said = {
        "role": ", ".join(str(Role(role).label) for role in Role.values if role in roles),
        "places": named(actor, places),
        "who": could(actor, wanted),
    }
    return _("You are %(role)s for %(places)s only: choose whom of these it is for. For others: %(who)s.") % said


def could(actor: Actor, place: UUID | None) -> str:
    """The roles that make documents, with those who hold them at large or for that place."""
    named: dict[str, list[str]] = {role: [] for role in register_of("document").created_by}
    for one in actor.holders:
        if one.role in named and one.places <= {place} and one.name not in named[one.role]:
            named[one.role].append(one.name)
    told = [(str(Role(role).label), names[: naming.NAMED]) for role, names in named.items() if names]
    return ", ".join(f"{role} ({', '.join(names)})" for role, names in told)
