"""The paper copies of a document, for its page."""

from typing import Any

from django import template

from plumbline.kernel import policy
from plumbline.registers.support.documents.models import PaperCopy
from plumbline.registers.support.documents.papers import numbered

register = template.Library()


@register.simple_tag(takes_context=True)
def papers_of(context: template.Context) -> dict[str, Any]:
    """How many are out and how many of them are to be called back."""
    record = context["record"]
    may_change = policy.may_write_part(context["actor"], context["register"], PaperCopy, record)
    copies = sorted(context["paper_copies"], key=lambda one: one.no)
    return {"out": copies, "stale": numbered.to_collect(record, copies)[0], "may_change": may_change}


@register.filter
def among(one: Any, several: Any) -> bool:
    return one in several
