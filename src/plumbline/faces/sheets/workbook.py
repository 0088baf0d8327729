"""XLSX: the cells of one sheet in their columns, as a stream of events; nothing is calculated, nothing is fetched."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from plumbline.reading import limits
from plumbline.reading.packages import Flat, Package, Target, attribute
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source
from plumbline.reading.workbook import Formats, Strings

CHARACTERS = 40_000_000  # of all texts together
LONGEST = 32_767  # letters a cell can hold
_COLUMN = re.compile(r"[A-Z]{1,3}")


class Number(str):
    """What a cell says is a number: with a point, whatever the language."""


class Formula(str):
    """A formula of which the file does not tell the result."""


class Large(Target):
    """A part of a table: it has more elements than a document, and its rows are worked on while it is read."""

    ELEMENTS, SECONDS, BYTES = 8_000_000, 600.0, 4 * limits.PART_BYTES  # an export of 50,000 rows has 60 MB and more


class Texts(Large, Strings):
    """The texts that cells point to, whole."""

    def take(self, text: str) -> None:
        self.values.append(text[:LONGEST])
        self.characters += len(self.values[-1])
        if self.characters > CHARACTERS:
            raise Refused("too_complex")


class Cells(Large):
    """The rows of one sheet, each given away as it ends."""

    def __init__(
        self, strings: list[str], dated: set[int], from_1904: bool, row: Callable[[int, list[str]], None]
    ) -> None:
        super().__init__()
        self.strings, self.dated, self.row = strings, dated, row
        self.origin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        self.line, self.cells = 0, {}  # type: int, dict[int, str]
        self.column, self.kind, self.style, self.inside, self.calculated = 0, "", "", False, False
        self.text: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            place = _COLUMN.match(attributes.get("r", ""))
            self.column = _counted(place[0]) if place else self.column + 1
            self.kind, self.style, self.text = attributes.get("t", ""), attributes.get("s", ""), []
            self.calculated = False
        elif tag == "row":
            told = attributes.get("r", "")
            self.line = int(told) if told.isdecimal() and len(told) < 8 else self.line + 1
            self.cells, self.column = {}, 0
        elif tag == "f":
            self.calculated = True
        self.inside = tag in ("v", "t")

    def words(self, text: str) -> None:
        if self.inside:
            self.text.append(text)

    def closed(self, tag: str) -> None:
        self.inside = False
        if tag == "c" and self.column <= 16_384:
            shown = self._shown("".join(self.text))
            if shown or self.calculated:
                self.cells[self.column] = shown or Formula("")
        elif tag == "row":
            last = max(self.cells, default=0)
            if last > 1_000:
                raise Refused("too_complex")
            self.row(self.line, [self.cells.get(place, "") for place in range(1, last + 1)])

    def _shown(self, value: str) -> str:
        if self.kind == "s":
            if not value.isdecimal() or int(value) >= len(self.strings):
                raise Refused("damaged", kind="Excel")
            return self.strings[int(value)]
        if self.kind == "b":
            return {"1": "true", "0": "false"}.get(value, "")
        if self.kind in ("", "n") and value:
            dated = self.style.isdecimal() and int(self.style) in self.dated
            return _moment(value, self.origin) if dated else _number(value)
        return "" if self.kind == "e" else value[:LONGEST]


def _counted(letters: str) -> int:
    """Column AB is the 28th."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def _number(value: str) -> str:
    try:
        read = float(value)
    except ValueError:
        return value
    return Number(f"{read:.0f}" if read.is_integer() and abs(read) < 10**15 else repr(read))


def _moment(value: str, origin: datetime) -> str:
    try:
        moment = origin + timedelta(days=float(value))
    except (ValueError, OverflowError):
        return value
    return moment.strftime("%Y-%m-%d") if float(value) >= 1 else moment.strftime("%H:%M")


def _sheets(package: Package) -> tuple[list[tuple[str, str]], bool]:
    """(name, part) of every sheet, and whether days are counted from 1904."""
    book = package.parse("xl/workbook.xml", Flat()).attributes
    from_1904 = any(tag == "workbookPr" and attribute(has, "date1904") in ("1", "true") for tag, has in book)
    links = package.parse("xl/_rels/workbook.xml.rels", Flat()).attributes
    parts = {attribute(has, "Id"): attribute(has, "Target") for tag, has in links if tag == "Relationship"}
    found = []
    for tag, has in book:
        part = parts.get(next((has[key] for key in has if key.endswith("}id")), ""), "") if tag == "sheet" else ""
        if part and attribute(has, "state") in ("", "visible"):
            found.append((attribute(has, "name"), part[1:] if part.startswith("/") else f"xl/{part}"))
    return found, from_1904


def recognised(source: Source) -> dict[str, Any]:
    """The names of its sheets; the first is read unless somebody says another."""
    sheets, _from_1904 = _sheets(Package(source, "Excel"))
    if not sheets:
        raise Refused("damaged", kind="Excel")
    return {"sheets": [name for name, _part in sheets], "sheet": sheets[0][0]}


def each(source: Source, reading: dict[str, Any], row: Callable[[int, list[str]], None]) -> None:
    """Every row of the sheet; raises Refused."""
    package = Package(source, "Excel")
    sheets, from_1904 = _sheets(package)
    part = dict(sheets).get(reading["sheet"])
    if part is None or part not in package:
        raise Refused("damaged", kind="Excel")
    strings = package.parse("xl/sharedStrings.xml", Texts()).values
    dated = package.parse("xl/styles.xml", Formats()).dated
    package.parse(part, Cells(strings, dated, from_1904, row))
