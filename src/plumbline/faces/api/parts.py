"""Parts that only some kinds have: told to all who see the record, written where the register lets somebody."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Status

from plumbline.history.uids import uid_of
from plumbline.kernel import actions, policy
from plumbline.kernel.models import Attachment, Comment, Link, Part, RequirementLink
from plumbline.kernel.register import Register

from . import shapes, values
from .declaring import IF_MATCH, ONCE, operation
from .entry import Caller, caller_of
from .problems import READING, WRITING, Problem, Refused
from .records import code_of, version_of
from .repeated import once

EVERYWHERE = (Comment, Attachment, Link, RequirementLink)  # see attached


def add(router: Router, register: Register) -> None:
    """The operations on the parts of one register."""
    for part in register.parts:
        if part not in EVERYWHERE:
            _add_part(router, register, part)


def _add_part(router: Router, register: Register, part: type[Part]) -> None:
    name, many = part._meta.object_name or "", str(part._meta.verbose_name_plural)
    told = shapes.told(f"{name}Part", part)
    path = f"/{register.slug}/{{record}}/parts/{part._meta.model_name}"
    code = f"{code_of(register)}_{part._meta.model_name}"

    def listed(request: HttpRequest, record: str) -> Any:
        caller = caller_of(request)
        return values.told(values.parts(part, values.find(register, caller, record)), caller)

    operation(router, "GET", path, listed, f"{code}_list", f"{register.one}: {many}",
              {200: shapes.many(told), READING: Problem})  # fmt: skip
    if not part.BY_HAND:
        return
    names = shapes.writable(part)
    taken = shapes.sent(f"{name}New", part, names)
    change = shapes.sent(f"{name}Change", part, names, needed=False, version=shapes.VERSION)

    def created(request: HttpRequest, record: str, sent: Any) -> Any:
        given = sent.model_dump(exclude_unset=True)
        return Status(*once(request, given, lambda: _created(register, part, caller_of(request), record, given)))

    def edited(request: HttpRequest, record: str, uid: str, sent: Any) -> Any:
        given = sent.model_dump(exclude_unset=True)
        return Status(*once(request, given, lambda: _edited(register, part, request, record, uid, dict(given))))

    one = str(part._meta.verbose_name)
    operation(router, "POST", path, created, f"{code}_create", f"{register.one}: add, {one}",
              {201: told, WRITING: Problem}, extra=ONCE, sent=taken)  # fmt: skip
    operation(router, "PATCH", f"{path}/{{uid}}", edited, f"{code}_edit", f"{register.one}: edit, {one}",
              {200: told, WRITING: Problem}, extra=[*ONCE, *IF_MATCH], sent=change)  # fmt: skip


def _created(register: Register, part: type[Part], caller: Caller, key: str, sent: dict) -> tuple[int, dict]:
    record = values.find(register, caller, key)
    policy.require(policy.may_write_part(caller.actor, register, part, record))
    given = values.understood(part, sent, caller)
    made = actions.create(part, by=caller.actor, record=record, **given)
    return 201, again(part, caller, made)


def _edited(
    register: Register, part: type[Part], request: HttpRequest, key: str, uid: str, sent: dict
) -> tuple[int, dict]:
    caller = caller_of(request)
    record = values.find(register, caller, key)
    row = of(part, record, uid)
    if getattr(row, "by_id", caller.actor.uid) != caller.actor.uid:
        wrote = ", ".join(caller.actor.called([row.by_id])) or _("somebody who is gone")
        raise policy.Denied(_("Only who wrote it changes it: %(who)s.") % {"who": wrote})
    version = version_of(request, sent)
    given = values.understood(part, sent, caller)
    try:
        actions.edit(row, by=caller.actor, version=version, **given)
    except actions.Stale as error:
        raise Refused(409, str(error), current=again(part, caller, row)) from error
    return 200, again(part, caller, row)


def of(part: type[Part], record: Any, uid: str) -> Any:
    """The part of that uid on that record."""
    return get_object_or_404(part._base_manager, record_id=record.uid, pk=uid_of(uid))


def again(part: type[Part], caller: Caller, row: Any) -> dict[str, Any]:
    return values.told(values.parts(part, row.record).filter(pk=row.pk), caller)[0]
