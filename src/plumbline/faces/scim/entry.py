"""Who asks: the token of a directory of this organisation, how often, and how much it sends."""

import json
from dataclasses import dataclass, replace
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from plumbline.faces.api import tokens
from plumbline.faces.api.entry import count
from plumbline.faces.api.models import Token
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.organisation.roles import Role

from .mapping import RIGHT, Connection

LARGEST = 1024 * 1024  # bytes of a body
TYPES = ("application/scim+json", "application/json")


class Refused(Exception):
    """Refused with a status, for a reason; `code` is a scimType or a word of ours."""

    def __init__(self, status: int, why: str, scim_type: str = "", code: str = "", wait: str = "") -> None:
        super().__init__(why)
        self.status, self.why, self.scim_type, self.code, self.wait = status, why, scim_type, code or scim_type, wait


@dataclass(frozen=True)
class Caller:
    """A directory, where it may write, and as whom history names it."""

    organisation: Organisation
    actor: Actor
    connection: Connection
    address: str  # of this organisation's resources


def caller(request: HttpRequest, slug: str) -> Caller:
    """Raises Refused; a wrong token and another organisation's are told alike."""
    token = _token(request, slug)
    if token is None:
        raise Refused(401, _("Send the token of this organisation's directory, as “Authorization: Bearer …”."))
    request_ = cast(Any, request)
    request_.organisation = token.organisation
    connection = Connection.of(token.organisation)
    if not token.is_live or not token.person.is_here(token.organisation.today()):
        raise Refused(401, _("This token has ended."), code="token")
    if not connection.on:
        raise Refused(403, _("The organisation has switched this off."), code="off")
    request_.token_used = token
    count(token)
    actor = Actor.of(token.person, how=f"SCIM, token {token.hint}")
    actor = replace(
        actor, roles=actor.roles | {Role.ADMINISTRATOR.value}
    )  # for people and roles: all this face changes
    address = request.build_absolute_uri(f"/scim/v2/{token.organisation.slug}")
    return Caller(token.organisation, actor, connection, address)


def _token(request: HttpRequest, slug: str) -> Token | None:
    """Also one that has ended: its organisation is told so."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.isascii() or len(secret) > 100:
        return None
    found = Token.objects.select_related("person__organisation", "organisation").filter(
        digest=tokens.digest_of(secret), organisation__slug=slug
    )
    token = found.first()
    return token if token is not None and token.rights.get(RIGHT[0]) == RIGHT[1] else None


def sent(request: HttpRequest) -> dict[str, Any]:
    """The body, as an object. Raises Refused."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:12]) > LARGEST:
        raise Refused(413, _("A request has at most %(size)d kB.") % {"size": LARGEST >> 10})
    if request.content_type not in TYPES:
        raise Refused(415, _("Send this as %(type)s.") % {"type": TYPES[0]})
    body = request.body
    if len(body) > LARGEST:
        raise Refused(413, _("A request has at most %(size)d kB.") % {"size": LARGEST >> 10})
    try:
        found = json.loads(body, parse_constant=_no_number)
        whole = json.dumps(found, ensure_ascii=False)
        whole.encode()
    except (ValueError, RecursionError) as error:
        raise Refused(400, _("This is no JSON."), "invalidSyntax") from error
    if not isinstance(found, dict):
        raise Refused(400, _("Send an object."), "invalidSyntax")
    if "\\u0000" in whole:
        raise Refused(400, _("There is a sign in it that cannot be kept."), "invalidValue")
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)
