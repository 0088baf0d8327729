"""What a phone needs to keep Plumbline beside its other programs: the manifest, the worker, the page for no network."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from plumbline.ui.frame import Reader

ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


@login_not_required
def manifest(request: HttpRequest) -> JsonResponse:
    """The web application manifest (W3C): name, icons, where it begins."""
    icons: list[dict[str, Any]] = [
        {"src": static(f"ui/icons/{use}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
        for size, use in ICONS
    ]
    facts: dict[str, Any] = {"name": "Plumbline", "short_name": "Plumbline", "id": "/", "start_url": "/", "scope": "/"}
    facts |= {"display": "standalone", "background_color": "#ffffff", "theme_color": "#16405f"}
    facts["shortcuts"] = [{"name": _("Scan a label"), "url": "/#scan", "icons": icons[:1]}]
    facts |= {"description": _("The quality management system of your organisation")}
    return JsonResponse({**facts, "icons": icons}, content_type="application/manifest+json")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """What a browser asks for beside a file that it shows by itself, such as a PDF: the icon that pages name."""
    return redirect(static("ui/favicon.svg"))


@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at the root, because it may only answer for what is below its own address."""
    parts = (Path(str(finders.find(f"ui/{name}.js"))).read_bytes() for name in ("shelf", "worker"))
    answer = HttpResponse(b"".join(parts), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """The page a phone shows while there is no network; it says nothing of anybody."""
    return render(request, "desk/offline.html", {"reader": Reader(origin=settings.PLUMBLINE_ORIGIN)})
