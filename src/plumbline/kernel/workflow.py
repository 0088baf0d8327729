"""A workflow is data: the states a record can be in and the moves between them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Reason = str | None
Rule = Callable[[Any], Reason]


@dataclass(frozen=True)
class Move:
    """One verb that takes a record from some states to another."""

    verb: str
    label: Any  # the words on the button
    source: tuple[str, ...]
    target: str
    who: tuple[str, ...]  # any of these may: a role, "owner", "author", "anyone", or a relation of the register
    asks: tuple[str, ...] = ()  # fields the mover must fill in
    may_ask: tuple[str, ...] = ()  # fields the mover may fill in, folded
    not_by: tuple[str, ...] = ()  # own work: these relations refuse, whatever the role
    sign: Any = ""  # meaning of the signature, if one is needed
    strength: str = "confirm"  # "confirm", or "again": sign in again
    reason: bool = False  # a reason must be given
    unless: Rule | None = None  # why not, or None
    effect: Callable | None = None  # what else happens, in the same transaction
    also: tuple[str, ...] = ()  # other states it may lead to ...
    lands: Callable | None = None  # ... when this says so, of (record, actor): the state, or None for the target
    turn: str = ""  # whose turn it is to make this move: "owner", "author" or a role
    primary: bool = False  # the one next move
    hint: Any = ""  # what the move means, shown above its form


@dataclass(frozen=True)
class State:
    """One state, its word, the tone of its badge, and whether a record in it is done."""

    label: Any
    tone: str = "neutral"  # neutral, active, waiting, good, bad, muted
    closed: bool = False
    edit: bool = True


class IllegalMove(Exception):
    """The record's state does not allow this verb."""


@dataclass(frozen=True)
class Workflow:
    """States (the first is where a record begins) and moves."""

    states: dict[str, State]
    moves: tuple[Move, ...] = ()
    begins: dict[str, tuple[str, ...]] = field(default_factory=dict)  # other states a record may begin in, and for whom
    initial: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "initial", next(iter(self.states)))
        for move in self.moves:
            if unknown := {*move.source, move.target, *move.also} - self.states.keys():
                raise ValueError(f"{move.verb}: unknown states {sorted(unknown)}")
            if len([m for m in self.moves if m.verb == move.verb and set(m.source) & set(move.source)]) > 1:
                raise ValueError(f"{move.verb}: two moves of this name from one state")

    def begin(self, state: str | None) -> str:
        """The state a new record begins in; raises IllegalMove where none may begin."""
        if state is not None and state != self.initial and state not in self.begins:
            raise IllegalMove(f"nothing begins as {state}")
        return state or self.initial

    def moves_from(self, state: str) -> list[Move]:
        return [move for move in self.moves if state in move.source]

    def move(self, verb: str, state: str) -> Move:
        for move in self.moves_from(state):
            if move.verb == verb:
                return move
        raise IllegalMove(f"cannot {verb} while {self.states[state].label}")

    def is_closed(self, state: str) -> bool:
        return self.states[state].closed

    def diagram(self) -> str:
        """The workflow as a Mermaid state diagram."""
        lines = [f"    [*] --> {self.initial}"]
        lines += [
            f"    {source} --> {target}: {move.verb}"
            for move in self.moves
            for source in move.source
            for target in (move.target, *move.also)
        ]
        lines += [f"    {name} --> [*]" for name, state in self.states.items() if state.closed]
        return "\n".join(["stateDiagram-v2", *lines])
