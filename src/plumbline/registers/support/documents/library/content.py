"""What revisions say, for search: read from their files, and read again from them when it is worked out afresh."""

import json
import logging
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from plumbline import composition
from plumbline.kernel import files
from plumbline.reading import Refused, read
from plumbline.registers.support.documents.asked.history import FIRST_WORDS, OPENING
from plumbline.registers.support.documents.models import Document, Revision, Text, Validity
from plumbline.registers.support.documents.models.revision import WRITTEN

FIELD, PLACE = re.compile(r"\{\{ ?([\w.]+) ?\}\}"), re.compile(r"\[\[(.+?)\]\]")
log = logging.getLogger(__name__)


def found_by(document: Document) -> Iterable[str]:
    """The words that lead to a document: what it says where it is in force or will be, else in its newest revision."""
    still = Q(until_on=None) | Q(until_on__gt=document.home.today())
    held = Validity.objects.filter(still, document=document.uid).exclude(until_on=F("from_on"))
    every = list(
        Revision.objects.filter(of_document=document.uid).order_by("-uid").values_list("uid", "source", "said__text")
    )
    current = set(held.values_list("record_id", flat=True)) or {uid for uid, *_words in every[:1]}
    for uid, source, text in every:
        if uid in current:
            yield source
            yield text or ""


def readable(text: str, filled: dict[str, str]) -> str:
    """The text of what is written here, fields filled in as they were signed, and places as people see them."""
    return PLACE.sub(r"[\1]", FIELD.sub(lambda found: filled.get(found[1], "…"), text))


def says(documents: Iterable[UUID], day: Any) -> dict[UUID, str]:
    """What each of these documents says where it is in force on that day."""
    on_day = Q(until_on=None) | Q(until_on__gt=day)
    rows = Text.objects.filter(
        revision__in=Validity.objects.filter(on_day, document__in=list(documents), from_on__lte=day).values("record_id")
    ).values_list("revision__of_document_id", "text", "revision__media_type", "revision__filled")
    said: dict[UUID, str] = {}
    for document, text, media_type, filled in rows:
        text = readable(text, filled) if media_type == WRITTEN else text
        said[document] = f"{said[document]}\n{text}" if document in said else text
    return said


def text_of(revision: Any, most: int) -> str:
    """What it says; the first words of what people work to came with the history of its document."""
    if revision.state in FIRST_WORDS and most <= OPENING:
        text = str(revision.opening or "")
    else:
        text = Text.objects.filter(revision=revision).values_list("text", flat=True).first() or ""
    return readable(text, revision.filled) if revision.written else text


def read_again(revision: Revision) -> str | None:
    """The text of the revision's file; None where there is none, or it cannot be read now."""
    if revision.file is None or revision.file.disposed_at:
        return None
    try:
        with open(files.path_of(revision.file), "rb") as stream:
            if revision.written:
                return composition.to_text(json.load(stream))
            return read(revision.source or "file", stream).text
    except (Refused, OSError, ValueError) as error:
        log.warning("%s could not be read again: %s", revision, error)
    except Exception:
        log.exception("the reader failed on %s", revision)
    return None
