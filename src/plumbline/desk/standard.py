"""The standard, clause by clause: what is asked in our words, what evidence is expected, what speaks to it."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel import actions, policy
from plumbline.kernel.models import RequirementLink, seen_by
from plumbline.kernel.register import register_of
from plumbline.standards.catalogue import CHAPTERS, SHIPPED, Edition, Unreadable, read_edition
from plumbline.standards.models import LoadedEdition, editions_for, find_edition

from .pages import DeskView, SettingView

LARGEST = 5 * 1024 * 1024  # bytes of an edition's file


class _OfEdition(DeskView):
    def edition(self, code: str | None) -> Edition:
        found = find_edition(self.organisation.uid, code or self.organisation.edition)
        if found is None:
            raise Http404
        return found

    def speaking(self, edition: Edition) -> dict[str, list[RequirementLink]]:
        """Links by requirement of this edition, of the records in force that the reader may see."""
        mine = RequirementLink.objects.filter(organisation=self.organisation, edition__in=edition.codes)
        links = mine.filter(seen_by(self.actor, "record__"), record__closed_at=None)
        visible = links.exclude(state="rejected")
        found: dict[str, list[RequirementLink]] = {}
        for link in visible.select_related("record", "record__owner").order_by("state", "-confidence"):
            found.setdefault(link.requirement, []).append(link)
        return found

    def excluded(self, edition: Edition) -> dict[str, Any]:
        """The exclusion in force (or proposed) for each requirement left out."""
        found: dict[str, Any] = {}
        exclusions: Any = register_of("exclusion").model
        records = exclusions.objects.visible_to(self.actor).filter(closed_at=None, edition__in=edition.codes)
        for record in records.select_related("owner"):
            for requirement in edition.under(record.requirement):
                found[requirement.id] = record
        return found


class Clauses(_OfEdition):
    """Every clause with how many records speak to it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        edition = self.edition(request.GET.get("edition"))
        speaking, excluded = self.speaking(edition), self.excluded(edition)
        rows = [
            self.row(edition, clause, requirements, speaking, excluded)
            for clause, requirements in edition.clauses().items()
        ]
        chapters = [
            (chapter, [row for row in rows if row["clause"].split(".")[0] == chapter])
            for chapter in dict.fromkeys([*CHAPTERS, *(row["clause"].split(".")[0] for row in rows)])
        ]
        return self.show(
            "desk/standard.html",
            edition=edition,
            editions=editions_for(self.organisation.uid),
            chapters=[pair for pair in chapters if pair[1]],
            may_load=policy.may_run_organisation(self.actor),
        )

    def row(self, edition: Edition, clause: str, requirements: list, speaking: dict, excluded: dict) -> dict[str, Any]:
        links = [link for requirement in requirements for link in speaking.get(requirement.id, ())]
        return {
            "clause": clause,
            "title": requirements[0].title,
            "requirements": len(requirements),
            "confirmed": len({link.record_id for link in links if link.state == "confirmed"}),
            "proposed": len({link.record_id for link in links if link.state == "proposed"}),
            "covered": sum(r.id in speaking for r in requirements),
            "excluded": sum(r.id in excluded for r in requirements),
            "documents": any(r.documented_information != "none" for r in requirements),
            "changes": edition.changes_at(clause),
        }


class Clause(_OfEdition):
    """One clause: its requirements, expected evidence, and the records that speak to them."""

    def get(self, request: HttpRequest, edition: str, clause: str, **kwargs: Any) -> HttpResponse:
        found = self.edition(edition)
        clauses = found.clauses()
        if clause not in clauses:
            raise Http404
        speaking, excluded = self.speaking(found), self.excluded(found)
        order = list(clauses)
        place = order.index(clause)
        return self.show(
            "desk/clause.html",
            edition=found,
            clause=clause,
            title=clauses[clause][0].title,
            requirements=[(r, speaking.get(r.id, []), excluded.get(r.id)) for r in clauses[clause]],
            changes=found.changes_at(clause),
            before=order[place - 1] if place else None,
            after=order[place + 1] if place + 1 < len(order) else None,
            may_exclude=policy.may_create(self.actor, register_of("exclusion")),
        )


class LoadForm(forms.Form):
    """Another standard, as a CSV file of the same form as ours."""

    name = forms.CharField(label=_lazy("Name of the standard"), max_length=120, help_text=_lazy("e.g. ISO 14001:2015"))
    file = forms.FileField(
        label=_lazy("CSV file"),
        help_text=_lazy(
            "Columns: id, clause, title, requirement, question, basis (shall, note, practice or house); also evidence, "
            "where, "
            "documented_information, necessary_check, advice_check. Use your own words or text you hold a licence for."
        ),
    )


class Load(SettingView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("desk/standard_load.html", form=LoadForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = LoadForm(request.POST, request.FILES)
        if form.is_valid() and form.cleaned_data["file"].size > LARGEST:
            form.add_error("file", _("The file is larger than %(size)d MB.") % {"size": LARGEST >> 20})
        if form.is_valid():
            try:
                load(self.actor, form.cleaned_data["name"], form.cleaned_data["file"].read(LARGEST))
            except Unreadable as error:
                form.add_error("file", _("This file cannot be read as a standard: %(why)s") % {"why": error})
            except (IntegrityError, ValidationError):
                form.add_error(
                    "name", _("Another standard has this name, or no letter in it fits an address. Choose another.")
                )
            else:
                messages.success(request, _("%(name)s is loaded.") % {"name": form.cleaned_data["name"]})
                return redirect("standard", self.organisation.slug)
        return self.show("desk/standard_load.html", form=form, status=422)


def load(actor: Any, name: str, content: bytes, code: str = "") -> LoadedEdition:
    """Keep the file as an edition of this organisation, in place of one of this name; raises Unreadable and others."""
    code = code or re.sub(r"[^a-z0-9:.]+", "-", name.lower()).strip("-")[:40]
    if code in SHIPPED or code.isdigit():
        raise ValidationError({"name": code})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("it is not written in UTF-8; spreadsheets call that form “CSV UTF-8”")) from error
    read_edition(code, name, text.splitlines())
    there = LoadedEdition.objects.filter(home=actor.organisation.uid, code=code, name=name).first()
    if there:
        return actions.edit(there, by=actor, text=text)
    return actions.create(LoadedEdition, by=actor, code=code, name=name, text=text)
