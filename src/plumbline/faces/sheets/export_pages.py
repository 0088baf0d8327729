"""Export: what to take, a file at once where it is short, a page with the progress where it is long."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plumbline.kernel.views import RegisterView

from . import answers, long_exports, pace, working
from .exporting import Listing, csv_lines, write_workbook
from .models import Export
from .runs import own

AT_ONCE = 2_000  # rows of a workbook that is made while one waits


class ExportView(RegisterView):
    """Has the list that the address describes."""

    def listing(self, fields: str = "") -> Listing:
        return Listing(self.register, self.actor, self.request.GET, fields or self.request.GET.get("fields", "shown"))

    def csv(self, listing: Listing) -> StreamingHttpResponse:
        response = StreamingHttpResponse(csv_lines(listing), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.register.slug}.csv"'
        return response

    def workbook(self, listing: Listing) -> FileResponse:
        return answers.workbook(f"{self.register.slug}.xlsx", lambda file: write_workbook(file, listing))


class Csv(ExportView):
    """The list as CSV, streamed whatever its length."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return self.csv(self.listing())


class Workbook(ExportView):
    """The list as XLSX; a long one is asked for on the page, as it takes a while."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        listing = self.listing()
        if listing.count(AT_ONCE + 1) > AT_ONCE:
            return redirect(f"{self.url('export-choose')}?{request.GET.urlencode()}")
        return self.workbook(listing)


class Choose(ExportView):
    """Which columns, and which kind of file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        listing = self.listing()
        waiting = Export._base_manager.filter(
            organisation=self.actor.organisation, person=self.actor.person, kind=self.register.kind
        )
        return self.show(
            "sheets/export.html",
            count=listing.count(),
            filters=listing.filters(),
            query=request.GET.urlencode(),
            headings=self.listing("shown").headings(),
            every=len(self.listing("all").names),
            made=[(run, self.asked(run)) for run in waiting.order_by("-made_at")],
            most=AT_ONCE,
        )

    def asked(self, run: Export) -> str:
        """What was exported, in words."""
        return Listing(self.register, self.actor, QueryDict(run.query), run.fields).filters()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        fields = "all" if request.POST.get("fields") == "all" else "shown"
        listing = self.listing(fields)
        if request.POST.get("format") == "csv":
            return self.csv(listing)
        if (total := listing.count()) <= AT_ONCE:
            return self.workbook(listing)
        wanted = {"query": request.GET.urlencode(), "fields": fields, "total": total}
        run = working.begin(Export, self.actor, self.register.kind, **wanted)
        return redirect(self.url("export-run", run.uid))


class RunView(RegisterView):
    """Finds the person's own run; anybody else's is the same 404."""

    def run(self, uid: UUID) -> Export:
        return cast(Export, own(Export, self.actor, self.register.kind, uid))


class Progress(RunView):
    """How far a long export is, and the file when it is ready."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        run = self.run(uid)
        return self.show("sheets/export_run.html", run=run, **pace.watched(run, request.GET))

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        """Not wanted any more: whoever writes it stops, and a file that is there goes."""
        long_exports.drop(self.run(uid))
        messages.success(request, _("The export is removed."))
        return redirect(self.url("export-choose"))


class Download(RunView):
    """The file of a long export, for whom it was made, while she may see what she saw then."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponseBase:
        run = self.run(uid)
        if not long_exports.still_allowed(run, self.actor):
            raise Http404
        return answers.left_by(run, f"{self.register.slug}.xlsx", answers.XLSX)
