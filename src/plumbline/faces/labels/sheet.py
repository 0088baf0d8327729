"""The sheet: A4, three by eight; each code leads to the record's permanent address."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from plumbline.kernel.models import Record

MOST = 480  # twenty sheets of 24


def code(record: Record) -> str:
    """The permanent address as a picture that any phone reads, inline."""
    import segno

    return segno.make(f"{settings.PLUMBLINE_ORIGIN}/r/{record.uid}/", error="m").png_data_uri(scale=8, border=1)


def pdf(records: Iterable[Record], organisation: Any) -> bytes:
    """The labels of these records, in their order."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    labels = [(record, code(record)) for record in records]
    html = render_to_string("labels/sheet.html", {"labels": labels, "organisation": organisation})
    only_inlined = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return HTML(string=html, url_fetcher=only_inlined).write_pdf() or b""
