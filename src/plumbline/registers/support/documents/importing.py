"""Documents as found: a file, a folder or an archive comes in, one line a file; each file is its own transaction."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from plumbline.kernel import actions, files, policy
from plumbline.kernel.models import Counter
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.reading import REASONS, REMARKS, Found, Proposal, Reading, Refused, Remark, propose, read, walk

from . import revising, speaking
from .models import Document
from .recognising import Decision, Run, claimed, numbered, recognised

SORTS = frozenset(Document.Sort.values)
CHUNK = 1 << 20
SERIES = "documents brought in"  # the counter that is locked while a file is written: one after the other
Progress = Callable[[int, int, str], Any]  # done, total, name of the file just done
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """What became of one file."""

    file: str
    status: str  # new, changed, unchanged, refused
    reason: str = ""
    number: str = ""
    title: str = ""
    kind: str = ""
    revision: str = ""
    language: str = ""
    requirements: list[dict[str, Any]] = field(default_factory=list)  # id, confidence (0 to 1), passage


def import_path(
    path: Path | str, actor: Actor, confirm: bool = False, dry_run: bool = False, progress: Progress | None = None
) -> Iterator[Line]:
    """A line for every file under the path; what was read is proposed, or confirmed at once; a dry run writes nothing.

    Raises policy.Denied and FileNotFoundError before the first line.
    """
    policy.require(policy.may_create(actor, register_of("document")))
    if not Path(path).exists():
        raise FileNotFoundError(str(path))
    return _lines(Path(path), Run(actor, confirm, dry_run), progress)


def _lines(path: Path, run: Run, progress: Progress | None) -> Iterator[Line]:
    run.present |= {found.name for found in walk(path)}
    run.whole, total = path.is_dir(), len(run.present)
    for done, found in enumerate(walk(path), start=1):
        line = take(found, run)
        if progress:
            progress(done, max(done, total), found.name)
        yield line


def take_upload(upload: UploadedFile, name: str, run: Run) -> Iterator[Line]:
    """The lines of one file that was sent: several for an archive."""
    path, name = _place(upload), tidy(name)
    if path.suffix.casefold() != ".zip":
        yield take(Found(name, lambda: path.open("rb"), upload.size or 0), run)
        return
    run.present |= {found.name for found in walk(path)}
    for found in walk(path):
        own = found.name == path.name
        yield take(Found(name if own else found.name, found.open, found.size, found.refused), run)


def revise(document: Document, upload: UploadedFile, run: Run, number: str) -> Line:
    """A draft of the next revision of this very document; a refused file gets its line and changes nothing."""
    path, name = _place(upload), tidy(upload.name or "")
    run.into, run.number = document, number[:40]
    return take(Found(name, lambda: path.open("rb"), upload.size or 0), run)


def _place(upload: UploadedFile) -> Path:
    return Path(cast(TemporaryUploadedFile, upload).temporary_file_path())  # the settings keep every upload on disk


def tidy(name: str) -> str:
    """A relative name as a browser sends it, without steps upwards, roots or signs that cannot be printed."""
    parts = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable()).split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))[-500:] or "file"


def take(found: Found, run: Run) -> Line:
    """One file, whatever it is: never an error, always a line."""
    try:
        if found.refused:
            raise found.refused
        return _take(found, run)
    except Refused as error:
        reason = _(REASONS[error.code]).format(**error.details)
    except ValidationError as error:
        reason = " ".join(error.messages)
    except (files.TooLarge, policy.Denied, revising.AlreadyUnderWay) as error:
        reason = str(error)
    except OSError as error:
        log.warning("%s could not be read: %s", found.name, error)
        reason = _("The file cannot be opened: %(error)s.") % {"error": error.strerror or type(error).__name__}
    return Line(found.name, "refused", reason)


def _take(found: Found, run: Run) -> Line:
    sha256 = _digest(found)
    known = _known(found, run, sha256)
    if known and known.status == "unchanged":
        return _as_it_was(found, run, known)
    if run.dry_run and sha256 in run.planned:
        return Line(found.name, "unchanged", _("The same content as “%(name)s”.") % {"name": run.planned[sha256]})
    reading = _read(found)
    proposal = propose(reading, PurePosixPath(found.name).name, run.catalogue)  # a folder “Handbook” makes no manuals
    if run.dry_run:
        return _plan(found, run, sha256, proposal, known or claimed(run, proposal))
    with found.open() as stream:
        kept = files.keep(run.actor.organisation.uid, stream, found.name)
    if kept.sha256 != reading.sha256:
        raise ValidationError(_("The file changed while it was read. Try again."))
    with writing(run.actor.organisation.uid, run.actor.stamp()):
        _one_at_a_time(run)
        decision = _known(found, run, sha256) or claimed(run, proposal)
        if decision.status != "unchanged":
            return _write(found, run, kept, reading, proposal, decision)
    return _as_it_was(found, run, decision)


def _known(found: Found, run: Run, sha256: str) -> Decision | None:
    if run.into is None:
        return recognised(run, found.name, sha256)
    current = run.into.current
    same = current is not None and current.file is not None and current.file.sha256 == sha256
    return Decision("unchanged" if same else "changed", run.into)


def _digest(found: Found) -> str:
    digest = hashlib.sha256()
    with found.open() as stream:
        while block := stream.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def _read(found: Found) -> Reading:
    with found.open() as stream:
        try:
            return read(found.name, stream)
        except (Refused, OSError):
            raise
        except Exception as error:
            log.exception("the reader failed on %s", found.name)
            raise Refused("damaged", kind=PurePosixPath(found.name).suffix or "?") from error


def _one_at_a_time(run: Run) -> None:
    """Two people who bring in the same folder do not make two documents of one file."""
    Counter.objects.get_or_create(organisation=run.actor.organisation, series=SERIES)
    Counter.objects.select_for_update().get(organisation=run.actor.organisation, series=SERIES)


def _write(found: Found, run: Run, kept: files.Kept, reading: Reading, proposal: Proposal, decision: Decision) -> Line:
    _seen(run, decision)
    document = decision.document or _create(run, found, proposal, decision)
    if document.closed_at is not None:
        raise ValidationError(_("%(number)s is withdrawn. Take it back first.") % {"number": document.number})
    values = {
        "dated_on": date.fromisoformat(proposal.date) if proposal.date else None,
        "file": actions.content(kept, by=run.actor),
        "source": found.name[-500:], "media_type": reading.media_type[:120],
        "proposed": _as_proposed(proposal, reading),
        "note": "\n".join(_(REMARKS[note.code]).format(**note.details) for note in cast(list[Remark], reading.notes)),
        "batch": run.batch,
    }  # fmt: skip
    if run.into is not None and document.state != "proposed":
        numbered = {"revision_no": run.number} if run.number else {}
        revising.draft(document, by=run.actor, text=reading.text, **numbered, **values)
    else:
        number = run.number or proposal.revision[:40]
        revising.add(document, reading.text, by=run.actor, confirm=run.confirm, number=number, **values)
    speaking.propose(document, proposal.requirements, run)
    if run.confirm:
        revising.settle(document, by=run.actor, requirements=run.into is None)
    run.met.add(document.pk)
    return _line(found, document.pk, decision, run.number or proposal.revision[:40])


def _seen(run: Run, decision: Decision) -> None:
    """Nobody changes, or is told of, a document that is hidden from them; raises ValidationError."""
    document = decision.document
    if document and not register_of("document").records(run.actor).filter(pk=document.pk).exists():
        raise ValidationError(_("It belongs to a document you may not see. Ask whoever runs the quality system."))


def _create(run: Run, found: Found, proposal: Proposal, decision: Decision) -> Document:
    owner = run.owner(proposal.owner)
    if owner is None:
        raise ValidationError(_("Nobody works here yet who could answer for a document. Add a person first."))
    return actions.create(
        register_of("document"), by=run.actor, state="proposed", owner=owner, number=decision.number,
        title=_title(found, proposal),
        sort=_sort(proposal, run), language=proposal.language[:10], revision_no=proposal.revision[:40],
    )  # fmt: skip


def _title(found: Found, proposal: Proposal) -> str:
    return (proposal.title or PurePosixPath(found.name).stem or found.name)[:200]


def _sort(proposal: Proposal, run: Run) -> str:
    """An own kind of the organisation, told by the letters its numbers begin with; else what the reader proposed."""
    begins = numbered(proposal.number).casefold()
    own = (
        code
        for letters, code in run.own_kinds
        if begins.startswith(letters) and not begins[len(letters) :][:1].isalpha()
    )
    return next(own, "") or (proposal.kind if proposal.kind in SORTS else Document.Sort.PROCEDURE)


def _as_proposed(proposal: Proposal, reading: Reading) -> dict[str, Any]:
    names = ("number", "title", "kind", "revision", "date", "owner", "language")
    return {**{name: getattr(proposal, name) for name in names}, "evidence": proposal.evidence, "pages": reading.pages}


def _as_it_was(found: Found, run: Run, decision: Decision) -> Line:
    """A file that is already here: with “confirm”, what was only proposed is confirmed now."""
    document = decision.document
    if document is None or not register_of("document").records(run.actor).filter(pk=document.pk).exists():
        return Line(found.name, "unchanged", _("Already here, in a document you may not see."))
    if run.confirm and not run.dry_run and run.into is None and document.closed_at is None:
        revising.settle(document, by=run.actor, requirements=True)
    return _line(found, document.pk, decision)


def _line(found: Found, uid: Any, decision: Decision, number: str = "") -> Line:
    """The file's own revision where its document has several; else the one that waits, is made or in force."""
    document = Document.objects.get(pk=uid)
    newest = (document.incoming or document.under_way or document.current) if decision.status != "new" else None
    if (known := decision.known) and newest and known.pk != newest.pk:
        number = known.revision_no
    elif not decision.reason or not number:
        number = newest.revision_no if newest else document.revision_no
    return Line(
        found.name, decision.status, decision.reason, document.number, document.title, document.sort,
        number, document.language, speaking.told(document),
    )  # fmt: skip


def _plan(found: Found, run: Run, sha256: str, proposal: Proposal, decision: Decision) -> Line:
    """What would happen, remembered for the files that follow; no number of our own is taken, so it is left empty."""
    _seen(run, decision)
    document, number = decision.document, decision.number
    if document is not None:
        number = document.number
        if document.closed_at is not None:
            raise ValidationError(_("%(number)s is withdrawn. Take it back first.") % {"number": number})
        run.met.add(document.pk)
    title = document.title if document else _title(found, proposal)
    run.planned[sha256] = found.name
    if number:
        run.numbers.setdefault(number.casefold(), (title, set()))[1].add(proposal.revision)
    told = [{"id": one.id, "confidence": one.confidence, "passage": one.passage} for one in proposal.requirements]
    kind = document.sort if document else str(_sort(proposal, run))
    return Line(
        found.name, decision.status, decision.reason, number, title, kind, proposal.revision, proposal.language, told
    )
