"""The content of a revision as inert HTML inside a page, and the mark it stands behind."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.composition import NotOurs, fields_of, shown, to_html
from plumbline.kernel import files
from plumbline.organisation.actor import Actor

from ..models import Revision, Text, Validity
from . import fields, pointers, written


@dataclass(frozen=True)
class Mark:
    """What somebody must know before they read: not in force yet, not any more, or nothing."""

    word: str = ""
    tone: str = ""
    said: str = ""
    instead: Revision | None = None


def html_of(revision: Revision, actor: Actor, alone: bool = False) -> SafeString:
    """The content as inert HTML; empty when there is none or it cannot be shown. Alone: with its pictures inside."""
    if revision.file is None or revision.file.disposed_at:
        return mark_safe("")
    try:
        if revision.written:
            return mark_safe(_written(revision, actor, alone))
        with files.path_of(revision.file).open("rb") as stream:
            kind = revision.media_type or revision.file.media_type
            return mark_safe(shown(stream, kind, revision.name))  # inert: composition's allow-list
    except (NotOurs, FileNotFoundError):
        return mark_safe("")


def _written(revision: Revision, actor: Actor, alone: bool) -> str:
    content = written.load(revision)
    pointed = pointers.Pointers(content, actor)
    filled = fields.values(revision, fields_of(content))
    if alone:
        return to_html(content, filled, pointed.inside)
    return to_html(content, filled, pointed.image, pointed.reference)


def is_picture(revision: Revision) -> bool:
    return revision.file is not None and revision.file.media_type in written.PICTURES


def missing(revision: Revision) -> str:
    """Why there is nothing to read here, in words."""
    if revision.file is None:
        return _("No content yet.")
    if revision.file.disposed_at:
        return _("The content was disposed of.")
    if not files.path_of(revision.file).exists():
        return _("The content is missing on this server. A backup may have it.")
    return _("This kind of file is not shown here. Download it to read it.")


def unfilled_of(revision: Revision) -> int:
    """How many places of a revision on its way nobody has filled in."""
    if not revision.written or not revision.is_under_way:
        return 0
    hints = Text.objects.filter(pk=revision.pk).values_list("unfilled", flat=True).first()
    return len(hints or ())


def mark_of(revision: Revision) -> Mark:
    """The mark of a revision by its state."""
    if revision.state in ("superseded", "withdrawn"):
        return _past(revision)
    if revision.state == "rejected":
        return Mark(_("Not taken"), "muted", _("This revision was not taken: nobody works to it."))
    if revision.state == "approved":
        return Mark(_("Not in force yet"), "waiting", _coming(revision))
    if revision.state != "effective":
        return Mark(_("DRAFT"), "draft", _("Not in force: nobody works to it."))
    return Mark()


def _coming(revision: Revision) -> str:
    """From when one that is approved is the one to work to, and what holds until then."""
    current = revision.of_document.current
    before = current is not None and current.uid != revision.uid and current.state == "effective"
    until = _("Until then the one before is the one to work to.") if before else _("Until then nobody works to it.")
    if revision.effective_on is None:
        return f"{_('Approved; somebody still has to put it into force.')} {until}"
    return f"{_('Approved; in force from %(day)s.') % {'day': date_format(revision.effective_on)}} {until}"


def _past(revision: Revision) -> Mark:
    ends = Validity.objects.filter(record_id=revision.uid).values_list("until_on", flat=True)
    ended = max((until for until in ends if until), default=None)
    instead = revision.of_document.current
    if instead is not None and (instead.uid == revision.uid or instead.state != "effective"):
        instead = None
    word = _("SUPERSEDED") if revision.state == "superseded" else _("WITHDRAWN")
    if ended is None:
        return Mark(word, "past", _("Nobody works to it any more."), instead)
    return Mark(word, "past", _("since %(day)s.") % {"day": date_format(ended)}, instead)
