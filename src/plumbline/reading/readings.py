"""What a file says: the one form every reader fills."""

import re
import unicodedata
from dataclasses import dataclass, field

from plumbline.reading import limits
from plumbline.reading.refusals import Remark

_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def tidy(text: str) -> str:
    """One line of NFC text without control characters, soft hyphens or repeated blanks."""
    text = _CONTROLS.sub("", text.replace("\u00ad", ""))
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text)).strip()


@dataclass
class Reading:
    """Text, headings, tables and properties of one file, with remarks on what was left out."""

    text: str = ""
    headings: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    media_type: str = ""
    pages: int | None = None
    sha256: str = ""
    notes: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    """Lines of headers and footers: number and revision often stand there."""
    controls: int = 0
    """Form fields and check boxes."""
    size: int = 0

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the text, none empty."""
        return [line for line in self.text.split("\n") if line]


class Draft:
    """A Reading while it is filled: keeps the limits on characters, cells and rows."""

    def __init__(self, media_type: str) -> None:
        self.reading = Reading(media_type=media_type)
        self.lines: list[str] = []
        self.characters = 0
        self.cells = 0

    @property
    def full(self) -> bool:
        """Whether no more text is taken."""
        return self.characters >= limits.CHARACTERS

    def paragraph(self, text: str, *, heading: bool = False) -> None:
        """Add one paragraph; beyond the limit it is left out with a remark."""
        if self.full:
            self.remark("cut_text", limit=limits.CHARACTERS)
            return
        line = tidy(text[: limits.PARAGRAPH])
        if line:
            self.lines.append(line)
            self.characters += len(line) + 1
            if heading and len(line) <= 200 and len(self.reading.headings) < 500:
                self.reading.headings.append(line)

    def table(self, rows: list[list[str]]) -> None:
        """Keep a table; its rows have been added as paragraphs where they stood."""
        kept = [row for row in rows if any(row)]
        if kept and self.cells < limits.CELLS:
            self.cells += sum(len(row) for row in kept)
            self.reading.tables.append(kept)

    def row(self, cells: list[str]) -> None:
        """Add a table row as one paragraph of its cells."""
        self.paragraph(" | ".join(cell for cell in cells if cell))

    def margin(self, text: str) -> None:
        """Add one line of a header or footer."""
        line = tidy(text[:1000])
        if line and line not in self.reading.margins and len(self.reading.margins) < 60:
            self.reading.margins.append(line)

    def remark(self, code: str, **details: object) -> None:
        """Say once what the reader should know."""
        remark = Remark(code, **details)
        if remark not in self.reading.notes:
            self.reading.notes.append(remark)

    def finish(self) -> Reading:
        """The reading, its margins first in the text, as they stand on the page."""
        self.reading.text = "\n".join([*self.reading.margins, *self.lines])
        return self.reading
