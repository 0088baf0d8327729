"""Pages that stand alone in a file: a document, or what changed; they load nothing and run nothing."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.organisation.actor import Actor

from ..models import Revision
from .comparing import between
from .showing import html_of, mark_of
from .word import head_of

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_LOOKS = mark_safe(
    "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:16px/1.55 system-ui,sans-serif;color:#1b2126}"
    "header{border-bottom:2px solid #c9d1d8;margin-bottom:1.5rem}h1{margin:.2em 0;font-size:1.6rem}"
    "header p{margin:.2em 0;color:#53606b}"
    ".mark{color:#9c1a1a;font-weight:700}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #98a4ae;padding:.35rem .6rem;text-align:left;vertical-align:top}img{max-width:100%}"
    "ins{background:#dff2e5;color:#14592f}del{background:#fce6e4;color:#9c1a1a}"
    ".pl-place{border:1px dashed #744700;background:#fcefd2;color:#744700}"
    "@media(max-width:40rem){table{display:block;overflow-x:auto}}"
)


def document(revision: Revision, actor: Actor) -> str:
    """The content with its head and its mark; empty when there are no words to show."""
    content = html_of(revision, actor, alone=True)
    with override(head_of(revision).language):
        mark = mark_of(revision)
        told = format_html('<p class="mark">{} · {}</p>', mark.word, mark.said) if mark.word else mark_safe("")
    return _page(revision, _line(revision), told, content) if content else ""


def redline(old: Revision, new: Revision, actor: Actor) -> str:
    """What changed from the old to the new; empty when one of them has no words to compare."""
    content = between(old, new, actor, alone=True)
    with override(head_of(new).language):
        line = _("What changed from revision %(old)s to %(new)s") % {"old": old.revision_no, "new": new.revision_no}
    return _page(new, line, mark_safe(""), content) if content else ""


def _line(revision: Revision) -> str:
    head = head_of(revision)
    return " · ".join(part for part in (head.revision, head.date, head.organisation) if part)


def _page(revision: Revision, line: str, told: SafeString, content: SafeString) -> str:
    head = head_of(revision)
    title = f"{head.number} {head.title}"
    return format_html(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta http-equiv="Content-Security-Policy" content="{}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>{}</style></head>'
        "<body><header><h1>{}</h1><p>{}</p>{}</header><main>{}</main></body></html>\n",
        head.language, title, _POLICY, _LOOKS, title, line, told, content,
    )  # fmt: skip
