"""OpenDocument text (.odt): paragraphs, headings, tables, headers and footers."""

from plumbline.reading.packages import Flat, Package, Target, attribute, properties
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_MARGINS = {"header", "footer", "header-first", "footer-first", "header-left", "footer-left"}


class Content(Target):
    """The text of content.xml; of styles.xml only its headers and footers."""

    def __init__(self, draft: Draft, *, margins_only: bool = False) -> None:
        super().__init__()
        self.draft, self.margins_only = draft, margins_only
        self.margin = 0
        self.paragraphs: list[list[str]] = []
        self.cells: list[list[str]] = []
        self.rows: list[list[str]] = []
        self.tables = 0
        self.skipped = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("tracked-changes", "annotation") or self.skipped:
            self.skipped += 1
            self.draft.remark("tracked_changes") if tag == "tracked-changes" else None
        elif tag in ("p", "h"):
            self.paragraphs.append([])
        elif tag in ("s", "tab", "line-break") and self.paragraphs:
            self.paragraphs[-1].append(" ")
        elif tag in _MARGINS:
            self.margin += 1
        elif tag == "table":
            self.tables += 1
        elif tag == "table-row" and self.tables == 1:
            self.rows.append([])
        elif tag == "table-cell" and self.tables == 1:
            self.cells.append([])
        elif tag in ("checkbox", "text-input", "drop-down") and attributes:
            self.draft.reading.controls += 1

    def words(self, text: str) -> None:
        if self.paragraphs and not self.skipped:
            self.paragraphs[-1].append(text)

    def closed(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif tag in ("p", "h") and self.paragraphs:
            self._paragraph("".join(self.paragraphs.pop()), heading=tag == "h")
        elif tag in _MARGINS:
            self.margin -= 1
        elif tag == "table-cell" and self.tables == 1 and self.cells and self.rows:
            self.rows[-1].append(tidy(" ".join(self.cells.pop())))
        elif tag == "table-row" and self.tables == 1 and self.rows:
            self._row(self.rows[-1])
        elif tag == "table":
            self.tables -= 1
            if not self.tables:
                self.draft.table(self.rows) if not self.margins_only else None
                self.rows = []

    def _paragraph(self, text: str, *, heading: bool) -> None:
        if self.cells:
            self.cells[-1].append(text)
        elif self.margin:
            self.draft.margin(text)
        elif not self.margins_only:
            self.draft.paragraph(text, heading=heading)

    def _row(self, cells: list[str]) -> None:
        if self.margin:
            self.draft.margin(" | ".join(cell for cell in cells if cell))
        elif not self.margins_only:
            self.draft.row(cells)


def read_opendocument(source: Source) -> Reading:
    """The reading of an .odt; raises Refused."""
    package = Package(source, "OpenDocument")
    if any(tag == "encryption-data" for tag, _ in package.parse("META-INF/manifest.xml", Flat()).attributes):
        raise Refused("encrypted")
    if package.names("Basic/", ".xml") or package.names("Scripts/"):
        raise Refused("macros")
    draft = Draft(MEDIA_TYPE)
    package.parse("styles.xml", Content(draft, margins_only=True))
    if "content.xml" not in package:
        raise Refused("damaged", kind="OpenDocument")
    package.parse("content.xml", Content(draft))
    draft.reading.properties = properties(package, "meta.xml")
    for tag, attributes in package.parse("meta.xml", Flat()).attributes:
        pages = attribute(attributes, "page-count") if tag == "document-statistic" else ""
        if pages.isdecimal() and 0 < int(pages) < 100_000:
            draft.reading.pages = int(pages)
    return draft.finish()
