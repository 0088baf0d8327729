"""Pages of a revision beside those of every record."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from plumbline.kernel import parts
from plumbline.kernel.views import RegisterView


class Content(RegisterView):
    """The file of the revision, shown in place where that is safe."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.record.file is None:
            raise Http404
        return cast(HttpResponse, parts.send(cast(Any, self.record)))


def pages(register: Any) -> list[URLPattern]:
    return [path("<str:number>/content/", Content.as_view(register=register), name="content")]
