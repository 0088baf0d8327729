"""The list of readers on paper, laid out without fetching anything."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from plumbline.registers.support.documents.models import Revision

from . import quiz


def pdf(revision: Revision, rows: list, actor: Any) -> bytes:
    """Names with a field for the signature; the code leads to the revision."""
    import segno
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    address = f"{settings.PLUMBLINE_ORIGIN}/r/{revision.uid}/"
    code = segno.make(address, error="m").svg_data_uri(border=1)
    questions, needed = quiz.marked(revision, None), quiz.needed(revision)
    context = {"record": revision, "rows": rows, "actor": actor, "code": code, "address": address}
    context |= {"questions": questions, "needed": needed}
    only_inlined = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return HTML(
        string=render_to_string("documents/readers/list_pdf.html", context), url_fetcher=only_inlined
    ).write_pdf()
