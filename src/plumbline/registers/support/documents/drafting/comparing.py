"""What changed between two revisions of a document."""

from django.utils.safestring import SafeString, mark_safe

from plumbline.composition import redline
from plumbline.organisation.actor import Actor

from ..models import Revision
from .showing import html_of


def between(old: Revision, new: Revision, actor: Actor, alone: bool = False) -> SafeString:
    """The new content with what is gone and what came in, as inert HTML; empty when one side cannot be read."""
    before, after = html_of(old, actor, alone), html_of(new, actor, alone)
    return mark_safe(redline(before, after) if before and after else "")
