"""What the page of a document shows beyond that of other records."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from plumbline.kernel import policy
from plumbline.kernel.models import RequirementLink
from plumbline.registers.support.documents import passages, speaking
from plumbline.registers.support.documents.models import Document, Text

register = template.Library()


@register.inclusion_tag("documents/_speaks.html", takes_context=True)
def speaks(context: template.Context, links: Iterable[RequirementLink]) -> dict[str, Any]:
    """The requirements a document speaks to, with the passage, and buttons for those who may judge."""
    spoken, actor, record = speaking.spoken(links), context["actor"], context["record"]
    may_judge = bool(policy.may_write_part(actor, context["register"], RequirementLink, record))
    return {"spoken": spoken, "counted": speaking.counted(spoken), "actor": actor, "register": context["register"],
            "document": record, "open": len(spoken) < 8, "may_judge": may_judge, "csrf_token": context.get("csrf_token")}  # fmt: skip


@register.simple_tag
def preview(document: Document, links: Iterable[RequirementLink]) -> SafeString | str:
    """The beginning of what the current revision says, escaped, with the passages marked."""
    text = Text.objects.filter(revision=document.current).first() if document.current else None
    return passages.marked(text.text, [(one.requirement, one.passage) for one in links], passages.PREVIEW) if text else ""
