"""Whom a document reaches, as the organisation is today; and whose reading somebody may see to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.kernel import policy
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person, Process, RoleHolding, here
from plumbline.organisation.roles import READ_ONLY, Role
from plumbline.registers.support.documents.models import Recipient, Revision, Validity

WITNESSES = ("owner", "author", "quality", "management", "consultant", "supervisor")
COLUMNS = ("_0", "_1", "_2", "_3", "_4", "_5")
SEE_ALL = ("quality", "management", "consultant")


def _everybody(organisation: Organisation) -> QuerySet:
    """(person, None, department, site, its site, None) of everybody; of every role (person, role, process, department,
    site, the holding). Who owns a process holds the role without a name. One query."""
    today, mine, nowhere = organisation.today(), {"organisation": organisation}, Value(None, models.UUIDField())

    def told(rows: QuerySet, person: str, role: Any, *places: str) -> QuerySet:
        at = [F(person), role, *map(F, places), *[nowhere] * (4 - len(places))]
        return rows.order_by().annotate(**dict(zip(COLUMNS, at, strict=True))).values_list(*COLUMNS)

    outside = RoleHolding.objects.filter(**mine, role__in=READ_ONLY).values("person")
    people = Person.objects.filter(here(today), **mine).exclude(pk__in=outside)
    owned = Process.objects.filter(**mine).exclude(owner=None)
    return told(people, "uid", Value(None, models.CharField()), "department", "site", "department__site").union(
        told(RoleHolding.current(today).filter(**mine), "person", F("role"), "process", "department", "site", "uid"),
        told(owned, "owner", Value("", models.CharField()), "uid"),
        all=True,
    )


class Audience:
    """The people of an organisation today, read once and asked for many documents."""

    def __init__(self, organisation: Organisation) -> None:
        self.sites: dict[UUID, set[UUID]] = {}  # person -> where they work
        self.by_place: dict[UUID, set[UUID]] = defaultdict(set)  # department, site or process -> people
        self.by_role: dict[str, set[UUID]] = defaultdict(set)
        self.leaders: dict[UUID, list[UUID]] = defaultdict(list)  # place -> its supervisors, who held it first first
        self.under: dict[UUID, list[UUID]] = {}  # person -> the places they work at, the narrowest first
        everybody = list(_everybody(organisation))
        for uid, role, department, site, there, _since in everybody:
            if role is None:
                self.sites[uid] = {place for place in (site, there) if place}
                self.under[uid] = [place for place in (department, there, site) if place]
                for place in {department, site, there} - {None}:
                    self.by_place[place].add(uid)
        held = [row for row in everybody if row[1] is not None]
        for uid, role, process, *where, _since in sorted(held, key=lambda row: str(row[-1])):
            self.by_role[role].add(uid)
            self.by_place[process].add(uid)
            for place in set(where) - {None} if role == Role.SUPERVISOR.value and uid in self.sites else ():
                self.leaders[place].append(uid)

    def of(self, rows: Iterable[Recipient]) -> set[UUID]:
        """Everybody a distribution list names."""
        found: set[UUID] = set()
        for row in rows:
            place = row.department_id or row.process_id or row.site_id
            if row.person_id:
                found.add(row.person_id)
            elif place:
                found |= self.by_place.get(place, set())
            elif row.role in ("", Role.MEMBER.value):
                return set(self.sites)
            else:
                found |= self.by_role.get(row.role, set())
        return found & set(self.sites)

    def leader(self, person: UUID) -> UUID | None:
        """Whoever leads this person: the supervisor of the department, else of the site."""
        found = (one for place in self.under.get(person, ()) for one in self.leaders.get(place, ()) if one != person)
        return next(found, None)

    def at(self, people: set[UUID], sites: set[UUID] | None) -> set[UUID]:
        """Of these people those who work at the sites; who is at none is asked everywhere."""
        return people if sites is None else {one for one in people if not self.sites[one] or self.sites[one] & sites}


def sites_of(revision: Any) -> set[UUID] | None:
    """The sites a revision is in force at, now or soon; None where it is not bound to sites."""
    spans = Validity.objects.filter(record_id=revision).exclude(until_on=F("from_on"))
    sites = set(spans.values_list("site", flat=True))
    return None if not sites or None in sites else sites


def listed(document: Any) -> list[Recipient]:
    """The lines of a distribution list."""
    rows = Recipient.objects.filter(record_id=document, ended=False)
    return list(rows.select_related("person", "department", "process", "site").order_by("uid"))


def readers(revision: Revision, organisation: Organisation, people: Audience | None = None) -> set[UUID]:
    """Who has to confirm that they read this revision, as the organisation is today."""
    if not revision.is_read:
        return set()
    people, rows = people or Audience(organisation), [row for row in listed(revision.of_document_id) if row.reads]
    return people.at(people.of(rows), sites_of(revision.uid))


def may_witness(actor: Actor, revision: Revision) -> policy.Answer:
    """Whether this actor may say that others read it: who answers for it, and supervisors, of whatever they lead."""
    leads = any(role == Role.SUPERVISOR.value for role, _place, _uid in actor.scoped)
    if leads and not actor.reads_only:
        return policy.ALLOWED
    return policy.allow((*WITNESSES, "leads_people"), actor, revision)


def under(actor: Actor, revision: Revision | None = None) -> Q:
    """The people whose reading this actor sees to: all, or those of the departments and sites she leads."""
    if actor.has(*SEE_ALL) or (revision is not None and actor.uid in (revision.owner_id, revision.author_id)):
        return Q()
    places = {uid for role, _place, uid in actor.scoped if role == Role.SUPERVISOR.value}
    person = actor.person
    if actor.has(Role.SUPERVISOR.value) and person is not None:
        places |= {uid for uid in (person.department_id, None if person.department_id else person.site_id) if uid}
        if not places:
            return Q()
    of_hers = Q(person__department__in=places) | Q(person__site__in=places) | Q(person__department__site__in=places)
    return of_hers | Q(person__in=RoleHolding.objects.filter(process__in=places).values("person"))


def told(count: int) -> str:
    """How many people that is, in words."""
    return ngettext("%(n)d person today", "%(n)d people today", count) % {"n": count} if count else _("nobody today")
