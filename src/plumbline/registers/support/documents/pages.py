"""Pages of documents that other registers do not have: bringing in what there is, revisions, reading."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.history.uids import uuid7
from plumbline.kernel import pages, parts, policy, views
from plumbline.kernel.views import RegisterView
from plumbline.ledger.writer import witnessed
from plumbline.organisation.models import Organisation

from . import importing, speaking
from .models import Document, Revision, kinds
from .recognising import Run
from .review import waiting


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


class Listing(views.List):
    """The list, with the way to bring documents in and to those that wait to be confirmed."""

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        if template == "kernel/list.html":
            template = "documents/list.html"
            context |= {"waiting": any(document.state == "proposed" for document in context["page"].rows)}
        return super().show(template, status, **context)


class BringIn(RegisterView):
    """Files, folders and archives come in one after the other; each is answered with what became of it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_create(self.actor, self.register))
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_create(self.actor, self.register))
        run, given = Run(self.actor, batch=self.batch()), request.FILES.getlist("file")
        names = request.POST.getlist("path")
        names += [upload.name or "" for upload in given[len(names) :]]
        with witnessed(None):  # none of them is the whole; what is here already comes in no second time
            lines = [
                line
                for name, upload in zip(names, given, strict=False)
                for line in importing.take_upload(upload, name, run)
            ]
        if wants_json(request):
            return JsonResponse(self.answer(lines))
        if not lines:
            messages.error(request, _("Choose a file first."))
        return self.page(lines=[(line, told(line, self.actor.organisation)) for line in lines])

    def batch(self) -> UUID:
        """The same for all files dropped on one page, so that two of them with one number are told apart."""
        try:
            return UUID(self.request.GET.get("batch", ""))
        except ValueError:
            return uuid7()

    def page(self, **context: Any) -> HttpResponse:
        count = waiting(self.register, self.actor).count()
        return self.show("documents/bring_in.html", waiting=count, batch=uuid7(), **context)

    def answer(self, lines: list[importing.Line]) -> dict[str, Any]:
        """What the page that sends the files shows beside each: the line itself, or the sum of an archive's."""
        said = [{"url": self.url("record", line.number) if line.number else "", **vars(line)} for line in lines]
        refused = [line for line in lines if line.status == "refused"]
        if not lines:
            return {"status": "refused", "reason": _("Nothing was found in it."), "lines": []}
        if len(lines) == 1:
            one = lines[0]
            return {
                **said[0],
                "title": told(one, self.actor.organisation),
                "reason": one.reason if refused else "",
                "lines": said,
            }
        text = ngettext("%(count)d file read", "%(count)d files read", len(lines)) % {"count": len(lines)}
        if refused:
            text += ". " + _("Refused:") + " " + "; ".join(f"{line.file}: {line.reason}" for line in refused[:20])
        status = "refused" if len(refused) == len(lines) else "new"
        return {"status": status, "reason": text if refused else "", "title": text, "lines": said}


def told(line: importing.Line, home: Organisation) -> str:
    """A line in words: “QP-07 Purchasing · Procedure · revision 3”."""
    if line.status == "refused":
        return line.reason
    begins = {"new": "", "changed": _("New revision:") + " ", "unchanged": _("Already here:") + " "}[line.status]
    kind = kinds.names(home).get(line.kind, "")
    revision = _("revision %(number)s") % {"number": line.revision} if line.revision else ""
    what = " · ".join(piece for piece in (f"{line.number} {line.title}".strip(), kind, revision) if piece)
    return f"{begins}{what}" + (f" ({line.reason})" if line.reason else "")


class Revise(RegisterView):
    """A new file for this document: the draft of its next revision."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_edit(self.actor, self.register, self.record))
        given = request.FILES.get("file")
        if given is None:
            messages.error(request, _("Choose a file first."))
            return self.to_record()
        line = importing.revise(self.record, given, Run(self.actor), request.POST.get("number", "").strip())
        if line.status == "refused":
            messages.error(request, f"{line.file}: {line.reason}")
            return self.to_record()
        messages.success(request, told(line, self.actor.organisation))
        fresh = cast(Document, pages.find(self.register, self.actor, self.record.number))
        making = fresh.under_way
        return redirect("revisions:record", self.actor.organisation.slug, making.number) if making else self.to_record()


class RevisionContent(RegisterView):
    """The file of a revision, shown in place where that is safe."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        revision = Revision.objects.select_related("file").filter(of_document=self.record.uid, uid=uid).first()
        if revision is None or revision.file is None:
            raise Http404
        return cast(HttpResponse, parts.send(cast(Any, revision)))


class WholeText(RegisterView):
    """What the file says, as text, with the passages marked."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        links = [link for link in self.record.requirements if link.state != "rejected"]
        return self.show("documents/text.html", spoken=speaking.spoken(links))
