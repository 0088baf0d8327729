"""A button on every list (the records it shows) and on every record: their labels as PDF."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.translation import gettext as _

from plumbline.kernel import lists
from plumbline.kernel.faces import Face, Page
from plumbline.kernel.register import Register
from plumbline.kernel.views import RegisterView
from plumbline.ui.keeping import Home, still_html

from .sheet import MOST, pdf


class Sheet(RegisterView):
    """The labels of the filtered list, or of one record."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        records = [self.record] if self.record else self.listed(request)
        if not records:
            messages.error(request, _("No record fits: there is nothing to print."))
            return redirect(self.url("list"))
        answer = HttpResponse(pdf(records, self.actor.organisation), content_type="application/pdf")
        answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
        return answer

    def listed(self, request: HttpRequest) -> list[Any]:
        return list(lists.narrowed(self.register, self.actor, request.GET).order_by("-uid")[:MOST])


class Labels(Face):
    """Adds the buttons, and the addresses behind them."""

    def pages(self, register: Register, page: Page) -> Iterable[URLPattern]:
        return [page("labels.pdf", Sheet, "labels"), page("<str:number>/label.pdf", Sheet, "label")]

    def shown(self, place: str, context: dict[str, Any]) -> str:
        if template := {"list.actions": "labels/_buttons.html", "list.more": "labels/_more.html"}.get(place):
            known = {"register": context["register"], "home": Home(context["actor"].organisation.slug)}
            return still_html(context, template, known, {"query": context.get("query", "")})
        if place == "record.side":
            return render_to_string("labels/_button.html", context)
        return ""
