"""The lines of the library, each drawn as one text, because shelves of a hundred are opened all day."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import conditional_escape as esc
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.library.shelf import Line
from plumbline.ui.marks import badge_html, date_html, icon_html

ANY = UUID(int=0)  # in an address, until a document's own takes its place


class Lines:
    """What all lines of one page have in common: words, addresses, the token of its forms, the reader's favourites."""

    def __init__(self, request: HttpRequest, actor: Actor, starred: set[UUID]) -> None:
        slug = actor.organisation.slug
        self.starred, self.asks = starred, not actor.reads_only
        self.revision = reverse("revisions:record", args=[slug, ANY]).replace(str(ANY), "%s")
        self.ask = reverse("documents:ask", args=[slug, ANY]).replace(str(ANY), "%s")
        self.star = reverse("library-star", args=[slug, ANY]).replace(str(ANY), "%s")
        self.token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        self.in_force = badge_html(_("In force"), "good")
        self.words = {
            "revision": _("Revision"),
            "since": _("since"),
            "star": _("Favourite"),
            "ask": _("Ask for a change"),
        }

    def of(self, rows: Iterable[tuple[Line, str] | Line]) -> SafeString:
        """The list of these lines, some with the passage that was looked for."""
        drawn = "".join([self.line(*row) if isinstance(row, tuple) else self.line(row) for row in rows])
        return mark_safe(f'<ul class="pl-duties" data-rows>{drawn}</ul>')

    def line(self, line: Line, passage: str = "") -> str:
        """One document: title, number, revision, since when; its mark, its star, how to ask for a change."""
        document, revision, words = line.document, line.revision, self.words
        title, number = esc(document.title), esc(document.number)
        said = f" · {words['revision']} {esc(revision.revision_no)}" if revision.revision_no else ""
        found = f'<span class="pl-detail lb-passage">{esc(passage)}</span>' if passage else ""
        return (
            f'<li class="pl-duty lb-line"><a class="pl-duty-what" href="{self.revision % quote(revision.number)}">'
            f'{icon_html("file-text")}<span><strong>{title}</strong><span class="pl-detail">'
            f'<span class="pl-number">{number}</span>{said} · {words["since"]} {date_html(line.span.from_on)}</span>'
            f'{found}</span></a><span class="lb-marks">{self.mark(line)}</span>'
            f"{self.starring(document, document.uid in self.starred)}{self.asking(document, passage)}"
            f"{self.others(line)}</li>"
        )

    def mark(self, line: Line) -> str:
        """Temporary, at one place only, or simply in force."""
        if line.revision.temporary:
            return badge_html(_("Temporary"), "waiting")
        return badge_html(str(line.span), "active") if line.only_there else self.in_force

    def starring(self, document: Any, on: bool) -> str:
        """The form that keeps a document among the favourites, or lets it go."""
        place, off = self.star % document.uid, '<input type="hidden" name="off" value="1">' if on else ""
        return (
            f'<form class="lb-star" method="post" action="{place}" hx-post="{place}" hx-swap="outerHTML">{self.token}'
            f'{off}<button class="pl-icon-button" aria-pressed="{"true" if on else "false"}"'
            f' aria-label="{self.words["star"]} {esc(document.number)}">{icon_html("star")}</button></form>'
        )

    def asking(self, document: Any, passage: str) -> str:
        """The way to ask for a change of what was just read; not for who only reads."""
        if not self.asks:
            return ""
        place = self.ask % quote(document.number) + (f"?quote={quote(strip_tags(passage))}" if passage else "")
        return (
            f'<a class="btn pl-btn-quiet btn-sm lb-ask" href="{place}">{icon_html("git-branch")}'
            f'<span>{self.words["ask"]}<span class="visually-hidden">: {esc(document.title)}</span></span></a>'
        )

    def others(self, line: Line) -> str:
        """Where else other revisions of it are in force."""
        if not line.others:
            return ""
        told = "".join(
            f'<li><a href="{self.revision % quote(span.record.revision.number)}">{esc(str(span))}'
            + (f": {self.words['revision']} {esc(no)}" if (no := span.record.revision.revision_no) else "")
            + "</a></li>"
            for span in line.others
        )
        return f'<ul class="lb-others">{told}</ul>'
