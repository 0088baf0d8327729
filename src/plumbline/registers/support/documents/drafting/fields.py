"""The fields that fill themselves in a written document: of the organisation, of the document, of who holds a role."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, override

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person, Process, RoleHolding, Site, here
from plumbline.organisation.roles import Role
from plumbline.standards.models import find_edition

from ..models import Revision

LABELS = {
    "organisation.name": gettext_lazy("Name of the organisation"),
    "organisation.sites": gettext_lazy("Sites"),
    "organisation.processes": gettext_lazy("Processes"),
    "organisation.people": gettext_lazy("How many people work here"),
    "organisation.edition": gettext_lazy("The standard"),
    "document.number": gettext_lazy("Number of this document"),
    "document.title": gettext_lazy("Title of this document"),
    "document.revision": gettext_lazy("Revision of this document"),
    "document.owner": gettext_lazy("Who answers for this document"),
    "document.effective_on": gettext_lazy("In force from"),
    "today": gettext_lazy("Today"),
}


BEFORE = ("requested", "draft", "proposed")
LATER = {"document.number", "document.effective_on"}  # known, or renamed, only after it was signed


def offered(revision: Revision) -> list[dict[str, str]]:
    """Every field with its label and what it says now."""
    labels = {**LABELS, **{f"role.{role}": role.label for role in Role if role != Role.MEMBER}}
    now = values(revision, labels)
    return [{"name": name, "label": str(label), "value": now.get(name, "")} for name, label in labels.items()]


def values(revision: Revision, wanted: Iterable[str]) -> dict[str, str]:
    """What those fields say: now while it is a draft, afterwards what was handed in and signed."""
    fixed = (
        {} if revision.state in BEFORE else {name: revision.filled[name] for name in wanted if name in revision.filled}
    )
    names, document = set(wanted) - fixed.keys(), revision.of_document
    if not names:
        return fixed
    with override(document.language or revision.home.language):
        found = {name: ask(revision) for name, ask in _SIMPLE.items() if name in names}
        if roles := {name for name in names if name.startswith("role.")}:
            found |= _roles(revision.home, roles)
    return found | fixed


def fix(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """Effect of handing in: what the fields say is part of what is reviewed, signed and shown from now on."""
    if revision.written:
        revision.filled = {}  # what an earlier round said
        said = {one["name"]: one["value"] for one in offered(revision) if one["name"] not in LATER}
        kept = actions.follow(revision, by=by, filled=said)
        for name in (
            "filled",
            "version",
            "last_event_id",
            "own_event_id",
        ):  # whoever made the move holds it as it is now
            setattr(revision, name, getattr(kept, name))


def _named(rows: type[Model]) -> Callable[[Revision], str]:
    def listed(revision: Revision) -> str:
        organisation = revision.home
        found = rows._base_manager.filter(here(organisation.today()), organisation=organisation).order_by("name")
        return ", ".join(found.values_list("name", flat=True)[:60])

    return listed


def _people(revision: Revision) -> str:
    organisation = revision.home
    counted = Person.objects.filter(here(organisation.today()), organisation=organisation).count()
    return str(max(counted, organisation.people))


def _edition(revision: Revision) -> str:
    found = find_edition(revision.home_id, revision.home.edition)
    return found.name if found else ""


def _day(value: Any) -> str:
    return date_format(value) if value else ""


def _roles(organisation: Organisation, names: set[str]) -> dict[str, str]:
    """Who holds each role in the whole organisation today."""
    codes = [name.removeprefix("role.") for name in names]
    held = RoleHolding.current(organisation.today()).filter(organisation=organisation, role__in=codes)
    at_large = held.filter(site=None, department=None, process=None, deputy_of=None).select_related("person")
    found: dict[str, str] = {}
    for holding in at_large.order_by("person__name"):
        key = f"role.{holding.role}"
        found[key] = f"{found[key]}, {holding.person.name}" if key in found else holding.person.name
    return found


_SIMPLE: dict[str, Callable[[Revision], str]] = {
    "organisation.name": lambda revision: revision.home.name,
    "organisation.sites": _named(Site),
    "organisation.processes": _named(Process),
    "organisation.people": _people,
    "organisation.edition": _edition,
    "document.number": lambda revision: revision.of_document.number,
    "document.title": lambda revision: revision.of_document.title,
    "document.revision": lambda revision: revision.revision_no,
    "document.owner": lambda revision: revision.of_document.owner.name,
    "document.effective_on": lambda revision: _day(revision.effective_on or revision.dated_on),
    "today": lambda revision: _day(revision.home.today()),
}
