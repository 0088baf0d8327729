"""A directory that provisions people, for tests."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from plumbline.faces.api import tokens
from plumbline.faces.scim import mapping
from plumbline.kernel.testing import Company

MEDIA_TYPE = "application/scim+json"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def secret_of(company: Company, name: str = "Entra ID") -> str:
    """The token of a directory of that company, switched on."""
    mapping.choose(company.organisation, company.actor, on=True)
    rights = dict([mapping.RIGHT])
    _token, secret = tokens.make_for_program(company.actor, name, "SCIM", rights, 90)
    return secret


class Directory:
    """Asks with a token, at one organisation's address."""

    def __init__(self, slug: str, secret: str = "") -> None:
        self.at = f"/scim/v2/{slug}"
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    @classmethod
    def of(cls, company: Company) -> "Directory":
        return cls(company.organisation.slug, secret_of(company))

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(self.at + path, headers=_headers(headers))

    def ask(self, method: str, path: str, sent: Any = None, **headers: str) -> Any:
        content = sent if isinstance(sent, str) else json.dumps(sent)
        return self.client.generic(method, self.at + path, content, MEDIA_TYPE, headers=_headers(headers))

    def user(self, user_name: str, **more: Any) -> Any:
        """Make somebody."""
        return self.ask("POST", "/Users", {"schemas": [USER], "userName": user_name, **more})

    def group(self, name: str, *members: Any) -> Any:
        given = {"schemas": [GROUP], "displayName": name, "members": [{"value": str(one)} for one in members]}
        return self.ask("POST", "/Groups", given)

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Any:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def found(self, path: str, filter_: str) -> list[dict[str, Any]]:
        answer = self.client.get(self.at + path, {"filter": filter_})
        assert answer.status_code == 200, answer.content
        return list(answer.json()["Resources"])


def _headers(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


def refused(response: HttpResponse, status: int, scim_type: str = "", words: str = "") -> dict[str, Any]:
    """The error, if it is one of this status and sort that says so."""
    assert response.status_code == status, f"{response.status_code}: {response.content[:500]!r}"
    assert response["Content-Type"] == MEDIA_TYPE, response["Content-Type"]
    told: dict[str, Any] = json.loads(response.content)
    assert (told["schemas"], told["status"]) == ([ERROR], str(status)), told
    assert told.get("scimType", "") == scim_type, told
    assert words in told["detail"], told
    return told
