"""Files of a record: listed, streamed to disk before any row is written, streamed out again."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status, UploadedFile
from pydantic import Field

from plumbline.kernel import actions, files, policy
from plumbline.kernel.models import Attachment
from plumbline.kernel.parts import send

from . import parts, shapes, values
from .attached import PLACE, place
from .declaring import ONCE, operation
from .entry import Caller, caller_of
from .problems import READING, WRITING, Problem, Refused
from .repeated import once

Told = shapes.told(
    "FileLine",
    Attachment,
    size=(int, Field(description="bytes")),
    media_type=(str, ...),
    sha256=(str, Field(description="fingerprint of the content")),
    gone=(bool, Field(description="the content was disposed of")),
)


class FileAbout(Schema):
    """What is said of a file that is sent."""

    caption: str = Field("", max_length=200)
    valid_on: date | None = shapes.may()


def _told(rows: Any, caller: Caller) -> list[dict[str, Any]]:
    rows = list(rows)
    more = [
        {
            "file": {"uid": str(row.file_id), "name": row.name},
            "size": row.file.size,
            "media_type": row.file.media_type,
            "sha256": row.file.sha256,
            "gone": bool(row.disposal or row.file.disposed_at),
        }
        for row in rows
    ]
    return [{**told, **own} for told, own in zip(values.told(rows, caller), more, strict=True)]


def listed(request: HttpRequest, slug: str, record: str) -> Any:
    caller = caller_of(request)
    return _told(values.parts(Attachment, place(caller, slug, record)[1]).filter(cancelled_reason=""), caller)


def upload(request: HttpRequest, slug: str, record: str, file: Any = File(...), about: Any = Form(...)) -> Any:
    caller = caller_of(request)
    found, row = place(caller, slug, record)
    policy.require(policy.may_write_part(caller.actor, found, Attachment, row))
    name = (file.name or "").strip()
    if not name or "\0" in name:
        raise actions.ValidationError({"file": _("A file needs a name.")})
    kept = files.keep(caller.actor.organisation.uid, file, name)

    def work() -> tuple[int, dict]:
        said = {"caption": about.caption, "valid_on": about.valid_on}
        made = actions.attach(row, kept, name, by=caller.actor, **said)
        return 201, _told(values.parts(Attachment, row).filter(pk=made.pk), caller)[0]

    return Status(*once(request, [name, kept.sha256, about.model_dump(mode="json")], work))


def content(request: HttpRequest, slug: str, record: str, uid: str) -> Any:
    caller = caller_of(request)
    row = parts.of(Attachment, place(caller, slug, record)[1], uid)
    if row.disposal or row.file.disposed_at:
        raise Refused(410, _("The content of this file was disposed of; the record says by whom, when and why."))
    return send(row)


def add(router: Router) -> None:
    slugs = shapes.slugs()
    operation(router, "GET", f"{PLACE}/files", listed, "files_list", "Read: files",
              {200: shapes.many(Told), READING: Problem}, slug=slugs)  # fmt: skip
    operation(router, "POST", f"{PLACE}/files", upload, "files_add", "Add: a file", {201: Told, WRITING: Problem},
              extra=ONCE, slug=slugs, file=UploadedFile, about=FileAbout)  # fmt: skip
    operation(router, "GET", f"{PLACE}/files/{{uid}}", content, "files_content", "Read: the content of a file",
              {200: bytes, READING: Problem, 410: Problem}, slug=slugs)  # fmt: skip
