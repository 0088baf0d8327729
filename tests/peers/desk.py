"""The style page served alone: over real HTTP, with the settings' own security policy, and without a database."""

import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template import Context, Template
from django.template.loader import get_template
from django.test import override_settings
from django.urls import path
from django.utils.safestring import mark_safe

from plumbline.composition import to_html
from plumbline.ui.styleguide import everything
from plumbline.ui.styleguide_written import PROCEDURE

NEEDED = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
KNOWN = [
    {"to": "document", "target": "d1", "label": "PR-004 Control of gauges", "detail": "Procedure, in force"},
    {"to": "requirement", "target": "iso9001:2015/8.7", "label": "8.7 Nonconforming outputs", "detail": "ISO 9001"},
]  # fmt: skip
STILL = """{% extends "ui/frame.html" %}{% load ui %}
{% block content %}{% passages remarks=remarks form="remark" %}{{ content }}{% endpassages %}
<p id="remark-r1">Is once a day enough?</p>
<form id="remark" hidden><input type="hidden" name="quote"><input type="hidden" name="block">
<label for="text">Comment</label><textarea id="text" name="text"></textarea></form>{% endblock %}"""


@dataclass
class Desk:
    """The served page, and what it was sent."""

    url: str = ""
    value: str | None = None
    asked: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def page(self, request: HttpRequest) -> HttpResponse:
        context = everything() | {"csrf_token": get_token(request)}
        if self.value is not None:
            context["written"] = self.value
        return HttpResponse(get_template("ui/styleguide.html").template.render(Context(context)))

    def still(self, request: HttpRequest) -> HttpResponse:
        """The sample as a reader gets it: HTML of composition, with places for remarks."""
        content = mark_safe(to_html(json.loads(PROCEDURE), {"organisation.name": "Linden Metalwork"}))
        context = everything() | {"csrf_token": get_token(request), "content": content}
        return HttpResponse(Template(STILL).render(Context(context)))

    def draft(self, request: HttpRequest) -> HttpResponse:
        self.drafts.append(request.POST["content"])
        return JsonResponse({})

    def take(self, request: HttpRequest) -> HttpResponse:
        sent = request.FILES["file"]
        if sent.size > 100_000:
            return JsonResponse({"reason": "too large"}, status=422)
        uid = uuid.uuid4().hex
        self.pictures[uid] = (sent.content_type, sent.read())
        return JsonResponse({"uid": uid, "url": f"/pictures/{uid}/"})

    def picture(self, request: HttpRequest, uid: str) -> HttpResponse:
        kind, content = self.pictures[uid]
        return HttpResponse(content, content_type=kind)

    def search(self, request: HttpRequest) -> HttpResponse:
        words = request.GET["q"].lower()
        self.asked.append(words)
        return JsonResponse([one for one in KNOWN if words in one["label"].lower()], safe=False)

    def contents(self) -> dict:
        """The newest draft."""
        return json.loads(self.drafts[-1])


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *told) -> None:
        """Say nothing: the test says what it saw."""


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The style page behind a real server, with places to send drafts and pictures to."""
    served = Desk()
    addresses = type("Addresses", (), {})
    addresses.urlpatterns = [
        path("", served.page),
        path("still/", served.still),
        path("drafts/writing/", served.draft),
        path("pictures/", served.take),
        path("pictures/<str:uid>/", served.picture),
        path("search/words/", served.search),
    ]
    with override_settings(ROOT_URLCONF=addresses, MIDDLEWARE=NEEDED):
        server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=Threads, handler_class=Quiet)
        served.url = f"http://127.0.0.1:{server.server_port}/"
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        yield served
        server.shutdown()
        server.server_close()
