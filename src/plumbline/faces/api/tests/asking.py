"""A program that asks, for tests."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from plumbline.faces.api import tokens
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

PROBLEM = "application/problem+json"


class Program:
    """Asks with a token; without one when it is given none."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    @classmethod
    def of(cls, person: Person, rights: dict[str, str] | None = None, days: int = 30) -> "Program":
        _token, secret = tokens.make(Actor.of(person), "tests", rights or {"*": "write"}, days)
        return cls(secret)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/{path}", headers=_headers(headers))

    def post(self, path: str, sent: Any = None, **headers: str) -> Any:
        return self.client.post(f"/api/{path}", json.dumps(sent or {}), "application/json", headers=_headers(headers))

    def patch(self, path: str, sent: Any, **headers: str) -> Any:
        return self.client.patch(f"/api/{path}", json.dumps(sent), "application/json", headers=_headers(headers))

    def send(self, path: str, **fields: Any) -> Any:
        """A form with a file."""
        return self.client.post(f"/api/{path}", fields)


def _headers(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


def refused(response: HttpResponse, status: int, words: str = "") -> dict[str, Any]:
    """The problem, if it is one of this status that says so."""
    assert response.status_code == status, f"{response.status_code}: {response.content[:500]!r}"
    assert response["Content-Type"] == PROBLEM, response["Content-Type"]
    told = json.loads(response.content)
    assert told["status"] == status
    assert words in told["detail"], told
    return told
