"""A sheet of labels for chosen documents: a code to scan, number and title, to stick where the work is done."""

from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plumbline.kernel.views import RegisterView

from ..copies.laying import qr
from ..copies.pages import pdf_answer
from ..library import shelf
from ..models import Document

MOST = 480  # twenty sheets of 24
LISTED = 500


def sheet(documents: Sequence[Document]) -> bytes:
    """A4, three by eight; each code leads to the document, so it is right whatever revision is in force."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    labels = [(one, qr(f"{settings.PLUMBLINE_ORIGIN}/r/{one.uid}/")) for one in documents]
    html = render_to_string("documents/papers/labels.html", {"labels": labels})
    only_inlined = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return HTML(string=html, url_fetcher=only_inlined).write_pdf() or b""


class Labels(RegisterView):
    """Choose what is in force; the sheet comes as PDF."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lines = list(islice(shelf.every(self.actor, self.actor.organisation.today()), LISTED))
        return self.show("documents/papers/choose.html", lines=lines)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        chosen = shelf.lines(self.actor, self.actor.organisation.today(), self.seen(request.POST.getlist("document")))
        if not chosen:
            messages.error(request, _("Tick a document first."))
            return self.get(request)
        return pdf_answer(sheet([line.document for line in chosen.values()]), _("Labels"))

    def seen(self, typed: list[str]) -> list[Any]:
        """Those ticked that this person may see, by number."""
        try:
            uids = [UUID(one) for one in typed[:MOST]]
        except ValueError:
            return []
        records = shelf.in_force(self.actor, self.actor.organisation.today())
        return list(records.filter(pk__in=uids).order_by("number").values_list("pk", flat=True))
