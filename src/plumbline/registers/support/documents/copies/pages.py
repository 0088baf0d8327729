"""The pages of copies: one revision as PDF."""

from typing import Any, cast
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from plumbline.kernel.views import RegisterView

from ..models import Revision
from .making import NoCopy, controlled_pdf


class Copy(RegisterView):
    """The controlled copy of a revision."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        revision = cast(Revision, self.record)
        try:
            content = controlled_pdf(revision, self.actor)
        except NoCopy as error:
            messages.error(request, str(error))
            return self.to_record()
        return pdf_answer(content, f"{revision.of_document.number} {revision.revision_no}".strip())


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF under its name, opened in place, never allowed to run anything."""
    response = HttpResponse(content, content_type="application/pdf")
    kept = "".join(c if c.isalnum() or c in " .-_" else "-" for c in name)
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(kept)}.pdf"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
