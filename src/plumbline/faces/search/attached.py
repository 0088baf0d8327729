"""Reads what attached files say, outside any request: by the clock, and by `plumb rebuild`."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from plumbline.kernel import files
from plumbline.kernel.models import Attachment, File
from plumbline.kernel.register import register_of
from plumbline.reading import Refused, read

from . import writing
from .models import FileText

log = logging.getLogger(__name__)
UNSAYING = ("image/", "video/", "audio/")
MARGIN = timedelta(hours=1)  # a file begun to be kept before another may be there after it
AT_ONCE = 100


def unread(everything: bool = False) -> list[File]:
    """The oldest attached files whose words are not known yet; those long behind the newest known one if told to."""
    known = FileText.objects.filter(file=OuterRef("pk"))
    waiting = File.objects.filter(~Exists(known), disposed_at=None, attachments__cancelled_reason="")
    newest = FileText.objects.order_by("-file_id").values_list("file__created_at", flat=True).first()
    if newest and not everything:
        milliseconds = int((newest - MARGIN).timestamp() * 1000)
        waiting = waiting.filter(uid__gt=UUID(int=milliseconds << 80))
    return list(waiting.order_by("uid").distinct()[:AT_ONCE])


def learn(everything: bool = False) -> Iterator[str]:
    """Read file after file, each with its records in a transaction of its own; says the name of each."""
    while batch := unread(everything):
        for file in batch:
            parts = list(Attachment.objects.filter(file=file).select_related("record").order_by("uid"))
            text = said(file, parts[0].name)
            with transaction.atomic():
                FileText.objects.update_or_create(file=file, defaults={"text": text})
                for record in {part.record_id: part.record for part in parts}.values():
                    writing.renew([register_of(record).model.objects.get(pk=record.uid)])
            yield parts[0].name


def said(file: File, name: str) -> str:
    """The text of a file; nothing where it has none, or cannot be read."""
    if file.media_type.startswith(UNSAYING):
        return ""
    try:
        with open(files.path_of(file), "rb") as stream:
            return read(name, stream).text.replace("\0", " ")
    except (Refused, OSError, ValueError) as error:
        log.info("%s is not searched: %s", file, error)
    except Exception:
        log.exception("the reader failed on %s", file)
    return ""
