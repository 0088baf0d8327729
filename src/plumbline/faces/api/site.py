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
        description="Every register of a quality management system, through the same door as its pages.",
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
    content = found["paths"]["/api/{slug}/{record}/files/{uid}"]["get"]["responses"]["200"]
    content["content"] = {"*/*": {"schema": {}}}
    return found
