"""Many role holdings that begin or end at once: each judged as by the door, each with its event, in few statements."""

from collections.abc import Iterable
from datetime import timedelta

from plumbline.kernel import policy
from plumbline.kernel.rows import changed, clean, snapshot
from plumbline.ledger.writer import Pen
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding

from .mapping import Target


def begin(pen: Pen, new: Iterable[tuple[Person, Target]], by: Actor, reason: str) -> list[RoleHolding]:
    """These people hold these roles from now on."""
    policy.require(policy.may_run_organisation(by))
    rows = []
    for person, target in new:
        row = RoleHolding(
            organisation=by.organisation, person=person, role=target.role, department_id=target.department
        )
        clean(row)
        rows.append(row)
    pen.save_many(rows, "create", reason)
    return rows


def end(pen: Pen, holdings: Iterable[RoleHolding], by: Actor, reason: str) -> None:
    """These ended yesterday. Only for roles that do not run the organisation: nobody is shut out by their end."""
    policy.require(policy.may_run_organisation(by))
    there = RoleHolding._base_manager.select_for_update().filter(pk__in=[one.pk for one in holdings])
    rows, changes = list(there.order_by("pk")), {}
    for row in rows:
        before = snapshot(row)
        row.until_on = by.organisation.today() - timedelta(days=1)
        changes[row.pk] = changed(before, snapshot(row))
    pen.save_many(rows, "edit", reason, changes)
