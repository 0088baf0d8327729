"""The master list, to take along: a workbook at once; on paper a short one at once, a long one with its progress."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.faces.sheets import answers, working
from plumbline.faces.sheets.runs import Alive, Interrupted, actor_of, rights, whole
from plumbline.registers.support.documents.library import master
from plumbline.registers.support.documents.library.paper import NoPaper

from . import binding
from .library import day_of
from .models import Listing
from .pages import DeskView

KIND = "listed"


def write(run: Listing, alive: Alive) -> None:
    """The whole file; what a restart cut off begins again."""

    def said(done: int, total: int) -> None:
        if not alive():
            raise Interrupted
        run.note(done=done, total=total)

    actor = actor_of(run)
    run.note(state="running", done=0, total=0, rights=rights(actor))
    try:
        with whole(run) as part:
            done = master.write_pdf(actor, run.day, part, said)
    except NoPaper as error:
        run.note(state="failed", error=str(error), finished_at=timezone.now())
        return
    run.note(state="ready", done=done, total=done, finished_at=timezone.now())


class MasterList(DeskView):
    """Every document in force on a day that this person may see."""

    def get(self, request: HttpRequest, form: str, **kwargs: Any) -> HttpResponseBase:
        day = day_of(request, self.organisation.today())
        if form == "xlsx":
            return answers.workbook(named(self, day, form), lambda file: master.xlsx(self.actor, day, file))
        if form != "pdf":
            raise Http404
        if not master.short(self.actor, day):
            return self.show("desk/listing.html", day=day, run=None)
        there = {"Content-Disposition": f'inline; filename="{named(self, day, form)}"'}
        return HttpResponse(master.pdf(self.actor, day), content_type="application/pdf", headers=there)

    def post(self, request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
        if form != "pdf":
            raise Http404
        run = working.begin(Listing, self.actor, KIND, day=day_of(request, self.organisation.today()))
        return redirect("library-listing", self.organisation.slug, run.uid)


def named(view: DeskView, day: date, form: str) -> str:
    """What the file is called where it is kept."""
    return f"{view.organisation.slug}-{_('master-list')}-{day.isoformat()}.{form}"


class Progress(binding.OwnRun):
    """How far it is, and the file when it is ready."""

    model, kind = Listing, KIND

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        run = self.run(uid)
        return self.show("desk/listing.html", day=run.day, run=run)


class Download(binding.Download):
    """The file, for whom it was made, while she may see what she saw then."""

    model, kind = Listing, KIND

    def named(self, run: Listing) -> str:
        return named(self, run.day, "pdf")
