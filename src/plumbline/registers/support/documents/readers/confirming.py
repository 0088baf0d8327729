"""Read and understood: by oneself, as a group at one tablet, and on paper."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plumbline.kernel import actions, files, policy
from plumbline.kernel.views import RegisterView
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.models import Reading

from . import audience, paper, quiz

OLDEST = timedelta(days=14)  # a tick that waited longer on a tablet without network counts from when it arrives


class Read(RegisterView):
    """The content, then the question whether it is understood."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(quiz.marked(self.record, None))

    def page(self, questions: list, tried: bool = False) -> HttpResponse:
        mine = reading.asked(self.record, self.actor.uid)
        live = self.record.state in reading.LIVE
        needed = quiz.needed(self.record)
        return self.show(
            "documents/readers/read.html", mine=mine, live=live, questions=questions, tried=tried, needed=needed,
            state=self.register.state_of(self.record), right=sum(one.right for one in questions),
        )  # fmt: skip

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        mine = reading.asked(self.record, self.actor.uid)
        if mine is None:
            messages.error(request, _("You are not asked to read this revision."))
            return self.to_record()
        questions = quiz.marked(self.record, request.POST)
        right = sum(one.right for one in questions)
        if questions and right < quiz.needed(self.record) and mine.read_at is None:
            quiz.failed(mine, right, self.actor)
            return self.page(questions, tried=True)
        return self.confirmed(mine, right if questions else None)

    def confirmed(self, mine: Reading, score: int | None) -> HttpResponse:
        before = mine.read_at
        try:
            reading.confirm(mine, self.actor, score=score)
        except reading.Over as error:
            messages.error(self.request, str(error))
            return self.to_record()
        said = _("You had confirmed it already.") if before else _("Thank you: it is noted that you read it.")
        messages.success(self.request, said)
        return redirect("my-work", self.actor.organisation.slug)


class _Together(RegisterView):
    """What somebody who may speak for others does."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except reading.Over as error:
            messages.error(request, str(error))
            return self.to_record()

    def of_hers(self) -> QuerySet:
        """Those who are asked and whose reading she sees to."""
        policy.require(audience.may_witness(self.actor, self.record))
        rows = Reading.objects.filter(audience.under(self.actor, self.record), record_id=self.record.uid)
        return rows.select_related("person", "person__department", "witness").order_by("person__name")


class Group(_Together):
    """One tablet goes round: each taps their own name, who is signed in is the witness."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = [one for one in self.of_hers() if not one.ended_because]
        return self.show("documents/readers/group.html", rows=rows, live=self.record.state in reading.LIVE)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        status, said = self.ticked(request.POST.get("person", ""), request.POST.get("at", ""))
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"message": said}, status=status)
        (messages.success if status == 200 else messages.error)(request, said)
        return redirect(self.url("group", self.record.number))

    def ticked(self, person: str, at: str) -> tuple[int, str]:
        one = next((row for row in self.of_hers() if str(row.person_id) == person), None)
        if one is None:
            return 422, _("This person is not asked to read it.")
        try:
            reading.confirm(one, self.actor, Reading.How.GROUP, at=claimed(at, one))
        except reading.Over as error:
            return 422, str(error)
        return 200, _("%(name)s read and understood it.") % {"name": one.person.name}


def claimed(said: str, one: Reading) -> datetime | None:
    """When a tablet says the name was tapped, where that can be true."""
    try:
        at = parse_datetime(said)
    except ValueError:
        at = None
    now = timezone.now()
    sound = at is not None and at.tzinfo is not None and max(one.created_at, now - OLDEST) <= at <= now
    return at if sound else None


class SheetForm(forms.Form):
    """A signed list comes back: its date and its scan."""

    on = forms.DateField(label=gettext_lazy("Date on the paper"), widget=forms.DateInput)
    file = forms.FileField(label=gettext_lazy("Scan or photo of the list"))


class Paper(_Together):
    """A printed list is entered back: whose signature stands on it, its date, and the scan as proof."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SheetForm(initial={"on": self.actor.organisation.today()}))

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        rows = [one for one in self.of_hers() if one.read_at is None and not one.ended_because]
        ticked = set(self.request.POST.getlist("person"))
        choices = [(one, str(one.person_id) in ticked) for one in rows]
        live = self.record.state in reading.LIVE
        return self.show("documents/readers/paper.html", status, form=form, choices=choices, live=live)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, wanted = SheetForm(request.POST, request.FILES), request.POST.getlist("person")
        named = [one for one in self.of_hers() if str(one.person_id) in wanted]
        if not named:
            form.add_error(None, _("Tick the names that signed."))
        if not form.is_valid():
            return self.page(form, 422)
        try:
            reading.sound(form.cleaned_data["on"], self.record, self.actor)
            self.keep(form)
        except (reading.Over, ValidationError, files.TooLarge) as error:
            form.add_error(None, " ".join(getattr(error, "messages", [str(error)])))
            return self.page(form, 422)
        for one in named:
            reading.confirm(one, self.actor, Reading.How.PAPER, on=form.cleaned_data["on"])
        said = ngettext("%(n)d person is noted from the list.", "%(n)d people are noted from the list.", len(named))
        messages.success(request, said % {"n": len(named)})
        return self.to_record()

    def keep(self, form: forms.Form) -> None:
        """The scan stays with the revision, whoever is named on it."""
        if self.record.state not in reading.LIVE:
            raise reading.Over(_("Nobody needs to confirm this revision any more: add the list to its files instead."))
        scan, on = form.cleaned_data["file"], form.cleaned_data["on"]
        kept = files.keep(self.actor.organisation.uid, scan, scan.name)
        actions.attach(self.record, kept, scan.name, by=self.actor, caption=_("Signed list of readers"), valid_on=on)


class Sheet(_Together):
    """The list to print: who is asked, a field to sign in, and a code that leads back here."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = [one for one in self.of_hers() if one.read_at is None and not one.ended_because]
        response = HttpResponse(paper.pdf(self.record, rows, self.actor), content_type="application/pdf")
        name = f"{self.record.of_document.number}-{self.record.revision_no}-{_('readers')}.pdf"
        response["Content-Disposition"] = f'inline; filename="{"".join(c for c in name if c.isalnum() or c in "-._")}"'
        return response


def uid_of(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
