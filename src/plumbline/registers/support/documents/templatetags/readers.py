"""Who gets a document and who read a revision, for their pages."""

from typing import Any

from django import template

from plumbline.kernel import policy
from plumbline.kernel.models import Record
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.alerts import places
from plumbline.registers.support.documents.models import Recipient, Revision
from plumbline.registers.support.documents.readers import audience, distribution, outside, unread

register = template.Library()
BEFORE = ("draft", "in_review", "in_approval")


@register.simple_tag(takes_context=True)
def readers_of(context: template.Context) -> dict[str, Any]:
    """Who has and who has not confirmed the revision; before it is in force, how many will be asked."""
    record, actor = context["record"], context["actor"]
    if record.state in BEFORE:
        reach = audience.told(len(audience.readers(record, actor.organisation)))
        may_edit = policy.may_edit(actor, context["register"], record)
        return {"shown": True, "draft": True, "reach": reach, "may_edit": may_edit}
    rows = sorted(context["readings"], key=lambda one: one.person.name.casefold())
    unread = [one for one in rows if one.read_at is None]
    still = [one for one in unread if not one.ended_because]
    read = [one for one in rows if one.read_at is not None]
    return {
        "shown": bool(rows),
        "draft": False,
        "live": record.state in reading.LIVE,
        "open": still,
        "read": read,
        "ended": len(unread) - len(still),
        "train": sum(one.to_train and (one.trained_on is not None or not one.ended_because) for one in rows),
        "trained": sum(one.trained_on is not None for one in rows),
        "untrained": [one for one in rows if one.lacks_training],
        "done": len(read),
        "total": len(read) + len(still),
        "mine": next((one for one in rows if one.person_id == actor.uid and not one.ended_because), None),
        "witness": audience.may_witness(actor, record),
    }


@register.simple_tag(takes_context=True)
def distribution_of(context: template.Context) -> dict[str, Any]:
    """The distribution list of a document, and whether the reader may change it."""
    record, actor = context["record"], context["actor"]
    may_change = policy.may_write_part(actor, context["register"], Recipient, record)
    told = distribution.told(context["recipients"], actor)
    return {**told, "may_change": may_change}


@register.simple_tag(takes_context=True)
def touched_by(context: template.Context) -> list[Record]:
    """What hangs on an external document."""
    return outside.touched(context["record"], context["actor"])


@register.filter
def from_outside(document: Any) -> bool:
    """Whether somebody watches it for new editions."""
    return bool(document.works_like(outside.EXTERNAL))


@register.simple_tag(takes_context=True)
def fillable(context: template.Context) -> Revision | None:
    """The revision of a form that is filled in today."""
    record = context["record"]
    return outside.in_force(record) if record.works_like(*outside.FILLED) else None


@register.simple_tag(takes_context=True)
def ways(context: template.Context) -> dict[str, Any]:
    """What somebody who leads people finds beside the list of documents."""
    return {"unread": unread.may_look(context["actor"]), "warn": places.may_warn(context["actor"])}
