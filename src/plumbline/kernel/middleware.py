"""Around every request: the organisation in the address and the person who asks are known."""

import zoneinfo
from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.organisation.signin import devices, entering, needed, sessions


class Asked(HttpRequest):
    """A request in an organisation."""

    actor: Actor
    people: list[Person]
    htmx: Any


def asked(request: HttpRequest) -> Asked:
    """The request with what the middleware put on it."""
    return cast(Asked, request)


class InOrganisation:
    """`/acme/…`: the person this account is at Acme, or the same 404 as for an organisation that does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked(request).actor = None  # type: ignore[assignment]
        timezone.deactivate()  # the thread keeps the zone of whom it served last
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        slug = kwargs.get("organisation")
        if slug is None or not request.user.is_authenticated:
            return None
        asked(request).people = sorted(devices.people_of(request), key=lambda person: person.organisation.name)
        person = next((person for person in asked(request).people if person.organisation.slug == slug), None)
        if person is None:
            raise Http404
        if entering.lacking(entering.Rules.of(person.organisation), sessions.ways(request)):
            return needed.led_on(request, slug)
        actor = devices.actor_of(request, person)
        if actor.outside:
            raise Http404
        asked(request).actor = actor
        timezone.activate(zoneinfo.ZoneInfo(person.organisation.zone))
        return None
