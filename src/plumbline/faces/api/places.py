"""What records point to, so that another program can name it: people, sites, departments, processes; and who asks."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from plumbline.kernel.register import registers
from plumbline.ledger import keyset
from plumbline.organisation.models import Department, Person, Process, Site, here

from . import narrowing, shapes, values
from .declaring import operation
from .entry import caller_of
from .problems import READING, Problem


class PlacesAsked(Schema):
    """Which of them."""

    q: str | None = shapes.may("part of the name", max_length=120)
    ended: bool = Field(False, description="also those who left and what was closed")
    after: str | None = shapes.may("the mark at the end of the page before", max_length=1000)
    size: int = Field(50, ge=1, le=200)


class RegisterLine(Schema):
    """A register the token reaches."""

    slug: str
    kind: str
    title: str
    clause: str
    level: str
    states: dict[str, str]


class Asking(Schema):
    """Who the token acts as, where, how far and until when."""

    organisation: shapes.Named
    slug: str
    today: date
    person: shapes.Named
    program: bool
    roles: list[str]
    expires_at: datetime
    registers: list[RegisterLine]


PLACES: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "people": (Person, ("uid", "name", "job", "department", "site", "started_on", "ended_on")),
    "sites": (Site, ("uid", "name", "address", "ended_on")),
    "departments": (Department, ("uid", "name", "site", "ended_on")),
    "processes": (Process, ("uid", "name", "kind", "owner", "ended_on")),
}


def me(request: HttpRequest) -> Any:
    caller = caller_of(request)
    organisation, person, token = caller.actor.organisation, caller.token.person, caller.token
    return {
        "organisation": {"uid": organisation.uid, "name": organisation.name},
        "slug": organisation.slug,
        "today": organisation.today(),
        "person": {"uid": person.uid, "name": person.name},
        "program": token.program,
        "roles": sorted(caller.actor.roles),
        "expires_at": token.expires_at,
        "registers": [
            {
                "slug": register.slug,
                "kind": register.kind,
                "title": str(register.title),
                "clause": register.clause,
                "level": "write" if token.may(register.slug, "write") else "read",
                "states": {code: str(state.label) for code, state in register.workflow.states.items()},
            }
            for register in registers()
            if token.may(register.slug)
        ],
    }


def _page(what: str, request: HttpRequest, asked: Any) -> dict[str, Any]:
    """By name, then uid; the mark is the last line's."""
    narrowing.refuse_unknown(asked, request.GET)
    model, names = PLACES[what]
    caller = caller_of(request)
    pointers = [name for name in names if values.is_pointer(model._meta.get_field(name))]
    rows: Any = values.along(model._base_manager.filter(organisation=caller.actor.organisation), pointers)
    if not asked.ended:
        rows = rows.filter(here(caller.actor.organisation.today()))
    if asked.q:
        rows = rows.filter(name__icontains=asked.q.replace("\0", ""))
    if mark := keyset.opened(asked.after or ""):
        name, uid = str(mark[0]).replace("\0", ""), mark[1]
        rows = rows.filter(Q(name__gt=name) | Q(name=name, uid__gt=uid))
    found = list(rows.order_by("name", "uid")[: asked.size + 1])
    shown = found[: asked.size]
    after = keyset.mark_of(shown[-1], "name") if len(found) > asked.size else None
    told = values.told(shown, caller)
    return {"items": [{name: one[name] for name in names} for one in told], "after": after}


def add(router: Router) -> None:
    operation(router, "GET", "/me", me, "me", "Who this token acts as", {200: Asking, READING: Problem})
    for what, (model, names) in PLACES.items():
        line = shapes.told(f"{model._meta.object_name}Line", model, only=names)
        page = shapes.made(f"{model._meta.object_name}Page", items=(shapes.many(line), ...), after=(str | None, ...))
        operation(router, "GET", f"/{what}", _bound(what), what, f"Read: {what}", {200: page, READING: Problem},
                  asked=PlacesAsked)  # fmt: skip


def _bound(what: str) -> Any:
    def listed(request: HttpRequest, asked: Any = Query(...)) -> Any:
        return _page(what, request, asked)

    return listed
