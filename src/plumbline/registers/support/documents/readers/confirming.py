"""Read and understood: by oneself, as a group at one tablet, and on paper."""

from datetime import date, datetime, timedelta
from typing import Any

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
from plumbline.ledger.writer import writing
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
        questions, before = quiz.marked(self.record, request.POST), mine.read_at
        if not before and quiz.unanswered(questions):
            messages.error(request, quiz.EVERY_ONE)
            return self.page(questions)
        try:
            mine = reading.confirm(mine, self.actor, score=quiz.right(questions))
        except reading.Over as error:
            messages.error(request, str(error))
            return self.to_record()
        if mine.read_at is None:
            return self.page(questions, tried=True)
        said = _("You had confirmed it already.") if before else _("Thank you: it is noted that you read it.")
        messages.success(request, said)
        return redirect("my-work", self.actor.organisation.slug)


class Together(RegisterView):
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


class Group(Together):
    """One tablet goes round: each taps their own name and answers the questions, who is signed in is the witness."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = [one for one in self.of_hers() if not one.ended_because]
        questions, live = quiz.marked(self.record, None), self.record.state in reading.LIVE
        return self.show("documents/readers/group.html", rows=rows, live=live, questions=questions)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        one = next((row for row in self.of_hers() if str(row.person_id) == request.POST.get("person")), None)
        questions, scripted = (
            quiz.marked(self.record, request.POST),
            "application/json" in request.headers.get("Accept", ""),
        )
        if one and questions and one.read_at is None and not scripted and "answered" not in request.POST:
            return self.ask(one, questions)
        status, said = self.ticked(one, questions)
        if scripted:
            wrong = {question.place: question.why for question in questions if not question.right}
            return JsonResponse({"message": said, "wrong": wrong if status == 409 else {}}, status=status)
        if one and status == 409:
            return self.ask(one, questions, tried=True)
        (messages.success if status == 200 else messages.error)(request, said)
        return redirect(self.url("group", self.record.number))

    def ask(self, one: Reading, questions: list, tried: bool = False) -> HttpResponse:
        """The questions on a page of their own, where no script shows them beside the names."""
        right, needed = quiz.right(questions), quiz.needed(self.record)
        return self.show(
            "documents/readers/asked.html", one=one, questions=questions, tried=tried, right=right, needed=needed
        )

    def ticked(self, one: Reading | None, questions: list) -> tuple[int, str]:
        if one is None:
            return 422, _("This person is not asked to read it.")
        if one.read_at is None and quiz.unanswered(questions):
            return 422, str(quiz.EVERY_ONE)
        at, right = claimed(self.request.POST.get("at", ""), one), quiz.right(questions)
        try:
            one = reading.confirm(one, self.actor, Reading.How.GROUP, at=at, score=right)
        except reading.Over as error:
            return 422, str(error)
        if one.read_at is None:
            return 409, _("%(right)d of %(of)d right: look again") % {"right": right or 0, "of": len(questions)}
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


class Paper(Together):
    """A printed list is entered back: whose signature stands on it, its date, and the scan as proof."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SheetForm(initial={"on": self.actor.organisation.today()}))

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        rows = [one for one in self.of_hers() if one.read_at is None and not one.ended_because]
        ticked, typed = set(self.request.POST.getlist("person")), self.request.POST
        choices = [
            (one, str(one.person_id) in ticked, quiz.marked(self.record, typed, f"{one.person_id}-")) for one in rows
        ]
        live, needed = self.record.state in reading.LIVE, quiz.needed(self.record)
        return self.show("documents/readers/paper.html", status, form=form, choices=choices, live=live, needed=needed)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, wanted = SheetForm(request.POST, request.FILES), request.POST.getlist("person")
        named = [one for one in self.of_hers() if str(one.person_id) in wanted]
        if not named:
            form.add_error(None, _("Tick the names that signed."))
        if not form.is_valid():
            return self.page(form, 422)
        try:
            on = form.cleaned_data["on"]
            reading.sound(on, self.record, self.actor)
            kept = self.kept(form)
            with writing(self.actor.organisation.uid, self.actor.stamp()):  # the list and whom it names, or neither
                actions.attach(self.record, *kept, by=self.actor, caption=_("Signed list of readers"), valid_on=on)
                self.note(named, on)
        except (reading.Over, ValidationError, files.TooLarge) as error:
            form.add_error(None, " ".join(getattr(error, "messages", [str(error)])))
            return self.page(form, 422)
        return self.to_record()

    def note(self, named: list[Reading], on: date) -> None:
        """Those who signed and answered enough have confirmed; the others are told and stay asked."""
        failed = []
        for one in named:
            right = quiz.right(quiz.marked(self.record, self.request.POST, f"{one.person_id}-"))
            if reading.confirm(one, self.actor, Reading.How.PAPER, on=on, score=right).read_at is None:
                failed.append(f"{one.person.name} ({right}/{len(self.record.quiz)})")
        if n := len(named) - len(failed):
            said = ngettext("%(n)d person is noted from the list.", "%(n)d people are noted from the list.", n)
            messages.success(self.request, said % {"n": n})
        if failed:
            said = _("Too few right answers, so still asked to read it: %(names)s")
            messages.warning(self.request, said % {"names": ", ".join(failed)})

    def kept(self, form: forms.Form) -> tuple[files.Kept, str]:
        """The scan, which stays with the revision, whoever is named on it."""
        if self.record.state not in reading.LIVE:
            raise reading.Over(_("Nobody needs to confirm this revision any more: add the list to its files instead."))
        scan = form.cleaned_data["file"]
        return files.keep(self.actor.organisation.uid, scan, scan.name), scan.name


class Sheet(Together):
    """The list to print: who is asked, a field to sign in, and a code that leads back here."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = [one for one in self.of_hers() if one.read_at is None and not one.ended_because]
        response = HttpResponse(paper.pdf(self.record, rows, self.actor), content_type="application/pdf")
        name = f"{self.record.of_document.number}-{self.record.revision_no}-{_('readers')}.pdf"
        response["Content-Disposition"] = f'inline; filename="{"".join(c for c in name if c.isalnum() or c in "-._")}"'
        return response
