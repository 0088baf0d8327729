"""The organisation's categories: the usual ones to begin with, and the page where they are changed."""

import csv
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plumbline.kernel import actions, policy
from plumbline.kernel.views import RegisterView
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.organisation.roles import Role

from .models import SIGNERS, QualityRecord, RecordCategory

USUAL = Path(__file__).with_name("usual")
FOLLOWING = ("keep_until", "extra", "confidential")
NOT_EDITED = ("proposed", "signed", "disposed", "cancelled")


@cache
def usual(language: str) -> tuple[dict[str, Any], ...]:
    """The categories that most organisations have, in that language, or in English."""
    words = USUAL / f"categories.{language}.csv"
    with (words if words.exists() else USUAL / "categories.en.csv").open(encoding="utf-8", newline="") as lines:
        told = {row.pop("id"): row for row in csv.DictReader(lines)}
    with (USUAL / "categories.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_values(row, told[row["id"]]) for row in csv.DictReader(lines))


def _values(row: dict[str, str], words: dict[str, str]) -> dict[str, Any]:
    return {
        "months": int(row["months"]) if row["months"] else None,
        "start": row["start"],
        "year_end": row["year_end"] == "yes",
        "basis": row["basis"],
        "two_people": row["two_people"] == "yes",
        "readers": row["readers"].split(),
        **words,
    }


def of(organisation: Organisation) -> Any:
    return RecordCategory.objects.filter(organisation=organisation).order_by("ended_on", "name")


def take_usual(by: Actor) -> int:
    """Make those of the usual categories whose names are not there yet; how many."""
    there = set(of(by.organisation).values_list("name", flat=True))
    fresh = [values for values in usual(by.organisation.language) if values["name"] not in there]
    with writing(by.organisation.uid, by.stamp()):
        for values in fresh:
            actions.create(RecordCategory, by=by, **values)
    return len(fresh)


def change(category: RecordCategory, by: Actor, **values: Any) -> int:
    """Change a category; its records follow at once, but for those whose disposal is under way. How many those are."""
    with writing(by.organisation.uid, by.stamp()):
        changed = actions.edit(category, by=by, **values)
        own = QualityRecord.objects.filter(organisation=by.organisation, category=changed)
        for record in own.exclude(state__in=NOT_EDITED).order_by("uid"):
            record.category = changed
            record.follow()
            actions.edit(record, by=by, **{name: getattr(record, name) for name in FOLLOWING})
        return own.filter(state__in=("proposed", "signed")).count()


def may_change(actor: Actor) -> policy.Answer:
    return policy.allow(SIGNERS, actor, None)


class CategoryForm(forms.ModelForm):
    """The fields of a category; the door validates."""

    readers = forms.MultipleChoiceField(
        label=gettext_lazy("Only seen by"),
        required=False,
        choices=[choice for choice in Role.choices if choice[0] not in ("member", "quality", "management")],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "None ticked: everybody sees these records. Quality manager, top management, owner and author always do."
        ),
    )

    class Meta:
        model = RecordCategory
        fields = (
            "name", "months", "start", "year_end", "basis", "source", "place", "readers", "two_people", "ended_on",
        )  # fmt: skip

    def _post_clean(self) -> None:
        """The door validates; the form only converts."""


class Categories(RegisterView):
    """All categories; the usual ones are taken over with one button."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = list(of(self.actor.organisation))
        names = {category.name for category in found}
        return self.show(
            "records/categories.html",
            categories=[(one, [str(Role(code).label) for code in one.readers]) for one in found],
            may_change=may_change(self.actor),
            usual=[row["name"] for row in usual(self.actor.organisation.language) if row["name"] not in names],
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(may_change(self.actor))
        count = take_usual(self.actor)
        done = ngettext("%(count)d category was taken over.", "%(count)d categories were taken over.", count)
        messages.success(request, done % {"count": count} + " " + _("Look at each: the law where you are decides."))
        return redirect(self.url("categories"))


class Category(RegisterView):
    """The form of one category, new or not."""

    def category(self) -> RecordCategory | None:
        uid: UUID | None = self.kwargs.get("uid")
        found = RecordCategory.objects.filter(organisation=self.actor.organisation, uid=uid).first() if uid else None
        if uid and found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(may_change(self.actor))
        category = self.category()
        return self.show("records/category.html", form=CategoryForm(instance=category), category=category)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(may_change(self.actor))
        category = self.category()
        form = CategoryForm(request.POST, instance=self.category())
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in CategoryForm.Meta.fields}
            try:
                self.save(category, values)
            except ValidationError as error:
                for name, texts in (
                    error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
                ).items():
                    form.add_error(name if name in form.fields else None, texts)
            else:
                return redirect(self.url("categories"))
        return self.show("records/category.html", form=form, category=category, status=422)

    def save(self, category: RecordCategory | None, values: dict[str, Any]) -> None:
        left = change(category, self.actor, **values) if category else 0
        if category is None:
            actions.create(RecordCategory, by=self.actor, **values)
        messages.success(self.request, _("Saved."))
        if left:
            words = ngettext(
                "%(count)d record whose disposal is under way keeps what held for it.",
                "%(count)d records whose disposal is under way keep what held for them.",
                left,
            )
            messages.warning(self.request, words % {"count": left})
