"""Office files are ZIP packages of XML parts: opened safely, parsed as a stream of events, no tree, no entities."""

import time
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from plumbline.reading import limits
from plumbline.reading.archives import BROKEN, check_entry, open_archive
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source


class Enough(Exception):
    """Raised by a target that has read all it wants."""


class Target:
    """Receives the events of one XML part; counts elements, depth and time. Names come without their namespace."""

    ELEMENTS, SECONDS, BYTES = limits.ELEMENTS, limits.SECONDS, limits.PART_BYTES

    def __init__(self) -> None:
        self.elements = 0
        self.depth = 0
        self.until = time.thread_time() + self.SECONDS

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > self.ELEMENTS or self.depth > limits.DEPTH:
            raise Refused("too_complex")
        if not self.elements % 2000 and time.thread_time() > self.until:
            raise Refused("too_slow")
        self.opened(_local(tag), attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.closed(_local(tag))

    def data(self, text: str) -> None:
        self.words(text)

    def doctype(self, *_: object) -> None:
        raise Refused("entities")

    def comment(self, text: str) -> None:
        """Comments are not content."""

    def pi(self, target: str, content: str | None = None) -> None:
        """Processing instructions are not content."""

    def close(self) -> None:
        """The part has ended."""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def closed(self, tag: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """Text between tags."""


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def attribute(attributes: dict[str, str], name: str) -> str:
    """An attribute's value by its local name, or an empty string."""
    for key, value in attributes.items():
        if key == name or key.endswith("}" + name):
            return value
    return ""


class Package:
    """An Office file's parts by name."""

    def __init__(self, source: Source, kind: str) -> None:
        self.kind = kind
        self.archive = open_archive(source.file, source.size, entries=limits.PACKAGE_ENTRIES, kind=kind)
        self.entries: dict[str, zipfile.ZipInfo] = {entry.filename: entry for entry in self.archive.infolist()}
        if sum(entry.file_size for entry in self.entries.values()) > limits.PACKAGE_BYTES:
            raise Refused("bomb", entry=kind)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def names(self, prefix: str, suffix: str = "") -> list[str]:
        """The parts whose name begins and ends so, shorter names first (slide2 before slide10)."""
        found = [name for name in self.entries if name.startswith(prefix) and name.endswith(suffix)]
        return sorted(found, key=lambda name: (len(name), name))

    def read(self, name: str, limit: int) -> bytes:
        """The first bytes of a part; empty when it is missing."""
        return b"".join(self._blocks(name, limit)) if name in self.entries else b""

    def _blocks(self, name: str, limit: int, most: int = limits.PART_BYTES) -> Iterator[bytes]:
        entry = self.entries[name]
        check_entry(entry, most)
        left = min(limit, entry.file_size)
        try:
            with self.archive.open(entry) as part:
                while left > 0 and (block := part.read(min(left, 65_536))):
                    left -= len(block)
                    yield block
        except BROKEN as error:
            raise Refused("damaged", kind=self.kind) from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "_lzma", "_bz2", "lzma"):
                raise Refused("damaged", kind=self.kind) from error
            raise

    def parse(self, name: str, target: Any) -> Any:
        """Send a part's events to the target and return it; a missing part sends none. Raises Refused."""
        if name not in self.entries:
            return target
        parser = etree.XMLParser(
            target=target,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            dtd_validation=False,
        )
        try:
            for block in self._blocks(name, target.BYTES, target.BYTES):
                parser.feed(block)
            parser.close()
        except Enough:
            return target
        except etree.XMLSyntaxError as error:
            code = "too_complex" if "xcessive depth" in str(error) else "damaged"
            raise Refused(code, kind=self.kind) from error
        return target


class Flat(Target):
    """The text of each element by its local name: for small parts such as properties."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self._custom = ""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        self._text = []
        if len(self.attributes) < 20_000:
            self.attributes.append((tag, dict(attributes)))
        if tag in ("property", "user-defined"):
            self._custom = attribute(attributes, "name")

    def words(self, text: str) -> None:
        self._text.append(text)

    def closed(self, tag: str) -> None:
        text = "".join(self._text).strip()[:500]
        if text:
            self.values.setdefault(f"custom.{self._custom[:80]}" if self._custom else tag, text)
        if tag in ("property", "user-defined"):
            self._custom = ""
        self._text = []


PROPERTY_NAMES = {
    "title": "title",
    "creator": "author",
    "initial-creator": "author",
    "created": "created",
    "creation-date": "created",
    "modified": "modified",
    "date": "modified",
    "revision": "revision",
    "version": "version",
    "language": "language",
    "subject": "subject",
    "category": "category",
    "Company": "company",
}


def properties(package: Package, *parts: str) -> dict[str, str]:
    """Title, author, created, modified, revision, language and custom properties out of the named parts."""
    found: dict[str, str] = {}
    for part in parts:
        for name, value in package.parse(part, Flat()).values.items():
            if name in PROPERTY_NAMES:
                found.setdefault(PROPERTY_NAMES[name], value)
            elif name.startswith("custom.") and len(found) < 60:
                found[name] = value
    return found
