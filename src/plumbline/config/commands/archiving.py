"""`plumb backup`: one consistent archive, made while the server runs."""

import os
import tarfile
import tempfile
from contextlib import closing, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pysqlite3
from django.conf import settings
from django.db import connection

from plumbline.history.notes import BadNote
from plumbline.ledger import highwater
from plumbline.ledger.heads import ForkRefused, sign_heads
from plumbline.ledger.models import Log
from plumbline.registers.support.records import noting

from .archives import DATABASES, FORM, HEADS, MANIFEST, Manifest, Measured, Standing, kept_files, postgresql
from .telling import Refused, followed, line, say


def run(file: Path, with_keys: bool, json: bool) -> int:
    """Heads first, then the database, then the files: each is at least as new as what stands before it.

    A file is durable before its row is committed and is never changed, so the files copied last hold all the rows name.
    """
    if file.exists():
        raise Refused(f"{file} exists: a backup replaces nothing, choose another name.")
    if not file.parent.is_dir():
        raise Refused(f"The folder {file.parent} does not exist: make it first.")
    _sign()
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    try:
        manifest = _write(new, with_keys)
        os.replace(new, file)
        _sync(file.parent)
    finally:
        new.unlink(missing_ok=True)
    _tell(file, manifest, json)
    return 0


def _sign() -> None:
    """What cannot be signed is backed up all the same, and said."""
    try:
        sign_heads(now=True)
    except (ForkRefused, FileNotFoundError, BadNote) as error:
        say(f"The backup holds events that are not signed: {error}")


def _write(new: Path, with_keys: bool) -> Manifest:
    members: dict[str, list] = {}
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        with tempfile.TemporaryDirectory(dir=new.parent, prefix=".plumbline-backup-") as folder:
            if highwater.path().exists():
                _add_content(archive, members, HEADS, highwater.path().read_bytes())
            copy = Path(folder) / DATABASES[connection.vendor]
            logs = _copy_database(copy)
            _add(archive, members, copy.name, copy)
        for name, path in followed(list(kept_files()), "Files"):
            with suppress(FileNotFoundError):  # disposed of since the list was made; the notes below say so
                _add(archive, members, name, path)
        if noting.path().exists():
            _add_content(archive, members, noting.NAME, noting.path().read_bytes())
        for path in sorted(Path(settings.PLUMBLINE_KEYS).iterdir()) if with_keys else ():
            if path.is_file():
                _add(archive, members, f"keys/{path.name}", path)
        manifest = Manifest(FORM, datetime.now(UTC).isoformat(), connection.vendor, with_keys, logs, members)
        _add_content(archive, {}, MANIFEST, manifest.spelled())
        archive.close()
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _copy_database(copy: Path) -> list[Standing]:
    """A consistent copy, and how far its logs are: at least so far as the marks that were written before it."""
    if connection.vendor == "postgresql":
        before = _standing()
        postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(copy))
        return before
    with (
        closing(pysqlite3.connect(str(connection.settings_dict["NAME"]))) as source,
        closing(pysqlite3.connect(str(copy))) as target,
    ):
        source.backup(target)
        rows = target.execute("SELECT home, origin, epoch, size FROM ledger_log ORDER BY home").fetchall()
    return [Standing(f"{home[:8]}-{home[8:12]}-{home[12:16]}-{home[16:20]}-{home[20:]}", *rest) for home, *rest in rows]


def _standing() -> list[Standing]:
    return [Standing(str(log.home), log.origin, log.epoch, log.size) for log in Log.objects.order_by("home")]


def _add(archive: tarfile.TarFile, members: dict[str, list], name: str, path: Path) -> None:
    with path.open("rb") as stream:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = path.stat().st_size, 0o600, int(path.stat().st_mtime)
        measured = Measured(stream)
        archive.addfile(member, measured)
        members[name] = [measured.size, measured.digest.hexdigest()]


def _add_content(archive: tarfile.TarFile, members: dict[str, list], name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    measured = Measured(BytesIO(content))
    archive.addfile(member, measured)
    members[name] = [measured.size, measured.digest.hexdigest()]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _tell(file: Path, manifest: Manifest, json: bool) -> None:
    files = sum(name.startswith("files/") for name in manifest.members)
    events, size = sum(log.size for log in manifest.logs), file.stat().st_size
    if json:
        line({"file": str(file), "bytes": size, "files": files, "events": events, "keys": manifest.keys})
        return
    say(f"{file}: {events} events, {files} files, {size:,} bytes.")
    if not manifest.keys:
        say(f"  The keys are not in it: keep a copy of {settings.PLUMBLINE_KEYS} elsewhere, or use --with-keys.")
