"""What people typed into the audit's forms, in the spelling the records keep."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.forms import choices
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .answering import FIELDS
from .asking import last_day
from .plan_form import TEXTS, PlanForm


def text(value: str) -> str:
    """One spelling for line ends and accents, so that what was read and what stands there compare equal."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\0", ""))


def answer(post: QueryDict) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The requirement if the question was opened, the fields that were sent, and what stood in them before."""
    fields: dict[str, Any] = {name: text(str(post[name])) for name in FIELDS if name in post}
    was: dict[str, Any] = {name: text(str(post[f"was_{name}"])) for name in FIELDS if f"was_{name}" in post}
    for given in (fields, was):
        if "strength" in given:
            given["strength"] = given["strength"] == "1"
    return post.get("requirement", ""), fields, was


def spelled(value: Any) -> str:
    return str(int(value) if isinstance(value, bool) else value)


def sentence(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def plan(form: PlanForm) -> dict[str, Any]:
    """What the plan's form says beyond title and areas."""
    given = form.cleaned_data
    people = [*given["team"], *(a.auditor for a in form.areas()), given.get("lead") or (form.audit and form.audit.lead)]
    fields = {name: given[name] for name in ("from_on", "to_on", "team", "everywhere")}
    if form.audit:
        fields["to_on"] = given["to_on"] or last_day(form.areas(), given["from_on"])
    return (
        fields
        | {name: given[name] for name in TEXTS}
        | {"near": {person.uid: given["near"] for person in people if person}}
    )


class LeaveOutForm(forms.Form):
    """Why an area is not audited and who of the organisation agreed; both empty takes it back."""

    unaudited_because = forms.CharField(label=_("Why is it not audited?"), required=False, max_length=2000)
    agreed_by = forms.ModelChoiceField(Person.objects.none(), label=_("Who agreed?"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data=data)
        fields: dict[str, Any] = self.fields
        fields["agreed_by"].queryset = choices(Person, actor)
