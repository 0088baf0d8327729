"""PowerPoint's .pptx: the text of each slide in order, its title as heading."""

from plumbline.reading.packages import Package, Target, attribute, properties
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.sources import Source
from plumbline.reading.word import remark_on_package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


class Slide(Target):
    """The paragraphs and tables of one slide."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.title = False
        self.margin = False
        self.text: list[str] | None = None
        self.in_text = False
        self.row: list[str] | None = None
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sp":
            self.title = self.margin = False
        elif tag == "ph":
            self.title = attribute(attributes, "type") in ("title", "ctrTitle")
            self.margin = attribute(attributes, "type") in ("ftr", "hdr", "dt", "sldNum")
        elif tag == "p":
            self.text = []
        elif tag == "t":
            self.in_text = True
        elif tag == "br" and self.text is not None:
            self.text.append(" ")
        elif tag == "tr":
            self.row = []
        elif tag == "tc":
            self.cell = []

    def words(self, text: str) -> None:
        if self.in_text and self.text is not None:
            self.text.append(text)

    def closed(self, tag: str) -> None:
        if tag == "t":
            self.in_text = False
        elif tag == "p" and self.text is not None:
            self._paragraph("".join(self.text))
            self.text = None
        elif tag == "tc" and self.row is not None and self.cell is not None:
            self.row.append(tidy(" ".join(self.cell)))
            self.cell = None
        elif tag == "tr" and self.row is not None:
            self.rows.append(self.row)
            self.draft.row(self.row)
            self.row = None
        elif tag == "tbl":
            self.draft.table(self.rows)
            self.rows = []

    def _paragraph(self, text: str) -> None:
        if self.cell is not None:
            self.cell.append(text)
        elif self.margin:
            self.draft.margin(text)
        else:
            self.draft.paragraph(text, heading=self.title)


def read_slides(source: Source) -> Reading:
    """The reading of a .pptx; raises Refused."""
    package = Package(source, "PowerPoint")
    draft = Draft(MEDIA_TYPE)
    parts = package.names("ppt/slides/slide", ".xml")
    for part in parts[:1000]:
        package.parse(part, Slide(draft))
    draft.reading.pages = len(parts)
    draft.reading.properties = properties(package, "docProps/core.xml", "docProps/custom.xml")
    remark_on_package(package, draft, "ppt/")
    return draft.finish()
