"""The master list on paper: laid out some rows at a time, so that a long list takes no more memory than a short one."""

import io
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string

WIDTHS = (9, 20, 9.5, 7, 8, 10, 8, 8, 14, 6.5)  # of the columns, in hundredths
AT_ONCE = 100  # rows laid out together; those on the last page begun go with the next ones


def pdf(title: str, columns: list[str], rows: list[list[Any]], note: str) -> bytes:
    """Every row, with the headings and "page n of m" on each page."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for part in _laid_out(title, columns, rows, note):
        writer.append(io.BytesIO(part), import_outline=False)
    feet = PdfReader(io.BytesIO(_foot(title, len(writer.pages))))
    for page, foot in zip(writer.pages, feet.pages, strict=True):
        page.merge_page(foot)
        page.compress_content_streams()
    writer.compress_identical_objects()
    writer.add_metadata({"/Title": title})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _laid_out(title: str, columns: list[str], rows: list[list[Any]], note: str) -> Iterator[bytes]:
    shown = {"title": title, "columns": list(zip(columns, WIDTHS, strict=True))}
    at = 0
    while True:
        part = rows[at : at + AT_ONCE]
        told = {**shown, "rows": part, "first": at == 0, "note": note}
        made = _document(render_to_string("documents/library/master.html", told))
        last = at + len(part) == len(rows)
        on_last = [int(name[1:]) for name in made.pages[-1].anchors if name[:1] == "r"]
        carried = 0 if last else min(on_last, default=0)
        yield made.copy(made.pages[:-1] if carried else made.pages).write_pdf()
        if last:
            return
        at += carried or len(part)


def _foot(title: str, pages: int) -> bytes:
    """So many empty pages that say at their foot what they belong to and which one they are."""
    html = render_to_string("documents/library/master_foot.html", {"title": title, "pages": range(pages)})
    return _document(html).write_pdf()


def _document(html: str) -> Any:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False)
    return HTML(string=html, base_url=None, url_fetcher=nothing).render()
