"""The API put together: one operation after the other, its addresses and its description (OpenAPI)."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import override
from ninja import NinjaAPI, Router
from ninja.parser import Parser

from plumbline.kernel.register import registers

from . import attached, attachments, moves, parts, places, records
from .entry import Bearer
from .problems import HANDLED, MEDIA_TYPE, answer

ABOUT = """Every register of a quality management system, through the same door as its pages.

- Send a token with each request, as `Authorization: Bearer …`; `GET /api/me` says who it acts as and what it may.
- A record is named by its uid or its number.
- An edit says which version it is of, as `version` or `If-Match`; who was slower gets 409 with the record as it
  stands, `current`.
- With an `Idempotency-Key` a request that is sent again is done once, and answered the same.
- Lists: ask again with `after` of the answer until it is null; nothing is told twice or left out meanwhile.
- Every refusal is `application/problem+json`: `detail` says why, `errors` by field; after 429 wait for
  `Retry-After`."""
HEADERS = {  # status: name of the header, and what it says
    "401": ("WWW-Authenticate", "Bearer"),
    "429": ("Retry-After", "how many seconds to wait"),
}


class Strict(Parser):
    """JSON as RFC 8259 has it: no NaN, no half characters that no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises ValueError, which is answered with 400."""

        def refuse(name: str) -> None:
            raise ValueError(name)

        found = json.loads(request.body, parse_constant=refuse)
        json.dumps(found, ensure_ascii=False).encode()
        return found


def built() -> NinjaAPI:
    """Every operation there is, in the words of the code: English."""
    api = NinjaAPI(
        title="Plumbline",
        version="1",
        description=ABOUT,
        docs_url=None,
        openapi_url=None,
        auth=Bearer(),
        parser=Strict(),
        urls_namespace="api",
    )
    for error in HANDLED:
        api.add_exception_handler(error, answer)
    with override("en"):
        own = Router(tags=["This token, people and places"])
        places.add(own)
        api.add_router("", own)
        for register in registers():
            router = Router(tags=[str(register.title)])
            told = records.add(router, register)
            moves.add(router, register, told)
            parts.add(router, register)
            api.add_router("", router)
        everywhere = Router(tags=["Comments, files, links, history of any record"])
        attached.add(everywhere)
        attachments.add(everywhere)
        api.add_router("", everywhere)
    return api


api = built()


def _header(name: str, said: str) -> dict[str, Any]:
    return {name: {"description": said, "required": True, "schema": {"type": "string"}}}


@cache
def described() -> dict[str, Any]:
    """The description of the API, as plain JSON, in English."""
    with override("en"):
        found = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/"), default=str))
    for operations in found["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
                if status in HEADERS:
                    response["headers"] = _header(*HEADERS[status])
            if "200" in operation["responses"] and any(one["name"] == "If-Match" for one in operation["parameters"]):
                operation["responses"]["200"]["headers"] = _header("ETag", "the version, for If-Match")
    content = found["paths"]["/api/{slug}/{record}/files/{uid}"]["get"]["responses"]["200"]
    content["content"] = {"*/*": {"schema": {}}}
    return found
