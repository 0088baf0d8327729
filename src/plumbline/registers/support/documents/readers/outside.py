"""External documents: their edition, who watches them, what a new edition touches; and forms to fill in."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plumbline.kernel import actions, files, forms, pages, policy
from plumbline.kernel.models import Link, Record, seen_by
from plumbline.kernel.register import register_of
from plumbline.kernel.views import RegisterView
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.drafting import word
from plumbline.registers.support.documents.models import Document, Revision

FIELDS = ["edition", "origin", "watched_by", "check_on", "if_it_changes"]
EXTERNAL = Document.Sort.EXTERNAL.value
FILLED = (Document.Sort.FORM.value, Document.Sort.RECORD_TEMPLATE.value)


def touched(document: Document, actor: Actor) -> list[Record]:
    """What is linked with the document, either way."""
    links = Link.objects.filter(Q(record_id=document.uid) | Q(target_id=document.uid), ended=False)
    links = links.filter(seen_by(actor, "record__"), seen_by(actor, "target__")).select_related("record", "target")
    return [link.target if link.record_id == document.uid else link.record for link in links]


def new_edition(document: Document, by: Actor, edition: str) -> Revision:
    """A change is asked for, with what hangs on it."""
    names = ", ".join(f"{one.number} {one.title}" for one in touched(document, by)[:20])
    impact = "\n".join(piece for piece in (document.if_it_changes, names) if piece)
    values: dict[str, Any] = {"change": _("New edition: %(edition)s") % {"edition": edition}, "impact": impact}
    values |= {name: value for name, value in revising.following(document).items() if value is not None}
    revision: Revision = actions.create(register_of("revision"), by=by, of_document=document, **values)
    return revision


class Outside(RegisterView):
    """What is known of an external document, and the news that there is a new edition."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.record = pages.find(self.register, self.actor, kwargs["number"])
        if not self.record.works_like(EXTERNAL):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form(self, **kwargs: Any) -> Any:
        return forms.form_class(self.register, FIELDS)(actor=self.actor, instance=self.record, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_edit(self.actor, self.register, self.record))
        return self.show("documents/readers/outside.html", form=self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "new":
            return self.changed(request.POST.get("new_edition", "").strip()[:80])
        form = self.form(data=request.POST)
        if form.is_valid():
            try:
                actions.edit(self.record, by=self.actor, **form.answers())
            except ValidationError as error:
                pages.tell_form(form, error)
            else:
                return self.to_record()
        return self.show("documents/readers/outside.html", 422, form=form)

    def changed(self, edition: str) -> HttpResponse:
        if not edition:
            messages.error(self.request, _("Say which edition it is."))
            return self.to_record()
        revision = new_edition(self.record, self.actor, edition)
        messages.success(self.request, _("A change is asked for. Go through what it touches."))
        return redirect("revisions:record", self.actor.organisation.slug, revision.number)


def in_force(document: Document) -> Revision | None:
    """The revision of a form that is filled in today."""
    spans = document.in_force(document.home.today())
    return Revision.objects.select_related("file", "of_document").get(pk=spans[0].record_id) if spans else None


class Fill(RegisterView):
    """The form to fill in; the name of the file says which revision it is."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        revision = in_force(self.record)
        if revision is None or revision.file is None or revision.file.disposed_at:
            raise Http404
        name = name_of(revision)
        if revision.written:
            answer = HttpResponse(word.exported(revision, self.actor), content_type="application/octet-stream")
            answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
            return answer
        return FileResponse(files.path_of(revision.file).open("rb"), as_attachment=True, filename=name)


def name_of(revision: Revision) -> str:
    """Number, revision and title, as the name of a file: “FORM-003 rev 2 Incoming goods.xlsx”."""
    ending = ".docx" if revision.written else "".join(revision.name.rpartition(".")[1:])
    document = revision.of_document
    plain = f"{document.number} rev {revision.revision_no} {document.title}"
    return "".join(sign if sign.isalnum() or sign in " -._" else "-" for sign in plain)[:150].strip() + ending
