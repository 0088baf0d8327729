"""Around every request to the API: each error has the API's form, and a token's use is noted after the answer."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Token
from .problems import MEDIA_TYPE, problem

KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
PAUSE = timedelta(minutes=1)


class Edge:
    """Stands outside of what makes a GET read only: the one thing it writes is when a token was used last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (token := getattr(request, "token_used", None)) is not None:
            note_use(token)
        for one in getattr(request, "afterwards", ()):  # what a reading face has to write down, such as a refusal
            one()
        if not request.path_info.startswith("/api/"):
            return response
        if response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        headers = {name: response[name] for name in KEPT if name in response}
        said = WORDS.get(response.status_code, lambda _response: "")(response)
        return problem(response.status_code, said, headers)


WORDS: dict[int, Callable[[HttpResponse], str]] = {
    404: lambda _response: _("There is nothing here that you may see."),
    405: lambda response: _("This address takes only %(methods)s.") % {"methods": _methods(response)},
}


def _methods(response: HttpResponse) -> str:
    return ", ".join(sorted(response.get("Allow", "").split(", ")))


def note_use(token: Token) -> None:
    """At most once a minute, whatever the method; in a transaction of its own."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - PAUSE:
        old = Q(last_used_at=None) | Q(last_used_at__lt=now - PAUSE)
        Token.objects.filter(old, pk=token.pk).update(last_used_at=now)
