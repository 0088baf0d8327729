"""`plumb document`: a revision of a document as a file; `plumb redline`: what changed between two of them."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from plumbline.composition import NotOurs
from plumbline.kernel import files
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.copies import NoCopy, controlled_pdf
from plumbline.registers.support.documents.drafting import alone, word
from plumbline.registers.support.documents.models import Document, Revision

from .finding import organisation_of, record_numbered, register_named
from .telling import Refused, say

ELSE = "Take it as .pdf: there it is shown, or named to the byte."


def run(number: str, organisation: str, output: Path, revision: str, against: str = "") -> int:
    """Write one revision, or what changed to it from the one it is held against."""
    actor = Actor.installation(organisation_of(organisation))
    document = cast(Document, record_numbered(register_named("document"), actor.organisation, number))
    chosen = _revision(document, revision)
    kind = output.suffix.lower().lstrip(".")
    try:
        if against:
            content = _redline(_revision(document, against), chosen, actor, output)
        elif kind in FORMS:
            content = FORMS[kind](chosen, actor)
        else:
            raise Refused(f"“{output.name}” tells no format: end it in .{', .'.join(FORMS)}.")
    except FileNotFoundError as error:
        raise Refused(f"The content of {chosen} is missing on this server; a backup may have it.") from error
    except NotOurs as error:
        raise Refused(error.text) from error
    except NoCopy as error:
        raise Refused(str(error)) from error
    write(output, content)
    return 0


def _word(revision: Revision, actor: Actor) -> bytes:
    if word.is_word(revision.name, revision.media_type) and revision.file is not None:
        return files.path_of(revision.file).read_bytes()
    if not revision.written:
        raise Refused(f"{revision} is the file “{revision.name}”, no Word file, and not written here. {ELSE}")
    return word.exported(revision, actor)


def _html(revision: Revision, actor: Actor) -> bytes:
    page = alone.document(revision, actor)
    if not page:
        raise Refused(f"{revision} has no content whose words can be read. {ELSE}")
    return page.encode()


FORMS: dict[str, Callable[[Revision, Actor], bytes]] = {"docx": _word, "html": _html, "pdf": controlled_pdf}


def _redline(old: Revision, new: Revision, actor: Actor, output: Path) -> bytes:
    if output.suffix.lower() != ".html":
        raise Refused(f"“{output.name}” tells no format: end it in .html.")
    page = alone.redline(old, new, actor)
    if not page:
        raise Refused(f"{old} or {new} has no content whose words can be read.")
    return page.encode()


def _revision(document: Document, label: str) -> Revision:
    """The one of that label, the newest where there are several; without a label the one in force."""
    with_content = [one for one in document.history if one.file_id]
    found = next((one for one in with_content if one.revision_no == label), None) if label else document.current
    if found is None or found.file_id is None:
        there = ", ".join(dict.fromkeys(one.revision_no for one in with_content if one.revision_no))
        what = f"no revision “{label}” with content" if label else "no revision in force"
        raise Refused(f"{document.number} has {what}. " + (f"There are: {there}." if there else "There is none yet."))
    return found


def write(output: Path, content: bytes) -> None:
    """A file half written is never left under the name asked for."""
    if not output.parent.is_dir():
        raise Refused(f"The folder {output.parent} does not exist: make it first.")
    new = output.with_name(f".{output.name}.new")
    new.write_bytes(content)
    new.replace(output)
    say(f"{output}: {len(content):,} bytes.")
