"""Many documents as one PDF: a few while one waits, many by the way, with their progress on a page."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.faces.sheets import answers, working
from plumbline.faces.sheets.runs import Alive, Interrupted, actor_of, own, rights, whole
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.copies import NoCopy
from plumbline.registers.support.documents.copies.binding import AT_ONCE, bind, bound
from plumbline.registers.support.documents.copies.pages import pdf_answer
from plumbline.registers.support.documents.library import shelf

from .library import grouped
from .models import Binding, Listing
from .pages import DeskView

KIND = "bound"


def chosen(actor: Actor, group: str) -> tuple[str, list[shelf.Line]]:
    """The title of a group of the library, everything where none is named, and what is in force in it today."""
    by, _colon, what = group.partition(":")
    lines = [line for line in shelf.every(actor, actor.organisation.today()) if _is_of(line.document, by, what)]
    title = next((title for title, _code, _lines in grouped(lines, by, actor.organisation)), "") if by else ""
    return title or _("Documents in force"), lines


def _is_of(document: Any, by: str, what: str) -> bool:
    """Whether a document belongs to a group of the library; everything does where none is named."""
    if by == "process":
        return str(document.process_id or "none") == what
    return not by or document.sort == what


def _revisions(lines: Iterable[shelf.Line]) -> list:
    return [line.revision for line in lines]


def write(run: Binding, alive: Alive) -> None:
    """The whole file; what a restart cut off begins again."""

    def said(done: int) -> None:
        if not alive():
            raise Interrupted
        run.note(done=done)

    actor = actor_of(run)
    title, lines = chosen(actor, run.group)
    run.note(state="running", done=0, total=len(lines), rights=rights(actor))
    try:
        with whole(run) as part, part.open("wb") as out:
            done = bind(_revisions(lines), actor, title, out, said)
    except NoCopy as error:
        run.note(state="failed", error=str(error), finished_at=timezone.now())
        return
    run.note(state="ready", done=done, total=done, finished_at=timezone.now())


class Bound(DeskView):
    """The documents in force of one kind or process, or all of them, as one PDF with its contents."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        group = request.GET.get("group", "")
        title, lines = chosen(self.actor, group)
        if len(lines) > AT_ONCE:
            return self.show("desk/bound.html", title=title, group=group, count=len(lines), run=None)
        try:
            return pdf_answer(bound(_revisions(lines), self.actor, title), title)
        except NoCopy as error:
            messages.error(request, str(error))
            return redirect("library", self.organisation.slug)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run = working.begin(Binding, self.actor, KIND, group=request.POST.get("group", "")[:80])
        return redirect("library-binding", self.organisation.slug, run.uid)


class OwnRun(DeskView):
    """The person's own run; anybody else's is the same 404."""

    model: type[Binding | Listing] = Binding
    kind = KIND

    def run(self, uid: UUID) -> Any:
        return own(self.model, self.actor, self.kind, uid)


class Progress(OwnRun):
    """How far it is, and the file when it is ready."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        return self.show("desk/bound.html", title=_("One PDF"), run=self.run(uid))


class Download(OwnRun):
    """The file, for whom it was made, while she may see what she saw then."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponseBase:
        run = self.run(uid)
        if run.rights != rights(self.actor):
            raise Http404
        return answers.left_by(run, self.named(run), "application/pdf")

    def named(self, run: Any) -> str:
        return f"{self.organisation.slug}-{timezone.localdate(run.made_at).isoformat()}.pdf"
