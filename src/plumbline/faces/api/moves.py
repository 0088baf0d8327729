"""Moves: one operation a verb, with what it asks; a signature only as strong as a token can prove."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from plumbline.kernel import actions, policy, signing
from plumbline.kernel.register import Register
from plumbline.kernel.workflow import IllegalMove, Move

from . import shapes, values
from .declaring import IF_MATCH, ONCE, operation
from .entry import Caller, caller_of
from .problems import READING, WRITING, Problem, Refused
from .records import again, code_of, conflicting, offered, unprovable, version_of
from .repeated import once


class ToSign(Schema):
    """What a signature would say and bind; `seen` is sent with the move."""

    verb: str
    meaning: str
    strength: str
    seen: str = Field(description="names the record, its parts and files as they stand now")


def add(router: Router, register: Register, told: Any) -> None:
    """The moves of one register that people make."""
    verbs: dict[str, list[Move]] = {}
    for state in register.workflow.states:
        for move in offered(register, state):
            verbs.setdefault(move.verb, []).append(move)
    for verb, moves in verbs.items():
        _add_move(router, register, told, verb, moves)
    if any(move.sign for moves in verbs.values() for move in moves):

        def signing_of(request: HttpRequest, record: str, verb: str) -> Any:
            return to_sign(register, caller_of(request), record, verb)

        path = f"/{register.slug}/{{record}}/signing/{{verb}}"
        operation(router, "GET", path, signing_of, f"{code_of(register)}_signing", f"What is signed: {register.one}",
                  {200: ToSign, READING: Problem, 409: Problem})  # fmt: skip


def _add_move(router: Router, register: Register, told: Any, verb: str, moves: list[Move]) -> None:
    fields = list(dict.fromkeys(name for move in moves for name in (*move.asks, *move.may_ask)))
    more: dict[str, Any] = {"version": shapes.VERSION, "reason": shapes.REASON}
    if any(move.sign for move in moves):
        more["seen"] = (str, Field("", description="what …/signing/… said is signed", max_length=64))
    name = f"{register.kind.title()}{verb.title().replace('_', '')}"
    taken = shapes.sent(name, register.model, fields, needed=False, **more)

    def made(request: HttpRequest, response: HttpResponse, record: str, sent: Any) -> Any:
        given = sent.model_dump(exclude_unset=True)
        status, answer = once(request, given, lambda: _made(register, request, record, verb, dict(given)))
        response["ETag"] = f'"{answer["version"]}"'
        return Status(status, answer)

    words = next(str(move.label) for move in moves)
    path = f"/{register.slug}/{{record}}/moves/{verb}"
    operation(router, "POST", path, made, f"{code_of(register)}_{verb}", f"{words}: {register.one}",
              {200: told, WRITING: Problem}, extra=[*ONCE, *IF_MATCH], sent=taken)  # fmt: skip


def to_sign(register: Register, caller: Caller, key: str, verb: str) -> dict[str, Any]:
    """What the signer would see of a move that is signed."""
    record = values.find(register, caller, key)
    move = _move(register, caller, record, verb)
    if not move.sign:
        raise Refused(409, _("This move is not signed."))
    return {
        "verb": verb,
        "meaning": register.meaning(move, record, caller.actor),
        "strength": register.strength(move, record),
        "seen": signing.digest_of(signing.manifest(record)),
    }


def _move(register: Register, caller: Caller, record: Any, verb: str) -> Move:
    def legal() -> Move:
        move = register.workflow.move(verb, record.state)
        if move not in offered(register, record.state):
            raise IllegalMove(verb)
        return move

    return conflicting(register, caller, record, legal)


def _made(register: Register, request: HttpRequest, key: str, verb: str, sent: dict[str, Any]) -> tuple[int, dict]:
    caller = caller_of(request)
    record = values.find(register, caller, key)
    move = _move(register, caller, record, verb)
    policy.require(policy.may_try(caller.actor, move, record))
    version, reason, seen = version_of(request, sent), sent.pop("reason", ""), sent.pop("seen", "")
    given = values.understood(register.model, sent, caller)
    if unknown := sorted(set(given) - {*move.asks, *move.may_ask}):
        raise Refused(
            422, _("This move does not ask for that now."), errors={one: [_("Not asked.")] for one in unknown}
        )
    proof = _proof(register, caller, record, move, seen) if move.sign else None
    done = conflicting(
        register,
        caller,
        record,
        lambda: actions.act(record, verb, by=caller.actor, version=version, proof=proof, reason=reason, **given),
    )
    return 200, again(register, caller, done)


def _proof(register: Register, caller: Caller, record: Any, move: Move, seen: str) -> signing.Proof:
    """That the person whose token it is wants to sign what was seen; refused where a token proves too little."""
    if why := unprovable(caller, register.strength(move, record)):
        signing.refused(record, move.verb, caller.actor.uid, f"token {caller.token.hint}")
        raise Refused(403, why)
    if not seen:
        said = _("Say what you saw: ask …/signing/… first and send its “seen”.")
        raise Refused(422, said, errors={"seen": [said]})
    return signing.prove(caller.token.person.account, record, move, None, seen)
