"""Pages of a revision beside those of every record."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from plumbline.kernel import parts
from plumbline.kernel.views import RegisterView

from .approval import pages as approval
from .copies import pages as copies
from .drafting import pages as drafting
from .drafting import writing
from .moving import MOVES, Moving
from .readers.pages import of_revisions


class Content(RegisterView):
    """The file of the revision, shown in place where that is safe."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.record.file is None:
            raise Http404
        return cast(HttpResponse, parts.send(cast(Any, self.record)))


def pages(register: Any) -> list[URLPattern]:
    def page(route: str, view: type[RegisterView], name: str, **given: Any) -> URLPattern:
        return path(f"<str:number>/{route}/", view.as_view(register=register), given, name=name)

    return [
        page("content", Content, "content"),
        page("shown", drafting.Shown, "shown"),
        page("word", drafting.Word, "word"),
        page("write", writing.Write, "write"),
        page("write/picture", writing.Picture, "picture"),
        page("write/references", writing.References, "references"),
        page("bring", writing.Bring, "bring"),
        page("turn", writing.Turn, "turn"),
        *of_revisions(register),
        *approval.of(register),
        *(page(verb, Moving, f"move-{verb}", verb=verb) for verb in MOVES),
        path("<str:number>/copy.pdf", copies.Copy.as_view(register=register), name="copy"),
    ]
