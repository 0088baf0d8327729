"""The pages of stage 2: the list of what is asked for, and one page a row to choose a document or say why not."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.desk.pages import DeskView
from plumbline.kernel import actions, policy
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.blanks import Blank, blank
from plumbline.registers.support.documents.models import Document, Justification
from plumbline.ui.charts import Series, stacked_bars

from .asked import IN_FORCE, MAKING, MISSING, NOT_NEEDED, TO_MEND, Asked
from .gate import Design, design

MOST = 300  # documents offered by number and title while one is typed
DRAWN = {IN_FORCE: "met", TO_MEND: "partly", MAKING: "partly", MISSING: "not-met", NOT_NEEDED: "not-applicable"}
CHAPTER_TITLES = {
    "4": _lazy("Context"),
    "5": _lazy("Leadership"),
    "6": _lazy("Planning"),
    "7": _lazy("Support"),
    "8": _lazy("Operation"),
    "9": _lazy("Evaluation"),
    "10": _lazy("Improvement"),
}


class SystemDesign(DeskView):
    """What is asked for in writing, what answers it now, and how to begin what is missing."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = design(self.actor)
        rows = [(row, self.begin(row)) for row in found.rows]
        chapters = {row.chapter: str(CHAPTER_TITLES.get(row.chapter, "")) for row in found.rows}
        grouped = [(one, name, [pair for pair in rows if pair[0].chapter == one]) for one, name in chapters.items()]
        left = sum(not row.settled for row in found.rows)
        return self.show(
            "desk/system_design.html",
            design=found,
            chapters=grouped,
            left=left,
            settled=len(found.rows) - left,
            picture=picture(found),
            counts=by_chapter(found),
            headings=headings(),
        )

    def begin(self, row: Asked) -> dict[str, Any] | None:
        """The template to start from, with the address of the form that begins with it."""
        return next(iter(beginnings(self.actor, row)), None)


def beginnings(actor: Actor, row: Asked) -> list[dict[str, Any]]:
    """Every template that answers a row, in the reader's language, with where it is begun."""
    if not policy.may_create(actor, register_of("document")):
        return []
    gap = next(iter(row.named_open_gaps), None)
    about = {**({"from": str(gap.finding.uid)} if gap else {}), "for": ",".join(row.ids)}
    new = reverse("documents:new", args=[actor.organisation.slug])
    own = [blank(one.id, get_language() or "en") or one for one in row.blanks]
    return [
        {"blank": one, "choice": _choice(one), "url": f"{new}?{urlencode({'blank': one.id, **about})}"} for one in own
    ]


def _choice(one: Blank) -> bool:
    return one.basis != "shall"


def headings() -> list[str]:
    return [_("Chapter"), *(one.label for one in series())]


def series() -> list[Series]:
    return [
        Series("met", _("in force")),
        Series("partly", _("in the making or to be mended")),
        Series("not-met", _("missing")),
        Series("not-audited", _("no document yet, no gap known")),
        Series("not-applicable", _("not needed")),
    ]


def by_chapter(found: Design) -> list[list[Any]]:
    """The numbers of the picture: a line a chapter."""
    counted: dict[str, Counter] = {}
    for row in found.rows:
        counted.setdefault(row.chapter, Counter())[_drawn(row)] += 1
    return [[_chapter(one), *(counts[each.code] for each in series())] for one, counts in counted.items()]


def _drawn(row: Asked) -> str:
    return "not-audited" if row.state == MISSING and not row.alarming else DRAWN[row.state]


def picture(found: Design) -> str:
    """How many of the documents asked for are in force, in the making or missing, by chapter."""
    codes, title = [one.code for one in series()], _("Documents asked for, by chapter")
    rows = [(line[0], dict(zip(codes, line[1:], strict=True))) for line in by_chapter(found)]
    return stacked_bars(rows, series(), title=title, same_length=False, width=440, label_width=130)


def _chapter(code: str) -> str:
    return f"{code} {CHAPTER_TITLES.get(code, '')}".strip()


class NumberForm(forms.Form):
    """The document that answers, by its number."""

    number = forms.CharField(
        label=_lazy("Number of the document"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "pl-offered", "autocomplete": "off"}),
    )


class NotNeededForm(forms.Form):
    """Why it is not needed."""

    because = forms.CharField(
        label=_lazy("It is not needed, because …"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("An auditor will read this. It stands with your name and today's date until you take it back."),
    )


class AskedFor(DeskView):
    """One document that is asked for: choose which answers it, or say why it is not needed."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        waits = [one.record.number for one in row.candidates if one.holds and one.proposed and one.seen]
        return self.page(row, NumberForm(initial={"number": waits[0] if len(waits) == 1 else ""}), NotNeededForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row, what = self.row(), request.POST.get("do", "")
        number = NumberForm(request.POST if what == "choose" else None)
        because = NotNeededForm(request.POST if what == "not-needed" else None)
        try:
            if what == "choose" and number.is_valid():
                self.choose(row, number.cleaned_data["number"])
            elif what == "not-needed" and because.is_valid():
                self.say(row, because.cleaned_data["because"])
            elif what == "needed" and row.justification:
                actions.edit(row.justification, by=self.actor, ended=True)
            else:
                return self.page(row, number, because, 422)
        except ValidationError as error:
            number.add_error("number", " ".join(error.messages))
            return self.page(row, number, because, 422)
        return redirect("system-design", self.organisation.slug)

    def row(self) -> Asked:
        row = next((one for one in design(self.actor).rows if one.key == self.kwargs["requirement"]), None)
        if row is None:
            raise Http404
        return row

    def page(self, row: Asked, number: forms.Form, because: forms.Form, status: int = 200) -> HttpResponse:
        documents = register_of("document")
        there: Any = documents.records(self.actor).filter(closed_at=None) if not self.actor.reads_only else None
        return self.show(
            "desk/asked_for.html",
            status,
            row=row,
            number=number,
            because=because,
            beginnings=beginnings(self.actor, row),
            offered=there.order_by("number").values_list("number", "title")[:MOST] if there is not None else (),
            may_say=policy.may_run_organisation(self.actor),
        )

    def choose(self, row: Asked, number: str) -> None:
        """This document answers it: its links are confirmed, or made; raises ValidationError."""
        found = register_of("document").records(self.actor).filter(closed_at=None, number__iexact=number.strip())
        document = found.first()
        if document is None:
            raise ValidationError(_("There is no document “%(number)s”.") % {"number": number})
        confirm(document, row, self.actor)
        messages.success(
            self.request, _("%(number)s answers “%(title)s”.") % {"number": document.number, "title": row.title}
        )

    def say(self, row: Asked, because: str) -> None:
        values: dict[str, Any] = {"edition": row.requirements[0].edition, "requirement": row.key, "because": because}
        today = self.organisation.today()
        with writing(self.organisation.uid, self.actor.stamp()):
            if row.justification:
                actions.edit(row.justification, by=self.actor, ended=True)
            actions.create(Justification, by=self.actor, said_by=self.actor.person, said_on=today, **values)
        messages.success(self.request, _("“%(title)s” is not needed.") % {"title": row.title})


def confirm(document: Document, row: Asked, by: Actor) -> None:
    """Somebody says that this document answers all that the row asks."""
    with writing(by.organisation.uid, by.stamp()):
        here = {
            link.requirement: link
            for link in RequirementLink.objects.filter(record_id=document.uid, requirement__in=row.ids)
            if link.edition == row.requirements[0].edition
        }
        for one in row.requirements:
            about: dict[str, Any] = {"state": RequirementLink.State.CONFIRMED}
            if link := here.get(one.id):
                actions.edit(link, by=by, **about)
            else:
                about |= {"edition": one.edition, "requirement": one.id}
                actions.create(RequirementLink, by=by, record=document, **about)
