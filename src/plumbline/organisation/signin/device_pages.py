"""The pages of a shared device: bind it, say who you are, type the PIN, choose your own, make room for the next."""

from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

from allauth.account.views import LoginView
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ..actor import Actor
from ..models import Person
from ..shared_devices import Pin, SharedDevice
from . import badges, devices, entering, pins

PENDING, LASTS = "device_pending", 300  # seconds between the first PIN, or the badge, and what comes next
DIGITS = {"inputmode": "numeric", "autocomplete": "off", "class": "pl-pin", "maxlength": pins.LONGEST}


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The sign-in page; a shared device asks who is there, unless somebody wants to sign in with e-mail."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and "email" not in request.GET and devices.of(request):
            return redirect(f"{reverse('device')}?next={quote(request.GET.get('next', ''))}")
        return super().dispatch(request, *args, **kwargs)


class WhoForm(forms.Form):
    """What a reader types, or a finger."""

    who = forms.CharField(
        label=_lazy("Hold your badge to the reader, or type your personnel number"),
        max_length=badges.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "data-reader": True}),
    )


class PinForm(forms.Form):
    """Four to eight digits."""

    pin = forms.CharField(
        label=_lazy("Your PIN"), strip=True, widget=forms.PasswordInput(attrs={**DIGITS, "autofocus": True})
    )


class NewPinForm(forms.Form):
    """A PIN of one's own, twice."""

    pin = forms.CharField(
        label=_lazy("Your new PIN"),
        help_text=_lazy("Four to eight digits that only you know."),
        widget=forms.PasswordInput(attrs={**DIGITS, "autofocus": True}),
    )
    again = forms.CharField(label=_lazy("The same once more"), widget=forms.PasswordInput(attrs=DIGITS))

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("pin"):
            raise ValidationError(_("The two are not the same."))
        return self.cleaned_data["again"]


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(never_cache, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class DevicePage(View):
    """A page for this device only: without its cookie there is nothing to try."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        device = devices.of(request)
        if device is None:
            raise PermissionDenied(_("PIN and badge count only at a shared device that your organisation has bound."))
        self.device: SharedDevice = device
        self.next = request.POST.get("next") or request.GET.get("next") or ""
        if not entering.Rules.of(device.organisation).lets_devices_in:
            return self.show("organisation/device_closed.html", 403)
        return super().dispatch(request, *args, **kwargs)

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"device": self.device, "next": self.next}
        return render(self.request, template, context, status=status)

    def on(self) -> HttpResponse:
        """To the page that was wanted, if it is one of this organisation; else to what one owes."""
        inside = self.next.startswith((f"/{self.device.organisation.slug}/", "/r/"))
        if inside and url_has_allowed_host_and_scheme(self.next, None):
            return redirect(self.next)
        return redirect("my-work", self.device.organisation.slug)

    def begin(self, person: Person, how: str) -> HttpResponse:
        devices.begin(self.request, self.device, person, how)
        response = self.on()
        response.delete_cookie("messages")
        return devices.remember(response, self.request.COOKIES[devices.COOKIE])

    def wait(self, person: Person, how: str, step: str) -> HttpResponse:
        """Keep who it is until the next step is done."""
        now = timezone.now().timestamp()
        self.request.session[PENDING] = {"person": str(person.pk), "how": how, "step": step, "at": now}
        address = reverse("device-new-pin") if step == "new" else reverse("device-pin", args=[person.pk])
        return redirect(f"{address}?next={quote(self.next)}")

    def waiting(self, step: str) -> tuple[Person | None, str]:
        """Who has shown a badge, or the first PIN, a moment ago at this device."""
        kept = self.request.session.get(PENDING) or {}
        if kept.get("step") != step or timezone.now().timestamp() - kept["at"] > LASTS:
            return None, ""
        return self.device.people().filter(pk=kept["person"]).first(), kept["how"]


class Who(DevicePage):
    """The names, and a field that waits for a badge or a number."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(WhoForm())

    def page(self, form: WhoForm, status: int = 200) -> HttpResponse:
        people = list(self.device.people()) if self.device.shows_names else []
        return self.show("organisation/device.html", status, form=form, people=people)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WhoForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        typed = form.cleaned_data["who"]
        if person := self.device.people().filter(personnel_number=typed).first():
            return self.wait(person, "", "pin")
        found, why = badges.read(self.device, typed)
        if found is None:
            return self.page_of(why)
        if self.device.badge_asks_pin:
            return self.wait(found, "badge", "pin")
        return self.begin(found, "badge")

    def page_of(self, why: str) -> HttpResponse:
        """The same page, with what is said; what was typed is not shown again."""
        form = WhoForm({"who": "-"})
        form.is_valid()
        form.add_error("who", badges.words(why))
        form.data = {"who": ""}
        return self.page(form, 422)


class TypePin(DevicePage):
    """The PIN of one person."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.uid: UUID = kwargs["uid"]

    def person(self) -> Person:
        found = self.device.people().filter(pk=self.uid).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("organisation/device_pin.html", form=PinForm(), person=self.person())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person, form = self.person(), PinForm(request.POST)
        if form.is_valid():
            why = pins.judge(self.device, person, form.cleaned_data["pin"])
            if not why:
                return self.in_(person)
            form.add_error("pin", pins.words(why, self.device, person))
        return self.show("organisation/device_pin.html", 422, form=form, person=person)

    def in_(self, person: Person) -> HttpResponse:
        shown, how = self.waiting("pin")
        how = "badge+pin" if how == "badge" and shown == person else "pin"
        if Pin.objects.filter(person=person, must_change=True).exists():
            return self.wait(person, how, "new")
        return self.begin(person, how)


class NewPin(DevicePage):
    """After the first PIN: one that nobody else has seen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        person, _how = self.waiting("new")
        if person is None:
            return redirect("device")
        return self.show("organisation/device_new_pin.html", form=NewPinForm(), person=person)

    def post(self, request: HttpRequest) -> HttpResponse:
        (person, how), form = self.waiting("new"), NewPinForm(request.POST)
        if person is None:
            return redirect("device")
        if form.is_valid():
            by = Actor.of(person, how=f"{how}@{self.device.number}", device=True)
            try:
                pins.choose(person, form.cleaned_data["pin"], by)
            except ValidationError as error:
                form.add_error("pin", error.messages)
            else:
                return self.begin(person, how)
        return self.show("organisation/device_new_pin.html", 422, form=form, person=person)


@method_decorator(login_not_required, name="dispatch")
class NextPerson(View):
    """Whoever is signed in at this device leaves it to the next."""

    def post(self, request: HttpRequest) -> HttpResponse:
        devices.leave(request)
        response = redirect("device" if devices.of(request) else "account_login")
        if "email" in request.POST:  # somebody with an account goes on to what a badge is not enough for
            response = redirect(f"{reverse('account_login')}?email&next={quote(request.POST.get('next', ''))}")
        response.delete_cookie("messages")
        return response


@method_decorator(never_cache, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class Bind(View):
    """The link that makes this browser the shared device."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        device = devices.waiting(kwargs["ticket"])
        if device is None:
            return render(request, "organisation/device_link_gone.html", status=404)
        self.device = device
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {"device": self.device, "account": cast(Any, request.user)}
        return render(request, "organisation/device_bind.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        secret = devices.bind(self.device)
        devices.leave(request)
        return devices.remember(redirect("device"), secret)
