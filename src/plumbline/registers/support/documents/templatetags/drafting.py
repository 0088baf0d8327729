"""What the pages of documents and revisions show of their content."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from plumbline.registers.support.documents.drafting import showing, word
from plumbline.registers.support.documents.models import Revision

register = template.Library()


@register.simple_tag(takes_context=True)
def written_html(context: template.Context, revision: Revision) -> SafeString:
    """The content of a written revision, as this reader may see it."""
    return showing.html_of(revision, context["actor"])


@register.simple_tag
def mark_of(revision: Revision) -> showing.Mark:
    """What must be known before it is read."""
    return showing.mark_of(revision)


@register.simple_tag
def unfilled_of(revision: Revision) -> int:
    """How many places of what is written here nobody has filled in."""
    return showing.unfilled_of(revision)


@register.simple_tag
def missing(revision: Revision) -> str:
    """Why there is nothing to read."""
    return showing.missing(revision)


@register.filter
def is_picture(revision: Revision) -> bool:
    return showing.is_picture(revision)


@register.filter
def is_word(revision: Revision) -> bool:
    return word.is_word(revision.name, revision.media_type)


@register.simple_tag
def earlier(revision: Any) -> bool:
    """Whether there is another revision to compare it with."""
    return len([one for one in revision.of_document.history if one.file_id]) > 1
