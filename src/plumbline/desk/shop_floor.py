"""A person without e-mail: the first PIN, badges given and taken back, a badge to print."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.history.uids import uid_of
from plumbline.organisation.models import Person, here
from plumbline.organisation.shared_devices import Badge, Pin, SharedDevice
from plumbline.organisation.signin import badges, entering, pins

from .devices import drawn
from .pages import SettingView


class BadgeForm(forms.Form):
    """The code as the reader types it; left empty, one is made to print."""

    code = forms.CharField(
        label=_lazy("Code of the badge"),
        required=False,
        max_length=badges.LONGEST,
        help_text=_lazy("Put the cursor here and hold the badge to a reader. Left empty, a code is made to print."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class _OfPerson(SettingView):
    """Somebody of the organisation who has not left."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.uid: UUID = kwargs["uid"]

    def person(self) -> Person:
        there = Person.objects.filter(here(self.organisation.today()), organisation=self.organisation, pk=self.uid)
        return get_object_or_404(there.select_related("organisation", "department"))

    def page(self, person: Person, form: BadgeForm, status: int = 200, **more: Any) -> HttpResponse:
        """A first PIN and a code to print stand on the page this once."""
        response = self.show(
            "desk/at_devices.html",
            status,
            person=person,
            form=form,
            pin=Pin.objects.filter(person=person).first(),
            resting=pins.resting(self.organisation.uid, person=person),
            badges=Badge.objects.filter(person=person, revoked_at=None).order_by("given_at"),
            devices=SharedDevice.objects.filter(organisation=self.organisation, unbound_at=None).exclude(digest=None),
            closed=not entering.Rules.of(self.organisation).lets_devices_in,
            **more,
        )
        response["Cache-Control"] = "no-store"
        return response


class AtDevices(_OfPerson):
    """How one person signs in at shared devices."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.person(), BadgeForm())


class GiveAndTake(_OfPerson):
    """A first PIN, no PIN, a badge, or a badge taken back."""

    def post(self, request: HttpRequest, what: str, **kwargs: Any) -> HttpResponse:
        person = self.person()
        if what == "pin":
            return self.page(person, BadgeForm(), first=pins.give(person, self.actor))
        if what == "no-pin":
            pins.take(person, self.actor)
            messages.success(request, _("%(name)s has no PIN any more.") % {"name": person.name})
        elif what == "badge":
            return self.badge(person, BadgeForm(request.POST))
        elif uid := uid_of(what):
            badge = get_object_or_404(Badge, person=person, pk=uid, revoked_at=None)
            badges.revoke(badge, self.actor)
            messages.success(request, _("That badge opens nothing any more."))
        else:
            raise Http404
        return redirect("at-devices", self.organisation.slug, person.pk)

    def badge(self, person: Person, form: BadgeForm) -> HttpResponse:
        if not form.is_valid():
            return self.page(person, form, 422)
        code = form.cleaned_data["code"] or badges.invented()
        try:
            badges.give(person, code, self.actor)
        except ValidationError as error:
            form.add_error("code", error.messages)
            return self.page(person, form, 422)
        if form.cleaned_data["code"]:
            messages.success(request=self.request, message=_("The badge is %(name)s's now.") % {"name": person.name})
            return redirect("at-devices", self.organisation.slug, person.pk)
        return self.page(person, BadgeForm(), printed=code, code=drawn(code))
