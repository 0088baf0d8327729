"""Who may do what, answered once, with a reason that can be shown on the button."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role

from .workflow import Move


@dataclass(frozen=True)
class Answer:
    """Yes, or no and why; `who` names those who could."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Answer(True)
NAMED = 3  # persons named of those who hold a role


class Denied(Exception):
    """The policy said no; the text says why."""


def _word(relation: str) -> str:
    fixed = {
        "owner": _("the owner"),
        "author": _("the author"),
        "anyone": _("everybody"),
        "team": _("the audit team"),
        "lead": _("the lead auditor"),
        "installation": _("the installation itself"),
        "second": _("somebody who answers for quality, other than who signed first"),
        "clock": _("the date that comes"),
        "reviewer": _("whoever is asked to review it now"),
        "approver": _("whoever is asked to approve it now"),
        "on_route": _("those on its route"),
        "wrote_it": _("who wrote it"),
        "watcher": _("who watches it"),
    }
    return fixed.get(relation) or (str(Role(relation).label) if relation in Role.values else relation)


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
    return Answer(False, _("Only for: %(who)s.") % {"who": ", ".join(_named(one, actor, record) for one in who)})


def _named(relation: str, actor: Actor, record) -> str:
    """The relation in words; of a role also who holds it, at large or for the place of the record."""
    places = {None, record.site_id, record.process_id} if record is not None else {None}
    held = [(name, set(where) <= places) for role, *where, name in actor.holders if role == relation]
    names = list(dict.fromkeys(name for name, here in held if here))
    more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
    return f"{_word(relation)} ({', '.join(names[:NAMED])}{more})" if names else _word(relation)


def may_try(actor: Actor, move: Move, record) -> Answer:
    """Whether this actor may make this move at all, whatever the record still lacks."""
    answer = allow(move.who, actor, record)
    if not answer:
        return answer
    if actor.kind == "person":
        for relation in move.not_by:
            if stands(relation, actor, record):
                return Answer(False, _("Nobody judges their own work: you are %(who)s.") % {"who": _word(relation)})
    return ALLOWED


def may_move(actor: Actor, move: Move, record) -> Answer:
    """The answer the button and the door both get."""
    answer = may_try(actor, move, record)
    if answer and move.unless and (reason := move.unless(record)):
        return Answer(False, str(reason))
    return answer


def may_create(actor: Actor, register, values: dict | None = None) -> Answer:
    """Whether a record with these values may be made; what belongs to another is asked of that one.

    A role that is held for a site or a process makes what is at that site or in that process.
    """
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
