"""The distribution list of a document, changed where it stands."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plumbline.kernel import actions, policy
from plumbline.kernel.forms import choices
from plumbline.kernel.views import RegisterView
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Person, Process, Site
from plumbline.organisation.roles import READ_ONLY, Role
from plumbline.registers.support.documents.models import Document, Recipient, Revision

from . import audience

ROWS: dict[str, Any] = {"department": Department, "process": Process, "site": Site, "person": Person}
EVERYBODY = Role.MEMBER.value


def offered(actor: Actor) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Whom a list can name, in groups: (heading, [(value, words)])."""
    yield "", [(f"role:{EVERYBODY}", _("Everybody"))]
    headings = {"department": _("Departments"), "process": _("Processes"), "site": _("Sites"), "person": _("People")}
    roles = [role for role in Role if role.value not in (EVERYBODY, *READ_ONLY)]
    yield _("Roles"), [(f"role:{role.value}", str(role.label)) for role in roles]
    for name, model in ROWS.items():
        rows = [(f"{name}:{uid}", words) for uid, words in choices(model, actor).values_list("uid", "name")]
        if rows:
            yield headings[name], rows


def chosen(value: str, actor: Actor) -> dict[str, Any]:
    """What a line of the list names; raises ValidationError."""
    name, _colon, said = value.partition(":")
    if name == "role" and said in Role.values and said not in READ_ONLY:
        return {"role": said}
    if name in ROWS:
        try:
            return {name: choices(ROWS[name], actor).get(pk=UUID(said))}
        except (ValueError, ROWS[name].DoesNotExist):
            pass
    raise ValidationError(_("Choose who gets it."))


def add(document: Document, by: Actor, value: str, reads: bool) -> Recipient:
    """One line more; the same one twice is one."""
    names = chosen(value, by)
    before = Recipient.objects.filter(record_id=document.uid, ended=False, **names).first()
    if before:
        return actions.edit(before, by=by, reads=reads)
    return actions.create(Recipient, by=by, record=document, reads=reads, **names)


def follow(document: Document, by: Actor) -> None:
    """Those who are on the list now are asked what is in force; those who are not, no longer."""
    clock = Actor.clock(by.organisation)
    for revision in Revision.objects.filter(of_document=document.pk, state="effective").order_by("uid"):
        actions.act(revision, "ask", by=clock)


def told(rows: list[Recipient], actor: Actor) -> dict[str, Any]:
    """The lines, each with how many people that is today, and how many they are together."""
    if not rows:
        return {"lines": [], "reach": 0, "read": 0}
    people = audience.Audience(actor.organisation)
    asks = [row for row in rows if row.reads]
    return {
        "lines": [(row, len(people.of([row]))) for row in rows],
        "reach": len(people.of(rows)),
        "read": len(people.of(asks)),
    }


class Distribution(RegisterView):
    """The list with its editor; the document's page shows it in place."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_write_part(self.actor, self.register, Recipient, self.record))
        return self.page()

    def page(self) -> HttpResponse:
        part = "_lines" if self.request.headers.get("HX-Request") else "distribution"
        listed, groups = told(audience.listed(self.record.uid), self.actor), list(offered(self.actor))
        return self.show(f"documents/readers/{part}.html", told=listed, offered=groups, editing=True)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_write_part(self.actor, self.register, Recipient, self.record))
        try:
            self.change(request.POST)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.page()

    def change(self, typed: Any) -> None:
        line = next((row for row in audience.listed(self.record.uid) if str(row.uid) == typed.get("line")), None)
        if line is None:
            add(self.record, self.actor, typed.get("who", ""), typed.get("reads") == "1")
        elif typed.get("do") == "reads":
            actions.edit(line, by=self.actor, reads=not line.reads)
        else:
            actions.edit(line, by=self.actor, ended=True)
        follow(self.record, self.actor)
