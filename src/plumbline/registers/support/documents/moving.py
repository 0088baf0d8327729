"""The page of a move of a revision: it speaks of the document's number, and of what is left to fill in."""

from typing import Any, cast

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plumbline.kernel import views

from .models import Revision

MOVES = ("start", "decline", "submit", "drop", "recall", "withdraw", "confirm", "reject", "restore")


def said(revision: Revision, state: str) -> str:
    """How far it is now, in a line: with its date, where that is still to come."""
    told = {"revision": str(revision), "state": state}
    if revision.state == "approved" and revision.effective_on:
        return _("%(revision)s: %(state)s, in force from %(day)s.") % {
            **told,
            "day": date_format(revision.effective_on),
        }
    return _("%(revision)s: %(state)s.") % told


class Moving(views.Act):
    """A move of a revision."""

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        page = "documents/moving.html" if template == "kernel/move.html" else template
        return super().show(page, status, **context)

    def made(self, record: Any) -> str:
        return said(cast(Revision, record), str(self.register.state_of(record).label))
