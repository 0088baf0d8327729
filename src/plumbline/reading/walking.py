"""The files of a folder, of an archive, or one file: each by its relative name, in the same order every time."""

import io
import os
import stat
import unicodedata
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from plumbline.reading import limits
from plumbline.reading.archives import BROKEN, check_entry, open_archive
from plumbline.reading.refusals import Refused

SKIPPED_NAMES = {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"}


@dataclass(frozen=True)
class Found:
    """A file that was found: `open` gives its bytes, unless `refused` says why it is not opened."""

    name: str
    open: Callable[[], BinaryIO]
    size: int = 0
    refused: Refused | None = None


def walk(path: Path) -> Iterator[Found]:
    """The files under a folder, in a ZIP, or the one file; hidden and temporary ones are left out.

    Archives in a folder are opened, archives in archives are refused. Raises FileNotFoundError for a missing path.
    """
    path = Path(path)
    if path.is_dir():
        yield from _folder(path)
    elif path.exists():
        yield from _file(path, path.name, archive_prefix="")
    else:
        raise FileNotFoundError(path)


def is_hidden(name: str) -> bool:
    """Whether any part of a relative name is hidden or temporary (`~$`, a dot in front, system folders)."""
    parts = name.split("/")
    return any(part.startswith((".", "~$")) or part.casefold() in SKIPPED_NAMES for part in parts) or (
        parts[-1].casefold().endswith((".tmp", ".lnk"))
    )


def _folder(root: Path) -> Iterator[Found]:
    count = 0
    for here, folders, files in os.walk(root, followlinks=False):
        folders.sort(key=_order)
        relative = Path(here).relative_to(root)
        for linked in [folder for folder in folders if (Path(here) / folder).is_symlink()]:
            folders.remove(linked)
            yield _refused((relative / linked).as_posix(), Refused("symbolic_link"))
        folders[:] = [folder for folder in folders if not is_hidden(folder)]
        for file in sorted(files, key=_order):
            name = (relative / file).as_posix()
            if is_hidden(file):
                continue
            count += 1
            if count > limits.FOLDER_FILES:
                yield _refused(name, Refused("too_many_entries", limit=limits.FOLDER_FILES))
                return
            yield from _file(Path(here) / file, name, archive_prefix=name + "/")


def _order(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _refused(name: str, reason: Refused, size: int = 0) -> Found:
    return Found(_shown(name), io.BytesIO, size, reason)


def _shown(name: str) -> str:
    """A name that can be stored and printed: NFC, and bytes that are no text replaced."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))


def _file(path: Path, name: str, *, archive_prefix: str) -> Iterator[Found]:
    try:
        state = path.stat() if not archive_prefix else path.lstat()
        if stat.S_ISLNK(state.st_mode):
            raise Refused("symbolic_link")
        if not stat.S_ISREG(state.st_mode):
            raise Refused("not_a_file")
        with path.open("rb") as file:
            head = file.read(4)
    except OSError:
        yield _refused(name, Refused("not_a_file"))
    except Refused as reason:
        yield _refused(name, reason)
    else:
        if path.suffix.casefold() == ".zip" and head[:2] == b"PK":
            yield from _archive(path, name, archive_prefix)
        elif state.st_size > limits.FILE_BYTES:
            too_large = Refused("too_large", limit=limits.FILE_BYTES // limits.MEGABYTE)
            yield _refused(name, too_large, state.st_size)
        else:
            yield Found(_shown(name), lambda: cast(BinaryIO, path.open("rb")), state.st_size)


def _archive(path: Path, name: str, prefix: str) -> Iterator[Found]:
    """The entries of a ZIP; it stays open as long as one of them may still be read."""
    file = cast(BinaryIO, path.open("rb"))
    try:
        archive = open_archive(file, path.stat().st_size, entries=limits.ARCHIVE_ENTRIES, kind="ZIP")
        if sum(entry.file_size for entry in archive.infolist()) > limits.ARCHIVE_BYTES:
            raise Refused("bomb", entry=path.name)
    except Refused as reason:
        file.close()
        yield _refused(name, reason, path.stat().st_size)
        return
    weakref.finalize(archive, file.close)
    seen: set[str] = set()
    for entry in sorted(archive.infolist(), key=lambda entry: _order(entry.filename)):
        inner = _readable(entry).replace("\\", "/")
        if not entry.is_dir() and not is_hidden(inner.replace("../", "").replace("./", "")):
            yield _entry(archive, entry, inner, prefix, seen)


def _readable(entry: zipfile.ZipInfo) -> str:
    """An entry's name: many programs write UTF-8 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, inner: str, prefix: str, seen: set[str]) -> Found:
    name = prefix + inner
    try:
        parts = inner.split("/")
        if inner.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in inner:
            raise Refused("outside_path", entry=inner[:80])
        check_entry(entry, limits.FILE_BYTES)
        if inner.casefold().endswith((".zip", ".7z", ".rar", ".tar", ".gz")):
            raise Refused("nested_archive")
        if inner in seen:
            raise Refused("repeated_name", entry=inner[:80])
    except Refused as reason:
        return _refused(name, reason, entry.file_size)
    seen.add(inner)
    return Found(_shown(name), lambda: cast(BinaryIO, _Entry(archive, entry)), entry.file_size)


class _Entry(io.RawIOBase):
    """An archive's entry as a stream that turns every fault of the container into Refused."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        try:
            self._file = archive.open(entry)
        except BROKEN as error:
            raise Refused("damaged", kind="ZIP") from error

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(limits.FILE_BYTES + 1 if size is None or size < 0 else size)
        except Exception as error:
            # zlib, lzma, bz2 and zipfile each raise their own kinds here
            raise Refused("damaged", kind="ZIP") from error

    def close(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
        super().close()
