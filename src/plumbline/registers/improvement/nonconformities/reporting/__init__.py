"""Reporting a problem: what it is about is linked, by its label or its number."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.kernel.models import Link, Record
from plumbline.kernel.views import Create
from plumbline.organisation.actor import Actor

LABEL = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


def meant(actor: Actor, text: str) -> Record | None:
    """The record of a label, or the only one of a number, among those the actor may see."""
    found = LABEL.search(text)
    among = Record.objects.visible_to(actor)
    records = among.filter(pk=UUID(found[0])) if found else among.filter(number__iexact=text.replace("\0", ""))
    rows = list(records[:2]) if text else []
    return rows[0] if len(rows) == 1 else None


class Report(Create):
    """The form asks for it by camera or by keyboard; what cannot be found never costs the report."""

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        typed = getattr(context.get("draft"), "typed", {}).get("about", [""])
        about = self.request.POST.get("about", "") or self.request.GET.get("about", "") or typed[0]
        page = "nonconformities/report.html" if template == "kernel/form.html" else template
        return super().show(page, status, about=about, **context)

    def save(self, form: Any) -> Any:
        record, text = super().save(form), self.request.POST.get("about", "").strip()[:200]
        if about := meant(self.actor, text):
            try:
                actions.create(Link, by=self.actor, record=record, target=about)
            except ValidationError:
                about = None
        if text and not about:
            said = _(
                "%(number)s is saved. What it is about is not linked: there is no record “%(text)s” that you may see."
            )
            messages.warning(self.request, said % {"number": record.number, "text": text})
        return record
