"""Several controlled copies as one PDF with its contents: a chapter, the documents of a process, the whole manual."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plumbline.organisation.actor import Actor

from ..models import Revision
from .making import NoCopy, controlled_pdf

MOST = 400  # documents in one PDF: each is laid out anew, which takes about a second
AT_ONCE = 10  # documents somebody waits for while the page loads

Said = Callable[[int], Any]  # how many are done; raises what ends the work


def bound(revisions: Iterable[Revision], actor: Actor, title: str) -> bytes:
    """The whole PDF. Raises NoCopy."""
    kept = io.BytesIO()
    bind(revisions, actor, title, kept)
    return kept.getvalue()


def bind(revisions: Iterable[Revision], actor: Actor, title: str, out: IO[bytes], said: Said | None = None) -> int:
    """Contents, then each copy with its own head and foot, kept on disk meanwhile; tells how many documents that were.

    What cannot be copied is named in the contents. Raises NoCopy.
    """
    chosen = list(revisions)
    if not chosen:
        raise NoCopy(_("No document is in force there."))
    if len(chosen) > MOST:
        raise NoCopy(_("One PDF holds at most %(most)d documents: choose a smaller part.") % {"most": MOST})
    with TemporaryDirectory(prefix="plumbline-bound-") as folder:
        copies = []
        for number, one in enumerate(chosen, 1):
            revision = Revision.objects.select_related("of_document", "home", "file").get(pk=one.pk)
            copies.append((revision, *_copied(revision, actor, Path(folder, f"{number}.pdf"))))
            if said:
                said(number)
        _put_together(title, actor, copies, out)
    return len(chosen)


def _copied(revision: Revision, actor: Actor, place: Path) -> tuple[Path | None, int, str]:
    """(where the copy is, its pages, why there is none)."""
    from pypdf import PdfReader

    try:
        place.write_bytes(controlled_pdf(revision, actor))
    except NoCopy as error:
        return None, 0, str(error)
    return place, len(PdfReader(place).pages), ""


def _put_together(title: str, actor: Actor, copies: list, out: IO[bytes]) -> None:
    from pypdf import PdfReader, PdfWriter

    head = _contents(title, actor, copies, 1)
    head = _contents(title, actor, copies, len(PdfReader(io.BytesIO(head)).pages))
    writer = PdfWriter()
    writer.append(io.BytesIO(head), outline_item=str(_("Contents")), import_outline=False)
    for revision, place, _pages, _why in copies:
        if place:
            name = f"{revision.of_document.number} {revision.of_document.title}"
            writer.append(place, outline_item=name, import_outline=False)
    writer.write(out)


def _contents(title: str, actor: Actor, copies: list, before: int) -> bytes:
    """The first pages, which take `before` pages themselves."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    rows, at = [], before + 1
    for revision, place, count, why in copies:
        rows.append((revision.of_document, revision, at if place else None, why))
        at += count
    html = render_to_string(
        "documents/copies/contents.html", {"title": title, "organisation": actor.organisation, "rows": rows}
    )
    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False)
    return HTML(string=html, base_url=None, url_fetcher=nothing).write_pdf() or b""
