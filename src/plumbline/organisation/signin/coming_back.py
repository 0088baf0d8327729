"""Whoever was signed out meanwhile signs in and is back on the page that was open, not where only forms lead."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def page_of(request: HttpRequest) -> str:
    """The page a form or a fragment was asked from, if it is one of ours; else the start page."""
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    page = urlsplit(told)
    return page.path + (f"?{page.query}" if page.query else "")


class SignInFirst(LoginRequiredMiddleware):
    """As Django's, but what was sent is not forgotten, and a fragment brings the whole page to the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> Any:
        fragment = "HX-Request" in request.headers
        by_script = "X-Requested-With" in request.headers  # says itself that it was signed out
        if by_script or not (fragment or request.method == "POST"):
            return super().handle_no_permission(request, view_func)
        if request.method == "POST":
            messages.warning(
                request,
                _("You were signed out before that was sent: nothing was changed. Sign in, then send it again."),
            )
        answer = redirect_to_login(page_of(request), str(self.get_login_url(view_func)))
        return HttpResponse(headers={"HX-Redirect": answer.url}) if fragment else answer

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Who opens an address that only forms know finds a way on."""
        if request.method != "GET" or not isinstance(response, HttpResponseNotAllowed):
            return response
        told = render(request, "405.html", status=405)
        told["Allow"] = response["Allow"]
        return told
