"""The audit's own pages: the plan, the checklist, the gaps, the report."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.formats import time_format
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plumbline.kernel import actions, files, pages, policy, views
from plumbline.kernel.forms import choices
from plumbline.kernel.middleware import asked
from plumbline.kernel.register import Register, register_of
from plumbline.kernel.views import RegisterView
from plumbline.organisation.models import Person

from . import answering, checklist, gap_pages, planning, reporting, typed
from .models import Area, Audit, TeamMember
from .plan_form import PlanForm
from .report.word import TemplateRefused
from .report_page import shown_report
from .results import area_states, edition_named, missing_to_close, not_applicable


class AuditPage(views.Detail):
    """The audit's page: how far every area is, and what is next."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = pages.record_context(self.register, self.actor, self.record)
        states = area_states(self.record)
        may_plan = policy.may_write_part(self.actor, self.register, Area, self.record)
        missing = missing_to_close(states) if self.record.state == "running" else []
        team = TeamMember.objects.filter(record_id=self.record.uid).select_related("person").order_by("uid")
        own: dict[str, Any] = {"states": states, "may_plan": may_plan, "missing": missing, "team": team}
        return self.show(self.register.page_template, **own, **context)


class Plan(RegisterView):
    """A new audit, planned on one page."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.may()
        return self.form(PlanForm(self.actor, self.record))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.may()
        form = PlanForm(self.actor, self.record, data=request.POST)
        if form.is_valid() and "propose" in request.POST:
            return self.form(PlanForm(self.actor, self.record, initial=form.again()))
        if form.is_valid():
            try:
                return self.to_record(self.save(form))
            except (ValidationError, actions.Stale) as error:
                pages.tell_form(form, error)
        return self.form(form, 422)

    def form(self, form: PlanForm, status: int = 200) -> HttpResponse:
        edition = edition_named(self.actor.organisation.uid, self.actor.organisation.edition)
        asked_nowhere = "design" not in form.names and "8.3.1-1" not in not_applicable(self.actor.organisation, edition)
        return self.show("audits/plan.html", status, form=form, rows=form.rows(), design_unasked=asked_nowhere)

    def may(self) -> None:
        policy.require(policy.may_create(self.actor, self.register))

    def save(self, form: PlanForm) -> Audit:
        given = typed.plan(form)
        return planning.plan(
            self.actor, form.cleaned_data["title"], form.areas(), lead=form.cleaned_data["lead"], **given
        )


class Replan(Plan):
    """The plan of an audit that is there, changed."""

    def may(self) -> None:
        policy.require(policy.may_write_part(self.actor, self.register, Area, self.record))

    def save(self, form: PlanForm) -> Audit:
        given = typed.plan(form)
        return planning.replan(self.record, self.actor, form.areas(), title=form.cleaned_data["title"], **given)


class Next(RegisterView):
    """Plan the next audit from this one."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_create(self.actor, self.register))
        try:
            new = planning.following(self.record, self.actor)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.to_record()
        messages.success(
            request,
            _("%(number)s is planned like this one, a year later. Look through the plan.") % {"number": new.number},
        )
        return redirect(self.url("plan", new.number))


class Checklist(RegisterView):
    """The questions of one area."""

    def get(self, request: HttpRequest, code: str = "", **kwargs: Any) -> HttpResponse:
        opening = request.GET.get("open", "")
        board = checklist.board(self.record, self.actor, code, opening)
        if code and (board["shown"] is None or board["shown"].area.code != code):
            raise Http404
        if opening and asked(request).htmx:
            card = next((card for card in board["cards"] if card.question.id == opening), None)
            return self.show("audits/_opened.html", card=card, **board)
        people = choices(Person, self.actor)
        return self.show("audits/checklist.html", state=self.register.state_of(self.record), people=people, **board)


class AreaView(RegisterView):
    """Finds the area of the audit."""

    def area(self, code: str) -> Area:
        found = (
            Area.objects.filter(record_id=self.record.uid, code=code, dropped=False).select_related("process").first()
        )
        if found is None:
            raise Http404
        return found


class Now(AreaView):
    """What stands in the answers at this moment, for a page that is open."""

    def get(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        return JsonResponse(checklist.told(self.record, self.actor, self.area(code).code))


class Save(AreaView):
    """One field of one answer, as its auditor leaves it; with a file, the file."""

    def post(self, request: HttpRequest, code: str, question: str, **kwargs: Any) -> HttpResponse:
        if "application/json" not in request.headers.get("Accept", ""):
            return self.without_script(request, code, question)
        try:
            self.save(request, self.area(code), question)
        except answering.Meanwhile as error:
            told = {
                "conflict": error.name,
                "theirs": typed.spelled(error.theirs),
                "who": error.who,
                "message": str(error),
            }
            return JsonResponse(told, status=409)
        except (ValidationError, policy.Denied, actions.Stale, files.TooLarge) as error:
            return JsonResponse({"message": typed.sentence(error)}, status=422)
        told = checklist.told(self.record, self.actor, code)
        return JsonResponse(told | {"at": time_format(localtime(now()), "H:i")})

    def save(self, request: HttpRequest, area: Area, question: str) -> None:
        requirement, fields, was = typed.answer(request.POST)
        for upload in request.FILES.getlist("file"):
            answering.attach(self.record, area, question, self.actor, upload, upload.name or "", requirement)
        if fields:
            answering.save(self.record, area, question, self.actor, requirement, was, **fields)

    def without_script(self, request: HttpRequest, code: str, question: str) -> HttpResponse:
        try:
            self.save(request, self.area(code), question)
        except (ValidationError, policy.Denied, actions.Stale, files.TooLarge, answering.Meanwhile) as error:
            messages.error(request, typed.sentence(error))
        return redirect(self.url("area", self.record.number, code) + f"#q-{question}")


class LeaveOut(AreaView):
    """Say why an area is not audited, and who agreed; or take that back."""

    def post(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        form = typed.LeaveOutForm(self.actor, data=request.POST)
        if form.is_valid():
            try:
                actions.edit(self.area(code), by=self.actor, **form.cleaned_data)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
        else:
            messages.error(request, _("Give the reason and who agreed."))
        return redirect(self.url("area", self.record.number, code))


class Close(views.Act):
    """Signing; the report as it was signed is kept as a file."""

    def get(self, request: HttpRequest, verb: str = "close", **kwargs: Any) -> HttpResponse:
        return super().get(request, verb)

    def post(self, request: HttpRequest, verb: str = "close", **kwargs: Any) -> HttpResponse:
        answer = super().post(request, verb)
        signed = Audit.objects.select_related("home", "organisation", "lead").get(pk=self.record.pk)
        if answer.status_code == 302 and signed.state == "closed":
            reporting.keep_signed(signed, self.actor)
        return answer


class Report(RegisterView):
    """The report as a page."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(
            "audits/report.html", state=self.register.state_of(self.record), **shown_report(self.record, get_language())
        )


class Download(RegisterView):
    """The report as a file, in the reader's language."""

    def get(self, request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
        if form not in reporting.FORMS:
            raise Http404
        try:
            content = reporting.report_bytes(self.record, form, get_language() or "")
        except TemplateRefused as error:
            messages.error(request, _("The Word template cannot be filled: %(why)s") % {"why": error})
            return redirect(self.url("report", self.record.number))
        answer = HttpResponse(content, content_type=reporting.FORMS[form])
        answer["Content-Disposition"] = f'attachment; filename="{reporting.file_name(self.record, form)}"'
        return answer


class Template(RegisterView):
    """An own Word template for this and later reports."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.allow(("quality", "management", "lead"), self.actor, self.record))
        upload = request.FILES.get("file")
        try:
            if upload:
                reporting.keep_template(self.record, self.actor, upload, upload.name or "")
                messages.success(
                    request, _("From now on reports in Word are made from “%(name)s”.") % {"name": upload.name}
                )
        except (TemplateRefused, files.TooLarge) as error:
            messages.error(request, _("This template cannot be used: %(why)s") % {"why": error})
        return redirect(self.url("report", self.record.number))


class FindingPage(views.Detail):
    """A finding; one that was merged leads on to the other, unless the reader wants to see it itself."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        into = self.record.merged_into
        if self.record.state == "merged" and into and "stay" not in request.GET:
            messages.info(
                request, _("%(old)s was merged into %(new)s.") % {"old": self.record.number, "new": into.number}
            )
            return self.to_record(into)
        context = pages.record_context(self.register, self.actor, self.record)
        merged = self.record.merged.filter(state="merged").order_by("number")
        audits = register_of("audit")
        return self.show(self.register.page_template, merged=merged, audits=audits, **context)


def audit_pages(register: Register) -> list:
    """The addresses below /audits/."""
    own = {
        "new/": (Plan, "new"),
        "<str:number>/": (AuditPage, "record"),
        "<str:number>/plan/": (Replan, "plan"),
        "<str:number>/next/": (Next, "next"),
        "<str:number>/checklist/": (Checklist, "checklist"),
        "<str:number>/checklist/<slug:code>/": (Checklist, "area"),
        "<str:number>/checklist/<slug:code>/now/": (Now, "now"),
        "<str:number>/checklist/<slug:code>/left-out/": (LeaveOut, "left-out"),
        "<str:number>/checklist/<slug:code>/answers/<str:question>/": (Save, "save"),
        "<str:number>/gaps/": (gap_pages.Gaps, "gaps"),
        "<str:number>/close/": (Close, "close"),
        "<str:number>/report/": (Report, "report"),
        "<str:number>/report/template/": (Template, "template"),
        "<str:number>/report.<slug:form>": (Download, "download"),
    }
    return [path(route, view.as_view(register=register), name=name) for route, (view, name) in own.items()]


def finding_pages(register: Register) -> list:
    """The addresses below /findings/."""
    own = {"new/": (views.Create, "new"), "<str:number>/": (FindingPage, "record")}
    return [path(route, view.as_view(register=register), name=name) for route, (view, name) in own.items()]
