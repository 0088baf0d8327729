"""Small pages: drafts kept while typing, the permanent address of a record, and whether the server is well."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from plumbline.kernel import drafts
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Person, here

from .pages import DeskView


class KeepDraft(DeskView):
    """Autosave: what is typed is kept for this person and form; `drop` lets it go."""

    def post(self, request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
        if "drop" in request.POST:
            drafts.drop(self.actor, form)
            back = request.headers.get("Referer", "")
            ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
            return redirect(back if ours else reverse("my-work", args=[self.organisation.slug]))
        try:
            draft = drafts.keep(self.actor, form[:120], request.POST)
        except ValueError:
            too_large = _("This is more than a draft can hold: save it, or make it smaller.")
            return JsonResponse({"error": "too large", "message": too_large}, status=413)
        return JsonResponse({"saved_at": draft.saved_at.isoformat()})


class Permanent(View):
    """`/r/<uid>`: what paper and QR codes carry; leads to the record if you may see it."""

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        record = Record.objects.filter(pk=uid).select_related("organisation").first()
        person = (
            record
            and Person.objects.filter(
                here(record.organisation.today()),
                organisation=record.organisation,
                account=cast(Account, request.user),
            )
            .select_related("organisation")
            .first()
        )
        if record is None or not person or not Record.objects.visible_to(Actor.of(person)).filter(pk=uid).exists():
            raise Http404
        return redirect(f"{register_of(record).slug}:record", record.organisation.slug, record.number)


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Says that the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
