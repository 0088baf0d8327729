"""`plumb restore`: an archive into an empty data folder and database, never behind what was signed without a reason."""

import os
import shutil
import sys
import tarfile
from hashlib import sha256
from json import loads
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import connection

from plumbline.faces.portable import quiet
from plumbline.ledger import heads, highwater
from plumbline.ledger.models import Checkpoint, Log
from plumbline.ledger.verify import verify
from plumbline.ledger.writer import Stamp, writing
from plumbline.organisation.models import Organisation
from plumbline.registers.support.records import noting

from . import sweeping
from .archives import CHUNK, DATABASES, HEADS, MANIFEST, Manifest, postgresql
from .migrating import migrate
from .telling import Refused, followed, line, say

BY = Stamp(None, "installation", "installation", how="restore")


def run(file: Path, reason: str, live: bool | None, json: bool) -> int:
    """Check everything, then put it in place, then go on in a new epoch where events are given up."""
    _empty()
    live = _asked() if live is None and sys.stdin.isatty() and not json else live is not False
    waiting = Path(settings.PLUMBLINE_DATA) / ".restoring"
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(parents=True, mode=0o700)
    try:
        manifest = _unpacked(file, waiting)
        _suits(manifest, waiting)
        marks = {**_marks(waiting / HEADS), **_later(waiting / HEADS)}
        behind = _behind(manifest, marks)
        if behind and not reason.strip():
            raise Refused(
                "This backup lacks events that were signed: "
                + " ".join(behind)
                + " Use a newer one, or say why with --reason."
            )
        _place(manifest, waiting, marks)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    migrate()
    if not live:
        quiet.hush()
    return _gone_on(file, manifest, reason, json)


def _asked() -> bool:
    """Whether it sends from here, by whoever sits at the terminal."""
    say("Does the work go on here, in place of what was backed up? Then its mails, reminders and webhooks go out from")
    say("here: live. Or is it a copy to try things out, which tells nobody anything: quiet.")
    answer = ""
    while answer not in ("live", "quiet"):
        try:
            answer = input("Type live or quiet: ").strip().casefold()
        except EOFError:
            raise Refused("Nothing is restored: say --live or --quiet.") from None
    return answer == "live"


def _empty() -> None:
    """Nothing may be replaced; the keys and the high-water marks may be there."""
    if "ledger_log" in connection.introspection.table_names():
        raise Refused("There is a database here: restore into another PLUMBLINE_DATA, or into an empty database.")
    files = Path(settings.PLUMBLINE_FILES)
    if files.exists() and any(files.iterdir()):
        raise Refused(f"{files} holds files: restore into another PLUMBLINE_DATA.")


def _unpacked(file: Path, waiting: Path) -> Manifest:
    """Everything in the archive, beside its place, each member compared with the manifest."""
    found: dict[str, list] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file) as archive:
            for member in followed(archive, "Reading"):
                if member.name == MANIFEST:
                    manifest = Manifest.read(_stream(archive, member).read())
                else:
                    found[member.name] = _extracted(archive, member, waiting)
    except (tarfile.TarError, EOFError) as error:
        raise Refused(f"{file} cannot be read as a backup: {error}.") from error
    if manifest is None:
        raise Refused(f"{file} is cut short or no backup of Plumbline: it has no manifest.")
    wrong = sorted(
        name for name in manifest.members.keys() | found.keys() if manifest.members.get(name) != found.get(name)
    )
    if wrong:
        raise Refused(
            f"{file} is damaged: {len(wrong)} parts differ from its manifest, {wrong[0]} first. Use another backup."
        )
    return manifest


def _extracted(archive: tarfile.TarFile, member: tarfile.TarInfo, waiting: Path) -> list:
    path = waiting / member.name
    if not member.isfile() or not path.resolve().is_relative_to(waiting.resolve()):
        raise Refused(f"This archive has a part that is no plain file ({member.name}): it is no backup of Plumbline.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        stream = _stream(archive, member)
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return [size, digest.hexdigest()]


def _stream(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    if stream is None:
        raise Refused(f"This archive has a part that is no plain file ({member.name}): it is no backup of Plumbline.")
    return stream


def _suits(manifest: Manifest, waiting: Path) -> None:
    if manifest.database != connection.vendor:
        raise Refused(
            f"This is a backup of {manifest.database}, here is {connection.vendor}: set PLUMBLINE_DATABASE_URL."
        )
    ours, theirs = heads.key_path(), waiting / "keys" / heads.key_path().name
    if ours.exists() and theirs.exists() and ours.read_bytes() != theirs.read_bytes():
        raise Refused(
            f"{ours} is another key than the one in this backup, and is not replaced: restore with another"
            " PLUMBLINE_KEYS, or move it away first."
        )
    if not ours.exists() and not theirs.exists():
        raise Refused(f"The keys are not in this backup: put your copy of them into {settings.PLUMBLINE_KEYS} first.")


def _marks(file: Path) -> dict[str, highwater.Mark]:
    lines = file.read_text().splitlines() if file.exists() else []
    return {mark.home: mark for line in lines for mark in [highwater.Mark(**loads(line))]}


def _later(file: Path) -> dict[str, highwater.Mark]:
    """The marks of this installation that are higher than the archive's."""
    theirs = _marks(file)
    return {
        home: mark
        for home, mark in highwater.read().items()
        if home not in theirs or (mark.epoch, mark.size) > (theirs[home].epoch, theirs[home].size)
    }


def _behind(manifest: Manifest, marks: dict[str, highwater.Mark]) -> list[str]:
    logs = {log.home: log for log in manifest.logs}
    return [
        f"{mark.origin} was signed at {mark.size}, here it ends at {logs[home].size if home in logs else 0}."
        for home, mark in marks.items()
        if home not in logs or (logs[home].epoch, logs[home].size) < (mark.epoch, mark.size)
    ]


def _place(manifest: Manifest, waiting: Path, marks: dict[str, highwater.Mark]) -> None:
    """Keys, files, then the database: what speaks of the others comes last."""
    keys = Path(settings.PLUMBLINE_KEYS)
    if manifest.keys:
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in (waiting / "keys").iterdir():
            shutil.move(path, keys / path.name)  # the keys may stand on another disk
    if (waiting / "files").exists():
        files = Path(settings.PLUMBLINE_FILES)
        files.mkdir(parents=True, exist_ok=True)
        for path in (waiting / "files").iterdir():
            shutil.move(path, files / path.name)
    for mark in marks.values():
        highwater.raise_to(mark)
    known = noting.read()
    noting.keep(*(note for uid, note in noting.read(waiting / noting.NAME).items() if uid not in known))
    copy = waiting / DATABASES[manifest.database]
    if connection.vendor == "postgresql":
        postgresql("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
                   f"--dbname={connection.settings_dict['NAME']}", str(copy))  # fmt: skip
    else:
        connection.close()
        name = Path(connection.settings_dict["NAME"])
        for stale in (name, name.with_name(f"{name.name}-wal"), name.with_name(f"{name.name}-shm")):
            stale.unlink(missing_ok=True)
        shutil.move(copy, name)
    os.sync()


def _gone_on(file: Path, manifest: Manifest, reason: str, json: bool) -> int:
    """Open a new epoch for every log that is behind, verify, and say how it stands."""
    opened = [_new_epoch(home, reason) for home in _homes_behind()] if reason.strip() else []
    sweeping.tell(alone=True)
    problems = [str(problem) for problem in verify()]
    for problem in problems:
        say(problem)
    events = sum(Log.objects.values_list("size", flat=True))
    if json:
        silent = sorted(Organisation.objects.filter(pk__in=quiet.quiet()).values_list("slug", flat=True))
        line({"file": str(file), "events": events, "epochs": len(opened), "problems": len(problems), "quiet": silent})
    else:
        say(
            f"{file} is restored: {events} events, of {manifest.made_at[:16].replace('T', ' ')} UTC."
            + _epochs(len(opened))
        )
        _tell_who_sends()
    return 1 if problems else 0


def _new_epoch(home: UUID, reason: str) -> Checkpoint:
    """A log of which nothing is left begins with the note that it was lost."""
    if not Log.objects.filter(pk=home).exists():
        with writing(home, BY) as pen:
            pen.note("lost", subject=home, table="log", reason=reason)
    return heads.new_epoch(home, reason, BY)


def _tell_who_sends() -> None:
    """Said at every restore, for both mistakes are silent: a copy that sends, and a company whose mails stay away."""
    for organisation in Organisation.objects.order_by("slug"):
        name, slug = organisation.name, organisation.slug
        if quiet.is_quiet(organisation):
            say(f"  {name} is quiet: no mail and no webhook goes out by itself until `plumb sending {slug} --on`.")
        else:
            say(f"  {name} sends mails, reminders and webhooks from here as soon as the server runs; if this is only a"
                f" copy, say `plumb sending {slug} --off` before you start it.")  # fmt: skip


def _epochs(count: int) -> str:
    return f" {count} logs go on in a new epoch; the gap is on record." if count else ""


def _homes_behind() -> list[UUID]:
    """The logs that are not what was signed, by the high-water file."""
    lines = heads.behind()
    origins = {str(home): origin for home, origin in Log.objects.values_list("home", "origin")}
    return [
        UUID(home)
        for home, mark in highwater.read().items()
        if any(line.startswith((f"{mark.origin}:", f"{origins.get(home, mark.origin)}:")) for line in lines)
    ]
