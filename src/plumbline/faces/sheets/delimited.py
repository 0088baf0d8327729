"""CSV: its encoding and what stands between two cells, recognised; its rows."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from plumbline.reading.packages import Enough
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source

ENCODINGS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "cp1252": "Windows-1252 (Latin-1)",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "cp1254": "Windows-1254",
    "cp850": "DOS (850)", "mac_roman": "Mac OS Roman", "shift_jis": "Shift JIS", "gb18030": "GB 18030",
}  # fmt: skip
DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}
CHUNK = 1 << 20
LONGEST = 1_000_000  # letters of one cell
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NO_TEXT = ("%PDF", "{\\rtf", "<html", "<!doc", "<?xml")


class NoTable(Exception):
    """What is in the file is no text."""


def recognised(source: Source, name: str) -> dict[str, Any]:
    """Encoding and delimiter; raises Refused for an empty file, NoTable for what is no text."""
    if not source.size:
        raise Refused("empty_file")
    encoding = _encoding(source)
    sample = _decoded(source, encoding, 60_000)
    strange = sum(ord(letter) < 9 or 13 < ord(letter) < 32 for letter in sample)
    if strange > max(2, len(sample) // 200) or sample.lstrip().casefold().startswith(
        tuple(map(str.casefold, _NO_TEXT))
    ):
        raise NoTable
    delimiter = "\t" if PurePath(name).suffix.casefold() == ".tsv" else _delimiter(sample)
    return {"kind": "csv", "encoding": encoding, "delimiter": delimiter}


def _encoding(source: Source) -> str:
    for mark, encoding in _MARKS:
        if source.head.startswith(mark):
            return encoding
    for encoding, zeros in (("utf-16-le", source.head[1::2]), ("utf-16-be", source.head[0::2])):
        if zeros and zeros.count(0) > len(zeros) * 0.6:
            return encoding
    source.file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := source.file.read(CHUNK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(source: Source, encoding: str, most: int) -> str:
    source.file.seek(0)
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(source.file.read(most))


def _delimiter(sample: str) -> str:
    """The sign that cuts the first rows into the most cells, as many in each."""
    if sample.lstrip("\ufeff")[:4].casefold() == "sep=":
        return sample.lstrip("\ufeff")[4:5]
    best, most = ",", 0.0
    for sign in DELIMITERS:
        widths = [len(row) for row in _read(io.StringIO(sample), sign, 30) if row]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        alike = widths.count(usual) / len(widths)
        if (score := alike * min(usual, 50) + alike * 10) > most and usual > 1:
            best, most = sign, score
    return best


def _read(text: Any, delimiter: str, most: int) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST)
    try:
        for count, row in enumerate(csv.reader(text, delimiter=delimiter)):
            if count >= most:
                return
            yield row
    except csv.Error:
        return


def each(source: Source, reading: dict[str, Any], row: Callable[[int, list[str]], None]) -> None:
    """Every row with the number of its line's row; raises Refused for what is damaged."""
    source.file.seek(0)
    text = io.TextIOWrapper(source.file, encoding=reading["encoding"], errors="replace", newline="")
    csv.field_size_limit(LONGEST)
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=reading["delimiter"]), 1):
            cells = [cell.lstrip("\ufeff") for cell in cells] if number == 1 else cells
            if number == 1 and len(cells) <= 2 and cells and cells[0].casefold().startswith("sep="):
                continue
            row(number, cells)
    except csv.Error as error:
        raise Refused("damaged", kind="CSV") from error
    except Enough:
        raise
    finally:
        text.detach()
