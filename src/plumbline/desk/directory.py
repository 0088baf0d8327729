"""A company's directory keeps the people: switched on here, with its token, and the role each of its groups gives."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.faces.api import tokens
from plumbline.faces.api.models import Token
from plumbline.faces.scim import giving, mapping, refusals
from plumbline.faces.scim.mapping import Connection, Target
from plumbline.faces.scim.models import Group
from plumbline.kernel.forms import choices
from plumbline.ledger.writer import writing
from plumbline.organisation.models import Department, Person
from plumbline.organisation.signin import keyholders
from plumbline.organisation.signin.providers import configured

from .pages import SettingView

DAYS = {365: _lazy("a year"), 1096: _lazy("three years")}
SHOWN = 200  # groups on the page


class TokenForm(forms.Form):
    """A token for the directory, under the name that history will say."""

    use_required_attribute = False
    name = forms.CharField(
        label=_lazy("Name of your directory"),
        max_length=80,
        help_text=_lazy("e.g. Entra ID. History names it with everything it changes."),
    )
    days = forms.TypedChoiceField(label=_lazy("The token ends after"), coerce=int, choices=list(DAYS.items()))


class WayForm(forms.Form):
    """How new people get in."""

    way = forms.ChoiceField(
        label=_lazy("How new people get in"),
        widget=forms.RadioSelect,
        choices=[
            ("single", _lazy("They sign in with single sign-on; no mail is sent")),
            ("mail", _lazy("They get a mail with a link to choose a password")),
        ],
    )


class GroupForm(forms.Form):
    """What one group gives."""

    role = forms.ChoiceField(label=_lazy("Gives the role"), required=False)
    department: Any = forms.ModelChoiceField(
        label=_lazy("Where"), queryset=None, required=False, empty_label=_lazy("in the whole organisation")
    )

    def __init__(self, group: Group, target: Target | None, places: Any, given: Any = None) -> None:
        initial = {"role": target.role, "department": target.department} if target else {}
        super().__init__(given, initial=initial, prefix=str(group.uid))
        self.group, self.target = group, target
        roles = [(role.value, role.label) for role in mapping.ROLES]
        cast(Any, self.fields["role"]).choices = [("", _("none")), *roles]
        cast(forms.ModelChoiceField, self.fields["department"]).queryset = places
        for field in self.fields.values():
            field.mark_optional = False  # type: ignore[attr-defined]

    def chosen(self) -> Target | None:
        role, place = self.cleaned_data["role"], self.cleaned_data["department"]
        return Target(role, place.pk if place else None) if role else None


class Directory(SettingView):
    """The page, and what is done on it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        done = {"on": self.switch, "off": self.switch, "token": self.make, "end": self.end, "groups": self.map}
        step = done.get(request.POST.get("do", ""))
        if step is None:
            raise Http404
        return step() or redirect("directory", self.organisation.slug)

    def switch(self) -> None:
        on = self.request.POST["do"] == "on"
        fresh = {"mail": not configured()} if on and "scim" not in self.organisation.settings else {}
        mapping.choose(self.organisation, self.actor, on=on, **fresh)
        messages.success(self.request, _("It is switched on.") if on else _("It is switched off. Nobody was changed."))

    def make(self) -> HttpResponse:
        form = TokenForm(self.request.POST)
        if not form.is_valid():
            return self.page(422, token_form=form)
        name, days = form.cleaned_data["name"], form.cleaned_data["days"]
        known = [one.person for one in self.tokens() if one.person.name == name]
        here = [person for person in known if person.is_here(self.organisation.today())]
        who: Person | str = here[0] if here else name
        try:
            _token, secret = tokens.make_for_program(self.actor, who, "SCIM", dict([mapping.RIGHT]), days)
        except ValidationError as error:
            form.add_error("name", error.messages)
            return self.page(422, token_form=form)
        return self.page(secret=secret)

    def end(self) -> None:
        wanted = self.request.POST.get("token", "")
        token = next((one for one in self.tokens() if str(one.uid) == wanted), None)
        if token is None:
            raise Http404
        tokens.end(token, self.actor)
        messages.success(self.request, _("That token opens nothing any more."))

    def map(self) -> HttpResponse | None:
        """Way and groups; whoever is in a group holds at once what it gives."""
        way, lines = WayForm(self.request.POST), self.lines(self.request.POST)
        if not all(form.is_valid() for form in (way, *lines)):
            return self.page(422, way=way, lines=lines)
        shown = {line.group.uid for line in lines}
        rest = {uid: one for uid, one in Connection.of(self.organisation).targets.items() if uid not in shown}
        chosen = rest | {line.group.uid: target for line in lines if (target := line.chosen())}
        changed = [line.group for line in lines if chosen.get(line.group.uid) != line.target]
        try:
            with writing(self.organisation.uid, self.actor.stamp()):
                mapping.choose(self.organisation, self.actor, mail=way.cleaned_data["way"] == "mail", targets=chosen)
                inside = Person.objects.filter(pk__in=changed_members(changed))
                giving.settle_all(inside, self.actor)
        except (giving.LastAdministrator, keyholders.ShutOut) as error:
            messages.error(self.request, " ".join(getattr(error, "messages", [str(error)])))
            return None
        messages.success(self.request, _("Saved."))
        return None

    def tokens(self) -> list[Token]:
        rows = Token.objects.filter(organisation=self.organisation, program=True).select_related("person")
        mine = [one for one in rows.order_by("-made_at") if one.rights.get("scim") == mapping.RIGHT[1]]
        return sorted(mine, key=lambda one: not one.is_live)

    def lines(self, given: Any = None) -> list[GroupForm]:
        groups = Group.objects.filter(organisation=self.organisation).annotate(people=Count("members"))
        targets = Connection.of(self.organisation).targets
        places = choices(Department, self.actor)
        return [GroupForm(one, targets.get(one.uid), places, given) for one in groups.order_by("key")[:SHOWN]]

    def page(self, status: int = 200, secret: str = "", **forms_: Any) -> HttpResponse:
        """A secret stands on the page this once, and nowhere else."""
        connection, rows = Connection.of(self.organisation), self.tokens()
        used = [one.last_used_at for one in rows if one.last_used_at]
        way = WayForm(initial={"way": "mail" if connection.mail else "single"})
        shown: dict[str, Any] = {"token_form": TokenForm(), "way": way, "lines": self.lines()}
        response = self.show(
            "desk/directory.html",
            status,
            on=connection.on,
            address=f"{settings.PLUMBLINE_ORIGIN}/scim/v2/{self.organisation.slug}",
            secret=secret,
            tokens=rows,
            contact=max(used, default=None),
            refused=[(one, refusals.words(one)) for one in refusals.latest(self.organisation)],
            **shown | forms_,
        )
        response["Cache-Control"] = "no-store"
        return response


def changed_members(groups: list[Group]) -> list[UUID]:
    """Everybody in one of these groups."""
    return [uid for group in groups for uid in group.members.values_list("person_id", flat=True)]
