"""The addresses under /scim/; what is behind them is made at the first request, so that start-up stays light."""

from functools import cache
from importlib import import_module
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@cache
def site() -> Any:
    """The module that stands on a library of a second or two."""
    return import_module("plumbline.faces.scim.site")


@csrf_exempt  # no cookie opens anything here
@login_not_required  # who asks is known by a token: entry.caller
def enter(request: HttpRequest, slug: str, rest: str = "") -> HttpResponse:
    """Whatever a directory asks; the organisation stands in the address."""
    response: HttpResponse = site().answer(request, slug, rest)
    return response


urls = [
    path("scim/v2/<slug:slug>", enter),
    path("scim/v2/<slug:slug>/", enter),
    path("scim/v2/<slug:slug>/<path:rest>", enter, name="scim"),
]
