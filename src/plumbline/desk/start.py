"""The first page, and the making of an organisation: where you start, and five questions."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MinValueValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.organisation import accounts, inviting
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Account, Organisation, Person
from plumbline.organisation.signin import sessions

YES_NO = [(True, _lazy("Yes")), (False, _lazy("No"))]
NOT_DESIGNING = (
    "8.3",
    _lazy("Design and development"),
    _lazy("We make and deliver to our customers' own designs; we design no products or services ourselves."),
)
NOT_MEASURING = (
    "7.1.5.2",
    _lazy("Measurement traceability"),
    _lazy(
        "We accept our products and services without measuring equipment; no result depends on a calibrated instrument."
    ),
)


class OrganisationForm(forms.ModelForm):
    """The organisation's name, where it starts, and the five questions that choose what is shown."""

    designs_products = forms.TypedChoiceField(
        label=_lazy("Do you design products or services of your own?"),
        choices=YES_NO,
        coerce=lambda v: v == "True",
        widget=forms.RadioSelect,
        initial=False,
        help_text=_lazy("Working to a customer's drawing is not designing."),
    )
    measures = forms.TypedChoiceField(
        label=_lazy("Do you use measuring equipment to accept products?"),
        choices=YES_NO,
        coerce=lambda v: v == "True",
        widget=forms.RadioSelect,
        initial=True,
        help_text=_lazy("Callipers, scales, test benches, thermometers."),
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = (
            "name",
            "people",
            "sites_count",
            "designs_products",
            "measures",
            "start",
            "certified_until",
            "certification_body",
        )
        labels = {
            "name": _lazy("What is the organisation called?"),
            "people": _lazy("How many people work there?"),
            "sites_count": _lazy("At how many sites?"),
            "start": _lazy("Are you certified?"),
            "certified_until": _lazy("Certified until"),
            "certification_body": _lazy("By which certification body?"),
        }
        help_texts = {"certified_until": _lazy("Only if you are certified: the last day on the certificate.")}
        widgets = {"start": forms.RadioSelect, "certified_until": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "sites_count"):
            self.fields[name].validators.append(MinValueValidator(1))
            self.fields[name].widget.attrs["min"] = 1


class FounderForm(OrganisationForm):
    """The same, with the first person's account: on a fresh installation."""

    your_name = forms.CharField(label=_lazy("Your name"), max_length=120)
    email = forms.EmailField(label=_lazy("Your e-mail"), help_text=_lazy("You sign in with it."))
    password = forms.CharField(
        label=_lazy("A password"),
        strip=False,
        help_text=_lazy("At least 10 characters; a sentence is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("name", "your_name", "email", "password")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Account.objects.filter(email=email).exists():
            raise ValidationError(_("This address has an account already. Sign in with it."))
        return email

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


def fresh() -> bool:
    """Nobody but the demo's people has an account yet, and the server answers this machine only."""
    return settings.PLUMBLINE_LOOPBACK and not Account.objects.filter(demo=False).exists()


@method_decorator(login_not_required, name="dispatch")
class Index(View):
    """Where you belong: your organisation, the choice among several, the start, or the sign-in page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect("start" if fresh() and not Account.objects.exists() else "account_login")
        mine = list(request.user.organisations()[:50])
        if len(mine) == 1:
            return redirect("home", mine[0].slug)
        if not mine and (invited := inviting.waiting_for(request.user.email)):
            return redirect("join", invited.token)
        if not mine and may_found(request):
            return redirect("start")
        return render(request, "desk/choose.html", {"organisations": mine, "may_found": may_found(request)})


def may_found(request: HttpRequest) -> bool:
    """The one who runs the installation makes organisations; on a fresh one, whoever sits at the machine."""
    return fresh() or (request.user.is_authenticated and request.user.operator)


@method_decorator(login_not_required, name="dispatch")
class Start(View):
    """Make an organisation."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_found(request):
            raise PermissionDenied(_("Organisations are made by whoever runs this installation. Ask them for one."))
        self.form_class = OrganisationForm if request.user.is_authenticated and not request.user.demo else FounderForm
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "desk/start.html", {"form": self.form_class()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return render(request, "desk/start.html", {"form": form}, status=422)
        account = _account(form) if isinstance(form, FounderForm) else cast(Account, request.user)
        with transaction.atomic():
            if account._state.adding:
                account.save()
                accounts.note("create", account)
            person = begin(account, form)
        if account != request.user:
            sessions.begin(request, account, "password")
        return redirect("home", person.organisation.slug)


def _account(form: FounderForm) -> Account:
    given = form.cleaned_data
    first = not Account.objects.filter(demo=False).exists()
    return Account.objects.prepared(
        given["email"],
        given["password"],
        name=given["your_name"],
        operator=first,
        language=(get_language() or "en")[:2],
    )


def begin(account: Account, form: OrganisationForm) -> Person:
    """Found the organisation, and propose what the answers say does not apply."""
    given = {name: form.cleaned_data[name] for name in OrganisationForm.Meta.fields if name != "name"}
    given["start"] = given["start"] or Organisation.Start.NOTHING
    person = found(account, form.cleaned_data["name"], language=(get_language() or "en")[:2], **given)
    propose_exclusions(Actor.of(person))
    return person


def propose_exclusions(actor: Actor) -> None:
    """Who designs nothing, or measures nothing, finds the exclusion ready to be justified and signed."""
    answers = ((actor.organisation.designs_products, NOT_DESIGNING), (actor.organisation.measures, NOT_MEASURING))
    for applies, (place, title, why) in answers:
        if not applies:
            actions.create(
                register_of("exclusion"), by=actor, requirement=place, title=str(title), justification=str(why)
            )
