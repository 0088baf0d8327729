"""What is added to a record from its page: comments, files, links."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import DateField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from plumbline.ledger.writer import writing
from plumbline.standards.models import find_edition

from . import actions, files, policy
from .models import Attachment, Comment, Link, Record, RequirementLink
from .views import RegisterView


class Comments(RegisterView):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("text", "").strip()
        try:
            actions.create(Comment, by=self.actor, record=self.record, text=text)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages) if text else _("Write something first."))
        return self.to_record()


class Files(RegisterView):
    """One or several files, streamed to disk before anything is written to the database."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_write_part(self.actor, self.register, Attachment, self.record))
        try:
            valid_on = DateField(required=False).clean(request.POST.get("valid_on", ""))
            kept = [
                (upload.name or "", files.keep(self.actor.organisation.uid, upload, upload.name or ""))
                for upload in request.FILES.getlist("file")
            ]
        except (files.TooLarge, ValidationError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            return self.to_record()
        with writing(self.actor.organisation.uid, self.actor.stamp()):  # all of them, or none
            made = [actions.attach(self.record, one, name, by=self.actor, valid_on=valid_on) for name, one in kept]
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"files": [{"uid": str(part.uid), "name": part.name} for part in made]})
        if not made:
            messages.error(request, _("Choose a file first."))
        return self.to_record()


class FileContent(RegisterView):
    """The content, streamed; shown in place only where that is safe, and never allowed to run anything."""

    def get(self, request: HttpRequest, uid: Any, **kwargs: Any) -> HttpResponseBase:
        part = Attachment.objects.select_related("file").filter(record_id=self.record.uid, uid=uid).first()
        if part is None:
            raise Http404
        if part.disposal or part.file.disposed_at:
            return render(request, "410.html", {"part": part}, status=410)
        return send(part)


def send(part: Attachment) -> FileResponse:
    """The attachment's bytes under its own name."""
    inline = part.file.media_type in files.SHOWN_INLINE
    try:
        stream = files.path_of(part.file).open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The content of this file is missing on this server. A backup may have it.")) from error
    kind = part.file.media_type if inline else "application/octet-stream"
    response = FileResponse(stream, as_attachment=not inline, filename=part.name, content_type=kind)
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(part.file.size)
    return response


class Links(RegisterView):
    """Link to another record by its number."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        number = request.POST.get("number", "").replace("\0", "").strip()
        targets = list(Record.objects.visible_to(self.actor).filter(number__iexact=number)[:2])
        if len(targets) != 1:
            none, both = _("There is no record “%(number)s” that you may see."), _("Two records have that number.")
            messages.error(request, both if targets else none % {"number": number})
            return self.to_record()
        target = targets[0]
        try:
            actions.create(Link, by=self.actor, record=self.record, target=target)
        except (ValidationError, IntegrityError):
            messages.error(request, _("These two are linked already, or are the same record."))
        return self.to_record()


class Requirements(RegisterView):
    """Say that a record speaks to a requirement, named by its id or by its clause; or take it back."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        organisation, wanted = self.actor.organisation, request.POST.get("requirement", "").strip()
        edition = find_edition(organisation.uid, organisation.edition)
        found = edition and (edition.get(wanted) or next(iter(edition.clauses().get(wanted, [])), None))
        if not found:
            messages.error(request, _("“%(id)s” is no requirement and no clause of it.") % {"id": wanted[:40]})
            return self.to_record()
        links = RequirementLink.objects.filter(record_id=self.record.uid, edition=found.edition, requirement=found.id)
        state = RequirementLink.State.REJECTED if "end" in request.POST else RequirementLink.State.CONFIRMED
        if link := links.first():
            actions.edit(link, by=self.actor, state=state)
        elif state == RequirementLink.State.CONFIRMED:
            values: dict[str, Any] = {"edition": found.edition, "requirement": found.id, "state": state}
            actions.create(RequirementLink, by=self.actor, record=self.record, **values)
        return self.to_record()
