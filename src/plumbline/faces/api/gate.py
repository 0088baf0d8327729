"""The addresses under /api/; what is behind them is made at the first request, so that start-up stays light."""

import json
from functools import cache
from importlib import import_module
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, URLResolver, path
from django.urls.resolvers import RoutePattern
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from . import browsing
from .problems import problem


@cache
def site() -> Any:
    """The module that makes a thousand types out of the declarations: a second and a half."""
    return import_module("plumbline.faces.api.site")


@cache
def inside() -> URLResolver:
    return URLResolver(RoutePattern(""), site().api.urls[0])


@csrf_exempt  # no cookie opens anything here
@login_not_required  # who asks is known by a token: entry.Bearer
def enter(request: HttpRequest, rest: str = "") -> Any:
    """Whatever is asked for under /api/; an address that does not exist is told as the API tells errors."""
    if not rest:
        return redirect("api-docs")
    try:
        match = inside().resolve(rest)
    except Resolver404 as error:
        if _is_address(rest.rstrip("/")):
            return problem(404, _("There is nothing here: leave out the slash at the end."))
        raise Http404 from error
    request.resolver_match = match
    if request.method != "HEAD":
        return match.func(request, *match.args, **match.kwargs)
    request.method = "GET"  # whatever can be read has a head
    try:
        return match.func(request, *match.args, **match.kwargs)
    finally:
        request.method = "HEAD"


def _is_address(rest: str) -> bool:
    try:
        return bool(rest and inside().resolve(rest))
    except Resolver404:
        return False


@login_not_required  # tells what addresses there are, of no record
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs."""
    return HttpResponse(json.dumps(site().described(), ensure_ascii=False), "application/json")


@login_not_required
def docs(request: HttpRequest) -> HttpResponse:
    """The description for people."""
    return browsing.page(request, site().described())


urls = [
    path("api/docs", docs, name="api-docs"),
    path("api/openapi.json", openapi, name="api-openapi"),
    path("api/", enter),
    path("api/<path:rest>", enter, name="api"),
]
