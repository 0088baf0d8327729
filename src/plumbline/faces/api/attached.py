"""What every record has: comments, links, the requirements it speaks to, its history."""

import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from plumbline.kernel import actions, timeline
from plumbline.kernel.models import Comment, Link, Record, RequirementLink
from plumbline.kernel.register import Register, by_slug
from plumbline.ledger.models import Event, Opening
from plumbline.standards.models import find_edition

from . import narrowing, parts, shapes, values
from .declaring import ONCE, operation
from .entry import Caller, caller_of
from .problems import READING, WRITING, Problem
from .repeated import once

PLACE = "/{slug}/{record}"


class CommentNew(shapes.Sent):
    """A comment; `@` and somebody's full name tells that person."""

    text: str = Field(min_length=1, max_length=10_000)


class LinkLine(Schema):
    """Two records, of which one leads to the other; both may be seen."""

    uid: UUID
    why: str
    leads_to: shapes.Numbered | None = Field(description="where it leads, if this record leads there")
    comes_from: shapes.Numbered | None = Field(description="where it comes from, if another led here")


class LinkNew(shapes.Sent):
    """A link to another record."""

    target: str = Field(description="uid or number", max_length=200)
    why: str = Field("relates to", min_length=1, max_length=40)


class RequirementNew(shapes.Sent):
    """That the record speaks to a requirement; or, with `rejected`, that it does not after all."""

    requirement: str = Field(description="its id, or a clause", min_length=1, max_length=30)
    state: Literal["confirmed", "rejected"] = "confirmed"


class HistoryLine(Schema):
    """One event."""

    uid: UUID
    at: datetime
    occurred_at: datetime | None
    who: str
    how: str = Field(description="how they signed in")
    verb: str
    table: str = Field(description="the record itself, or which kind of part")
    about: str
    reason: str
    changes: dict[str, list[Any]] = Field(description="field: before, after")


class HistoryPage(Schema):
    """Events, the newest first."""

    items: list[HistoryLine]
    after: str | None = Field(description="the mark to go on with; null at the beginning of the record")


class HistoryAsked(Schema):
    """Where to go on."""

    after: UUID | None = shapes.may()
    size: int = Field(50, ge=1, le=200)


CommentLine = shapes.told("CommentLine", Comment)
RequirementLine = shapes.told("RequirementLine", RequirementLink)


def place(caller: Caller, slug: str, key: str) -> tuple[Register, Any]:
    """The register and the record of an address."""
    register = by_slug(slug)
    if register is None:
        raise Http404
    return register, values.find(register, caller, key)


def comments(request: HttpRequest, slug: str, record: str) -> Any:
    caller = caller_of(request)
    return values.told(values.parts(Comment, place(caller, slug, record)[1]), caller)


def comment(request: HttpRequest, slug: str, record: str, sent: Any) -> Any:
    caller = caller_of(request)
    _register, found = place(caller, slug, record)

    def work() -> tuple[int, dict]:
        made = actions.create(Comment, by=caller.actor, record=found, text=sent.text.strip())
        return 201, parts.again(Comment, caller, made)

    return Status(*once(request, sent.model_dump(), work))


def links(request: HttpRequest, slug: str, record: str) -> Any:
    caller = caller_of(request)
    return _links(caller, place(caller, slug, record)[1])


def _links(caller: Caller, record: Any) -> list[dict[str, Any]]:
    """Those whose both ends may be seen."""
    seen = caller.seen().values("pk")
    rows = Link.objects.filter(Q(record_id=record.uid) | Q(target_id=record.uid), ended=False)
    rows = rows.filter(record__in=seen, target__in=seen).select_related("record", "target").order_by("uid")
    return [
        {
            "uid": str(row.uid),
            "why": row.why,
            "leads_to": _numbered(row.target) if row.record_id == record.uid else None,
            "comes_from": _numbered(row.record) if row.record_id != record.uid else None,
        }
        for row in rows
    ]


def _numbered(record: Record) -> dict[str, str]:
    return {"uid": str(record.uid), "number": record.number, "title": record.title}


def link(request: HttpRequest, slug: str, record: str, sent: Any) -> Any:
    caller = caller_of(request)
    _register, found = place(caller, slug, record)

    def work() -> tuple[int, dict]:
        target = values.pointed("target", Record, sent.target, caller)
        linked = Link.objects.filter(record_id=found.uid, target=target, why=sent.why, ended=False)
        if target.uid == found.uid or linked.exists():
            raise actions.ValidationError({"target": _("These two are linked already, or are the same record.")})
        made = actions.create(Link, by=caller.actor, record=found, target=target, why=sent.why)
        return 201, next(one for one in _links(caller, found) if one["uid"] == str(made.uid))

    return Status(*once(request, sent.model_dump(), work))


def requirements(request: HttpRequest, slug: str, record: str) -> Any:
    caller = caller_of(request)
    return values.told(values.parts(RequirementLink, place(caller, slug, record)[1]), caller)


def requirement(request: HttpRequest, slug: str, record: str, sent: Any) -> Any:
    caller = caller_of(request)
    _register, found = place(caller, slug, record)
    organisation = caller.actor.organisation
    edition = find_edition(organisation.uid, organisation.edition)
    asked = edition and (edition.get(sent.requirement) or next(iter(edition.clauses().get(sent.requirement, [])), None))
    if not asked:
        wrong = _("“%(id)s” is no requirement and no clause of it.") % {"id": sent.requirement}
        raise actions.ValidationError({"requirement": wrong})

    def work() -> tuple[int, dict]:
        rows = RequirementLink.objects.filter(record_id=found.uid, edition=asked.edition, requirement=asked.id)
        if row := rows.first():
            row = actions.edit(row, by=caller.actor, state=sent.state)
        else:
            given = {"edition": asked.edition, "requirement": asked.id, "state": sent.state}
            row = actions.create(RequirementLink, by=caller.actor, record=found, **given)
        return 201, parts.again(RequirementLink, caller, row)

    return Status(*once(request, sent.model_dump(), work))


def history(request: HttpRequest, slug: str, record: str, asked: Any = Query(...)) -> Any:
    narrowing.refuse_unknown(asked, request.GET)
    found, row = place(caller_of(request), slug, record)
    events = Event.objects.filter(record=row.uid).select_related("opening").order_by("-pk")
    if asked.after:
        events = events.filter(pk__lt=asked.after)
    page = list(events[: asked.size + 1])
    more = len(page) > asked.size
    openings = [_opening(event) for event in page[: asked.size]]
    names = timeline.names_in(openings)
    lines = [_line(found, event, one, names) for event, one in zip(page, openings, strict=False)]
    return {"items": lines, "after": str(lines[-1]["uid"]) if more else None}


def _opening(event: Event) -> dict[str, Any]:
    """What the event says; nothing where it was erased."""
    try:
        return dict(json.loads(event.opening.text))
    except Opening.DoesNotExist:
        return {}


def _line(register: Register, event: Event, opening: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    row = {name: names.get(str(value), value) for name, value in (opening.get("row") or {}).items()}
    own = event.table == register.kind
    changes = {name: pair for name, pair in (opening.get("changes") or {}).items() if name not in timeline.HIDDEN}
    return {
        "uid": event.pk,
        "at": event.at,
        "occurred_at": event.occurred_at,
        "who": opening.get("actor_name") or "",
        "how": event.how,
        "verb": event.verb,
        "table": event.table,
        "about": "" if own else register.about(event.table, row),
        "reason": opening.get("reason") or "",
        "changes": changes if own else {},
    }


def add(router: Router) -> None:
    """One set of addresses for all registers: these parts are alike everywhere."""
    slugs = shapes.slugs()
    for name, path, told, reads, taken, writes in (
        ("comments", "comments", CommentLine, comments, CommentNew, comment),
        ("links", "links", LinkLine, links, LinkNew, link),
        ("requirements", "requirements", RequirementLine, requirements, RequirementNew, requirement),
    ):
        at, many = f"{PLACE}/{path}", shapes.many(told)
        operation(router, "GET", at, reads, f"{name}_list", f"Read: {name}", {200: many, READING: Problem},
                  slug=slugs)  # fmt: skip
        operation(router, "POST", at, writes, f"{name}_add", f"Add: {name}", {201: told, WRITING: Problem},
                  extra=ONCE, slug=slugs, sent=taken)  # fmt: skip
    operation(router, "GET", f"{PLACE}/history", history, "history", "Read: history",
              {200: HistoryPage, READING: Problem}, slug=slugs, asked=HistoryAsked)  # fmt: skip
