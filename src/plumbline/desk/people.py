"""People and places: persons with their roles, sites, departments, processes; each changed through the door."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plumbline.kernel import actions, policy
from plumbline.kernel.forms import choices
from plumbline.organisation.models import Department, Invitation, Person, Process, RoleHolding, Site

from .pages import DeskView, SettingView

WHAT: dict[str, tuple[Any, tuple[str, ...]]] = {
    "person": (
        Person,
        ("name", "email", "personnel_number", "job", "department", "site", "started_on", "ended_on"),
    ),
    "role": (RoleHolding, ("person", "role", "site", "department", "process", "from_on", "until_on", "deputy_of")),
    "site": (Site, ("name", "address", "ended_on")),
    "department": (Department, ("name", "site", "ended_on")),
    "process": (Process, ("name", "kind", "owner", "ended_on")),
}


class People(DeskView):
    """Everybody with their roles; sites, departments and processes beside."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        mine = {"organisation": self.organisation}
        roles: dict[UUID, list] = {}
        for holding in (
            RoleHolding.current(self.organisation.today())
            .filter(**mine)
            .select_related("site", "department", "process")
        ):
            roles.setdefault(holding.person_id, []).append(holding)
        people = list(Person.objects.filter(**mine).select_related("department", "site").order_by("ended_on", "name"))
        invited = set(
            Invitation.objects.filter(**mine, accepted_at=None, withdrawn_at=None).values_list("person_id", flat=True)
        )
        return self.show(
            "desk/people.html",
            people=[(person, roles.get(person.uid, []), person.uid in invited) for person in people],
            sites=Site.objects.filter(**mine).order_by("name"),
            departments=Department.objects.filter(**mine).select_related("site").order_by("name"),
            processes=Process.objects.filter(**mine).select_related("owner").order_by("kind", "name"),
            may_change=policy.may_run_organisation(self.actor),
        )


class _Change(SettingView):
    """The form for one row of the organisation."""

    def form(self, what: str, row: models.Model | None = None, posted: Any = None) -> forms.ModelForm:
        model, fields = WHAT[what]
        made = forms.modelform_factory(model, fields=fields)(posted, instance=row, initial=self.request.GET.dict())
        made._post_clean = lambda: None  # type: ignore[attr-defined]  # the door validates
        for field in made.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = choices(field.queryset.model, self.actor)
        return made

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["what"] not in WHAT:
            raise Http404

    def answer(self, form: forms.ModelForm, what: str, change: Any, row: Any = None) -> HttpResponse:
        if form.is_valid():
            try:
                change(**{name: form.cleaned_data[name] for name in WHAT[what][1]})
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(self.request, _("Saved."))
                return redirect("people", self.organisation.slug)
        return self.show("desk/people_form.html", form=form, what=WHAT[what][0]._meta.verbose_name, row=row, status=422)


class New(_Change):
    def get(self, request: HttpRequest, what: str, **kwargs: Any) -> HttpResponse:
        return self.show("desk/people_form.html", form=self.form(what), what=WHAT[what][0]._meta.verbose_name)

    def post(self, request: HttpRequest, what: str, **kwargs: Any) -> HttpResponse:
        return self.answer(
            self.form(what, posted=request.POST),
            what,
            lambda **values: actions.create(WHAT[what][0], by=self.actor, **values),
        )


class Edit(_Change):
    def row(self, what: str, uid: UUID) -> Any:
        return get_object_or_404(WHAT[what][0]._base_manager, organisation=self.organisation, uid=uid)

    def get(self, request: HttpRequest, what: str, uid: UUID, **kwargs: Any) -> HttpResponse:
        row = self.row(what, uid)
        roles = RoleHolding.objects.filter(person=row).order_by("role") if what == "person" else ()
        return self.show(
            "desk/people_form.html",
            form=self.form(what, row),
            what=WHAT[what][0]._meta.verbose_name,
            row=row,
            roles=roles,
            is_person=what == "person",
            has_left=what == "person" and not row.is_here(self.organisation.today()),
        )

    def post(self, request: HttpRequest, what: str, uid: UUID, **kwargs: Any) -> HttpResponse:
        row = self.row(what, uid)
        return self.answer(
            self.form(what, self.row(what, uid), request.POST),
            what,
            lambda **values: actions.edit(row, by=self.actor, **values),
            row,
        )
