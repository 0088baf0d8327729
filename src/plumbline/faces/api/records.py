"""List, read, create and edit: the four operations that every register has."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from plumbline.kernel import actions, lists, policy, signing
from plumbline.kernel.models import Record
from plumbline.kernel.register import Register, register_of
from plumbline.kernel.workflow import IllegalMove, Move

from . import narrowing, shapes, values
from .declaring import IF_MATCH, ONCE, operation
from .entry import Caller, caller_of
from .models import Level
from .problems import READING, WRITING, Problem, Refused
from .repeated import once

BESIDE: dict[str, Any] = {
    "state_label": (str, Field(description="the state in words")),
    "url": (str, Field(description="its page")),
    "own": (dict[str, Any], Field(description="values of the organisation's own fields, by their code")),
}
PROVEN = "confirm"  # what a token can prove: that it is the person's own


def line(register: Register, caller: Caller, rows: list[Any]) -> list[dict[str, Any]]:
    """Records as a list tells them."""
    told, labels = values.told(rows, caller), {code: str(one.label) for code, one in register.workflow.states.items()}
    for one, row in zip(told, rows, strict=True):
        one["state_label"] = labels[row.state]
        one["url"] = values.address(register, row, caller)
        one["own"] = row.extra.get("own", {})
    return told


def whole(register: Register, caller: Caller, record: Any) -> dict[str, Any]:
    """A record with the moves that are possible, and why others are not."""
    may = policy.may_edit(caller.actor, register, record)
    answer = _reached(caller, register, may)
    moves = [possible(register, caller, move, record) for move in offered(register, record.state)]
    return {**line(register, caller, [record])[0], "edit": answer, "moves": moves}


def offered(register: Register, state: str) -> list[Move]:
    """The moves from a state that somebody makes, not a date or the installation."""
    return [move for move in register.workflow.moves_from(state) if not set(move.who) <= {"clock", "installation"}]


def _reached(caller: Caller, register: Register, answer: policy.Answer) -> dict[str, Any]:
    if answer and not caller.token.may(register.slug, Level.WRITE):
        answer = policy.Answer(False, _("This token may not write here."))
    return {"allowed": answer.allowed, "reason": answer.reason}


def possible(register: Register, caller: Caller, move: Move, record: Any) -> dict[str, Any]:
    """One move, what it asks, and whether this caller may make it."""
    answer = policy.may_move(caller.actor, move, record)
    signature = None
    if move.sign:
        strength = register.strength(move, record)
        signature = {"meaning": register.meaning(move, record, caller.actor), "strength": strength}
        if answer and (why := unprovable(caller, strength)):
            answer = policy.Answer(False, why)
    return {
        "verb": move.verb,
        "label": str(move.label),
        "asks": list(move.asks),
        "may_ask": list(move.may_ask),
        "needs_reason": move.reason,
        "signature": signature,
        **_reached(caller, register, answer),
    }


def unprovable(caller: Caller, strength: str) -> str:
    """Why a token cannot give this signature; nothing where it can."""
    if caller.token.program:
        return _("A program does not sign: a signature is given by a person.")
    if strength != PROVEN:
        return _("This signature asks that you sign in again, which a token cannot prove: sign it on the page.")
    return ""


def again(register: Register, caller: Caller, record: Record) -> dict[str, Any]:
    """The record as it stands now, as far as the caller still sees it."""
    return whole(register, caller, values.find(register, caller, str(record.uid)))


def version_of(request: HttpRequest, sent: dict[str, Any]) -> int | None:
    """The version that was read, from the field or the header If-Match."""
    given = sent.pop("version", None)
    header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if given is None and header and header != "*":
        if not (header.isascii() and header.isdigit() and len(header) < 10):
            raise Refused(409, _("If-Match names no version of this record."))
        return int(header)
    return given


def conflicting(register: Register, caller: Caller, record: Record, work: Any) -> Any:
    """Do it; where somebody else was faster, the refusal says what stands there now."""
    try:
        return work()
    except (actions.Stale, IllegalMove, signing.BadSignature) as error:
        words = {
            "changed": _("The record changed while you were reading it. Look at it again, then sign."),
            "missing": _("This move needs your signature."),
            "somebody else": _("The token is somebody else's. Nothing was signed."),
        }
        said = words.get(str(error), str(error))
        if isinstance(error, IllegalMove):
            now = values.find(register, caller, str(record.uid))
            state = register.state_of(now).label
            said = _("That is not possible while the record is “%(state)s”.") % {"state": state}
        raise Refused(409, said, current=again(register, caller, record)) from error


def add(router: Router, register: Register) -> Any:
    """The operations of one register, with its own types; returns what it tells of a record."""
    kind = register.kind.title()
    brief = shapes.told(f"{kind}Line", register.model, **BESIDE)
    full = shapes.made(
        kind,
        brief,
        edit=(shapes.Allowed, Field(description="whether it may be edited")),
        moves=(list[shapes.Possible], Field(description="what can be done from here")),
    )
    _add_reads(router, register, shapes.made(f"{kind}Page", Paged, items=(shapes.many(brief), ...)), full)
    _add_writes(router, register, kind, full)
    return full


def code_of(register: Register) -> str:
    """How the names of its operations begin."""
    return register.slug.replace("-", "_")


def _add_reads(router: Router, register: Register, page: Any, full: Any) -> None:
    def listed(request: HttpRequest, asked: Any = Query(...)) -> Any:
        caller = caller_of(request)
        narrowing.refuse_unknown(asked, request.GET)
        own = narrowing.own_filters(register, caller.actor, request.GET)
        return _listed(register, caller, asked.model_dump(exclude_none=True) | own)

    def read(request: HttpRequest, response: HttpResponse, record: str) -> Any:
        found = values.find(register, caller_of(request), record)
        response["ETag"] = f'"{found.version}"'
        return whole(register, caller_of(request), found)

    at, code = f"/{register.slug}", code_of(register)
    operation(router, "GET", at, listed, f"{code}_list", f"List: {register.title}", {200: page, READING: Problem},
              extra=narrowing.OWN, asked=shapes.filters(register))  # fmt: skip
    operation(router, "GET", f"{at}/{{record}}", read, f"{code}_read", f"Read: {register.one}",
              {200: full, READING: Problem})  # fmt: skip


def _add_writes(router: Router, register: Register, kind: str, full: Any) -> None:
    names = shapes.typed_names(register)
    raised = (str | None, shapes.may("uid or number of the record it comes from", max_length=200))
    new = shapes.sent(f"{kind}New", register.model, names, raised_by=raised, reason=shapes.REASON, own=shapes.OWN)
    stands = {"version": shapes.VERSION, "reason": shapes.REASON, "own": shapes.OWN}
    change = shapes.sent(f"{kind}Change", register.model, _edited(register), needed=False, **stands)

    def created(request: HttpRequest, sent: Any) -> Any:
        given = sent.model_dump(exclude_unset=True)
        return Status(*once(request, given, lambda: _created(register, caller_of(request), dict(given))))

    def edited(request: HttpRequest, response: HttpResponse, record: str, sent: Any) -> Any:
        given = sent.model_dump(exclude_unset=True)
        status, answer = once(request, given, lambda: _edited_record(register, request, record, dict(given)))
        response["ETag"] = f'"{answer["version"]}"'
        return Status(status, answer)

    at, code = f"/{register.slug}", code_of(register)
    operation(router, "POST", at, created, f"{code}_create", f"Create: {register.one}", {201: full, WRITING: Problem},
              extra=ONCE, sent=new)  # fmt: skip
    operation(router, "PATCH", f"{at}/{{record}}", edited, f"{code}_edit", f"Edit: {register.one}",
              {200: full, WRITING: Problem}, extra=[*ONCE, *IF_MATCH], sent=change)  # fmt: skip


class Paged(BaseModel):
    """One page of a list; `after` is asked with to go on."""

    total: int = Field(description="how many there are; counting stops at 10,001")
    more_than_counted: bool = Field(description="whether there are more than were counted")
    after: str | None = Field(description="the mark to go on with; null on the last page")


def _edited(register: Register) -> list[str]:
    return [name for name in shapes.typed_names(register) if name not in (register.within, *register.by_moves)]


def _listed(register: Register, caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    query, size = QueryDict(mutable=True), asked.pop("size")
    if asked.pop("open", False):
        query["open"] = "1"
    for name, value in asked.items():
        query[lists.MARK if name == "after" else name] = str(value).replace("\0", "")
    page = lists.page(register, caller.actor, query, size, whole=True)
    narrowing.refuse_left_out(register, asked, page.chosen)
    return {
        "items": line(register, caller, page.rows),
        "total": page.total,
        "more_than_counted": page.more_than_counted,
        "after": page.after,
    }


def _created(register: Register, caller: Caller, sent: dict[str, Any]) -> tuple[int, dict]:
    origin, reason, own = sent.pop("raised_by", None), sent.pop("reason", ""), sent.pop("own", None) or {}
    given = {**values.understood(register.model, sent, caller), "own": own}
    if given.get("owner", True) is None:
        del given["owner"]
    came = values.pointed("raised_by", Record, origin, caller) if origin else None
    made = actions.create(register, by=caller.actor, reason=reason, raised_by=came, **given)
    return 201, whole(register, caller, made)  # its author sees it, and it is what was written: not read again


def _edited_record(register: Register, request: HttpRequest, key: str, sent: dict[str, Any]) -> tuple[int, dict]:
    caller = caller_of(request)
    record = values.find(register, caller, key)
    version, reason = version_of(request, sent), sent.pop("reason", "")
    if version is None:
        said = _("Say which version you read, so that nobody's change is lost.")
        raise Refused(422, said, errors={"version": [said]})
    own = sent.pop("own", None)
    given = values.understood(register.model, sent, caller) | ({} if own is None else {"own": own})
    conflicting(register, caller, record,
                lambda: actions.edit(record, by=caller.actor, version=version, reason=reason, **given))  # fmt: skip
    return 200, again(register_of(record), caller, record)
