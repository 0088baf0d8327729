"""What this service can, and what its resources are made of."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, ListResponse, Meta, ScimProvider

from . import shapes
from .entry import Caller, Refused

MEDIA_TYPE = "application/scim+json"


@cache
def described() -> ScimProvider:
    """Tolerant of what known directories do otherwise."""
    return shapes.provider()


def json_answer(found: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(found, ensure_ascii=False, default=str), MEDIA_TYPE, status)


def listing(total: int, start: int, lines: list[dict[str, Any]]) -> HttpResponse:
    """One page of so many resources."""
    head: dict[str, Any] = {"schemas": [str(ListResponse.__schema__)], "totalResults": total}
    return json_answer(head | {"startIndex": start, "itemsPerPage": len(lines), "Resources": lines})


def _only_read(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise Refused(405, _("This address does not know that method."))
    if "filter" in request.GET:
        raise Refused(403, _("What the service can is not searched."))


def config(request: HttpRequest, caller: Caller, rest: str) -> HttpResponse:
    """ServiceProviderConfig."""
    _only_read(request)
    if rest:
        raise Refused(404, _("There is no such address."))
    found: Any = described().config
    return json_answer(_located(found, "ServiceProviderConfig", f"{caller.address}/ServiceProviderConfig"))


def types(request: HttpRequest, caller: Caller, rest: str) -> HttpResponse:
    """ResourceTypes."""
    return _listed(request, caller, rest, "ResourceType", described().resource_types)


def schemas(request: HttpRequest, caller: Caller, rest: str) -> HttpResponse:
    """Schemas."""
    return _listed(request, caller, rest, "Schema", described().schemas)


def _listed(request: HttpRequest, caller: Caller, rest: str, name: str, every: Any) -> HttpResponse:
    _only_read(request)
    told = {str(one.id): _located(one, name, f"{caller.address}/{name}s/{one.id}") for one in every}
    if not rest:
        return listing(len(told), 1, list(told.values()))
    found = next((one for id, one in told.items() if id.lower() == rest.lower()), None)
    if found is None:
        raise Refused(404, _("There is no such address."))
    return json_answer(found)


def _located(found: Any, name: str, address: str) -> dict[str, Any]:
    placed = found.model_copy(update={"meta": Meta(resource_type=name, location=address)})
    shown: dict[str, Any] = placed.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return shown
