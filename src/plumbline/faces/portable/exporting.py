"""A company as one ZIP: a stream from one consistent reading, written beside its name, renamed when it is whole."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.db import connection, transaction

from plumbline.history.canonical import canonical
from plumbline.history.merkle import Frontier
from plumbline.kernel.files import sync
from plumbline.kernel.register import registers
from plumbline.ledger.heads import ensure_key, sign_heads, trusted, verifier_text
from plumbline.ledger.models import Log
from plumbline.ledger.schemas import path_of
from plumbline.ledger.shapes import shapes
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from . import carried, form, readme, rows, tables
from .form import Manifest, Unfit

Told = Callable[[int, int, str], None]
TRIES = 20


@dataclass
class Parts:
    """The ZIP on its way: what stands in it so far, with size and digest."""

    archive: ZipFile
    members: dict[str, list]
    told: Told | None
    now: tuple[int, int, int, int, int, int]
    done: int = 0
    total: int = 0

    @contextmanager
    def part(self, name: str, stored: bool = False) -> Iterator["Written"]:
        """A stream into one part; it is measured while it is written."""
        entry = ZipInfo(name, self.now)
        entry.compress_type, entry.external_attr = (ZIP_STORED if stored else ZIP_DEFLATED), 0o600 << 16
        with self.archive.open(entry, "w", force_zip64=True) as stream:
            written = Written(stream)
            yield written
        self.members[name] = [written.size, written.digest.hexdigest()]
        self.step(name)

    def lines(self, name: str, facts: Iterable[dict[str, Any]]) -> None:
        """A part of JSON Lines."""
        with self.part(name) as stream:
            for one in facts:
                stream.write(canonical(one) + b"\n")

    def step(self, name: str) -> None:
        """Tell how far it is."""
        self.done += 1
        if self.told:
            self.told(min(self.done, self.total), self.total, name)


class Written:
    """A stream that is digested while it is written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.digest, self.size = stream, sha256(), 0

    def write(self, content: bytes) -> int:
        """As a file's."""
        self.digest.update(content)
        self.size += len(content)
        return self.stream.write(content)


def export(organisation: Organisation, path: Path, by: Actor, told: Told | None = None) -> dict[str, Any]:
    """Write the company to `path`, which must not exist; what it is, in figures. Raises Unfit.

    The history notes who took it; then the head is signed, so that the signature covers that note too.
    """
    if path.exists():
        raise Unfit(f"{path} exists: an export replaces nothing, choose another name.")
    if not path.absolute().parent.is_dir():
        raise Unfit(f"The folder {path.parent} does not exist: make it first.")
    with writing(organisation.uid, by.stamp()) as pen:
        pen.note("export", subject=organisation.uid, table="organisation")
    half = path.with_name(f"{path.name}.part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            manifest = _written(organisation, stream, told)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, path)
        sync(path.absolute().parent)
    finally:
        half.unlink(missing_ok=True)
    return facts_of(manifest) | {"file": str(path), "bytes": path.stat().st_size}


def facts_of(manifest: Manifest) -> dict[str, Any]:
    """What an export is, in figures."""
    return {
        "organisation": manifest.organisation["slug"],
        "events": manifest.log["size"],
        "epoch": manifest.log["epoch"],
        "head": manifest.log["root"],
        "state_digest": manifest.state_digest,
        "files": sum(name.startswith("files/") for name in manifest.members),
    }


def _written(organisation: Organisation, stream: IO[bytes], told: Told | None) -> Manifest:
    now = datetime.now(UTC)
    with ZipFile(stream, "w", compresslevel=6) as archive:
        parts = Parts(archive, {}, told, now.timetuple()[:6])
        for _ in range(TRIES):
            sign_heads(now=True, home=organisation.uid)
            with _one_reading():
                log = Log.objects.get(pk=organisation.uid)
                if _signed(log):
                    manifest, kept = _database(parts, log, now)
                    break
        else:
            raise Unfit("People write faster than the history can be signed: try again in a quiet minute.")
        for name in kept:
            _file(parts, organisation.uid, name)
        content = manifest.spelled()
        seal = form.seal_text(log.origin, sha256(content).hexdigest())
        archive.writestr(ZipInfo(form.MANIFEST, parts.now), content, ZIP_DEFLATED)
        archive.writestr(ZipInfo(form.SEAL, parts.now), ensure_key().sign(seal, log.origin))
    return manifest


@contextmanager
def _one_reading() -> Iterator[None]:
    """All that is read in the block is of one moment, however long it lasts and whoever writes meanwhile."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:  # not atomic(): that would keep everybody else from writing
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def _signed(log: Log) -> bool:
    last = log.checkpoints.order_by("id").last()
    return last is not None and last.size == log.size


def _database(parts: Parts, log: Log, now: datetime) -> tuple[Manifest, list[str]]:
    """Everything the database holds of the company, and the digests of the files it speaks of."""
    organisation = Organisation.objects.get(pk=log.home)
    kept = rows.kept_files(log.home)
    parts.total = len(shapes()) * 2 + len(registers()) + len(carried.carried()) + len(kept) + 7
    parts.lines(form.EVENTS, rows.events(log.home))
    parts.lines(form.OPENINGS, rows.openings(log.home))
    parts.lines(form.HEADS, rows.heads(log))
    digest = _evidence(parts, log.home)
    parts.lines(form.ACCOUNTS, rows.accounts(log.home))
    for label, model in carried.carried().items():
        parts.lines(f"kept/{label}.jsonl", carried.told(model, log.home))
    for register in registers():
        with parts.part(f"registers/{register.slug}.csv") as stream:
            tables.write(register, organisation, stream)
    last = log.checkpoints.order_by("id").last()
    keys = list(dict.fromkeys([*(one.text for one in trusted(log, 0)), verifier_text(log)]))
    _text(parts, form.HEAD, last.note if last else "")
    _text(parts, form.KEYS, "".join(f"{key}\n" for key in keys))
    _text(parts, form.README, readme.text(organisation, log, digest))
    manifest = Manifest(
        form=form.FORM,
        number=form.NUMBER,
        program=version("plumbline"),
        made_at=now.isoformat(timespec="seconds"),
        organisation={"uid": str(log.home), "slug": organisation.slug, "name": organisation.name},
        log={"origin": log.origin, "epoch": log.epoch, "size": log.size, "root": _root(log)},
        state_digest=digest,
        keys=keys,
        schemas={shape.code: shape.version for shape in shapes()},
        members=parts.members,
    )
    return manifest, kept


def _evidence(parts: Parts, home: UUID) -> str:
    """One part per table of evidence, with the schemas; the digest over all rows, as `plumb verify` tells it."""
    digest = sha256()
    for shape in shapes():
        with parts.part(f"evidence/{shape.code}.jsonl") as stream:
            for uid, event, content in rows.evidence(shape, home):
                digest.update(f"{shape.code} {uid} {sha256(content).hexdigest()}\n".encode())
                stream.write(b'{"event":"%s","row":%s}\n' % (str(event).encode(), content))
        for number in range(1, shape.version + 1):
            _text(
                parts,
                f"schemas/{shape.schema.partition('@')[0]}@{number}.json",
                path_of(shape.model, number).read_text(),
            )
    return digest.hexdigest()


def _root(log: Log) -> str:
    return Frontier.from_bytes(log.frontier).root().hex()


def _text(parts: Parts, name: str, text: str) -> None:
    with parts.part(name) as stream:
        stream.write(text.encode())


def _file(parts: Parts, home: UUID, name: str) -> None:
    """A file's content, compared with its digest while it is copied."""
    path = rows.place_of(home, name)
    try:
        source = path.open("rb")
    except FileNotFoundError:
        raise Unfit(
            f"The file {name} is not on the disk: it was disposed of this minute (then try again), or it is lost"
            " (`plumb verify --deep` says of which record)."
        ) from None
    with source, parts.part(f"files/{name[:2]}/{name}", stored=True) as stream:
        while chunk := source.read(form.CHUNK):
            stream.write(chunk)
    if parts.members[f"files/{name[:2]}/{name}"][1] != name:
        raise Unfit(f"The file {name} on the disk is damaged: `plumb verify --deep` says of which record it is.")
