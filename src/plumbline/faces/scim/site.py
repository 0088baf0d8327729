"""Every address of a directory: what it asks, answered in its own words; errors too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import ValidationError as Malformed
from scim2_models import Error, SCIMException

from plumbline.faces.api.problems import Refused as TooOften
from plumbline.kernel.policy import Denied
from plumbline.organisation.signin.keyholders import ShutOut

from . import discovery, entry, resources
from .discovery import MEDIA_TYPE
from .entry import Caller, Refused
from .giving import LastAdministrator
from .models import Refusal
from .refusals import keep

DISCOVERED: dict[str, Callable[[HttpRequest, Caller, str], HttpResponse]] = {
    "serviceproviderconfig": discovery.config,
    "resourcetypes": discovery.types,
    "schemas": discovery.schemas,
}
KINDS = {"users": resources.Users, "groups": resources.Groups}


def answer(request: HttpRequest, slug: str, rest: str) -> HttpResponse:
    """One request; a refusal is noted for the organisation's page after the answer."""
    try:
        caller = entry.caller(request, slug)
        with discovery.described():
            response = _routed(request, caller, rest)
    except HANDLED as error:
        response = _refused(request, rest, error)
    response["Cache-Control"] = "no-store"
    return response


def _routed(request: HttpRequest, caller: Caller, rest: str) -> HttpResponse:
    first, _slash, rest = rest.strip("/").partition("/")
    if found := DISCOVERED.get(first.lower()):
        return found(request, caller, rest)
    if first == ".search" and not rest and request.method == "POST":
        return resources.everywhere(request, caller)
    kind = KINDS.get(first.lower())
    if kind is None or "/" in rest:
        raise Refused(501 if first.lower() in ("me", "bulk") else 404, _("There is no such address."))
    resource = kind(request, caller)
    if rest == ".search" and request.method == "POST":
        return resource.search()
    uid = _uid(rest) if rest else None
    verb = resource.verbs(uid is not None).get(request.method or "")
    if verb is None:
        raise Refused(405, _("This address does not know that method."))
    return verb(uid) if uid is not None else verb()


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(404, _("There is nobody and nothing of this id here.")) from error


HANDLED: tuple[type[Exception], ...] = (
    *(Refused, TooOften, SCIMException, Malformed, LastAdministrator, ValidationError, IntegrityError),
    *(Denied, PermissionDenied, RequestDataTooBig, RecursionError),
)


def _refused(request: HttpRequest, rest: str, error: Any) -> HttpResponse:
    told, code = _told(error)
    organisation = getattr(request, "organisation", None)
    if organisation is not None and not (told.status == 404 and request.method == "GET"):
        asked = f"{request.method} /{rest}"[:200]
        why = (told.detail or "")[:300]
        row = Refusal(organisation=organisation, asked=asked, status=told.status or 400, code=code, why=why)
        request.afterwards = [lambda: keep(row)]  # type: ignore[attr-defined]
    response = HttpResponse(told.model_dump_json(), MEDIA_TYPE, told.status)
    if told.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    return response


def _told(error: Any) -> tuple[Error, str]:
    """What is said, and the code by which the page explains it."""
    if isinstance(error, Malformed):
        error_ = Error.from_validation_errors(error)[0]
        return error_, error_.scim_type or ""
    if isinstance(error, SCIMException):
        found = error.to_error()
        return found, found.scim_type or ""
    if isinstance(error, Refused):
        return Error(status=error.status, scim_type=error.scim_type or None, detail=error.why), error.code
    if isinstance(error, TooOften):
        return Error(status=error.status, detail=error.detail), ""
    if isinstance(error, LastAdministrator | ShutOut):
        words = " ".join(error.messages) if isinstance(error, ShutOut) else str(error)
        return Error(status=400, scim_type="mutability", detail=words), "last"
    if isinstance(error, ValidationError):
        words = " ".join(error.messages)
        return Error(status=400, scim_type="invalidValue", detail=words), "invalidValue"
    if isinstance(error, IntegrityError):
        return Error(status=409, scim_type="uniqueness", detail=_("That is here already.")), "uniqueness"
    if isinstance(error, RecursionError):
        return Error(status=400, scim_type="invalidFilter", detail=_("That is too deep.")), "invalidFilter"
    if isinstance(error, RequestDataTooBig):
        return Error(status=413, detail=_("That is too much at once.")), ""
    return Error(status=403, detail=str(error)), ""
