"""One move of many records: which can make it and why the others cannot; each is then made through the door alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from plumbline.history.uids import uid_of
from plumbline.kernel import actions, lists, pages, policy, signing
from plumbline.kernel.forms import move_form
from plumbline.kernel.register import Register
from plumbline.kernel.views import Act
from plumbline.kernel.workflow import IllegalMove, Move
from plumbline.ledger.writer import witnessed
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Person

from .models import Run

MOST = 500  # records moved at once


@dataclass
class Line:
    """One record that was picked: its move, or why not; and what the mover saw of it."""

    record: Any
    move: Move | None
    why: str = ""
    version: int | None = None
    seen: str = ""

    @property
    def picked(self) -> str:
        """What the page carries of it: which record, as it stood, and what would be signed."""
        return f"{self.record.uid}:{self.record.version}:{self.seen}"


@cache
def _on_the_usual_page(slug: str, verb: str) -> bool:
    """Whether the register leaves this move to the page every move has; what needs a page of its own is made there."""
    found = resolve(reverse(f"{slug}:act", args=["o", "n", verb]))
    return getattr(found.func, "view_class", None) is Act


def offered(register: Register, actor: Actor) -> list[tuple[str, str]]:
    """(verb, words) of the moves that people make on the usual page."""
    if actor.reads_only:
        return []
    moves = [move for move in register.workflow.moves if move.who != ("clock",)]
    words = {move.verb: str(move.label) for move in reversed(moves) if _on_the_usual_page(register.slug, move.verb)}
    return list(reversed(words.items()))


def picked(register: Register, actor: Actor, given: QueryDict, name: str) -> list[Line]:
    """The records that were ticked, or all that match; whatever this person may not see is not there."""
    told: dict[UUID, list[str]] = {}
    for entry in given.getlist(name)[:MOST]:
        uid, *rest = entry.split(":")
        if key := uid_of(uid):
            told[key] = rest
    if given.get("all"):
        asked = QueryDict(given.get("asked", "")).copy()
        asked.pop(lists.MARK, None)
        told = {record.uid: [] for record in lists.page(register, actor, asked, size=MOST).rows}
    records = {record.uid: record for record in register.records(actor).filter(kind=register.kind, pk__in=list(told))}
    for record in records.values():
        record.organisation = actor.organisation  # the same one, so that nobody asks again
    return [_line(records[uid], rest) for uid, rest in told.items() if uid in records]


def _line(record: Any, rest: list[str]) -> Line:
    version, seen = [*rest, "", ""][:2]
    return Line(record, None, "", int(version) if version.isascii() and version.isdigit() else None, seen[:64])


def judge(register: Register, actor: Actor, lines: Iterable[Line], verb: str) -> None:
    """Give each line its move, or the reason the policy gives; the people reasons name are asked for once."""
    refused: list[tuple[Line, policy.Answer]] = []
    for line in lines:
        line.move = next((move for move in register.workflow.moves_from(line.record.state) if move.verb == verb), None)
        if line.move is None:
            state = register.state_of(line.record).label
            line.why = _("That is not possible while the record is “%(state)s”.") % {"state": state}
        elif not (answer := policy.may_move(actor, line.move, line.record)):
            refused.append((line, answer))
    actor.called(uid for line, _answer in refused for uid in (line.record.owner_id, line.record.author_id))
    for line, answer in refused:
        line.move, line.why = None, answer.reason


def look(lines: Iterable[Line]) -> None:
    """What a signer of these would sign: the digest of each record as it stands on the page."""
    for line in lines:
        if line.move and line.move.sign:
            line.seen = signing.digest_of(signing.manifest(line.record))


def form_of(register: Register, actor: Actor, able: list[Line], given: Any = None) -> tuple[Any, Move]:
    """One form for all: what any of these asks, one reason, one password; and the move in words."""
    moves = [cast(Move, line.move) for line in able]
    asks = tuple(dict.fromkeys(name for move in moves for name in move.asks))
    may = tuple(dict.fromkeys(name for move in moves for name in move.may_ask if name not in asks))
    strict = [line for line in able if register.strength(cast(Move, line.move), line.record) == "again"]
    shown = (strict or able)[0]
    move = replace(cast(Move, shown.move), asks=asks, may_ask=may, reason=any(move.reason for move in moves))
    blank = dict.fromkeys((*asks, *may))
    form: Any = move_form(register, move, actor, shown.record, data=given, initial=blank)
    for name in asks:  # what every record says already may stay as each says it
        column = register.field(name).attname
        form.fields[name].required = any(getattr(line.record, column) in (None, "") for line in able)
    for name in ("version", "seen"):
        form.fields.pop(name, None)
    return form, move


def make(register: Register, actor: Actor, lines: list[Line], form: Any, account: Account) -> Run:
    """Each record in a transaction of its own; what the door refuses is told with its reason."""
    able = [line for line in lines if line.move]
    given = form.cleaned_data
    seen = [(line.record, cast(Move, line.move), line.seen) for line in able]
    proofs = signing.prove_many(account, seen, given.get("password"))
    answers = {name: value for name, value in form.answers().items() if value not in (None, "")}
    verb, label = cast(Move, able[0].move).verb, str(cast(Move, able[0].move).label)
    run = Run.objects.create(person=cast(Person, actor.person), kind=register.kind, verb=verb, label=label)
    try:
        with witnessed(None):  # none of them is the whole: cut off in the middle, it goes on with those left
            for line in lines:
                if line.move:
                    line.why = _made(line, actor, proofs.get(line.record.uid), given.get("reason", ""), answers)
                run.lines.append([str(line.record.uid), line.why])
    finally:
        run.save()
    return run


def _made(line: Line, actor: Actor, proof: signing.Proof | None, reason: str, answers: dict[str, Any]) -> str:
    """Why it was not made; nothing where it was."""
    verb = cast(Move, line.move).verb
    try:
        actions.act(line.record, verb, by=actor, version=line.version, proof=proof, reason=reason, **answers)
    except IllegalMove:
        return _("Somebody else moved it meanwhile.")
    except (ValidationError, policy.Denied, actions.Stale, signing.BadSignature) as error:
        blank = forms.Form({})
        blank.is_valid()
        pages.tell_form(blank, error)
        return " ".join(str(text) for texts in blank.errors.values() for text in texts)
    return ""
