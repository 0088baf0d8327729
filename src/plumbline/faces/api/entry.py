"""Who asks: the token's person with the roles of today, how often, and whether the token reaches that far."""

import time
import zoneinfo
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from plumbline.kernel.models import Record, RecordQuerySet
from plumbline.kernel.register import by_slug, registers
from plumbline.ledger.reads import READS
from plumbline.organisation.accounts import Backend
from plumbline.organisation.actor import Actor

from . import tokens
from .models import Level, Token
from .problems import Refused

UPLOAD = "/files"  # how the one route ends that takes a file


@dataclass(frozen=True)
class Caller:
    """A token, and who it acts as."""

    token: Token
    actor: Actor

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds that the token may read: of any other nothing is told, not even that it is there."""
        return frozenset(register.kind for register in registers() if self.token.may(register.slug))

    def seen(self) -> RecordQuerySet:
        """The records that the person may see, of the kinds that the token reaches."""
        return Record.objects.visible_to(self.actor).filter(kind__in=self.kinds)


def caller_of(request: HttpRequest) -> Caller:
    return cast(Any, request).auth


class Bearer(HttpBearer):
    """`Authorization: Bearer plb_…`; whatever hinders it is said before anything else is looked at."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = tokens.found(token)
        actor = _actor(found) if found else None
        if found is None or actor is None:
            return None
        cast(Any, request).token_used = found
        count(found)
        _require_reach(request, found)
        _require_json(request)
        timezone.activate(zoneinfo.ZoneInfo(found.organisation.zone))
        return Caller(found, actor)


def _actor(token: Token) -> Actor | None:
    """The person as she stands today; nobody who has left, may not sign in, or came to read for a time that is over."""
    person = token.person
    person.organisation = token.organisation
    if not person.is_here(token.organisation.today()):
        return None
    if not token.program and not (person.account and Backend().user_can_authenticate(person.account)):
        return None
    actor = Actor.of(person, how=f"token {token.hint}")
    return None if actor.outside else actor


def count(token: Token) -> None:
    """So many requests a minute for each token, in each process that serves."""
    now = time.time()
    key = f"api:{token.uid}:{int(now // 60)}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > settings.PLUMBLINE_API_RATE:
        wait = 60 - int(now) % 60
        reason = _("This token asked %(most)d times in a minute: wait %(wait)d seconds.")
        told = reason % {"most": settings.PLUMBLINE_API_RATE, "wait": wait}
        raise Refused(429, told, headers={"Retry-After": str(wait)})


def _require_reach(request: HttpRequest, token: Token) -> None:
    place = _place(request)
    level = Level.READ if request.method in READS else Level.WRITE
    if place and not token.may(place, level):
        words = _("This token may not read here.") if level == Level.READ else _("This token may not write here.")
        raise Refused(403, f"{words} {_('Where it may, /api/me says.')}")
    if not place and not any(value in Level.values for value in token.rights.values()):
        raise Refused(403, _("This token may not read here."))


def _place(request: HttpRequest) -> str:
    """The register in the address, as a part of the route or as its first word."""
    match = request.resolver_match
    named = match.kwargs.get("slug") if match else None
    first = (match.route if match else "").removeprefix("api/").partition("/")[0]
    found = by_slug(str(named or first))
    return found.slug if found else ""


def _require_json(request: HttpRequest) -> None:
    match = request.resolver_match
    wanted = "multipart/form-data" if match and match.route.endswith(UPLOAD) else "application/json"
    if request.method in ("POST", "PATCH") and request.content_type != wanted:
        raise Refused(415, _("Send this as %(type)s.") % {"type": wanted})
