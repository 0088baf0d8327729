"""A file's bytes, copied once within the limit, with their digest."""

import codecs
import hashlib
import io
import re
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from plumbline.reading import limits
from plumbline.reading.refusals import Refused

Origin = bytes | bytearray | memoryview | Path | str | BinaryIO
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Source:
    """A seekable copy of a file; use it as a context manager."""

    def __init__(self, origin: Origin) -> None:
        self.file: BinaryIO = cast(BinaryIO, SpooledTemporaryFile(max_size=16 * limits.MEGABYTE))  # noqa: SIM115
        self.size = 0
        digest = hashlib.sha256()
        stream, own = _opened(origin)
        try:
            while block := stream.read(limits.MEGABYTE):
                self.size += len(block)
                if self.size > limits.FILE_BYTES:
                    raise Refused("too_large", limit=limits.FILE_BYTES // limits.MEGABYTE)
                digest.update(block)
                self.file.write(block)
        except BaseException:
            self.file.close()
            raise
        finally:
            if own:
                stream.close()
        self.sha256 = digest.hexdigest()
        self.head = self.first(4096)

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def first(self, count: int) -> bytes:
        """The first `count` bytes."""
        self.file.seek(0)
        return self.file.read(count)

    def last(self, count: int) -> bytes:
        """The last `count` bytes."""
        self.file.seek(max(0, self.size - count))
        return self.file.read(count)

    def holds(self, needle: bytes) -> bool:
        """Whether the bytes occur anywhere."""
        self.file.seek(0)
        kept = b""
        while block := self.file.read(limits.MEGABYTE):
            if needle in kept + block:
                return True
            kept = block[-len(needle) :]
        return False


def _opened(origin: Origin) -> tuple[BinaryIO, bool]:
    if isinstance(origin, bytes | bytearray | memoryview):
        return io.BytesIO(origin), True
    if isinstance(origin, str | Path):
        path = Path(origin)
        if not path.is_file():
            raise Refused("not_a_file")
        try:
            return path.open("rb"), True
        except OSError as error:
            raise Refused("not_a_file") from error
    return origin, False


def decode(content: bytes, *, declared: bool = False) -> tuple[str, bool]:
    """The text of bytes of unknown encoding (UTF-8, UTF-16 by its mark, else Windows), and whether all of it was clean.

    With `declared`, a charset named in the first bytes (HTML) is tried before the fallback.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            text = content.decode(name, errors="replace")
            return text, "\ufffd" not in text
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content), True
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(content[:2048]) if declared else None
    for name in ([named[1].decode("ascii")] if named else []) + ["cp1252"]:
        try:
            return content.decode(name), True
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace"), False
