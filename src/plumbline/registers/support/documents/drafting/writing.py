"""The page a draft is written on: what is typed, pictures, references, and what changes and why."""

from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.composition import NotOurs, images_of, redline, to_html, unfilled
from plumbline.faces.search.wording import plain
from plumbline.kernel import actions, drafts, faces, files, meanwhile, pages, policy
from plumbline.kernel.forms import form_class
from plumbline.kernel.register import register_of
from plumbline.kernel.views import RegisterView
from plumbline.standards.models import find_edition

from ..models import Document, Revision
from . import beginning, pointers, written
from .fields import offered

MOST = 8  # documents and requirements each, offered while somebody types


class OfDraft(RegisterView):
    """A page that changes a draft: only while it is one, and by those who may."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        number = kwargs.get("number", "")
        self.record = pages.find(self.register, self.actor, number)
        if self.record.number == number and self.record.state != "draft":
            messages.info(request, _("It is not a draft any more: this is how it stands."))
            return self.to_record()
        return super().dispatch(request, *args, **kwargs)

    def allowed(self) -> None:
        policy.require(policy.may_edit(self.actor, self.register, self.record))


class Write(OfDraft):
    """The editor, with the change beside it; saving makes a file and one event."""

    def form_name(self) -> str:
        return f"{self.record.uid}:write"

    def form(self, typed: Any = None, **kwargs: Any) -> Any:
        form: Any = form_class(self.register, ["change", "because", "revision_no"])(
            typed, actor=self.actor, instance=self.record, **kwargs
        )
        form.fields["content"] = fields.CharField(widget=fields.HiddenInput, required=False, strip=False)
        form.fields["version"] = fields.IntegerField(widget=fields.HiddenInput, initial=self.record.version)
        return form

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed()
        if self.record.file_id and not self.record.written:
            messages.info(request, _("Its content is a file: download it, change it, and bring in the changed file."))
            return self.to_record()
        draft = drafts.find(self.actor, self.form_name())
        initial = {**pages.draft_initial(draft), "version": draft.version or self.record.version} if draft else {}
        return self.page(self.form(initial=initial), initial.get("content"), draft=draft)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed()
        form = self.form(request.POST)
        typed = request.POST.get("content", "")
        differs = ""
        if form.is_valid():
            try:
                return self.saved(form, typed)
            except (NotOurs, files.TooLarge) as error:
                form.add_error(None, written.refusal(error))
            except actions.Stale as error:
                self.record = pages.find(self.register, self.actor, self.record.number)
                meanwhile.tell(form, self.record, error)
                differs = self.differing(typed)
        return self.page(form, typed, status=422, differs=differs)

    def saved(self, form: Any, typed: str) -> HttpResponse:
        content = written.written(written.parsed(typed), self.actor)
        version = form.cleaned_data["version"]
        written.save(self.record, content, by=self.actor, version=version, **form.answers())
        drafts.drop(self.actor, self.form_name())
        left = len(unfilled(written.parsed(typed)))
        words = ngettext(
            "Saved. %(n)d place is still to be filled in.", "Saved. %(n)d places are still to be filled in.", left
        )
        messages.success(self.request, words % {"n": left} if left else _("Saved."))
        return self.to_record() if self.request.POST.get("do") != "stay" else redirect(self.request.path)

    def differing(self, typed: str) -> str:
        """What stands there now against what was typed, for whoever saves second."""
        try:
            return mark_safe(redline(to_html(written.load(self.record)), to_html(written.parsed(typed))))
        except (NotOurs, FileNotFoundError):
            return ""

    def page(self, form: Any, typed: str | None, status: int = 200, **context: Any) -> HttpResponse:
        content = typed if typed is not None else written.as_text(self.record)
        shown = {
            "form": form,
            "form_name": self.form_name(),
            "content": content,
            "fields": offered(self.record),
            "images": self.images(content),
            "picture_url": self.url("picture", self.record.number),
            "reference_url": self.url("references", self.record.number),
        }
        return self.show("documents/write.html", status=status, **shown, **context)

    def images(self, content: str) -> dict[str, str]:
        """The addresses of the pictures in what is shown."""
        try:
            sources = images_of(written.parsed(content))
        except NotOurs:
            return {}
        return {uid: pointers.address_of(part) for uid, part in pointers.attached(sources, self.actor).items()}


class Picture(OfDraft):
    """Takes a picture while somebody writes; it is attached to the document."""

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        self.allowed()
        given = request.FILES.get("file")
        if given is None:
            return JsonResponse({"reason": _("Choose a file first.")}, status=422)
        try:
            kept = files.keep(self.actor.organisation.uid, given, given.name or "")
        except files.TooLarge as error:
            return JsonResponse({"reason": str(error)}, status=413)
        if kept.media_type not in written.PICTURES:
            return JsonResponse({"reason": _("Only PNG, JPEG, GIF and WebP pictures are taken.")}, status=422)
        document: Document = self.record.of_document
        part = actions.attach(document, kept, written.tidy(given.name or ""), by=self.actor)
        url = pointers.address_of(pointers.attached([str(part.uid)], self.actor)[str(part.uid)])
        return JsonResponse({"uid": str(part.uid), "url": url, "sha256": kept.sha256})


class References(RegisterView):
    """Documents and requirements that a text may point to, among those the writer may see."""

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        text = request.GET.get("q", "").strip()[:200]
        return JsonResponse([*self.documents(text), *self.requirements(text)], safe=False)

    def documents(self, text: str) -> list[dict[str, str]]:
        seen = register_of("document").records(self.actor).filter(kind="document", closed_at=None)
        others = faces.finder().narrow(seen.exclude(pk=self.record.of_document_id), text)
        return [
            {"to": "document", "target": str(one.uid), "label": one.number, "detail": one.title}
            for one in others.order_by("-uid")[:MOST]
        ]

    def requirements(self, text: str) -> list[dict[str, str]]:
        organisation, wanted = self.actor.organisation, plain(text)
        edition = find_edition(organisation.uid, organisation.edition)
        if edition is None or len(wanted) < 2:
            return []
        every = reversed(edition.requirements)
        fitting = [one for one in every if one.clause.startswith(text) or wanted in plain(one.title)]
        found = {one.clause: one for one in fitting}
        return [
            {"to": "requirement", "target": one.id, "label": f"{one.clause} {one.title}", "detail": edition.name}
            for one in list(reversed(found.values()))[:MOST]
        ]


class Bring(OfDraft):
    """A changed file for this draft: from Word into the written text, or in place of the file before."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed()
        given = request.FILES.get("file")
        if given is None:
            messages.error(request, _("Choose a file first."))
            return self.to_record()
        version = request.POST.get("version", "")
        expected = int(version) if version.isascii() and version.isdigit() else None
        try:
            revision: Revision = beginning.replaced(self.record, given, given.name or "", self.actor, expected)
        except (NotOurs, files.TooLarge, actions.Stale) as error:
            messages.error(request, written.refusal(error))
            return self.to_record()
        told = _("The text was taken from Word.") if revision.written else _("The file was replaced.")
        messages.success(request, told)
        return self.to_record()


class Turn(OfDraft):
    """A draft that is a Word file becomes one that is written here."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed()
        try:
            beginning.turned(self.record, self.actor)
        except (NotOurs, files.TooLarge, beginning.CannotBeWrittenOn) as error:
            messages.error(request, written.refusal(error))
            return self.to_record()
        return redirect(self.url("write", self.record.number))
