"""Word's .docx: paragraphs, headings by style, tables, headers and footers, form fields."""

from plumbline.reading.packages import Flat, Package, Target, attribute, properties
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.sources import Source

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEADINGS = ("heading", "berschrift", "überschrift", "title", "titel")
_CONTROLS = {"checkBox", "checkbox", "textInput", "ddList", "dropDownList", "comboBox"}

_MARKS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


class Body(Target):
    """The text of a document part, or of a header or footer when `margin`."""

    def __init__(self, draft: Draft, styles: dict[str, str], *, margin: bool = False) -> None:
        super().__init__()
        self.draft, self.styles, self.margin = draft, styles, margin
        self.paragraphs: list[list[str]] = []
        self.style = ""
        self.outlined = False
        self.cells: list[list[str]] = []
        self.rows: list[list[list[str]]] = []
        self.in_text = False
        self.fallback = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Fallback" or self.fallback:
            self.fallback += 1
        elif tag == "t":
            self.in_text = True
        elif tag == "p":
            self.paragraphs.append([])
            self.style, self.outlined = "", False
        elif tag in _MARKS and self.paragraphs:
            self.paragraphs[-1].append(_MARKS[tag])
        elif tag in ("tbl", "tr", "tc"):
            self._tabled(tag)
        else:
            self._noticed(tag, attributes)

    def _tabled(self, tag: str) -> None:
        if tag == "tbl":
            self.rows.append([])
        elif tag == "tc":
            self.cells.append([])
        elif self.rows:
            self.rows[-1].append([])

    def _noticed(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "pStyle":
            self.style = attribute(attributes, "val")
        elif tag == "outlineLvl":
            self.outlined = attribute(attributes, "val") in "012345678"
        elif tag in _CONTROLS:
            self.draft.reading.controls += 1
        elif tag in ("ins", "del") and attributes:
            self.draft.remark("tracked_changes")

    def words(self, text: str) -> None:
        if self.in_text and self.paragraphs:
            self.paragraphs[-1].append(text)

    def closed(self, tag: str) -> None:
        if self.fallback:
            self.fallback -= 1
        elif tag == "t":
            self.in_text = False
        elif tag == "p" and self.paragraphs:
            self._paragraph("".join(self.paragraphs.pop()))
        elif tag == "tc" and self.cells:
            self._cell(tidy(" ".join(self.cells.pop())))
        elif tag == "tr" and self.rows and self.rows[-1] and len(self.rows) == 1:
            self._row(self.rows[-1][-1])
        elif tag == "tbl" and self.rows:
            rows = self.rows.pop()
            if not self.rows and not self.margin:
                self.draft.table(rows)

    def _paragraph(self, text: str) -> None:
        if self.cells:
            self.cells[-1].append(text)
        elif self.margin:
            self.draft.margin(text)
        else:
            name = self.styles.get(self.style, self.style).casefold()
            self.draft.paragraph(text, heading=self.outlined or name.startswith(_HEADINGS))

    def _cell(self, text: str) -> None:
        if len(self.rows) > 1 and self.cells:
            self.cells[-1].append(text)
        elif self.rows and self.rows[-1]:
            self.rows[-1][-1].append(text)

    def _row(self, cells: list[str]) -> None:
        if self.margin:
            self.draft.margin(" | ".join(cell for cell in cells if cell))
        else:
            self.draft.row(cells)


class Styles(Target):
    """Style names by their id: a German Word writes the id in German and the name in English."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        self._id = ""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "style":
            self._id = attribute(attributes, "styleId")
        elif tag == "name" and self._id:
            self.names.setdefault(self._id, attribute(attributes, "val"))


def read_word(source: Source) -> Reading:
    """The reading of a .docx; raises Refused."""
    package = Package(source, "Word")
    draft = Draft(MEDIA_TYPE)
    styles = package.parse("word/styles.xml", Styles()).names
    for part in [*package.names("word/header", ".xml"), *package.names("word/footer", ".xml")]:
        package.parse(part, Body(draft, styles, margin=True))
    package.parse("word/document.xml", Body(draft, styles))
    draft.reading.properties = properties(package, "docProps/core.xml", "docProps/custom.xml")
    pages = package.parse("docProps/app.xml", Flat()).values.get("Pages", "")
    draft.reading.pages = int(pages) if pages.isdecimal() and 0 < int(pages) < 100_000 else None
    remark_on_package(package, draft, "word/")
    return draft.finish()


def remark_on_package(package: Package, draft: Draft, prefix: str) -> None:
    """Say when an Office file carries other files or points outside."""
    if package.names(prefix + "embeddings/"):
        draft.remark("embedded")
    for part in package.names(prefix, ".rels")[:200]:
        for tag, attributes in package.parse(part, Flat()).attributes:
            kind = attribute(attributes, "Type")
            outside = attribute(attributes, "TargetMode") == "External" and not kind.endswith("/hyperlink")
            if tag == "Relationship" and outside:
                draft.remark("external_links")
                return
