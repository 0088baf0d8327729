"""What a page may ask of the device it is shown on: the camera where a label can be scanned, nothing else anywhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

NOTHING = ("camera", "microphone", "geolocation", "display-capture", "usb", "payment")


def policy(camera: bool) -> str:
    """The header Permissions-Policy (W3C)."""
    return ", ".join(f"{one}=({'self' if camera and one == 'camera' else ''})" for one in NOTHING)


class OnlyTheCamera:
    """Pages with the scanner may use the camera: those of an organisation, and the one shown without network."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = response.headers.get("Content-Type", "").startswith("text/html")
        sealed = "sandbox" in response.headers.get("Content-Security-Policy", "")
        scans = getattr(request, "actor", None) is not None or request.path == reverse("offline")
        response.headers["Permissions-Policy"] = policy(camera=page and scans and not sealed)
        return response
