"""Office files are ZIP packages of XML parts: opened without trusting what they say of themselves."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from plumbline.composition import limits

RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Unreadable(Exception):
    """A file that is damaged, larger than it may be, or built to do harm."""


BROKEN = (
    *(zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, struct.error, KeyError),
    *(zlib.error, RecursionError, MemoryError, SyntaxError, LookupError, TypeError, AttributeError),
)
"""What reading a damaged file may raise; lxml's errors are SyntaxErrors."""


class Package:
    """An Office file's parts by name, within the limits."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self.archive = zipfile.ZipFile(stream)
        except BROKEN as error:
            raise Unreadable("not a package") from error
        entries = self.archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > limits.PACKAGE_ENTRIES or total > limits.PACKAGE_BYTES:
            raise Unreadable("too large")
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < end:  # entries that share bytes unpack to more than the file can hold
                raise Unreadable("overlapping entries")
            end = entry.header_offset + 30 + entry.compress_size
        self.entries = {entry.filename.lstrip("/"): entry for entry in entries}

    def names(self, prefix: str, suffix: str) -> list[str]:
        """The parts whose name begins and ends so, shorter names first (slide2 before slide10)."""
        found = [name for name in self.entries if name.startswith(prefix) and name.endswith(suffix)]
        return sorted(found, key=lambda name: (len(name), name))

    def open(self, name: str, limit: int = limits.PART_BYTES) -> BinaryIO:
        """A part as a stream that ends at its limit; raises Unreadable."""
        entry = self.entries.get(name)
        if entry is None or entry.flag_bits & 0x1:
            raise Unreadable(f"no {name}")
        packed_beyond_belief = entry.file_size > limits.RATIO * max(1, entry.compress_size)
        if entry.file_size > limit or (entry.file_size > limits.RATIO_FROM_BYTES and packed_beyond_belief):
            raise Unreadable(f"{name} is too large")
        return self.archive.open(entry)  # type: ignore[return-value]

    def read(self, name: str, limit: int = limits.PART_BYTES) -> bytes:
        """The bytes of a part; raises Unreadable."""
        try:
            with self.open(name, limit) as part:
                return part.read(limit)
        except BROKEN as error:
            raise Unreadable(name) from error

    def tree(self, name: str, mended: Callable[[bytes], bytes] = bytes) -> Any:
        """The root of an XML part without a document type, its bytes mended first; raises Unreadable."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(mended(self.read(name)), parser)
        except BROKEN as error:
            raise Unreadable(name) from error
        if root.getroottree().docinfo.doctype:
            raise Unreadable("a document type")
        return root

    def relations(self, part: str) -> Iterator[tuple[str, str, str, bool]]:
        """What a part points to: id, type, target (a part, or an address when outside), whether it is outside."""
        folder, file = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if name not in self.entries:
            return
        for relation in self.tree(name).iter(RELATIONSHIP):
            outside = relation.get("TargetMode") == "External"
            target = relation.get("Target", "")
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield relation.get("Id", ""), relation.get("Type", "").rsplit("/", 1)[-1], target, outside
