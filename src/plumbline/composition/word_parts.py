"""A .docx of anybody's, taken apart and handed on in small safe pieces that a reader can hold in memory."""

import io
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, BinaryIO

from plumbline.composition import limits
from plumbline.composition.packages import BROKEN, Package, Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KEPT = ("styles", "numbering", "footnotes", "endnotes")
_PIECE = 6_000
"""Elements of one piece; a parser that builds a tree takes about 2 KB for each."""


class WordParts:
    """The parts of a .docx that carry its words; scripts, embedded files and external parts are left behind."""

    def __init__(self, stream: BinaryIO) -> None:
        self.package = Package(stream)
        main = [target for _, kind, target, outside in self.package.relations("") if kind == "officeDocument"]
        self.main = next((name for name in main if name in self.package.entries), "word/document.xml")
        self.relations = list(self.package.relations(self.main))
        self.side = {
            kind: self.package.tree(target, transitional)
            for _, kind, target, outside in self.relations
            if kind in _KEPT and not outside and target in self.package.entries
        }
        if "styles" in self.side:
            self.headings = _slim_styles(self.side["styles"])
        else:
            self.headings = {}
        self.pictures = {
            key: target
            for key, kind, target, outside in self.relations
            if kind == "image" and not outside and target in self.package.entries
        }
        self.notes = {
            kind: [
                (key, address) for key, of, address, outside in self.package.relations(target) if _is_link(of, outside)
            ]
            for _, kind, target, _ in self.relations
            if kind in ("footnotes", "endnotes") and kind in self.side
        }
        for kind, found in self.notes.items():
            only(self.side[kind], {key for key, _ in found})
        self.links = {key: target for key, kind, target, outside in self.relations if _is_link(kind, outside)}

    def pieces(self, change: Callable[[Any], None] = lambda block: None) -> Iterator[bytes]:
        """The document as a row of small .docx files, each changed first; a list is never divided."""
        from lxml import etree

        body, size = etree.Element(f"{W}body", nsmap={"w": W[1:-1]}), 0
        for block in self._blocks():
            copied = deepcopy(block)
            change(copied)
            elements = sum(1 for _ in copied.iter())
            if size + elements > _PIECE and size and copied.find(f"./{W}pPr/{W}numPr") is None:
                yield self._piece(_serialised(body))
                body, size = etree.Element(f"{W}body", nsmap={"w": W[1:-1]}), 0
            body.append(copied)
            size += elements
        if size:
            yield self._piece(_serialised(body))

    def _blocks(self) -> Iterator[Any]:
        """The paragraphs and tables of the body, one at a time; what was read is let go."""
        from lxml import etree

        try:
            with self._main() as part:
                path: list[Any] = []
                reading = etree.iterparse(
                    part, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
                )
                for event, element in reading:
                    if event == "start":
                        if not path and element.getroottree().docinfo.doctype:
                            raise Unreadable("a document type")
                        path.append(element)
                        continue
                    path.pop()
                    if len(path) == 2 and path[1].tag == f"{W}body":
                        yield element
                        element.clear()
                        while element.getprevious() is not None:
                            del path[1][0]
        except BROKEN as error:
            raise Unreadable(self.main) from error

    def _main(self) -> BinaryIO:
        """The main part; one in the strict variant of the format is held in memory to be mended."""
        with self.package.open(self.main) as part:
            strict = _STRICT[0][0] in part.read(8192)
        opened = self.package.open(self.main)
        return io.BytesIO(transitional(opened.read())) if strict else opened

    def _piece(self, body: bytes) -> bytes:
        """A .docx of these blocks, with the styles, lists, notes, links and pictures they need."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
            for name, content in _FRAME.items():
                package.writestr(name, content)
            package.writestr("word/document.xml", _OPENING + body + b"</w:document>")
            lines = [_relation(kind, kind, f"{kind}.xml") for kind in self.side]
            for kind, root in self.side.items():
                package.writestr(f"word/{kind}.xml", _serialised(root))
            for kind, found in self.notes.items():
                outside = [_relation(key, "hyperlink", address, True) for key, address in found]
                package.writestr(f"word/_rels/{kind}.xml.rels", _relations_of(outside))
            lines += [_relation(key, "hyperlink", target, True) for key, target in self.links.items() if _in(key, body)]
            for key, target in self.pictures.items():
                if _in(key, body) and self.package.entries[target].file_size <= limits.PICTURE_BYTES * 4:
                    suffix = target.rsplit(".", 1)[-1].lower()[:5]
                    lines.append(_relation(key, "image", f"media/{key}.{suffix}"))
                    package.writestr(f"word/media/{key}.{suffix}", self.package.read(target))
            package.writestr("word/_rels/document.xml.rels", _relations_of(lines))
        return made.getvalue()


_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), f"http://schemas.openxmlformats.org/{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/picture", "drawingml/2006/picture"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
    )
)


def transitional(content: bytes) -> bytes:
    """XML of the strict variant of the format with the names of the usual one."""
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    return content


def _is_link(kind: str, outside: bool) -> bool:
    return kind == "hyperlink" and outside


def only(root: Any, keys: set[str]) -> None:
    """Take away what points to a part that is not handed on."""
    for element in list(root.iter()):
        for name in (f"{R}id", f"{R}embed", f"{R}link"):
            if element.get(name) is not None and element.get(name) not in keys:
                _without(element, name)


def _without(element: Any, name: str) -> None:
    """Take away a pointer, and a picture with it."""
    parent = element.getparent()
    if element.tag.rsplit("}", 1)[-1] in ("blip", "imagedata") and parent is not None:
        parent.remove(element)
    else:
        del element.attrib[name]


def _in(key: str, body: bytes) -> bool:
    return f'"{key}"'.encode() in body


def _serialised(element: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False))


def _relation(key: str, kind: str, target: str, outside: bool = False) -> str:
    from xml.sax.saxutils import quoteattr

    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id={quoteattr(key)} Type="{_OFFICE}/{kind}" Target={quoteattr(target)}{mode}/>'


def _relations_of(lines: list[str]) -> str:
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'


def _slim_styles(root: Any) -> dict[str, int]:
    """Keep of the styles their names and numbering; return the names that are headings by their outline level."""
    headings: dict[str, int] = {}
    for child in list(root):
        if child.tag != f"{W}style":
            root.remove(child)
            continue
        name = child.find(f"{W}name")
        outline = child.find(f"{W}pPr/{W}outlineLvl")
        if name is not None and outline is not None and outline.get(f"{W}val", "") in set("01234"):
            headings[name.get(f"{W}val", "")] = int(outline.get(f"{W}val")) + 1
        for part in list(child):
            if part.tag == f"{W}pPr":
                for inner in list(part):
                    if inner.tag != f"{W}numPr":
                        part.remove(inner)
            elif part.tag != f"{W}name":
                child.remove(part)
    return headings


_OPENING = f'<w:document xmlns:w="{W[1:-1]}">'.encode()
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PICTURES = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp", "emf": "x-emf", "wmf": "x-wmf"}
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Default Extension="{end}" ContentType="image/{kind}"/>' for end, kind in _PICTURES.items())
    + "</Types>",
    "_rels/.rels": _relations_of([_relation("main", "officeDocument", "word/document.xml")]),
}
