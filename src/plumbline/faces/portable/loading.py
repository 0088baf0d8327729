"""A company comes in whole and proven, or not at all: one transaction, past the triggers that guard every other row."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from plumbline.history.merkle import Frontier
from plumbline.kernel.files import folder, sync
from plumbline.ledger import highwater
from plumbline.ledger.foreign import LOAD
from plumbline.ledger.heads import ensure_key
from plumbline.ledger.loading import loading
from plumbline.ledger.models import INSTALLATION, Log
from plumbline.ledger.shapes import shapes
from plumbline.ledger.verify import state_digest
from plumbline.ledger.verify_log import problems_of
from plumbline.ledger.verify_rows import row_problems, vanished
from plumbline.ledger.writer import Stamp, writing
from plumbline.organisation.models import Organisation

from . import carried, form
from .accounts import Accounts
from .exporting import Told
from .form import Unfit
from .models import Loaded
from .opening import Opened, opened
from .placing import Placing

BY = Stamp(None, "installation", "installation", how="load")


@dataclass(frozen=True)
class Wishes:
    """What the person at the command line decides."""

    slug: str = ""  # another short name, where the ZIP's is taken
    accounts: bool = False  # whether people get the accounts that have their addresses here
    live: bool = False  # whether it sends mails and webhooks from here at once


def load(path: Path, wishes: Wishes, afterwards: Callable[[UUID], None], told: Told | None = None) -> dict[str, Any]:
    """Load the company in `path`; what it is, in figures. `afterwards` works out what is derived, before the commit.

    Raises Unfit; then nothing is loaded.
    """
    files = Path(settings.PLUMBLINE_FILES)
    files.mkdir(parents=True, exist_ok=True)
    with opened(path, files, told) as zipped:
        _free(zipped, wishes)
        ensure_key()
        with _files(zipped) as put_in_place, transaction.atomic():
            accounts = Accounts.of(zipped.lines(form.ACCOUNTS), wishes.accounts, BY)
            _written(zipped, wishes, accounts)
            log = Log.objects.get(pk=zipped.home)
            digest = _proven(zipped, log)
            put_in_place()
            afterwards(zipped.home)
        slug = wishes.slug or zipped.manifest.organisation["slug"]
        return {
            "organisation": slug,
            "events": log.size,
            "epoch": log.epoch,
            "head": Frontier.from_bytes(log.frontier).root().hex(),
            "state_digest": digest,
            "files": len(zipped.files()),
            "live": wishes.live,
            "accounts": accounts.made,
            "matched": accounts.matched,
            "apart": accounts.apart,
        }


def _free(zipped: Opened, wishes: Wishes) -> None:
    """The company is not here, its short name is free, and nothing of it was signed here that the ZIP lacks."""
    if Log.objects.filter(pk=zipped.home).exists() or Organisation.objects.filter(pk=zipped.home).exists():
        raise Unfit(
            f"“{zipped.manifest.organisation['name']}” is here already: one installation holds a company once."
            " Load it into another data folder."
        )
    slug = wishes.slug or zipped.manifest.organisation["slug"]
    if Organisation.objects.filter(slug=slug).exists():
        raise Unfit(
            f"The short name “{slug}” is taken by another organisation here: give another with --as."
            " That change is then the newest event of its history, and its state digest differs by it."
        )
    mark = highwater.read().get(str(zipped.home))
    if mark and (mark.epoch, mark.size) > (zipped.manifest.log["epoch"], zipped.manifest.log["size"]):
        raise Unfit(
            f"This installation signed {mark.size} events of this company, the ZIP holds"
            f" {zipped.manifest.log['size']}: it is an older export. Load the newest."
        )


def _written(zipped: Opened, wishes: Wishes, accounts: Accounts) -> None:
    """Events, openings, rows, places, heads, what goes along; then the note in the installation's own log."""
    try:
        with loading(zipped.home, zipped.manifest.log["epoch"], BY) as log:
            log.events(zipped.lines(form.EVENTS))
            log.openings(zipped.lines(form.OPENINGS))
            Placing(zipped, log, wishes.slug, accounts).all()
            frontier = log.seal(zipped.lines(form.EVENTS))
            if (frontier.size, frontier.root().hex()) != (zipped.manifest.log["size"], zipped.manifest.log["root"]):
                raise Unfit("The history in the ZIP is not the one whose head its manifest names: nothing is loaded.")
            log.heads(zipped.lines(form.HEADS))
            _noted(zipped, wishes)
            for label, model in carried.carried().items():
                if not carried.written(model, zipped.lines(f"kept/{label}.jsonl"), zipped.home):
                    raise Unfit(f"kept/{label}.jsonl holds rows of another organisation: nothing is loaded.")
            if not wishes.live:
                Loaded.objects.create(organisation_id=zipped.home)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise Unfit(f"The ZIP holds a line that no export of Plumbline has ({error!r}): nothing is loaded.") from error


def _noted(zipped: Opened, wishes: Wishes) -> None:
    """The installation's log keeps the keys of the heads before, signed by our own key with its next head."""
    facts = {
        "slug": wishes.slug or zipped.manifest.organisation["slug"],
        "name": zipped.manifest.organisation["name"],
        "size": zipped.manifest.log["size"],
        "root": zipped.manifest.log["root"],
        "state_digest": zipped.manifest.state_digest,
        "verifiers": zipped.manifest.keys,
        "live": wishes.live,
    }
    with writing(INSTALLATION, BY) as pen:
        pen.note(LOAD, subject=zipped.home, table="organisation", facts=facts)


def _proven(zipped: Opened, log: Log) -> str:
    """The state digest, after the house's own verification has found nothing, still before the commit."""
    problems = [str(one) for found in (problems_of(log), row_problems(log.home), vanished(log.home)) for one in found]
    if problems:
        raise Unfit(f"The company in the ZIP does not prove itself, nothing is loaded: {form.some(problems)}")
    if not log.checkpoints.filter(size=zipped.manifest.log["size"]).exists():
        raise Unfit("The newest head in the ZIP is not signed: nothing is loaded.")
    digest = state_digest(log.home)
    current = {shape.code: shape.version for shape in shapes()}
    same = all(current[code] == number for code, number in zipped.manifest.schemas.items())
    if log.size == zipped.manifest.log["size"] and same and digest != zipped.manifest.state_digest:
        raise Unfit("The state digest is not the one the manifest names: nothing is loaded.")
    return digest


@contextmanager
def _files(zipped: Opened) -> Iterator[Callable[[], None]]:
    """The files, durable beside their place; what is given puts them there, inside the transaction."""
    top, target = Path(settings.PLUMBLINE_FILES), folder(zipped.home)
    waiting = top / f".loading-{zipped.home}"
    shutil.rmtree(waiting, ignore_errors=True)  # of a load that was killed
    waiting.mkdir(mode=0o700)
    moved = False

    def put_in_place() -> None:
        nonlocal moved
        shutil.rmtree(target, ignore_errors=True)  # of a load that was killed just here: no row speaks of it
        os.replace(waiting, target)
        sync(top)
        moved = True

    try:
        for digest in zipped.files():
            _file(zipped, waiting, digest)
        sync(waiting)
        yield put_in_place
    except BaseException:
        shutil.rmtree(target if moved else waiting, ignore_errors=True)
        raise


def _file(zipped: Opened, waiting: Path, name: str) -> None:
    place, digest = waiting / name[:2], sha256()
    place.mkdir(exist_ok=True)
    with zipped.archive.open(f"files/{name[:2]}/{name}") as source, (place / name).open("xb") as out:
        while chunk := source.read(form.CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != name:
        raise Unfit(f"files/{name[:2]}/{name} changed while it was read: nothing is loaded.")
    sync(place)
