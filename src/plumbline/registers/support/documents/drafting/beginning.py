"""A document begins: from a template, empty, from Word, with a file; and its next revision from the one in force."""

from typing import Any

from django.utils.translation import gettext as _

from plumbline.composition import from_markdown
from plumbline.kernel import actions, faces, files, policy
from plumbline.kernel.models import Link, RequirementLink
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.standards.catalogue import shipped
from plumbline.standards.models import find_edition

from .. import blanks, revising
from ..models import Document, Revision
from . import word, written

WAYS = ("blank", "empty", "word", "file")


class CannotBeWrittenOn(Exception):
    """The revision in force is a file that cannot be turned into a written document; the text says what to do."""


def prepared(way: str, by: Actor, blank: blanks.Blank | None, upload: Any = None) -> written.Content:
    """The first content, on disk; raises NotOurs and TooLarge."""
    if way == "blank" and blank is not None:
        return written.written(from_markdown(blank.text), by)
    if way == "word":
        return word.taken(upload, by)
    if way == "file":
        return written.brought(upload, upload.name or "", by)
    return written.written(written.EMPTY, by)


def begin(
    content: written.Content,
    by: Actor,
    values: dict[str, Any],
    blank: blanks.Blank | None = None,
    origin: Any = None,
    asked: tuple[str, ...] = (),
) -> Revision:
    """The document, its first draft, the requirements its template answers, and the link to what it comes from."""
    with writing(by.organisation.uid, by.stamp()):
        linked = origin is not None and bool(policy.may_write_part(by, register_of(origin), Link, origin))
        document = actions.create(register_of("document"), by=by, raised_by=origin if linked else None, **values)
        if origin is not None and not linked:
            actions.create(Link, by=by, record=document, target=origin)
        _answers(document, blank, asked, by)
        return started(document, content, by)


def started(document: Document, content: written.Content, by: Actor, **more: Any) -> Revision:
    """A draft of this document with this content; raises AlreadyUnderWay and policy.Denied."""
    with writing(by.organisation.uid, by.stamp()):
        given = written.values(content, document, by)
        revision = revising.draft(document, by=by, text=content.text, **given, **more)
        faces.wrote([document])
    return revision


def _answers(document: Document, blank: blanks.Blank | None, asked: tuple[str, ...], by: Actor) -> None:
    """What the template answers is confirmed; what it was begun for beyond that waits for somebody to say so."""
    organisation, own = by.organisation, blank.requirements if blank else ()
    edition = find_edition(organisation.uid, organisation.edition) or shipped()[0]
    for id in dict.fromkeys((*own, *asked)):
        if requirement := edition.get(id):
            answered: dict[str, Any] = {"edition": requirement.edition, "requirement": id}
            answered["state"] = RequirementLink.State.CONFIRMED if id in own else RequirementLink.State.PROPOSED
            actions.create(RequirementLink, by=by, record=document, **answered)


def copied(document: Document, by: Actor) -> written.Content:
    """The content in force, to write on; a Word file is turned into a written one. Raises CannotBeWrittenOn."""
    current: Revision | None = document.current
    if current is None or current.file is None:
        return written.written(written.EMPTY, by)
    if current.written:
        return written.written(written.load(current), by)
    if word.is_word(current.name, current.media_type):
        with files.path_of(current.file).open("rb") as stream:
            return word.taken(stream, by)
    raise CannotBeWrittenOn(
        _("The revision in force is the file “%(name)s”. Change it in its own program and bring in the changed file.")
        % {"name": current.name}
    )


def take_over(revision: Revision, by: Actor) -> None:
    """A change that was asked for begins with the content of the revision that is in force."""
    current = Document.objects.get(pk=revision.of_document_id).current
    if revision.file_id or current is None or current.file_id is None or current.pk == revision.pk:
        return
    kept = {name: getattr(current, name) for name in ("file", "media_type", "source", "note")}
    number = revision.revision_no or revising.next_number(revision.of_document)
    actions.follow(revision, by=by, **kept, revision_no=number)
    said = getattr(current, "said", None)
    revising.say(revision, said.text if said else "")


def replaced(revision: Revision, stream: Any, name: str, by: Actor, version: int | None = None) -> Revision:
    """The draft holds what was brought: a written one stays written when it is a Word file. Raises as save does."""
    if revision.written and word.is_word(name):
        return written.save(revision, word.taken(stream, by), by=by, version=version)
    return written.save(revision, written.brought(stream, name, by), by=by, version=version)


def turned(revision: Revision, by: Actor) -> Revision:
    """A draft that is a Word file becomes a written one."""
    if revision.file is None or not word.is_word(revision.name, revision.media_type):
        raise CannotBeWrittenOn(_("Only a Word file (.docx) can be turned into a document written here."))
    with files.path_of(revision.file).open("rb") as stream:
        content = word.taken(stream, by)
    return written.save(revision, content, by=by)
