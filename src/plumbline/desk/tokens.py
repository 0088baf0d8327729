"""Tokens for other programs: everybody's own, and those of programs, kept by whoever runs the organisation."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.faces.api import tokens
from plumbline.faces.api.models import EVERYTHING, Level, Token
from plumbline.faces.scim.mapping import RIGHT
from plumbline.kernel import policy
from plumbline.kernel.register import registers
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .pages import DeskView, SettingView

DAYS = {30: _lazy("30 days"), 90: _lazy("90 days"), 365: _lazy("a year")}
OF_PROGRAMS = {1096: _lazy("three years")}


class TokenForm(forms.Form):
    """What a token is for, what it may do, until when; of a program also which."""

    use_required_attribute = False
    name = forms.CharField(label=_lazy("What it is for"), max_length=80, help_text=_lazy("e.g. lots from the ERP"))
    level = forms.ChoiceField(label=_lazy("What it may do"), choices=Level.choices, widget=forms.RadioSelect)
    reach = forms.MultipleChoiceField(
        label=_lazy("In which registers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("None chosen: in all."),
    )
    days = forms.TypedChoiceField(label=_lazy("It ends after"), coerce=int)

    def __init__(self, given: Any, programs: list[Person] | None) -> None:
        super().__init__(given, initial={"level": Level.READ, "days": 90})
        cast(Any, self.fields["reach"]).choices = [(one.slug, str(one.title)) for one in registers()]
        lasts = DAYS if programs is None else DAYS | OF_PROGRAMS
        cast(Any, self.fields["days"]).choices = list(lasts.items())
        if programs is not None:
            self.fields = self._who(programs) | self.fields

    def _who(self, programs: list[Person]) -> dict[str, forms.Field]:
        new = forms.CharField(
            label=_("Name of the program"),
            required=not programs,
            max_length=120,
            help_text=_(
                "It stands in the history and among your people, without an account; give it roles like anybody."
            ),
        )
        if not programs:
            return {"new": new}
        known = [("", _("a new one")), *((str(one.uid), one.name) for one in programs)]
        return {"program": forms.ChoiceField(label=_("Program"), choices=known, required=False), "new": new}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            "new" in self.fields
            and not given.get("program")
            and not given.get("new", "").strip()
            and "new" not in self.errors
        ):
            self.add_error("new", _("Name the program, or choose one."))
        return given

    def rights(self) -> dict[str, str]:
        chosen = self.cleaned_data["reach"] or [EVERYTHING]
        return dict.fromkeys(chosen, self.cleaned_data["level"])


class MyTokens(DeskView):
    """One's own."""

    programs = False

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form(None))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                _token, secret = self.make(form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return self.page(self.form(None), secret=secret)
        return self.page(form, 422)

    def form(self, given: Any) -> TokenForm:
        return TokenForm(given, None)

    def make(self, form: TokenForm) -> tuple[Token, str]:
        said = form.cleaned_data
        return tokens.make(self.actor, said["name"], form.rights(), said["days"])

    def page(self, form: TokenForm, status: int = 200, secret: str = "") -> HttpResponse:
        """The secret stands on the page this once, and nowhere else."""
        rows = Token.objects.filter(organisation=self.organisation, program=self.programs).select_related("person")
        if not self.programs:
            rows = rows.filter(person=self.actor.person)
        response = self.show(
            "desk/tokens.html",
            status,
            form=form,
            secret=secret,
            tokens=[(token, reach(token)) for token in rows.order_by("ended_at", "-made_at")],
            programs=self.programs,
        )
        response["Cache-Control"] = "no-store"
        return response


class Programs(SettingView, MyTokens):
    """Those of programs."""

    programs = True

    def form(self, given: Any) -> TokenForm:
        return TokenForm(given, tokens.programs(self.actor))

    def make(self, form: TokenForm) -> tuple[Token, str]:
        said = form.cleaned_data
        known = next((one for one in tokens.programs(self.actor) if str(one.uid) == said.get("program")), None)
        who: Person | str = known or said["new"]
        return tokens.make_for_program(self.actor, who, said["name"], form.rights(), said["days"])


def reach(token: Token) -> list[str]:
    """What it may do, in words: “Read: Actions, Audits”."""
    titles = {one.slug: str(one.title) for one in registers()} | {EVERYTHING: _("all registers")}
    words = []
    for level, label in Level.choices:
        places = [titles.get(place, place) for place, given in token.rights.items() if given == level]
        words += [f"{label}: {', '.join(places)}"] if places else []
    if token.rights.get(RIGHT[0]) == RIGHT[1]:
        words.append(_("Keeps the people (SCIM)"))
    return words


class EndToken(DeskView):
    """Ends one's own, or a program's, or anybody's that the organisation wants ended."""

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        token = Token.objects.filter(organisation=self.organisation, pk=uid).first()
        if token is None or not may_end(self.actor, token):
            raise Http404
        tokens.end(token, self.actor)
        messages.success(request, _("That token opens nothing any more."))
        return redirect("program-tokens" if token.program else "my-tokens", self.organisation.slug)


def may_end(actor: Actor, token: Token) -> bool:
    return token.person_id == actor.uid or bool(policy.may_run_organisation(actor))
