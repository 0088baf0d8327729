"""Word: a written revision as a .docx with its head, and a .docx as written content with its pictures."""

from typing import BinaryIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.composition import Head, fields_of, from_word, to_word
from plumbline.history.uids import uuid7
from plumbline.kernel import files
from plumbline.organisation.actor import Actor

from ..models import Revision
from . import fields, pointers, written

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


def exported(revision: Revision, actor: Actor) -> bytes:
    """A written revision as a .docx; raises NotOurs and FileNotFoundError."""
    content = written.load(revision)
    pointed = pointers.Pointers(content, actor)
    filled = fields.values(revision, fields_of(content))
    return to_word(content, head_of(revision), filled, pointed.bytes_of)


def head_of(revision: Revision) -> Head:
    """What stands at the head of every page."""
    document, language = revision.of_document, revision.of_document.language or revision.home.language
    with override(language):
        day = revision.effective_on or revision.dated_on
        said = date_format(day) if day else _("not in force yet")
        number = _("Revision %(number)s") % {"number": revision.revision_no or "–"}
    return Head(document.title, document.number, number, said, revision.home.name, language)


def name_of(revision: Revision) -> str:
    """The name of the file that is handed out."""
    return f"{revision.of_document.number} {revision.of_document.title} {revision.revision_no}".strip() + ".docx"


def is_word(name: str, media_type: str = "") -> bool:
    return media_type == WORD or name.casefold().endswith(".docx")


def taken(stream: BinaryIO, by: Actor) -> written.Content:
    """A .docx as written content on disk; raises NotOurs and TooLarge."""
    pictures: list[written.Picture] = []

    def keep(content: bytes, media_type: str, alt: str) -> str | None:
        kept = files.keep(by.organisation.uid, iter([content]))
        if kept.media_type not in written.PICTURES:
            return None
        name = f"{alt[:60].strip() or _('Picture')} {len(pictures) + 1}.{ENDINGS[kept.media_type]}"
        pictures.append(written.Picture(uuid7(), kept, written.tidy(name)))
        return f"{pointers.PREFIX}{pictures[-1].uid}"

    return written.written(from_word(stream, keep), by, pictures)
