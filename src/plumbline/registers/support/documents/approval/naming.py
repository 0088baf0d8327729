"""What the organisation calls its kinds of documents: other names for those that ship, kinds of its own, ended ones."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel import actions, pages, policy
from plumbline.kernel.views import RegisterView
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from ..models import DocumentKind
from ..models.kinds import CALLED, RULES, names, rules_of, said_of
from ..models.sorts import Sort


class NewKindForm(forms.Form):
    """A kind of the organisation's own: its name, its letters, and which kind it begins as."""

    name = forms.CharField(label=_lazy("Name"), max_length=60)
    letters = forms.CharField(label=_lazy("Letters in front of the number"), max_length=12)
    like = forms.ChoiceField(
        label=_lazy("It works like"),
        choices=Sort,
        initial=Sort.WORK_INSTRUCTION.value,
        help_text=_lazy(
            "It begins with that kind's route and intervals; you change them on the next page. What works like a form "
            "is filled in, what works like an external document is watched for new editions."
        ),
    )


def say(organisation: Organisation, sort: str, by: Actor, **said: Any) -> None:
    """Keep what the organisation says of a kind beside its rules; raises ValidationError where the name is taken."""
    others = {name.casefold() for code, name in names(organisation).items() if code != sort}
    if said.get("name", "").casefold() in others:
        raise ValidationError({"name": _("There is a kind of this name already.")})
    fresh = Organisation.objects.get(pk=organisation.pk)
    every = dict(fresh.settings.get(CALLED, {}))
    every[sort] = {name: value for name, value in {**said_of(fresh, sort), **said}.items() if value}
    kept = actions.edit(fresh, by=by, settings={**fresh.settings, CALLED: every})
    organisation.settings = kept.settings


def add_kind(organisation: Organisation, name: str, letters: str, like: str, by: Actor) -> DocumentKind:
    """A kind of the organisation's own, handled as another is to begin with; raises ValidationError."""
    stem, taken = slugify(name).replace("-", "_")[:16] or "kind", set(names(organisation)) | {"new"}
    code = next(code for code in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if code not in taken)
    first = rules_of(organisation, like)
    begun: dict[str, Any] = {one: getattr(first, one) for one in (*RULES, "route")} | {"prefix": letters}
    with writing(organisation.uid, by.stamp()):
        say(organisation, code, by, name=name, like=like)
        made: DocumentKind = actions.create(DocumentKind, by=by, sort=code, **begun)
    return made


class NewKind(RegisterView):
    """A kind of one's own."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        return self.show("documents/approval/kind_new.html", form=NewKindForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        form = NewKindForm(request.POST)
        if form.is_valid():
            try:
                made = add_kind(self.actor.organisation, by=self.actor, **form.cleaned_data)
            except ValidationError as error:
                pages.tell_form(form, error)
            else:
                told = _("“%(name)s” is a kind now. Say how it is handled.")
                messages.success(request, told % {"name": form.cleaned_data["name"]})
                return redirect(self.url("kind", made.sort))
        return self.show("documents/approval/kind_new.html", 422, form=form)
