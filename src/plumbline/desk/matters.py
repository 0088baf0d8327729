"""What needs whoever leads people or runs the organisation, beside the records: PINs that rest, a directory refused."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.faces.scim import refusals
from plumbline.kernel import policy
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, here
from plumbline.organisation.roles import Role
from plumbline.organisation.signin import pins

from .pages import DeskView, SettingView


@dataclass(frozen=True)
class Matter:
    """One of them: what is so, why, where more of it stands, and the button that settles it."""

    title: str
    why: str
    url: str
    settle: str
    word: str


def may_open(actor: Actor, person: Person) -> policy.Answer:
    """Whether this actor lets a PIN count again: who runs the organisation, or leads this person."""
    site = person.department.site_id if person.department else None
    where = {uid for uid in (person.department_id, person.site_id, site) if uid}
    answer = policy.may_run_organisation(actor)
    return answer or policy.allow((*policy.ORGANISATION_RIGHTS, "supervisor"), actor.at(where), None)


def of(actor: Actor) -> list[Matter]:
    """Those of this actor; who neither leads nor runs anything is asked for nothing."""
    return [*_resting(actor), *_refused(actor)]


def _resting(actor: Actor) -> list[Matter]:
    leads = actor.has(Role.SUPERVISOR.value) or any(role == Role.SUPERVISOR.value for role, *_place in actor.scoped)
    if not (leads or policy.may_run_organisation(actor)):
        return []
    lines: dict[UUID, list[pins.Resting]] = {}
    for one in pins.resting(actor.organisation.uid):
        if one.person.uid != actor.uid and may_open(actor, one.person):
            lines.setdefault(one.person.uid, []).append(one)
    return [_rests(theirs, actor) for theirs in lines.values()]


def _rests(theirs: list[pins.Resting], actor: Actor) -> Matter:
    slug, runs = actor.organisation.slug, policy.may_run_organisation(actor)
    person, untils = theirs[0].person, [one.until for one in theirs if one.until]
    where = ", ".join(str(one.device) for one in theirs)
    title = _("The PIN of %(name)s rests at %(where)s") % {"name": person.name, "where": where}
    why = _("It was typed wrong ten times. Badge and own account still work.")
    if len(untils) == len(theirs):
        why += " " + _("From %(until)s on it counts again by itself.") % {
            "until": pins.spelled(max(untils), actor.organisation)
        }
    address = reverse("at-devices", args=[slug, person.pk]) if runs else reverse("my-work", args=[slug])
    return Matter(title, why, address, reverse("open-pin", args=[slug, person.pk]), _("Open it again"))


def _refused(actor: Actor) -> list[Matter]:
    if not policy.may_run_organisation(actor) or not actor.organisation.settings.get("scim", {}).get("on"):
        return []
    slug, title = actor.organisation.slug, _("Your directory wanted something that was refused")
    page, seen = reverse("directory", args=[slug]), reverse("directory-seen", args=[slug])
    return [Matter(title, one.why, page, seen, _("Seen")) for one in refusals.waiting(actor.organisation)[:1]]


class OpenPin(DeskView):
    """The same PIN counts again."""

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        there = Person.objects.filter(here(self.organisation.today()), organisation=self.organisation, pk=uid)
        person = get_object_or_404(there.select_related("organisation", "department"))
        policy.require(may_open(self.actor, person))
        pins.open_again(person, self.actor)
        messages.success(request, _("The PIN of %(name)s counts again.") % {"name": person.name})
        return redirect(_back(request, self.organisation.slug, person))


def _back(request: HttpRequest, slug: str, person: Person) -> str:
    if request.POST.get("back") == "person":
        return reverse("at-devices", args=[slug, person.pk])
    return reverse("my-work", args=[slug])


class DirectorySeen(SettingView):
    """Somebody who runs the organisation knows what the directory was refused."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        refusals.settle(self.organisation)
        return redirect("my-work", self.organisation.slug)
