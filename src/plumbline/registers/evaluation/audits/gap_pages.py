"""The page of the gaps: who closes which by when."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel import policy
from plumbline.kernel.forms import choices
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.kernel.views import RegisterView
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from . import gaps
from .models import Audit


class ActionForm(forms.Form):
    """One action for the gaps that were ticked."""

    use_required_attribute = False
    title = forms.CharField(label=_("What is to be done"), max_length=200, required=False)
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Who"))
    due = forms.DateField(label=_("By when"), widget=forms.DateInput)
    effort = forms.CharField(
        label=_("Effort"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("e.g. 4 h, half a day, 2 days")}),
    )
    blocks_stage_1 = forms.BooleanField(label=_("Needed before stage 1"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data=data, initial={"owner": actor.uid})
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = choices(Person, actor)


class Gaps(RegisterView):
    """Gaps clause by clause; tick some, then make one action, merge them, or open a nonconformity."""

    record: Audit

    def get(
        self, request: HttpRequest, form: ActionForm | None = None, status: int = 200, **kwargs: Any
    ) -> HttpResponse:
        found = gaps.of(self.record)
        steps = gaps.details(action for gap in found for action in gap.actions)
        may_plan = policy.allow(register_of("finding").part_rights(Link)[0], self.actor, self.record)
        may_merge = may_plan if self.record.state == "running" else policy.Answer(False, _now("The report is signed."))
        return self.show(
            "audits/gaps.html",
            status,
            gaps=found,
            steps=steps,
            form=form or ActionForm(self.actor),
            may_plan=may_plan,
            may_merge=may_merge,
            chosen=set(request.POST.getlist("gap")),
            undated=sum(map(gaps.without_date, found)),
            open_actions=register_of("action")
            .records(self.actor)
            .filter(sort="gap", closed_at=None)
            .order_by("number")[:200],
            ready_on=gaps.latest(found),
            actions=register_of("action"),
            today=self.actor.organisation.today(),
            nonconformities=register_of("nonconformity"),
            findings=register_of("finding"),
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        numbers, form = request.POST.getlist("gap"), None
        try:
            if "merge" in request.POST:
                kept = gaps.merge(self.record, numbers, self.actor)
                said = _now("Merged into %(number)s.") % {"number": kept.number}
            elif number := request.POST.get("nonconformity"):
                said = _now("%(number)s is open.") % {
                    "number": gaps.open_nonconformity(self.record, number, self.actor).number
                }
            elif action := request.POST.get("action"):
                said = _now("%(number)s closes them.") % {
                    "number": gaps.close_by(self.record, numbers, self.actor, action=action).number
                }
            else:
                form = ActionForm(self.actor, data=request.POST)
                if not form.is_valid():
                    return self.get(request, form, 422)
                made = gaps.close_by(self.record, numbers, self.actor, **form.cleaned_data)
                said = _now("%(number)s is planned.") % {"number": made.number}
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.get(request, form, 422)
        messages.success(request, said)
        return redirect(self.url("gaps", self.record.number))
