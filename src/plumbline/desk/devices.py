"""Shared devices of an organisation: made, bound by a link, used, unbound; by whoever runs it."""

import io
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel.forms import choices
from plumbline.organisation.models import Department, Site
from plumbline.organisation.shared_devices import DeviceSession, SharedDevice
from plumbline.organisation.signin import devices, entering

from .pages import SettingView


class DeviceForm(forms.ModelForm):
    """Where it stands, and what it asks."""

    class Meta:
        model = SharedDevice
        fields = ("name", "department", "site", "shows_names", "badge_asks_pin")
        help_texts = {
            "name": _lazy("e.g. tablet in hall 2"),
            "department": _lazy("Only people of this department sign in here. Left empty: everybody."),
            "site": _lazy("Only people of this site sign in here."),
            "shows_names": _lazy("Otherwise people type their personnel number."),
            "badge_asks_pin": _lazy("A badge that somebody found then opens nothing by itself."),
        }

    def __init__(self, actor: Any, given: Any = None) -> None:
        super().__init__(given)
        for name, model in (("department", Department), ("site", Site)):
            self.fields[name].queryset = choices(model, actor)  # type: ignore[attr-defined]


class DeviceView(SettingView):
    """Finds a device of the organisation."""

    def one(self, uid: UUID) -> SharedDevice:
        return get_object_or_404(SharedDevice, organisation=self.organisation, pk=uid, unbound_at=None)

    def link(self, device: SharedDevice, ticket: str) -> HttpResponse:
        """The link stands on the page this once."""
        link = settings.PLUMBLINE_ORIGIN + reverse("device-bind", args=[ticket])
        response = self.show("desk/device_link.html", device=device, link=link, code=drawn(link))
        response["Cache-Control"] = "no-store"
        return response


def drawn(text: str) -> str:
    """A QR code as a picture in the page."""
    kept = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        kept, kind="svg", scale=4, border=3, light="#fff", dark="#000", xmldecl=False
    )
    return mark_safe(kept.getvalue().decode())


class Devices(DeviceView):
    """All of them: where, since when and by whom, when used last, who is there now."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = SharedDevice.objects.filter(organisation=self.organisation, unbound_at=None).order_by("name")
        rows = rows.select_related("department", "site", "made_by")
        there = DeviceSession.objects.filter(device__in=rows, ended_at=None).select_related("person")
        now = timezone.now()
        present = {one.device_id: one for one in there if one.is_live(now)}
        return self.show(
            "desk/devices.html",
            devices=[(row, present.get(row.pk)) for row in rows],
            gone=SharedDevice.objects.filter(organisation=self.organisation).exclude(unbound_at=None).order_by("name"),
            closed=not entering.Rules.of(self.organisation).lets_devices_in,
        )


class New(DeviceView):
    """Name and place; then the link for the device itself."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("desk/device_form.html", form=DeviceForm(self.actor))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = DeviceForm(self.actor, request.POST)
        if not form.is_valid():
            return self.show("desk/device_form.html", 422, form=form)
        return self.link(*devices.make(self.actor, **form.cleaned_data))


class Do(DeviceView):
    """Unbind it, or make a new link for it."""

    def post(self, request: HttpRequest, uid: UUID, what: str, **kwargs: Any) -> HttpResponse:
        device = self.one(uid)
        if what == "link":
            return self.link(device, devices.ask_again(device, self.actor))
        if what != "unbind":
            raise Http404
        devices.unbind(device, self.actor)
        messages.success(request, _("“%(name)s” is unbound: nobody signs in there any more.") % {"name": device.name})
        return redirect("devices", self.organisation.slug)
