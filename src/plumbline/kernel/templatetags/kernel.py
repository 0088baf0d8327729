"""Addresses and words of records, for templates."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from plumbline.kernel import faces
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.ui.marks import badge_html

register = template.Library()


@register.simple_tag
def page_url(kind: Any, organisation: Any, name: str, *args: Any) -> str:
    """The address of a page of a register."""
    return reverse(f"{kind.slug}:{name}", args=[organisation.slug, *args])


@register.simple_tag(takes_context=True)
def faces_show(context: Any, place: str) -> SafeString:
    """What the other readings of this register add to this place of its page."""
    known = context.flatten()
    return mark_safe("".join(face.shown(place, known) for face in faces.faces()))


@register.simple_tag
def record_url(record: Record, organisation: Any) -> str:
    """Where a record is read."""
    return reverse(f"{register_of(record).slug}:record", args=[organisation.slug, record.number])


@register.simple_tag
def duty_url(duty: Any, organisation: Any) -> str:
    """Where what somebody owes is done: a page of its own, else the record's."""
    kind = register_of(duty.record)
    name = kind.turn_pages.get(duty.verb, "record")
    return reverse(f"{kind.slug}:{name}", args=[organisation.slug, duty.record.number])


@register.simple_tag
def state_badge(record: Record) -> str:
    """The record's state as shape and word."""
    state = register_of(record).state_of(record)
    return badge_html(str(state.label), state.tone)


@register.simple_tag
def kind_icon(record: Record) -> str:
    return register_of(record).icon


@register.simple_tag
def verb_label(record: Record, verb: str) -> str:
    """The words of a move of this record's workflow, or of another turn its register knows."""
    kind = register_of(record)
    return next((str(move.label) for move in kind.workflow.moves if move.verb == verb), str(kind.turns.get(verb, verb)))
