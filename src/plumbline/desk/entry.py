"""Who runs an organisation says how it is entered, and sees first who would be stopped at the door."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel import actions
from plumbline.organisation.models import Account, Organisation
from plumbline.organisation.signin import checking, entering, keyholders, sessions
from plumbline.organisation.signin.providers import configured, find, name_of

from .pages import SettingView

ADDRESSES = {
    "callback": _lazy("Redirect address (redirect URI)"),
    "entity": _lazy("Identifier (entity ID), which is also the address of our metadata"),
    "acs": _lazy("Reply address (ACS URL)"),
}


class EntryForm(forms.Form):
    """Four rules; none of them is needed."""

    second_factor = forms.BooleanField(
        label=_lazy("A second factor is needed"),
        required=False,
        help_text=_lazy("An authenticator's code after the password, or a passkey. Whoever has neither sets one up."),
    )
    provider = forms.ChoiceField(
        label=_lazy("How people sign in"),
        required=False,
        help_text=_lazy("With one provider only, whoever leaves your company and is closed there is out here, too."),
    )
    hours = forms.IntegerField(
        label=_lazy("Sign in again after so many hours"),
        required=False,
        min_value=1,
        max_value=720,
        help_text=_lazy("Left empty, a browser stays signed in for 14 days after its last use."),
    )

    devices = forms.ChoiceField(
        label=_lazy("Badge or PIN at a shared device"),
        required=False,
        choices=[
            ("", _lazy("As long as nothing above asks for more")),
            ("yes", _lazy("Always, also where a second factor or a provider is asked for")),
            ("no", _lazy("Never")),
        ],
        help_text=_lazy(
            "Such a sign-in counts neither as a second factor nor as a provider's, and only at the device."
        ),
    )

    def __init__(self, rules: entering.Rules, given: Any = None) -> None:
        initial = {"second_factor": rules.second_factor, "provider": rules.provider, "hours": rules.hours or None}
        initial["devices"] = rules.devices
        super().__init__(given, initial=initial)
        self.mark_optional = False
        known = {one.id: one.name for one in configured()}
        if rules.provider:
            known.setdefault(rules.provider, name_of(rules.provider))
        only = [(id, _("Only with %(name)s") % {"name": name}) for id, name in known.items()]
        self.fields["provider"].choices = [("", _("Any way")), *only]  # type: ignore[attr-defined]
        if not known:
            del self.fields["provider"]

    def rules(self) -> entering.Rules:
        given = self.cleaned_data
        return entering.Rules(given["second_factor"], given.get("provider", ""), given["hours"] or 0, given["devices"])


class Entry(SettingView):
    """The form; then who would be stopped; then it is kept."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(EntryForm(entering.Rules.of(self.organisation)))

    def page(self, form: EntryForm, status: int = 200, **more: Any) -> HttpResponse:
        return self.show("desk/entry.html", status, form=form, doors=self.doors(**more.pop("tried", {})), **more)

    def doors(self, id: str = "", wrong: str = "") -> list[dict[str, Any]]:
        """The providers that vouch for whoever asks, with what is entered at each; of others nothing is told."""
        email = cast(Account, self.request.user).email
        return [
            {
                "provider": one,
                "addresses": [
                    (ADDRESSES[name], value) for name, value in checking.addresses(one).items() if name in ADDRESSES
                ],
                "tried": one.id == id,
                "wrong": wrong,
            }
            for one in configured()
            if one.vouches_for(email, True)
        ]

    def tried(self, id: str) -> HttpResponse:
        """Ask one of them now whether it would let people in."""
        door = next((door["provider"] for door in self.doors() if door["provider"].id == id), None)
        if door is None:
            raise Http404
        rules = entering.Rules.of(self.organisation)
        return self.page(EntryForm(rules), tried={"id": id, "wrong": checking.wrong(door)})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "try" in request.POST:
            return self.tried(request.POST["try"])
        organisation = Organisation.objects.get(pk=self.organisation.pk)
        form = EntryForm(entering.Rules.of(organisation), request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        rules = form.rules()
        if why := self.own_lack(rules):
            form.add_error(None, why)
            return self.page(form, 422)
        stopped = entering.outlook(organisation, rules)
        if "sure" not in request.POST:
            badged = entering.at_devices(organisation, rules)
            return self.page(form, rules=rules, stopped=stopped, badged=badged, provider=name_of(rules.provider))
        with transaction.atomic():
            organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
            if why := self.own_lack(rules):  # somebody may have cut the link at this moment
                form.add_error(None, why)
                return self.page(form, 422)
            kept = {**organisation.settings, "sign_in": rules.kept()}
            actions.edit(organisation, by=self.actor, settings=kept)
        messages.success(request, _("From now on this is how your organisation is entered."))
        return redirect("entry", organisation.slug)

    def own_lack(self, rules: entering.Rules) -> str:
        """Whoever sets a rule meets it at that moment, so that somebody is left who can change it."""
        missing = entering.lacking(rules, sessions.ways(self.request))
        if rules.provider and find(rules.provider) is None:
            return _("That provider is not there any more: nobody could enter. Choose another way.")
        lasting = keyholders.left(
            self.organisation, rules.provider, self.organisation.today(), only=self.request.user.pk
        )
        if "provider" in missing or (rules.provider and not lasting):
            words = _("You would be the first to be locked out: sign in with %(name)s yourself, then set this rule.")
            return words % {"name": name_of(rules.provider)}
        if "second_factor" in missing:
            return _("You would be the first to be stopped: set up a second factor for yourself, then set this rule.")
        return ""
