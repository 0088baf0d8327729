"""Errors in one form (RFC 9457): what was refused, and why, in the words of the page."""

import json
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Malformed
from pydantic import Field

from plumbline.kernel.actions import Stale
from plumbline.kernel.files import TooLarge
from plumbline.kernel.policy import Denied
from plumbline.kernel.signing import BadSignature
from plumbline.kernel.workflow import IllegalMove

from . import wording

MEDIA_TYPE = "application/problem+json"
A_KIND = re.compile(
    r"date|int|str|bool|decimal|uuid|literal\[.*\]|list\[.*\]"
)  # which of several a value might have been
READING = frozenset({401, 403, 404, 422, 429})
WRITING = READING | {400, 409, 413, 415}


class Problem(Schema):
    """Why a request was refused."""

    type: str = Field("about:blank", description="always about:blank: the status says the kind of problem")
    title: str = Field(description="the kind of problem, in a word or two")
    status: int
    detail: str = Field(description="the reason, as the page would say it")
    errors: dict[str, list[str]] | None = Field(None, description="reasons by field")
    current: dict[str, Any] | None = Field(None, description="at a conflict: the record as it stands now")


class Refused(Exception):
    """A request that is refused with this status, for this reason."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers: dict[str, str] = more.pop("headers", {})
        self.more = more


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """The answer itself."""
    title = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail or title, **more}
    response = HttpResponse(json.dumps(content, ensure_ascii=False, default=str), MEDIA_TYPE, status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def answer(request: HttpRequest, error: Any) -> HttpResponse:
    """What each refusal of the door, of the signature and of the form is in the API."""
    if isinstance(error, Refused):
        return problem(error.status, error.detail, error.headers, **error.more)
    if isinstance(error, AuthenticationError):
        return problem(401, _("Send a valid token, as “Authorization: Bearer …”."), {"WWW-Authenticate": "Bearer"})
    if isinstance(error, Http404):
        return problem(404, _("There is nothing here that you may see."))
    if isinstance(error, TooLarge | RequestDataTooBig):
        return problem(413, str(error) if isinstance(error, TooLarge) else _too_big(request))
    if isinstance(error, Malformed):
        return _fields(_located(error.errors))
    if isinstance(error, ValidationError):
        return _fields(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
    if isinstance(error, IntegrityError):
        return problem(409, _("It contradicts something that is there already."))
    status = {Denied: 403, PermissionDenied: 403, IllegalMove: 409, Stale: 409, BadSignature: 409}.get(type(error), 400)
    if isinstance(error, HttpError):
        return problem(error.status_code, str(error) if error.status_code != 400 else _("This is not JSON."))
    return problem(status, str(error))


def _too_big(request: HttpRequest) -> str:
    if request.content_type == "multipart/form-data":
        return _("The file is larger than %(size)d MB.") % {"size": settings.PLUMBLINE_MAX_UPLOAD >> 20}
    return _("The request is larger than %(size)d MB.") % {"size": settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20}


HANDLED: tuple[type[Exception], ...] = (
    *(Refused, AuthenticationError, HttpError, Http404, Malformed, ValidationError, PermissionDenied),
    *(TooLarge, RequestDataTooBig, IntegrityError, Denied, IllegalMove, Stale, BadSignature),
)


def _fields(errors: dict[str, list[str]]) -> HttpResponse:
    """The first reason in a line, after the name of its field; all of them by field."""
    named = {name.removeprefix("__all__") or "all": texts for name, texts in errors.items()}
    name, first = next(((name, text) for name, texts in named.items() for text in texts), ("all", ""))
    return problem(422, first if name == "all" else f"{name}: {first}", errors=named)


def _located(errors: Iterable[dict]) -> dict[str, list[str]]:
    """Reasons by the name of the field, as it was sent."""
    found: dict[str, list[str]] = {}
    for error in errors:
        place = [str(part) for part in error["loc"][1:] if part not in ("sent", "asked")]
        name = ".".join(place[:1] + [part for part in place[1:] if not A_KIND.fullmatch(part)]) or "all"
        found.setdefault(name, []).append(wording.of(error))
    return found
