"""The description of the API as a page of our own, so that no script from outside is needed to read it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Field:
    """One parameter or one field of a body."""

    name: str
    kind: str
    needed: bool
    said: str
    of: str  # the name of the type it is made of, where that has fields of its own


@dataclass(frozen=True)
class Operation:
    """One line of the page, and what is under it."""

    method: str
    path: str
    summary: str
    name: str
    asked: list[Field]
    sent: list[Field]
    told: list[Field]


def page(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    """Every operation by register, folded."""
    groups: dict[str, list[Operation]] = {}
    for path, operations in found["paths"].items():
        for method, one in operations.items():
            groups.setdefault(one["tags"][0], []).append(_operation(found, path, method, one))
    told = [operation.told + operation.sent for one in groups.values() for operation in one]
    names, types = sorted({field.of for fields in told for field in fields if field.of}), {}
    for name in names:  # and what those are made of in turn
        types[name] = _fields(found, {"$ref": name})
        names += [field.of for field in types[name] if field.of and field.of not in names]
    lines = " ".join(found["info"]["description"].split()).split(" - ")[1:]
    about = [[(words, n % 2) for n, words in enumerate(line.split("`"))] for line in lines]  # (words, whether code)
    first = f'curl -H "Authorization: Bearer $TOKEN" {request.build_absolute_uri("/api/me")}'
    return render(request, "api/docs.html", {"about": about, "first": first, "groups": groups, "types": types})


def _operation(found: dict[str, Any], path: str, method: str, one: dict[str, Any]) -> Operation:
    asked = [
        Field(p["name"], _kind(found, p["schema"]), p.get("required", False), p.get("description", ""), "")
        for p in one["parameters"]
    ]
    body = _schema(one.get("requestBody", {}))
    good = next(response for status, response in one["responses"].items() if int(status) < 300)
    told = _schema(good)
    return Operation(
        method.upper(), path, one["summary"], one["operationId"], asked, _fields(found, body), _fields(found, told)
    )


def _schema(said: dict[str, Any]) -> dict[str, Any]:
    """What a body or an answer is made of, whatever its media type."""
    return next((content["schema"] for content in said.get("content", {}).values()), {})


def _resolved(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return found["components"]["schemas"][name] if name else schema


def _fields(found: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    schema = _resolved(found, schema)
    if schema.get("type") == "array":
        schema = _resolved(found, schema["items"])
    needed = schema.get("required", [])
    return [
        Field(name, _kind(found, one), name in needed, one.get("description", ""), _made_of(one))
        for name, one in schema.get("properties", {}).items()
    ]


def _made_of(schema: dict[str, Any]) -> str:
    inner = (schema, schema.get("items", {}), *schema.get("anyOf", ()))
    return next((one["$ref"].rpartition("/")[2] for one in inner if "$ref" in one), "")


def _kind(found: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in a word or two."""
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(found, one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"] if one != "")
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{_kind(found, schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("const") or schema.get("type") or "any")
