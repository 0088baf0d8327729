"""What the page of a document shows beyond that of other records."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from plumbline.kernel import policy
from plumbline.kernel.models import RequirementLink
from plumbline.registers.support.documents import passages, speaking
from plumbline.registers.support.documents.library import content

register = template.Library()


def _requirements(context: template.Context) -> list[RequirementLink]:
    return list(context["record"].requirements)


@register.inclusion_tag("documents/_speaks.html", takes_context=True)
def speaks(context: template.Context) -> dict[str, Any]:
    """The requirements the record speaks to, with the passage, and buttons for those who may judge."""
    record, spoken = context["record"], speaking.spoken(_requirements(context))
    may_judge = bool(policy.may_write_part(context["actor"], context["register"], RequirementLink, record))
    shown = {"spoken": spoken, "counted": speaking.counted(spoken), "open": len(spoken) < 8, "may_judge": may_judge}
    return {**{name: context.get(name) for name in ("actor", "register", "csrf_token")}, **shown, "document": record}


@register.simple_tag(takes_context=True)
def says(context: template.Context, most: int = passages.WHOLE) -> SafeString | str:
    """What the current revision says, as escaped text with the passages marked."""
    record = context["record"]
    text = content.text_of(record.current, most) if record.current else ""
    told = [(one.requirement, one.passage) for one in _requirements(context) if one.state != "rejected"]
    return passages.marked(text, told, most) if text else ""
