"""The one door. Every change is a create, an edit or an act, by somebody, with its event, in one transaction."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.history.uids import uuid7
from plumbline.ledger.heads import sign_now
from plumbline.ledger.models import Evidence
from plumbline.ledger.writer import Pen, writing
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

from . import disposal, duties, faces, notices, numbering, policy, signing
from .files import Kept
from .models import Attachment, File, FormerNumber, Kind, Link, Part, Record
from .register import Register, register_of
from .rows import Stale, changed, clean, locked, record_of, snapshot
from .workflow import Move

BATCH = 200  # rows a transaction, so that others can write in between


def create(
    what: Register | type[Evidence],
    *,
    by: Actor,
    record: Record | None = None,
    uid: UUID | None = None,
    reason: str = "",
    raised_by: Record | None = None,
    **values: Any,
) -> Any:
    """Make a record of a register, a part of a record, or a row of the organisation (a site, a person).

    `raised_by` links the record it came from to the new one: a nonconformity to its action.
    """
    with writing(by.organisation.uid, by.stamp()) as pen:
        if isinstance(what, Register):
            policy.require(policy.may_create(by, what, values))
            made = _make_records(pen, what, [values], by, uid, reason)[0]
            if raised_by is not None:
                _make_part(pen, Link, raised_by, by, None, reason, {"target": made, "why": what.kind})
            return made
        if issubclass(what, Part):
            return _make_part(pen, what, record, by, uid, reason, values)
        policy.require(policy.may_run_organisation(by))
        home: Any = what._meta.get_field(what.HOME)
        row = what(uid=uid or uuid7(), **{home.attname: by.organisation.uid}, **values)
        clean(row)
        pen.save(row, "create", reason=reason)
        own.renew(pen, row)
        if isinstance(row, Part):
            faces.wrote([row])
        return row


def create_many(register: Register, rows: Iterable[dict], *, by: Actor, reason: str = "") -> list[Record]:
    """Many records of one register, in batches of at most 200, each with number and event; a row may bring a `uid`."""
    rows, made = list(rows), []
    for values in rows or [{}]:
        policy.require(policy.may_create(by, register, values))
    for start in range(0, len(rows), BATCH):
        with writing(by.organisation.uid, by.stamp()) as pen:
            made += _make_records(pen, register, rows[start : start + BATCH], by, None, reason)
    return made


def edit(row: Any, *, by: Actor, version: int | None = None, reason: str = "", **values: Any) -> Any:
    """Change the fields of a record, of a part, or of a row of the organisation; `own`: its own fields, by code."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        row = locked(row)
        _fresh(row, version)
        _require_edit(row, by)
        before = snapshot(row)
        own.put_into(values, by.organisation, getattr(row, "kind", ""), getattr(row, "extra", {}))
        for name, value in values.items():
            setattr(row, name, value)
        changes = changed(before, snapshot(row))
        if not changes:
            return row
        if isinstance(row, Record):
            register_of(row).check_edited(changes)
        clean(row)
        if isinstance(row, Record) and "number" in changes:
            _refuse_taken(register_of(row), by, [row.number])
        if hasattr(row, "version"):
            row.version += 1
        pen.save(row, "edit", reason=reason, changes=changes)
        if isinstance(row, Record):
            if "number" in changes:
                _renumbered(pen, row, changes["number"][0])
            register_of(row).edited(row, by, changes)
            _after(pen, row, by, changes)
        own.renew(pen, row)
        if isinstance(row, Part):
            faces.wrote([row])
        return row


def follow(record: Any, *, by: Actor, **values: Any) -> Any:
    """What stands within another record takes values over from it, whatever its own state: the right is that one's."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        record = locked(record)
        before = snapshot(record)
        for name, value in values.items():
            setattr(record, name, value)
        if changes := changed(before, snapshot(record)):
            record.version += 1
            pen.save(record, "edit", changes=changes)
            _after(pen, record, by, changes)
    return record


def act(
    record: Any,
    verb: str,
    *,
    by: Actor,
    version: int | None = None,
    proof: signing.Proof | None = None,
    reason: str = "",
    **answers: Any,
) -> Any:
    """Make a move: legal, allowed, signed where it must be; change the record; tell history."""
    register = register_of(record)
    with signing.watched(record, verb, by), writing(by.organisation.uid, by.stamp()) as pen:
        record = locked(record)
        _fresh(record, version)
        move = register.workflow.move(verb, record.state)
        policy.require(policy.may_try(by, move, record))  # before the answers: nobody answers themselves into a right
        rows = signing.manifest(record) if move.sign else []
        before = snapshot(record)
        _answer(record, move, answers, reason)
        policy.require(policy.may_move(by, move, record))
        record.state = (move.lands and move.lands(record, by)) or move.target
        record.version += 1
        record.closed_at = timezone.now() if register.workflow.is_closed(record.state) else None
        clean(record)
        signature = signing.sign(record, move, by, proof, rows) if move.sign else None
        changes = changed(before, snapshot(record))
        pen.save(record, verb, reason=reason, changes=changes)
        if signature:
            pen.save(signature, "sign", reason=reason)
        if move.effect:
            move.effect(record, by, {**answers, "reason": reason})
        _after(pen, record, by, changes)
    if move.sign:
        sign_now()
    return record


def _fresh(row: Any, version: int | None) -> None:
    if version is not None and row.version != version:
        raise Stale(
            _("Somebody else changed this since you opened it. Nothing of yours was lost: compare and save again.")
        )


def _require_edit(row: Any, by: Actor) -> None:
    if isinstance(row, Record):
        policy.require(policy.may_edit(by, register_of(row), row))
    elif isinstance(row, Part):
        policy.require(policy.may_write_part(by, register_of(row.record), type(row), record_of(type(row), row.record)))
    else:
        policy.require(policy.may_run_organisation(by))


def _make_records(pen: Pen, register: Register, rows: list[dict], by: Actor, uid: UUID | None, reason: str) -> list:
    if register.within and not all(values.get(register.within) for values in rows):
        raise ValidationError(_("This belongs to another record: begin it on that record's page."))
    _lock_named(rows)
    numbers = [str(row["number"]) for row in rows if row.get("number")]
    _refuse_taken(register, by, numbers)
    fresh = numbering.for_rows(register, by.organisation, rows)
    now, made = timezone.now(), []
    for values in rows:
        values = {"owner": by.person, **values}
        number = values.pop("number", "") or next(fresh)
        own.put_into(values, by.organisation, register.kind, {}, new=True)
        record = register.model(
            uid=values.pop("uid", None) or uid or uuid7(),
            organisation=by.organisation,
            home=by.organisation,
            kind=register.kind,
            number=number,
            author=by.person,
            state=register.workflow.begin(values.pop("state", None)),
            created_at=now,
            **values,
        )
        clean(record)
        made.append(record)
    if len(made) == 1:
        pen.save(made[0], "create", reason=reason)
    else:
        pen.save_many(made, "create", reason=reason)
    duties.renew(made, new=True)
    faces.wrote(made, new=True)
    return made


def _lock_named(rows: list[dict]) -> None:
    """The records that new ones hang on, before a number is taken, so that nobody waits in a circle."""
    if named := {value.pk for values in rows for value in values.values() if isinstance(value, Record)}:
        list(Record.objects.select_for_update().filter(pk__in=named).order_by("pk").values_list("pk"))


def _refuse_taken(register: Register, by: Actor, numbers: list[str]) -> None:
    for number in numbers:
        numbering.check_number(number)
    asked = {"organisation": by.organisation, "kind": register.kind, "number__in": numbers}
    if len(set(numbers)) < len(numbers) or (numbers and Record.objects.filter(**asked).exists()):
        raise ValidationError({"number": _("This number is already taken.")})


def _make_part(
    pen: Pen, what: type[Part], record: Record | None, by: Actor, uid: UUID | None, reason: str, values: dict
) -> Part:
    if record is None:
        raise ValueError(f"{what.__name__} is a part: say of which record")
    policy.require(policy.may_write_part(by, register_of(record), what, record_of(what, record)))
    if hasattr(what, "by"):
        values.setdefault("by", by.person)
    part = what(
        uid=uid or uuid7(), organisation=by.organisation, record_id=record.uid, created_at=timezone.now(), **values
    )
    clean(part)
    pen.save(part, "create", reason=reason)
    faces.wrote([part])
    notices.tell_of_part(part, by)
    return part


def _answer(record: Kind, move: Move, answers: dict, reason: str) -> None:
    missing = {
        name: _("This is needed to go on.")
        for name in move.asks
        if answers.get(name) in (None, "") and not getattr(record, name)
    }
    if move.reason and not reason.strip():
        missing["reason"] = _("Say why: the reason stays with the record.")
    if missing:
        known = set(missing) <= {f.name for f in record._meta.fields}
        raise ValidationError(missing if known else list(missing.values()))
    for name in (*move.asks, *move.may_ask):
        if name in answers:
            setattr(record, name, answers[name])


def _renumbered(pen: Pen, record: Record, old: str) -> None:
    whose = {"organisation_id": record.organisation_id, "record_id": record.uid, "kind": record.kind}
    pen.save(FormerNumber(number=old, created_at=timezone.now(), **whose), "create")


def _after(pen: Pen, record: Any, by: Actor, changes: dict) -> None:
    pen.afterwards(duties.renew, record)
    pen.afterwards(faces.wrote, record)
    notices.tell(record, by, changes)


def content(kept: Kept, *, by: Actor) -> File:
    """The row of a file that is already durable; the same content is kept once."""
    try:
        with writing(by.organisation.uid, by.stamp()) as pen:
            file = kept.row(by.organisation)
            if file._state.adding:
                pen.save(file, "create")
            elif file.disposed_at:
                disposal.kept_again(pen, file)
            return file
    except IntegrityError:  # somebody else kept the same content at this moment
        return File.objects.get(organisation=by.organisation, sha256=kept.sha256)


def attach(
    record: Record,
    kept: Kept,
    name: str,
    *,
    by: Actor,
    about: UUID | None = None,
    caption: str = "",
    valid_on: date | None = None,
    uid: UUID | None = None,
) -> Attachment:
    """Put a file that is already durable on a record; the same content is kept once."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        record = record_of(Attachment, record)  # before the file: locks are always taken in this order
        file = content(kept, by=by)
        values = {"file": file, "name": name[:255], "about": about, "caption": caption, "valid_on": valid_on}
        return cast(Attachment, _make_part(pen, Attachment, record, by, uid, "", values))
