"""Who may do what, answered once, with a reason that can be shown on the button."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

from django.utils.translation import gettext as _

from plumbline.organisation import naming
from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role
from plumbline.organisation.signin.devices import needs_more

from .register import register_of
from .workflow import Move


@dataclass(frozen=True)
class Answer:
    """Yes, or no and why; who could is only looked up where the reason is read."""

    allowed: bool
    why: str | Callable[[], str] = ""

    def __bool__(self) -> bool:
        return self.allowed

    @cached_property
    def reason(self) -> str:
        return self.why() if callable(self.why) else self.why


ALLOWED = Answer(True)


class Denied(Exception):
    """The policy said no; the text says why."""


def stands(relation: str, actor: Actor, record) -> bool:
    """Whether the actor stands in this relation: a role, owner, author, anyone, or one the register declares."""
    if relation == "clock":
        return actor.kind == "clock"
    if actor.kind in {"clock", "installation", "migration"}:
        return True
    if relation == "anyone":
        return True
    if relation == "owner":
        return record is not None and record.owner_id == actor.uid
    if relation == "author":
        return record is not None and record.author_id == actor.uid
    if relation in Role.values:
        place = {"site": record.site_id, "process": record.process_id} if record is not None else {}
        return actor.holds(relation, **place)
    return record is not None and relation in record.relations(actor)


def allow(who: tuple[str, ...], actor: Actor, record) -> Answer:
    """Any of the relations suffices; a role that only reads never does."""
    if actor.reads_only:
        return Answer(False, _("You may read everything here; changes are made by the organisation."))
    if any(stands(relation, actor, record) for relation in who):
        return ALLOWED
    if actor.laid_down & set(who):
        return Answer(False, needs_more())
    return Answer(False, lambda: _("Only for: %(who)s.") % {"who": naming.those(who, actor, record)})


def may_try(actor: Actor, move: Move, record) -> Answer:
    """Whether this actor may make this move at all, whatever the record still lacks."""
    answer = allow(move.who, actor, record)
    if not answer:
        return answer
    if actor.device and move.sign and register_of(record).strength(move, record) == "again":
        return Answer(False, needs_more())
    if actor.kind == "person":
        for relation in move.not_by:
            if stands(relation, actor, record):
                return Answer(False, partial(_own_work, relation, actor, move, record))
    return ALLOWED


def _own_work(relation: str, actor: Actor, move: Move, record) -> str:
    """Why nobody judges this who made it, and who else could."""
    standing_so = (uid for one in move.not_by for uid in naming.standing(one, actor, record))
    own = {uid for uid in (actor.uid, *standing_so) if uid}
    said = _("Nobody judges their own work: you are %(who)s.") % {"who": naming.word(relation)}
    return f"{said} {_('Others can: %(who)s.') % {'who': naming.those(move.who, actor, record, own)}}"


def may_move(actor: Actor, move: Move, record) -> Answer:
    """The answer the button and the door both get."""
    answer = may_try(actor, move, record)
    if answer and move.unless and (reason := move.unless(record)):
        return Answer(False, str(reason))
    return answer


def may_create(actor: Actor, register, values: dict | None = None) -> Answer:
    """Whether this may be made: asked of the record it belongs to, else also by who holds a role for its place."""
    values = values or {}
    who = register.workflow.begins.get(values.get("state"), register.created_by)
    if (within := values.get(register.within)) is None:
        places = [values.get(name) for name in ("site", "process")]
        actor = actor.at({getattr(place, "pk", place) for place in places if place})
    return allow(who, actor, within)


def may_edit(actor: Actor, register, record) -> Answer:
    if not register.workflow.states[record.state].edit:
        return Answer(
            False,
            _("A record that is “%(state)s” is not edited any more.")
            % {"state": register.workflow.states[record.state].label},
        )
    return allow(register.edited_by, actor, record)


def may_write_part(actor: Actor, register, part_class, record) -> Answer:
    """Comments and files by everybody who sees the record; other parts by those the register names."""
    who, states = register.part_rights(part_class)
    if states is not None and record.state not in states:
        return Answer(
            False, _("Not while the record is “%(state)s”.") % {"state": register.workflow.states[record.state].label}
        )
    return allow(who, actor, record)


ORGANISATION_RIGHTS: tuple[str, ...] = ("administrator", "quality", "management")


def may_run_organisation(actor: Actor) -> Answer:
    return allow(ORGANISATION_RIGHTS, actor, None)


def require(answer: Answer) -> None:
    if not answer:
        raise Denied(answer.reason)
