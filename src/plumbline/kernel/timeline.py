"""What happened to a record, newest first, in words: read from history, never kept twice."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plumbline.ledger.models import Event, events_of
from plumbline.organisation import own_fields as own
from plumbline.organisation import shared_devices
from plumbline.organisation.models import Department, Organisation, Person, Process, Site

from .models import File, Record
from .register import Register, register_of

NEWEST = 30
TOGETHER = timedelta(minutes=10)
HIDDEN = {"closed_at", "created_at", "version", "extra", "manifest", "last_event", "kind", "organisation"}
POINTERS = {"owner", "author", "by", "process", "site"}
WHOM = ("person", "holder", "deputy", "department", "process", "site")  # what a part names


ADDED = {
    "comment": gettext_lazy("commented"),
    "attachment": gettext_lazy("added a file"),
    "link": gettext_lazy("linked"),
    "signature": gettext_lazy("signed"),
    "requirementlink": gettext_lazy("linked a requirement"),
    "formernumber": gettext_lazy("changed the number"),
}


@dataclass(frozen=True)
class Line:
    """One event, told."""

    at: datetime
    occurred_at: datetime | None
    who: str
    verb: str
    table: str
    what: str
    reason: str
    changes: list[tuple[str, str, str]]
    uid: UUID
    how: str = ""  # where it was a shared device


def of(record: Record, newest: int = NEWEST) -> list[Line]:
    """The newest events of the record and its parts: one query, and one for names where a person or place changed."""
    register = register_of(record)
    events = list(events_of(record.uid, form=newest))
    openings = [_opening(event) for event in events]
    fields = own.declared(record.organisation, record.kind)
    names = names_in(openings, fields)
    at = shared_devices.told(record.organisation_id, {event.how for event in events})
    told = zip(events, openings, strict=True)
    lines = [_line(event, opening, register, names, fields, record.organisation) for event, opening in told]
    return [replace(line, how=at.get(event.how, "")) for line, event in zip(lines, events, strict=True)]


def _opening(event: Event) -> dict:
    """What the event says; nothing where it was erased."""
    opening = getattr(event, "opening", None)
    return json.loads(opening.text) if opening else {}


def tables(lines: list[Line]) -> set[str] | None:
    """The kinds of rows the record has, if its whole history was read; None: not known."""
    return {line.table for line in lines} if len(lines) < NEWEST else None


def told(lines: list[Line]) -> list[tuple[Line, int]]:
    """The lines as a reader wants them: the same act on many parts within ten minutes is one line, with how often."""
    found: list[tuple[Line, int]] = []
    for line in lines:
        if found and _same(found[-1][0], line):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((line, 1))
    return found


def _same(first: Line, line: Line) -> bool:
    alike = (first.who, first.verb, first.table) == (line.who, line.verb, line.table)
    return alike and bool(line.what) and not line.changes and first.at - line.at < TOGETHER


def names_in(openings: Any, fields: Iterable[own.OwnField] = ()) -> dict[str, str]:
    changed = [opening.get("changes") or {} for opening in openings]
    wanted = {value for one in changed for name in POINTERS & one.keys() for value in one[name] if value}
    extras = [extra for one in changed for extra in one.get("extra", ())]
    wanted |= {value for extra in extras for value in own.people(fields, extra)}
    parts = [row for one in openings if "record" in (row := one.get("row") or {})]
    wanted |= {row[name] for row in parts for name in WHOM if row.get(name)}
    contents = {value for one in changed for value in one.get("file", ()) if value}
    told = File.objects.filter(pk__in=contents).values_list("uid", "sha256") if contents else ()
    known = {str(uid): f"{sha256[:12]}…" for uid, sha256 in told}  # a file has no name of its own, but a digest
    if targets := {row["target"] for row in parts if row.get("target")}:
        shown = Record.objects.filter(pk__in=targets, confidential=False).values_list("uid", "number", "title")
        known |= dict.fromkeys(targets, _("another record")) | {str(uid): f"{no} {title}" for uid, no, title in shown}
    if not wanted:
        return known
    named = (Person, Process, Site, Department)
    rows = [one.objects.filter(pk__in=wanted).order_by().values_list("uid", "name") for one in named]
    return known | {str(uid): name for uid, name in rows[0].union(*rows[1:], all=True)}


def _line(
    event: Event, opening: dict, register: Register, names: dict[str, str], fields: Any, home: Organisation
) -> Line:
    itself = event.table == register.kind
    changes = [
        (register.label(name), _value(register, name, old, names, home), _value(register, name, new, names, home))
        for name, (old, new) in (opening.get("changes") or {}).items()
        if name not in HIDDEN and itself
    ]
    if itself and (extras := (opening.get("changes") or {}).get("extra")):
        changes += own.changes(fields, extras[0], extras[1], names)
    row = {name: names.get(str(value), value) for name, value in (opening.get("row") or {}).items()}
    return Line(
        event.at,
        event.occurred_at,
        _("Plumbline, by the clock") if event.actor_kind == "clock" else opening.get("actor_name") or _("unknown"),
        _verb(register, event.table, event.verb),
        event.table,
        "" if itself else register.about(event.table, row),
        opening.get("reason") or "",
        changes,
        event.pk,
    )


def _verb(register: Register, table: str, verb: str) -> str:
    if table != register.kind:
        if verb == "dispose":
            return _("disposed of the content of")
        return str(ADDED.get(table) or _("added")) if verb in {"create", "sign"} else _("changed")
    fixed = {"create": _("created"), "edit": _("changed")}
    moves = (move.label for move in register.workflow.moves if move.verb == verb)
    return fixed.get(verb) or next((_("“%(move)s”") % {"move": label} for label in moves), verb)


def _value(register: Register, name: str, value: Any, names: dict[str, str], home: Organisation) -> str:
    if value in (None, "", [], {}):
        return "–"
    if name == "state" and value in register.workflow.states:
        return str(register.workflow.states[value].label)
    if register.field(name).flatchoices and (said := register.options(name, home).get(str(value))):
        return said
    if value is True or value is False:
        return _("yes") if value else _("no")
    return names.get(str(value)) or own.words(value, register.field(name))
