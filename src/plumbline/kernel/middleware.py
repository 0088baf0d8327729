"""Around every request: reads cannot write; the organisation in the address and the person who asks are known."""

import zoneinfo
from collections.abc import Callable
from typing import Any, cast

from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person


class Asked(HttpRequest):
    """A request in an organisation."""

    actor: Actor
    people: list[Person]
    htmx: Any


def asked(request: HttpRequest) -> Asked:
    """The request with what the middleware put on it."""
    return cast(Asked, request)


READS = {"GET", "HEAD", "OPTIONS"}


class ReadOnlyReads:
    """A GET writes nothing: the database itself refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS or connection.in_atomic_block:
            return self.get_response(request)
        bool(request.user.is_authenticated)  # asked here: a session that ended with its password is deleted now
        if connection.vendor == "sqlite":
            return self._query_only(request)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            return self.get_response(request)

    def _query_only(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=ON")
        try:
            return self.get_response(request)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only=OFF")


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

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        slug = kwargs.get("organisation")
        if slug is None or not request.user.is_authenticated:
            return
        people = Person.objects.select_related("organisation").filter(account=request.user)
        still = [one for one in people if one.is_here(one.organisation.today())]
        asked(request).people = sorted(still, key=lambda person: person.organisation.name)
        person = next((person for person in asked(request).people if person.organisation.slug == slug), None)
        if person is None:
            raise Http404
        actor = Actor.of(person, how=request.session.get("signed_in_how", "password"))
        if actor.outside:
            raise Http404
        asked(request).actor = actor
        timezone.activate(zoneinfo.ZoneInfo(person.organisation.zone))
