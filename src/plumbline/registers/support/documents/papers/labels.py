"""A sheet of labels for chosen documents: a code to scan, number and title, to stick where the work is done."""

from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plumbline.faces.labels.sheet import MOST, pdf
from plumbline.kernel.views import RegisterView

from ..copies.pages import pdf_answer
from ..library import shelf

LISTED = 500


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
        return pdf_answer(pdf([line.document for line in chosen.values()], self.actor.organisation), _("Labels"))

    def seen(self, typed: list[str]) -> list[Any]:
        """Those ticked that this person may see, by number."""
        try:
            uids = [UUID(one) for one in typed[:MOST]]
        except ValueError:
            return []
        records = shelf.in_force(self.actor, self.actor.organisation.today())
        return list(records.filter(pk__in=uids).order_by("number").values_list("pk", flat=True))
