"""How the organisation handles each kind of document: its numbers, its route, its intervals, its signature."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel import actions, pages, policy
from plumbline.kernel.numbering import check_scheme
from plumbline.kernel.views import RegisterView
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from ..drafting import choosing
from ..models import DocumentKind
from ..models.kinds import MOST_STEPS, RULES, names, rules_of, usual
from ..models.sorts import Sort
from . import arranging, naming

MORE_ROWS = 2


class KindForm(forms.ModelForm):
    name = forms.CharField(label=_lazy("Name"), max_length=60, required=False)
    blank = forms.ChoiceField(label=_lazy("Template a new one begins with"), required=False)

    class Meta:
        model = DocumentKind
        fields = RULES

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = str(self.instance)
        self.fields["name"].required = self.instance.own
        offered: Any = self.fields["blank"]
        offered.choices = [("", _("none")), *choosing.templates(actor)]
        self.fields["author_may_approve"].help_text = _(
            "Left empty, nobody approves what they wrote. With a reason they may, and the reason stands beside it."
        )
        self.fields["scheme"].help_text = _("It may use {prefix}, {year}, {yy} and must use {n}, e.g. {prefix}-{n:03}.")

    def clean_name(self) -> str:
        """Empty where it is what ships, so that it follows the language."""
        name = str(self.cleaned_data["name"]).strip()
        return "" if name == str(dict(Sort.choices).get(self.instance.sort, "")) else name

    def _post_clean(self) -> None:
        """The door validates; the form only converts, so the row stays as the database has it."""


def is_usual(rules: DocumentKind) -> bool:
    """Whether the organisation changed nothing of it, or took everything back."""
    if rules.own or naming.said_of(rules.organisation, rules.sort):
        return False
    first = usual(rules.organisation, rules.sort)
    return all(getattr(rules, name) == getattr(first, name) for name in (*RULES, "route"))


def handled(organisation: Organisation) -> list[dict[str, Any]]:
    """Every kind with its rules, as the list shows them; those not offered any more come last."""
    own = {one.sort: one for one in DocumentKind.objects.filter(organisation=organisation)}
    every = [own.get(code) or usual(organisation, code) for code in names(organisation)]
    for one in every:
        one.organisation = organisation  # read once, not for each
    every.sort(key=lambda one: one.ended)
    return [
        {"rules": one, "usual": is_usual(one), "example": example(organisation, one.prefix, one.scheme)}
        for one in every
    ]


def example(organisation: Organisation, prefix: str, scheme: str) -> str:
    """The number that such a scheme makes; empty where it makes none."""
    try:
        check_scheme(scheme)
        year = organisation.today().year
        return scheme.format(prefix=prefix, year=year, yy=f"{year % 100:02}", n=1)
    except (ValidationError, ValueError, KeyError, IndexError):
        return ""


def set_rules(organisation: Organisation, sort: str, by: Actor, **values: Any) -> DocumentKind:
    """The organisation's own rules for this kind from now on; numbers already given stay."""
    own = DocumentKind.objects.filter(organisation=organisation, sort=sort).first()
    if own is not None:
        return actions.edit(own, by=by, **values)
    first = usual(organisation, sort)
    begun = {name: getattr(first, name) for name in (*RULES, "route")}
    return actions.create(DocumentKind, by=by, sort=sort, **{**begun, **values})


def typed_route(given: Any, by: Actor) -> list[dict[str, Any]]:
    """The steps out of the rows of the form; a row without anybody is left out."""
    rows = zip(*(given.getlist(name) for name in ("place", "does", "who", "days")), strict=False)
    steps = []
    for place, does, who, days in list(rows)[: MOST_STEPS + MORE_ROWS]:
        if not who:
            continue
        named = arranging.whose(who, by)
        whose = {"person": str(named["person"].pk)} if named["person"] else {"role": named["role"]}
        numbers = [
            int(text) if text.isdigit() and int(text) < 1000 else usually for text, usually in ((place, 1), (days, 5))
        ]
        steps.append({"place": numbers[0], "does": does, **whose, "days": numbers[1]})
    return sorted(steps, key=lambda step: (step["does"] == "approve", step["place"]))


class Kinds(RegisterView):
    """All kinds, each with how it is numbered, approved and looked at again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        return self.show("documents/approval/kinds.html", kinds=handled(self.actor.organisation))


class OneKind(RegisterView):
    """The rules of one kind; what is not changed is as usual."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["sort"] not in names(self.actor.organisation):
            raise Http404
        self.rules = rules_of(self.actor.organisation, kwargs["sort"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        if "scheme" in request.GET:
            number = example(self.actor.organisation, request.GET.get("prefix", ""), request.GET["scheme"])
            return self.show("documents/approval/_example.html", number=number)
        return self.page(KindForm(instance=self.rules, actor=self.actor))

    def post(self, request: HttpRequest, sort: str, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        organisation, form = self.actor.organisation, KindForm(request.POST, instance=self.rules, actor=self.actor)
        if request.POST.get("do") == "usual":
            first = usual(organisation, sort)
            set_rules(organisation, sort, self.actor, **{name: getattr(first, name) for name in (*RULES, "route")})
            naming.say(organisation, sort, self.actor, name="", ended=False)
            messages.success(request, _("It is as usual again."))
            return redirect(self.url("kinds"))
        if (do := request.POST.get("do")) in ("end", "offer"):
            naming.say(organisation, sort, self.actor, ended=do == "end")
            return redirect(self.url("kinds"))
        if form.is_valid():
            try:
                route = typed_route(request.POST, self.actor)
                name = form.cleaned_data.pop("name")
                with writing(organisation.uid, self.actor.stamp()):
                    naming.say(organisation, sort, self.actor, name=name)
                    set_rules(organisation, sort, self.actor, **form.cleaned_data, route=route)
            except ValidationError as error:
                pages.tell_form(form, error)
            else:
                messages.success(request, _("Saved. Numbers already given stay as they are."))
                return redirect(self.url("kinds"))
        return self.page(form, 422)

    def page(self, form: KindForm, status: int = 200) -> HttpResponse:
        people, roles = arranging.asked(self.actor)
        rows = [*self.rules.route, *({} for _n in range(MORE_ROWS))]
        shown = {"rules": self.rules, "people": people, "roles": roles, "rows": rows, "usual": is_usual(self.rules)}
        number = example(self.actor.organisation, self.rules.prefix, self.rules.scheme)
        return self.show("documents/approval/kind.html", status, form=form, number=number, **shown)
