"""Written content: read from the file of a revision, and kept as a file when it is saved."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.utils.translation import gettext as _

from plumbline.composition import MEDIA_TYPE, NotOurs, cleaned, images_of, references, to_text
from plumbline.composition import REASONS as NOT_TAKEN
from plumbline.composition.asking import nodes
from plumbline.kernel import actions, faces, files
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.reading import REASONS, REMARKS, Refused, Remark, read

from .. import revising
from ..models import Document, Revision
from . import pointers

Json = dict[str, Any]
EMPTY: Json = {"type": "doc", "content": []}  # never changed: cleaned() makes its own
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@dataclass(frozen=True)
class Picture:
    """A picture that is on disk and becomes an attachment of the document when the content is saved."""

    uid: UUID
    kept: files.Kept
    name: str


@dataclass(frozen=True)
class Content:
    """What a revision is to hold: the file that is on disk, what it says, its pictures."""

    kept: files.Kept
    text: str
    media_type: str
    source: str = ""
    note: str = ""
    pictures: tuple[Picture, ...] = ()


def load(revision: Revision) -> Json:
    """The written content of a revision, empty where it has none; raises NotOurs and FileNotFoundError."""
    if revision.file is None or not revision.written or revision.file.disposed_at:
        return EMPTY
    with files.path_of(revision.file).open("rb") as stream:
        return cleaned(stream.read())


def parsed(typed: str) -> Json:
    """What an editor sent, in our form; raises NotOurs."""
    return cleaned(typed) if typed.strip() else EMPTY


def as_text(revision: Revision) -> str:
    """The content as the editor takes it; empty where there is none that can be read."""
    try:
        content = load(revision)
    except (NotOurs, FileNotFoundError):
        return ""
    return json.dumps(content, ensure_ascii=False) if content["content"] else ""


def written(content: Json, by: Actor, pictures: Iterable[Picture] = ()) -> Content:
    """Cleaned content as a file on disk, its pictures bound by their digests; raises NotOurs and TooLarge."""
    pictures = tuple(pictures)
    content = _bound(cleaned(content), by, pictures)
    encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    kept = files.keep(by.organisation.uid, io.BytesIO(encoded))
    return Content(replace(kept, media_type=MEDIA_TYPE), to_text(content), MEDIA_TYPE, pictures=pictures)


def _bound(content: Json, by: Actor, pictures: Iterable[Picture]) -> Json:
    """Every picture carries the digest of its bytes; a reference to a document its number, which hides no title."""
    found = {uid: part.file.sha256 for uid, part in pointers.attached(images_of(content), by).items()}
    found |= {str(picture.uid): picture.kept.sha256 for picture in pictures}
    named = pointers.documents([one.target for one in references(content)], by)
    for node in nodes(content):
        attrs = node.get("attrs", {})
        if node["type"] == "image":
            digest = found.get(attrs["src"].removeprefix(pointers.PREFIX))
            if digest:
                attrs["sha256"] = digest
        elif node["type"] == "reference" and attrs["to"] == "document":
            document = named.get(attrs["target"])
            attrs["label"] = document.number if document else attrs["label"].split(" ")[0]
    return content


def brought(stream: BinaryIO, name: str, by: Actor) -> Content:
    """A file as it is, on disk, with what it says where that can be read; raises NotOurs and TooLarge."""
    kept = files.keep(by.organisation.uid, stream, name)
    stored = files.folder(by.organisation.uid) / kept.sha256[:2] / kept.sha256
    text, media_type, note = "", kept.media_type, ""
    with stored.open("rb") as again:
        try:
            reading = read(name, again)
        except Refused as error:
            if error.code == "encrypted":  # nobody else could open it
                raise NotOurs("locked") from error
            note = _(REASONS[error.code]).format(**error.details)
        else:
            text, media_type = reading.text, reading.media_type
            note = "\n".join(_(REMARKS[one.code]).format(**one.details) for one in cast(list[Remark], reading.notes))
    return Content(kept, text, media_type[:120], tidy(name), note)


def tidy(name: str) -> str:
    """The name of a file without folders and without signs that cannot be printed."""
    shown = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable())
    return PurePosixPath(shown).name[-200:] or "file"


def values(content: Content, document: Document, by: Actor) -> dict[str, Any]:
    """The fields of a revision that hold this content; its pictures are attached to the document."""
    for picture in content.pictures:
        actions.attach(document, picture.kept, picture.name, by=by, uid=picture.uid)
    file = actions.content(content.kept, by=by)
    return {"file": file, "media_type": content.media_type, "source": content.source, "note": content.note}


def save(revision: Revision, content: Content, *, by: Actor, version: int | None = None, **more: Any) -> Revision:
    """The revision holds this content from now on; raises policy.Denied and Stale, and then nothing is changed."""
    with writing(by.organisation.uid, by.stamp()):
        given = values(content, revision.of_document, by)
        saved: Revision = actions.edit(revision, by=by, version=version, **given, **more)
        revising.say(saved, content.text)
        faces.wrote([revision.of_document])
    return saved


def refusal(error: Exception) -> str:
    """Why content was not taken, in words."""
    if isinstance(error, NotOurs):
        return _(NOT_TAKEN[error.code]).format(**error.details)
    return str(error)
