# ruff: noqa: E501 - XML is written out in one piece
"""Written content as the XML of a Word document's body; fields, places and references become content controls."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from plumbline.composition.asking import inline_text
from plumbline.composition.markup import ResolveReference
from plumbline.composition.model import Json
from plumbline.composition.word_styles import BULLETS, DEEPEST_LIST, SHADE, WIDE
from plumbline.composition.word_tables import Cell, Grid

ReadImage = Callable[[str], bytes | None]
"""From `attachment:<uid>` to the picture's bytes."""

TAG_LENGTH = 64
"""Word refuses longer tags of content controls."""
_MARKS = {"bold": "<w:b/>", "italic": "<w:i/>", "strike": "<w:strike/>", "underline": '<w:u w:val="single"/>'}
_ORDER = ("bold", "italic", "strike", "underline")
_EMU = 9525
"""Word's units of one pixel at 96 to the inch."""
_WIDEST, _HIGHEST = 6_120_000, 8_100_000
_KINDS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif"}
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Body:
    """Writes the body, and gathers what has to stand in other parts: links, pictures and lists."""

    def __init__(self, fields: Mapping[str, str], read_image: ReadImage, resolve_reference: ResolveReference) -> None:
        self.fields, self.read_image, self.resolve_reference = fields, read_image, resolve_reference
        self.links: dict[str, str] = {}
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self.ordered: list[tuple[int, int, int]] = []
        self.drawings = 0

    def blocks(self, nodes: list[Json], style: str = "") -> Iterator[str]:
        """Blocks one after the other, paragraphs in the style."""
        for node in nodes:
            yield from self._block(node, style)

    def _block(self, node: Json, style: str) -> Iterator[str]:
        kind, content = node["type"], node.get("content", [])
        if kind == "paragraph":
            yield _paragraph(style, self.inline(content))
        elif kind == "heading":
            yield _paragraph(f"Heading{node['attrs']['level']}", self.inline(content))
        elif kind in ("bulletList", "orderedList"):
            yield from self._list(node, 0)
        elif kind == "blockquote":
            yield from self.blocks(content, "Quote")
        elif kind == "codeBlock":
            yield _paragraph("Code", _run("", inline_text(node)))
        elif kind == "horizontalRule":
            yield _paragraph("HorizontalRule", "")
        elif kind == "image":
            yield _paragraph("Picture", self._picture(node["attrs"]))
        elif kind == "table":
            yield from self._table(node)

    def _list(self, node: Json, level: int) -> Iterator[str]:
        level = min(level, DEEPEST_LIST)
        number = BULLETS
        if node["type"] == "orderedList":
            number = 10 + len(self.ordered)
            self.ordered.append((number, level, node.get("attrs", {}).get("start", 1)))
        place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        for item in node.get("content", []):
            first, *others = item["content"]
            yield _paragraph("ListParagraph", self.inline(first.get("content", [])), place)
            for other in others:
                if other["type"] in ("bulletList", "orderedList"):
                    yield from self._list(other, level + 1)
                else:
                    step = min(level + 1, 5)
                    yield from self._block(other, f"ListContinue{step if step > 1 else ''}")

    def _table(self, node: Json) -> Iterator[str]:
        grid = Grid(node)
        widths = grid.widths(WIDE)
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        yield (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{WIDE}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        )
        heading = True
        for row in grid.rows:
            heading = heading and all(cell.head for cell in row)
            yield f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heading else ''}</w:trPr>"
            for cell in row:
                yield self._cell(cell, sum(widths[cell.column : cell.column + cell.columns]))
            yield "</w:tr>"
        yield "</w:tbl>" + _paragraph("TableText", "")

    def _cell(self, cell: Cell, width: int) -> str:
        """A cell, which has to end with a paragraph."""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if cell.head else ""
        span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{_merged(cell.merged)}{shade}'
        inside = "".join(self.blocks(cell.content, "TableHead" if cell.head else "TableText"))
        end = "" if inside.endswith("</w:p>") else _paragraph("TableText", "")
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}{end}</w:tc>"

    def inline(self, content: list[Json]) -> str:
        """The runs of a paragraph."""
        return "".join(self._leaf(node) for node in content)

    def _leaf(self, node: Json) -> str:
        kind, attrs = node["type"], node.get("attrs", {})
        marks = {mark["type"]: mark for mark in node.get("marks", ())}
        face = "".join(_MARKS[name] for name in _ORDER if name in marks)
        if kind == "hardBreak":
            return "<w:r><w:br/></w:r>"
        if kind == "text":
            return self._words(node["text"].replace("\n", " "), face, marks)
        if kind == "place":
            return _control(
                "pl:place", f"[[{attrs['hint']}]]", '<w:rStyle w:val="Place"/>' + face, f"[{attrs['hint']}]"
            )
        if kind == "field":
            return _control(
                f"pl:field:{attrs['name']}", f"{{{{ {attrs['name']} }}}}", face, inline_text(node, self.fields)
            )
        found = self.resolve_reference(attrs["to"], attrs["target"])
        label = (found[1] if found else "") or attrs["label"] or attrs["target"]
        return _control(f"pl:{attrs['to'][:3]}:{attrs['target']}", f"{attrs['to']}:{attrs['target']}", face, label)

    def _words(self, text: str, face: str, marks: dict[str, Json]) -> str:
        if "code" in marks:
            return _run('<w:rStyle w:val="CodeCharacter"/>' + face, text)
        if "link" not in marks:
            return _run(face, text)
        href = marks["link"]["attrs"]["href"]
        key = self.links.setdefault(href, f"link{len(self.links) + 1}")
        run = _run('<w:rStyle w:val="Hyperlink"/>' + face, text)
        return f'<w:hyperlink r:id="{key}" w:history="1">{run}</w:hyperlink>'

    def _picture(self, attrs: Json) -> str:
        content = self.read_image(attrs["src"])
        measured = _measured(content) if content else None
        if content is None or measured is None:
            return _run("<w:i/>", attrs.get("alt") or attrs.get("title") or attrs["src"])
        kind, width, height = measured
        digest = hashlib.sha256(content).hexdigest()
        key = f"image{digest[:16]}"
        self.pictures[key] = (kind, content)
        self.drawings += 1
        scale = min(1.0, _WIDEST / (width * _EMU), _HIGHEST / (height * _EMU))
        size = f'cx="{round(width * _EMU * scale)}" cy="{round(height * _EMU * scale)}"'
        named = quoteattr(f"{attrs['src']} sha256:{digest}")
        described = f"descr={_attribute(attrs.get('alt', ''))} title={_attribute(attrs.get('title', ''))}"
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f'<wp:docPr id="{self.drawings}" name={named} {described}/><a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{self.drawings}" name="picture"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def _measured(content: bytes) -> tuple[str, int, int] | None:
    """Kind, width and height of a picture that Word can show."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind = _KINDS.get(picture.format or "")
            return (kind, max(1, picture.width), max(1, picture.height)) if kind else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("", text))


def _paragraph(style: str, inside: str, layout: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{layout}</w:pPr>{inside}</w:p>"


def _run(face: str, text: str) -> str:
    lines = _FORBIDDEN.sub("", text).split("\n")
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{f'<w:rPr>{face}</w:rPr>' if face else ''}{words}</w:r>"


def _control(tag: str, alias: str, face: str, text: str) -> str:
    """A content control, whose tag and title tell what it stands for (LibreOffice 7.4 keeps the title only)."""
    if len(tag) > TAG_LENGTH:
        return _run(face, text)
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={_attribute(alias[:TAG_LENGTH])}/><w:tag w:val={_attribute(tag)}/><w:text/></w:sdtPr>"
        f"<w:sdtContent>{_run(face, text)}</w:sdtContent></w:sdt>"
    )


def _merged(state: str) -> str:
    return {"": "", "first": '<w:vMerge w:val="restart"/>', "further": "<w:vMerge/>"}[state]
