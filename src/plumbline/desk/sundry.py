"""Small pages: drafts kept while typing, the permanent address of a record, and whether the server is well."""

import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from plumbline.kernel import drafts
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.signin.devices import AtDevice, people_of
from plumbline.registers.support.documents.copies.standing import standing

from .pages import DeskView

OFTEN = 120  # questions a minute from one address


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


def asker(request: HttpRequest) -> str:
    """The address that asks: behind a proxy the one that the proxy itself noted last, never what a stranger claims."""
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    noted = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return noted.rpartition(",")[2].strip()[:45] or nearest


def too_often(request: HttpRequest) -> bool:
    """Whether this address asked more often in a minute than a hall full of phones would; each process counts its own.

    It spares the server; that nobody guesses an address is seen to by its 74 random bits.
    """
    key = f"standing:{quote(asker(request))}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > OFTEN


@method_decorator(login_not_required, name="dispatch")
class Permanent(View):
    """`/r/<uid>`: what paper and QR codes carry; leads to the record if you may see it.

    Anybody else is told whether a revision is current, and nothing about any other uid.
    """

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        if record := self.seen(request, uid):
            return redirect(f"{register_of(record).slug}:record", record.organisation.slug, record.number)
        if too_often(request):
            return render(request, "429.html", status=429)
        if told := standing(uid):
            return render(request, "documents/copies/standing.html", {"standing": told})
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404

    def seen(self, request: HttpRequest, uid: UUID) -> Record | None:
        """The record, where who asks is somebody in its organisation who may see it."""
        record = Record.objects.filter(pk=uid).select_related("organisation").first()
        if record is None or not request.user.is_authenticated:
            return None
        person = next((one for one in people_of(request) if one.organisation_id == record.organisation_id), None)
        device = isinstance(request.user, AtDevice)
        seen = person and Record.objects.visible_to(Actor.of(person, device=device)).filter(pk=uid).exists()
        return record if seen else None


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Says that the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
