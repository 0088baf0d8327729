"""The form of the plan: a few lines about the audit, its team, and one row an area."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.forms import choices
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, Process

from . import planning
from .asking import AREAS, AreaPlan, last_day
from .models import Area, Audit, TeamMember

ROW = ("on", "meets", "auditor", "process", "day", "start", "end")
TEXTS = ("objectives", "scope", "criteria")


@dataclass(frozen=True)
class RowOfPlan:
    """One area in the form: its code, name, number of questions, and its bound fields."""

    code: str
    name: str
    questions: int
    fields: dict[str, BoundField]


class PlanForm(forms.Form):
    """Everything that is planned, on one page; all of it is proposed."""

    use_required_attribute = False
    title = forms.CharField(label=_("Title"), max_length=200)
    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput)
    to_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput, required=False, help_text=_("Empty: as many as it takes.")
    )
    lead = forms.ModelChoiceField(Person.objects.none(), label=_("Lead auditor"))
    team = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Also on the team"), required=False, widget=forms.CheckboxSelectMultiple
    )
    near = forms.CharField(
        label=_("Why may somebody near the work audit it?"),
        required=False,
        max_length=300,
        help_text=_("Asked only where a consultant audits what she or he helped to build."),
    )
    own = forms.CharField(
        label=_("Another area of your own"),
        required=False,
        max_length=80,
        help_text=_("It is asked the questions that concern everybody."),
    )
    everywhere = forms.BooleanField(
        label=_("Ask the questions that concern everybody in every area"),
        required=False,
        help_text=_("Otherwise each is asked in the one or two areas where it tells most."),
    )
    objectives = forms.CharField(label=_("Objectives"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    scope = forms.CharField(label=_("Scope"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    criteria = forms.CharField(label=_("Criteria"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, actor: Actor, audit: Audit | None = None, data: Any = None, initial: dict | None = None) -> None:
        self.actor, self.audit = actor, audit
        start = initial or (begun(actor, audit) if audit else proposed(actor))
        super().__init__(data=data, initial=start)
        people, processes = choices(Person, actor), choices(Process, actor)
        self.people = [
            ("", _now("not yet known")),
            *((str(uid), name) for uid, name in people.values_list("uid", "name")),
        ]
        self.processes = [("", "–"), *((str(uid), name) for uid, name in processes.values_list("uid", "name"))]
        self.by_uid: dict[str, Any] = {str(row.uid): row for row in (*people, *processes)}
        fields: dict[str, Any] = self.fields
        fields["lead"].queryset = fields["team"].queryset = people
        if audit:
            del fields["lead"]
            fields["team"].queryset = people.exclude(pk=audit.lead_id)
        self.names = dict(start["names"])
        for code in self.names:
            self._add_row(code)

    def _add_row(self, code: str) -> None:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        made = {
            "on": forms.BooleanField(required=False, label=self.names[code], widget=_tick()),
            "meets": forms.ChoiceField(choices=self.people, required=False, label=_("Person to meet")),
            "auditor": forms.ChoiceField(choices=self.people, required=False, label=_("Auditor")),
            "process": forms.ChoiceField(choices=self.processes, required=False, label=_("Process")),
            "day": forms.DateField(required=False, label=_("Day"), widget=day),
            "start": forms.TimeField(required=False, label=_("From"), widget=_clock()),
            "end": forms.TimeField(required=False, label=_("To"), widget=_clock()),
        }
        for name, field in made.items():
            if name != "process" or len(self.processes) > 1:
                self.fields[f"{code}-{name}"] = field

    def rows(self) -> list[RowOfPlan]:
        """The areas as they stand in the form, with how many questions each would be asked."""
        counts = self.initial.get("counts", {})
        return [
            RowOfPlan(
                code,
                name,
                counts.get(code, 0),
                {field: self[f"{code}-{field}"] for field in ROW if f"{code}-{field}" in self.fields},
            )
            for code, name in self.names.items()
        ]

    def areas(self) -> list[AreaPlan]:
        """The areas that were chosen, as plans."""
        given, plans = self.cleaned_data, []
        for code, name in self.names.items():
            if given.get(f"{code}-on"):
                who: dict[str, Any] = {
                    field: self.by_uid.get(given.get(f"{code}-{field}") or "")
                    for field in ("meets", "auditor", "process")
                }
                when: dict[str, Any] = {field: given.get(f"{code}-{field}") for field in ("day", "start", "end")}
                plans.append(AreaPlan(code, name, **who, **when))
        if own := given.get("own"):
            plans.append(AreaPlan(slugify(own)[:40] or "own", own))
        return plans

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        first, last = given.get("from_on"), given.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _now("The last day is before the first."))
        if not self.errors and not self.areas():
            self.add_error(None, _now("Choose at least one area."))
        return given

    def again(self) -> dict[str, Any]:
        """What the form would propose for the days and areas that are chosen now."""
        given, chosen = self.cleaned_data, self.areas()
        lead = given.get("lead") or (self.audit.lead if self.audit else self.actor.person)
        codes = [area.code for area in chosen]
        plans = planning.proposal(self.actor.organisation, lead, given["from_on"], codes, given["everywhere"])
        kept = {area.code: area for area in chosen}
        start = {name: given.get(name) for name in (*TEXTS, "title", "from_on", "lead", "team", "near", "everywhere")}
        start |= _initial_rows(plans)
        for code in codes:
            start |= {
                f"{code}-{name}": getattr(getattr(kept[code], name), "pk", "")
                for name in ("meets", "auditor", "process")
            }
        return start | {
            "to_on": last_day(plans, given["from_on"]),
            "names": self.names | {a.code: a.name for a in chosen},
        }


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _tick() -> forms.CheckboxInput:
    return forms.CheckboxInput(attrs={"class": "form-check-input"})


def proposed(actor: Actor) -> dict[str, Any]:
    """A plan for tomorrow's working day, made by who asks."""
    organisation = actor.organisation
    first = planning.next_workday(organisation.today())
    plans = planning.proposal(organisation, actor.person, first)
    names = {code: str(name) for code, name in AREAS.items() if code != "design" or organisation.designs_products}
    start = planning.standard_texts(organisation) | _initial_rows(plans)
    return start | {
        "title": planning.default_title(organisation, first),
        "from_on": first,
        "lead": actor.uid,
        "names": names,
        "to_on": last_day(plans, first),
    }


def begun(actor: Actor, audit: Audit) -> dict[str, Any]:
    """The plan as it stands."""
    areas = Area.objects.filter(record_id=audit.uid, dropped=False).select_related("meets", "auditor", "process")
    areas = areas.order_by("place")
    names = {code: str(name) for code, name in AREAS.items() if code != "design" or actor.organisation.designs_products}
    start: dict[str, Any] = {name: getattr(audit, name) for name in (*TEXTS, "title", "from_on", "to_on", "everywhere")}
    start |= _initial_rows(areas) | {"names": {area.code: area.name for area in areas} | names}
    members = list(TeamMember.objects.filter(record_id=audit.uid, until_on=None))
    start["team"] = [member.person_id for member in members if member.person_id != audit.lead_id]
    start["near"] = next((member.near_because for member in members if member.near_because), "")
    return start


def _initial_rows(plans: Iterable[AreaPlan | Area]) -> dict[str, Any]:
    start: dict[str, Any] = {"counts": {area.code: len(area.questions) for area in plans}}
    for area in plans:
        start |= {
            f"{area.code}-{name}": getattr(getattr(area, name), "pk", "") for name in ("meets", "auditor", "process")
        }
        start |= {f"{area.code}-{name}": getattr(area, name) for name in ("day", "start", "end")} | {
            f"{area.code}-on": True
        }
    return start
