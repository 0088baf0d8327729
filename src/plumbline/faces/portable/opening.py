"""A ZIP somebody brings: nothing is believed before every part is what the manifest says; each that is not is named."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as BadDeflate  # noqa: N812 an error is named like one

from plumbline.history import notes
from plumbline.ledger.schemas import path_of
from plumbline.ledger.shapes import shapes

from . import form
from .exporting import Told
from .form import CHUNK, LINE, SHOWN, Manifest, Unfit

RATIO, ALLOWED = 100, 100 << 20  # how many times its size, and how many bytes on top, a ZIP may unpack to
MANIFEST_SIZE = 512 << 20
DAMAGE = (BadZipFile, BadDeflate, EOFError, OSError, NotImplementedError, RuntimeError)
NO_MANIFEST = (
    "This is no company exported from Plumbline, or it is cut short: it has no manifest.json. Get it once more."
)


@dataclass
class Opened:
    """A ZIP whose parts are what its manifest says."""

    archive: ZipFile
    manifest: Manifest
    home: UUID

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The JSON objects of a part; none where there is no such part."""
        if name not in self.manifest.members:
            return
        with self.archive.open(name) as stream:
            while line := stream.readline(LINE + 1):
                if len(line) > LINE:
                    raise Unfit(f"{name} has a line of more than {LINE >> 20} MB: this is no export of Plumbline.")
                yield _parsed(name, line)

    def files(self) -> list[str]:
        """The digests of the files in it."""
        return [name.rpartition("/")[2] for name in self.manifest.members if name.startswith("files/")]


@contextmanager
def opened(path: Path, room: Path, told: Told | None = None) -> Iterator[Opened]:
    """Open and check every part (form, names, sizes, digests, schemas, signature); `room`: where it must fit.

    Raises Unfit, which names what is missing, what is too much and what is damaged.
    """
    try:
        with ZipFile(path) as archive:
            names = _names(archive, path, room)
            manifest = Manifest.read(_manifest(archive, names))
            _compare(archive, names, manifest, told)
            _signed(archive, names, manifest)
            _known(manifest)
            yield Opened(archive, manifest, _home(manifest))
    except DAMAGE as error:
        if isinstance(error, OSError) and not isinstance(error, BadZipFile) and error.filename:
            raise
        raise Unfit(
            f"{path} cannot be read as a ZIP: it is cut short or damaged ({error}). Get it once more."
        ) from error


def _parsed(name: str, line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unfit(f"{name} has a line that is no JSON: {error}.") from error
    if not isinstance(told, dict):
        raise Unfit(f"{name} has a line that is no JSON object.")
    return told


def _home(manifest: Manifest) -> UUID:
    try:
        return UUID(manifest.organisation["uid"])
    except ValueError as error:
        raise Unfit("This ZIP is no company exported from Plumbline: its organisation has no uid.") from error


def _names(archive: ZipFile, path: Path, room: Path) -> dict[str, ZipInfo]:
    """The parts by name; refuses a name that is none of ours, one that is there twice, and more than the disk holds."""
    names: dict[str, ZipInfo] = {}
    for entry in archive.infolist():
        if not form.MEMBER.fullmatch(entry.filename) or entry.flag_bits & 1:
            if (
                form.MANIFEST not in archive.namelist()
            ):  # of a ZIP that is cut short, one inside it may be read in its place
                raise Unfit(NO_MANIFEST)
            raise Unfit(
                f"The ZIP has a part {entry.filename[:80]!r} that no export of Plumbline has: nothing is loaded."
            )
        if entry.filename in names:
            raise Unfit(f"The ZIP has {entry.filename} twice: nothing is loaded.")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Unfit(f"{entry.filename} is packed in a way that no export of Plumbline uses: nothing is loaded.")
        names[entry.filename] = entry
    size, whole = path.stat().st_size, sum(entry.file_size for entry in names.values())
    if whole > RATIO * size + ALLOWED:
        raise Unfit(
            f"The ZIP would unpack to {whole:,} bytes, {whole // max(size, 1)} times its size: nothing is loaded."
        )
    if whole > shutil.disk_usage(room).free:
        raise Unfit(f"The ZIP unpacks to {whole:,} bytes, and {room} has not that much room.")
    return names


def _manifest(archive: ZipFile, names: dict[str, ZipInfo]) -> bytes:
    entry = names.get(form.MANIFEST)
    if entry is None:
        raise Unfit(NO_MANIFEST)
    if entry.file_size > MANIFEST_SIZE:
        raise Unfit("This ZIP is no company exported from Plumbline: its manifest is too large.")
    return archive.read(entry)


def _compare(archive: ZipFile, names: dict[str, ZipInfo], manifest: Manifest, told: Told | None) -> None:
    wrong = [f"{name} is missing" for name in manifest.members if name not in names]
    beside = {form.MANIFEST, form.SEAL}
    wrong += [f"{name} is in no manifest" for name in names if name not in manifest.members and name not in beside]
    for done, (name, claim) in enumerate(manifest.members.items()):
        if name in names and (what := _differs(archive, names[name], name, claim)):
            wrong.append(f"{name} {what}")
        if told:
            told(done + 1, len(manifest.members), name)
    if wrong:
        raise Unfit(f"The ZIP is not what its manifest says, nothing is loaded: {form.some(wrong)}.")


def _differs(archive: ZipFile, entry: ZipInfo, name: str, claim: list) -> str:
    digest, size = sha256(), 0
    try:
        with archive.open(entry) as stream:
            for chunk in _chunks(stream):
                digest.update(chunk)
                size += len(chunk)
    except DAMAGE as error:
        return f"is damaged ({error})"
    if [size, digest.hexdigest()] != claim:
        return "is damaged (its SHA-256 differs)"
    if name.startswith("files/") and (name[6:8], name[9:]) != (claim[1][:2], claim[1]):
        return "is not the content its name says"
    return ""


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(CHUNK), b"")


def _signed(archive: ZipFile, names: dict[str, ZipInfo], manifest: Manifest) -> None:
    """The manifest is signed by one of the keys it names: who has none of them cannot have made it."""
    if form.SEAL not in names or names[form.SEAL].file_size > CHUNK:
        raise Unfit(f"The ZIP has no {form.SEAL}: who made it is not proven, nothing is loaded.")
    try:
        keys = [notes.Verifier.from_text(key) for key in manifest.keys]
        said = notes.open_note(archive.read(form.SEAL).decode(), keys)
    except (notes.BadNote, UnicodeDecodeError) as error:
        raise Unfit(f"The signature of the manifest does not hold, nothing is loaded: {error}.") from error
    digest = sha256(archive.read(form.MANIFEST)).hexdigest()
    if said != form.seal_text(manifest.log["origin"], digest):
        raise Unfit("The signature of the manifest is for another manifest: nothing is loaded.")


def _known(manifest: Manifest) -> None:
    """Every table and form of it is one this program knows."""
    here = {shape.code: shape for shape in shapes()}
    newer = []
    for code, number in manifest.schemas.items():
        if code not in here or not path_of(here[code].model, number).exists():
            newer.append(f"{code}@{number}")
    newer += [name for name in manifest.members if name.startswith("evidence/") and name[9:-6] not in manifest.schemas]
    if newer:
        raise Unfit(
            f"This file was made by a newer Plumbline ({manifest.program}), or one with other registers: this program"
            f" does not know {', '.join(sorted(newer)[:SHOWN])}. Update this installation first."
        )
