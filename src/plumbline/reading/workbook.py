"""Excel's .xlsx: the cells of each sheet as they would be shown, dates included, and the printed headers."""

import re
from datetime import datetime, timedelta

from plumbline.reading import limits
from plumbline.reading.packages import Enough, Flat, Package, Target, attribute, properties
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.sources import Source
from plumbline.reading.word import remark_on_package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DATE_FORMATS = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
_PRINT_CODES = re.compile(r"&(?:[LCRPNDTFAGBIUESXYZ]|\"[^\"]*\"|K[0-9A-F]{6}|\d+)")


class Strings(Target):
    """The shared strings, within the limit on characters."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[str] = []
        self._text: list[str] = []
        self._inside = False
        self._phonetic = False
        self.characters = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self._text = []
        self._inside = tag == "t" and not self._phonetic
        self._phonetic = self._phonetic or tag == "rPh"

    def words(self, text: str) -> None:
        if self._inside:
            self._text.append(text)

    def closed(self, tag: str) -> None:
        self._inside = False
        if tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.take("".join(self._text))

    def take(self, text: str) -> None:
        """One string, as it stands in the file."""
        value = tidy(text[:5000])
        self.characters += len(value)
        self.values.append(value)
        if self.characters > 4 * limits.CHARACTERS:
            raise Enough


class Sheet(Target):
    """The rows of one sheet."""

    def __init__(self, draft: Draft, strings: list[str], dated: set[int], *, from_1904: bool) -> None:
        super().__init__()
        self.draft, self.strings, self.dated = draft, strings, dated
        self.origin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        self.rows: list[list[str]] = []
        self.row: list[str] = []
        self.kind = self.style = ""
        self.text: list[str] = []
        self.inside = ""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.kind, self.style, self.text = attributes.get("t", ""), attributes.get("s", ""), []
        elif tag == "row":
            self.row = []
        self.inside = tag if tag in ("v", "t", "oddHeader", "oddFooter") else ""
        if tag in ("oddHeader", "oddFooter"):
            self.text = []

    def words(self, text: str) -> None:
        if self.inside:
            self.text.append(text)

    def closed(self, tag: str) -> None:
        self.inside = ""
        if tag == "c":
            if len(self.row) < limits.TABLE_COLUMNS:
                self.row.append(self._shown("".join(self.text)))
            else:
                self.draft.remark("cut_table", rows=limits.TABLE_ROWS, columns=limits.TABLE_COLUMNS)
        elif tag == "row" and any(self.row):
            self._keep(self.row)
        elif tag in ("oddHeader", "oddFooter"):
            for piece in re.split(r"&[LCR]", "".join(self.text)):
                self.draft.margin(_PRINT_CODES.sub(" ", piece))

    def _keep(self, row: list[str]) -> None:
        if len(self.rows) < limits.TABLE_ROWS and not self.draft.full:
            self.rows.append(row)
            self.draft.row(row)
        else:
            self.draft.remark("cut_table", rows=limits.TABLE_ROWS, columns=limits.TABLE_COLUMNS)
            raise Enough

    def _shown(self, value: str) -> str:
        if self.kind == "s":
            return self.strings[int(value)] if value.isdecimal() and int(value) < len(self.strings) else ""
        if self.kind == "b":
            return "yes" if value == "1" else "no"
        if self.kind in ("", "n") and self.style.isdecimal() and int(self.style) in self.dated:
            return _date(value, self.origin)
        return "" if self.kind == "e" else tidy(value)


def _date(value: str, origin: datetime) -> str:
    try:
        moment = origin + timedelta(days=float(value))
    except (ValueError, OverflowError):
        return value
    return moment.strftime("%Y-%m-%d") if float(value) >= 1 else moment.strftime("%H:%M")


class Formats(Target):
    """Which cell styles show dates."""

    def __init__(self) -> None:
        super().__init__()
        self.custom: set[int] = set()
        self.dated: set[int] = set()
        self._count = -1
        self._inside = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            code = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.", "", attributes.get("formatCode", "")).lower()
            if re.search(r"[yj]{2}|d{1,4}[./-]|t{1,4}[./-]", code):
                self.custom.add(int(attributes["numFmtId"]))
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            self._count += 1
            number = attributes.get("numFmtId", "0")
            if number.isdecimal() and (int(number) in _DATE_FORMATS or int(number) in self.custom):
                self.dated.add(self._count)

    def closed(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False


def read_workbook(source: Source) -> Reading:
    """The reading of an .xlsx; raises Refused."""
    package = Package(source, "Excel")
    draft = Draft(MEDIA_TYPE)
    strings = package.parse("xl/sharedStrings.xml", Strings()).values
    dated = package.parse("xl/styles.xml", Formats()).dated
    book = package.parse("xl/workbook.xml", Flat()).attributes
    from_1904 = any(tag == "workbookPr" and attribute(has, "date1904") in ("1", "true") for tag, has in book)
    links = package.parse("xl/_rels/workbook.xml.rels", Flat()).attributes
    parts = {attribute(has, "Id"): attribute(has, "Target") for tag, has in links if tag == "Relationship"}
    for tag, has in book:
        part = parts.get(next((has[key] for key in has if key.endswith("}id")), ""), "") if tag == "sheet" else ""
        if part and not draft.full:
            draft.paragraph(attribute(has, "name"), heading=True)
            sheet = Sheet(draft, strings, dated, from_1904=from_1904)
            package.parse(part[1:] if part.startswith("/") else "xl/" + part, sheet)
            draft.table(sheet.rows)
    draft.reading.properties = properties(package, "docProps/core.xml", "docProps/custom.xml")
    remark_on_package(package, draft, "xl/")
    return draft.finish()
