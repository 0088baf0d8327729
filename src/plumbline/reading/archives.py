"""Opening a ZIP container without trusting what it says of itself."""

import stat
import struct
import zipfile
from typing import BinaryIO

from plumbline.reading import limits
from plumbline.reading.refusals import Refused

BROKEN = (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, struct.error, KeyError)


def open_archive(file: BinaryIO, size: int, *, entries: int, kind: str) -> zipfile.ZipFile:
    """The archive, its table of contents within the limits and none of its entries overlapping; raises Refused."""
    try:
        _check_directory(file, size, entries, kind)
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Refused("damaged", kind=kind) from error
    if len(archive.infolist()) > entries:
        raise Refused("too_many_entries", limit=entries)
    _check_overlap(archive, size)
    return archive


def _check_directory(file: BinaryIO, size: int, entries: int, kind: str) -> None:
    """Refuse a table of contents too long to load, before it is loaded."""
    tail_start = max(0, size - 65_600)
    file.seek(tail_start)
    tail = file.read(65_600)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Refused("damaged", kind=kind)
    count, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if at >= 76 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        count, length = struct.unpack("<QQ", tail[at - 76 + 32 : at - 76 + 48])
    if count > entries:
        raise Refused("too_many_entries", limit=entries)
    if length > limits.DIRECTORY_BYTES:
        raise Refused("bomb", entry="table of contents")
    file.seek(0)


def _check_overlap(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse entries that share bytes: the way a small file unpacks to petabytes."""
    end = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
            raise Refused("bomb", entry=entry.filename[:80])
        end = entry.header_offset + 30 + entry.compress_size


def check_entry(entry: zipfile.ZipInfo, limit: int) -> None:
    """Refuse an entry that is a link, encrypted, too large or packed beyond what real content allows."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("symbolic_link")
    if entry.flag_bits & 0x1:
        raise Refused("encrypted")
    if entry.file_size > limits.RATIO_FROM_BYTES and entry.file_size > limits.RATIO * max(1, entry.compress_size):
        raise Refused("bomb", entry=entry.filename[:80])
    if entry.file_size > limit:
        raise Refused("too_large", limit=limit // limits.MEGABYTE)
