"""What written content points to, as one reader may see it: pictures, documents, requirements."""

import base64
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from plumbline.composition import images_of, references
from plumbline.history.uids import uid_of
from plumbline.kernel import files
from plumbline.kernel.models import Attachment, seen_by
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.standards.catalogue import Requirement, shipped
from plumbline.standards.models import find_edition

from ..models import Document

Json = dict[str, Any]
PREFIX = "attachment:"


class Pointers:
    """The pictures and references of some content, looked up once for one reader."""

    def __init__(self, content: Json, actor: Actor) -> None:
        self.actor, self.slug = actor, actor.organisation.slug
        self.pictures = attached(images_of(content), actor)
        wanted = [one.target for one in references(content) if one.to == "document"]
        self.documents = documents(wanted, actor)

    def image(self, src: str) -> str | None:
        """The address a picture is served from."""
        part = self.pictures.get(src.removeprefix(PREFIX))
        return address_of(part) if part else None

    def bytes_of(self, src: str) -> bytes | None:
        """The picture itself."""
        part = self.pictures.get(src.removeprefix(PREFIX))
        try:
            return files.path_of(part.file).read_bytes() if part else None
        except FileNotFoundError:
            return None

    def inside(self, src: str) -> str | None:
        """The picture as part of the page, for one that stands alone."""
        part, content = self.pictures.get(src.removeprefix(PREFIX)), self.bytes_of(src)
        if part is None or content is None:
            return None
        return f"data:{part.file.media_type};base64,{base64.b64encode(content).decode('ascii')}"

    def reference(self, to: str, target: str) -> tuple[str, str] | None:
        """Address and words of what is referred to, if this reader may see it."""
        if to == "document":
            document = self.documents.get(target)
            if document is None:
                return None
            return reverse("documents:record", args=[self.slug, document.number]), f"{document.number} {document.title}"
        found = requirement(self.actor, target)
        if found is None:
            return None
        return reverse("clause", args=[self.slug, found.edition, found.clause]), f"{found.clause} {found.title}"


def attached(sources: Iterable[str], actor: Actor) -> dict[str, Attachment]:
    """The pictures of these names (`attachment:<uid>` or `<uid>`) that the actor may see and that are still there."""
    uids = [uid for source in sources if (uid := uid_of(source.removeprefix(PREFIX)))]
    if not uids:
        return {}
    found = Attachment.objects.filter(seen_by(actor, "record__"), organisation=actor.organisation, uid__in=uids)
    there = found.filter(disposal=None, file__disposed_at=None, file__media_type__startswith="image/")
    return {str(part.uid): part for part in there.select_related("file", "record__organisation")}


def address_of(part: Attachment) -> str:
    """Where an attachment is served."""
    record = part.record
    return reverse(f"{register_of(record.kind).slug}:file", args=[record.organisation.slug, record.number, part.uid])


def documents(targets: Iterable[str], actor: Actor) -> dict[str, Document]:
    """The documents of these uids that the actor may see."""
    uids = [uid for target in targets if (uid := uid_of(target))]
    return {str(one.uid): one for one in Document.objects.visible_to(actor).filter(uid__in=uids)} if uids else {}


def requirement(actor: Actor, target: str) -> Requirement | None:
    """The requirement of that id, of the organisation's edition or of a shipped one; else the first of that clause."""
    own = find_edition(actor.organisation.uid, actor.organisation.edition)
    for edition in (own, *shipped()):
        if edition and (found := edition.get(target) or next(iter(edition.under(target)), None)):
            return found
    return None
