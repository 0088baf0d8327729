"""How an operation is declared: the types are known only once the registers are."""

from collections.abc import Callable
from typing import Any

from ninja import Router


def _header(name: str, said: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 255}
    return {"in": "header", "name": name, "required": False, "description": said, "schema": schema}


ONCE = [_header("Idempotency-Key", "Sent again with the same key, the request is done once and answered the same.")]
IF_MATCH = [_header("If-Match", "The version that was read, as the ETag said it; or the field “version”.")]


def operation(
    router: Router,
    method: str,
    path: str,
    view: Callable[..., Any],
    name: str,
    summary: str,
    response: dict[Any, Any],
    extra: list[dict[str, Any]] | None = None,
    **types: Any,
) -> None:
    """Add one operation; `types` are the types of the view's arguments by their names."""
    view.__annotations__.update(types)
    router.add_api_operation(
        path,
        [method],
        view,
        response=response,
        operation_id=name,
        summary=summary,
        openapi_extra={"parameters": extra} if extra else None,
        url_name=name,
    )
