"""Several controlled copies as one PDF with its contents: a chapter, the documents of a process, the whole manual."""

import io
from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plumbline.organisation.actor import Actor

from ..models import Revision
from .making import NoCopy, controlled_pdf

MOST = 60  # documents in one PDF: each is laid out anew, which takes about a second


def bound(revisions: Iterable[Revision], actor: Actor, title: str) -> bytes:
    """Contents, then each copy with its own head and foot; what cannot be copied is named there. Raises NoCopy."""
    from pypdf import PdfReader, PdfWriter

    chosen = list(revisions)
    if not chosen:
        raise NoCopy(_("No document is in force there."))
    if len(chosen) > MOST:
        raise NoCopy(_("One PDF holds at most %(most)d documents: choose a smaller part.") % {"most": MOST})
    copies = [(revision, *_copied(revision, actor)) for revision in chosen]
    pages = [len(PdfReader(io.BytesIO(copy)).pages) if copy else 0 for _revision, copy, _why in copies]
    head = _contents(title, actor, copies, pages, 1)
    head = _contents(title, actor, copies, pages, len(PdfReader(io.BytesIO(head)).pages))
    writer = PdfWriter()
    writer.append(io.BytesIO(head), outline_item=str(_("Contents")), import_outline=False)
    for revision, copy, _why in copies:
        if copy:
            name = f"{revision.of_document.number} {revision.of_document.title}"
            writer.append(io.BytesIO(copy), outline_item=name, import_outline=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _copied(revision: Revision, actor: Actor) -> tuple[bytes, str]:
    try:
        return controlled_pdf(revision, actor), ""
    except NoCopy as error:
        return b"", str(error)


def _contents(title: str, actor: Actor, copies: list, pages: list[int], before: int) -> bytes:
    """The first pages, which take `before` pages themselves."""
    from weasyprint import HTML

    rows, at = [], before + 1
    for (revision, copy, why), count in zip(copies, pages, strict=True):
        rows.append((revision.of_document, revision, at if copy else None, why))
        at += count
    html = render_to_string(
        "documents/copies/contents.html", {"title": title, "organisation": actor.organisation, "rows": rows}
    )

    def nothing(url: str, *_more: object, **_others: object) -> dict:
        raise ValueError(f"nothing is fetched: {url[:40]}")

    return HTML(string=html, url_fetcher=nothing).write_pdf() or b""
