"""Files: content-addressed within an organisation, durable before the row that speaks of them is committed."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import puremagic
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.history.uids import uuid7
from plumbline.organisation.models import Organisation

from .models import File

CHUNK = 1 << 20
SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"}  # a PDF may run scripts


class TooLarge(Exception):
    """The file is larger than the installation takes; the text says how large it may be."""


@dataclass(frozen=True)
class Kept:
    """Content that is on disk, synced, and not yet spoken of by a row."""

    sha256: str
    size: int
    media_type: str

    def row(self, organisation: Organisation) -> File:
        """The row of this content, locked until the transaction ends, or a new one."""
        found = File.objects.select_for_update().filter(organisation=organisation, sha256=self.sha256).first()
        return found or File(
            uid=uuid7(),
            organisation=organisation,
            sha256=self.sha256,
            size=self.size,
            media_type=self.media_type,
            created_at=timezone.now(),
        )


def folder(organisation: UUID) -> Path:
    return Path(settings.PLUMBLINE_FILES) / str(organisation)


def path_of(file: File) -> Path:
    return folder(file.organisation_id) / file.sha256[:2] / file.sha256


def keep(organisation: UUID, stream: BinaryIO | Iterable[bytes], name: str = "") -> Kept:
    """Stream the content to disk: write, fsync, rename, fsync the folder; only then may a row speak of it."""
    top = folder(organisation)
    places = (top,) if top.exists() else (top, top.parent)
    top.mkdir(parents=True, exist_ok=True)
    temporary = top / f".{uuid7()}.part"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with open(temporary, "xb") as out:
            for chunk in _chunks(stream):
                size += len(chunk)
                if size > settings.PLUMBLINE_MAX_UPLOAD:
                    raise TooLarge(
                        _("The file is larger than %(size)d MB.") % {"size": settings.PLUMBLINE_MAX_UPLOAD >> 20}
                    )
                head = head or chunk[:65536]
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        sha256 = digest.hexdigest()
        target = top / sha256[:2] / sha256
        target.parent.mkdir(exist_ok=True)
        os.replace(temporary, target)
        for place in (target.parent, *places):
            sync(place)
    finally:
        temporary.unlink(missing_ok=True)
    return Kept(sha256, size, media_type_of(head, name))


def _chunks(stream: BinaryIO | Iterable[bytes]) -> Iterable[bytes]:
    if hasattr(stream, "chunks"):
        return stream.chunks(CHUNK)
    return iter(lambda: stream.read(CHUNK), b"") if hasattr(stream, "read") else stream


def sync(place: Path) -> None:
    """Make what was renamed or removed in a folder durable."""
    descriptor = os.open(place, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def media_type_of(head: bytes, name: str = "") -> str:
    """The type the content shows, not the one the name claims; unknown bytes are an octet stream."""
    try:
        found = puremagic.from_string(head, mime=True, filename=name)
    except (puremagic.PureError, ValueError):
        found = ""
    if found:
        return found
    try:
        head[:4096].decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain" if head and b"\0" not in head else "application/octet-stream"


def damaged(organisation: UUID | None = None) -> Iterable[tuple[File, str]]:
    """Files whose content is missing or not what its digest says, and content that is there against its disposal."""
    rows = File.objects.filter(organisation_id=organisation) if organisation else File.objects.all()
    for file in rows.iterator():
        if file.disposed_at:
            if path_of(file).exists():
                yield file, "content was disposed of and is there: run `plumb sweep`"
            continue
        try:
            with open(path_of(file), "rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:
                    yield file, "content differs from its digest"
        except FileNotFoundError:
            yield file, "content is missing"
