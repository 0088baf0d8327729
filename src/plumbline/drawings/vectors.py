"""SVG: its words, and itself as a picture that runs nothing; read with a parser that opens nothing."""

import re
from typing import BinaryIO

from lxml import etree

from plumbline.drawings.asking import PICTURE_BYTES, TEXTS, Drawing, NoDrawing

MEDIA_TYPE = "image/svg+xml"
_BEGINS = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"(?:<!DOCTYPE\s+svg\b[^\[>]{0,400}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:svg:)?svg\b",
    re.S,
)
_SAID = {"text", "title", "desc"}
_ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "handler", "listener", "animate", "set", "style"}
_ADDRESS = re.compile(r"(?i)url\s*\(\s*['\"]?\s*(?!#)|@import|expression|javascript:")


def is_svg(head: bytes) -> bool:
    """Whether the first bytes are those of an SVG that declares no entities of its own."""
    return bool(_BEGINS.match(head))


def read_svg(stream: BinaryIO) -> Drawing:
    """The words and the picture, without all that runs or asks for something elsewhere; raises NoDrawing."""
    content = stream.read(PICTURE_BYTES + 1)
    if len(content) > PICTURE_BYTES:
        raise NoDrawing("too_large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoDrawing("damaged") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and list(declared.iterentities()):
        raise NoDrawing("damaged")
    texts = [line for element in root.iter() if _name(element) in _SAID and (line := _line(element))]
    _quieten(root)
    return Drawing(texts[:TEXTS], {}, etree.tostring(root, encoding="unicode"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _line(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _quieten(root: etree._Element) -> None:
    """Take away what runs, and every address that is not of this very drawing or a picture inside it."""
    for element in list(root.iter()):
        if _name(element) in _ACTIVE and not _harmless(element):
            parent = element.getparent()
            if parent is None:
                raise NoDrawing("damaged")
            parent.remove(element)
            continue
        for name, value in list(element.attrib.items()):
            local = etree.QName(name).localname.lower()
            inside = value.startswith("#") or re.match(r"data:image/(?:png|jpeg|gif|webp);base64,", value)
            if local.startswith("on") or (local in ("href", "src") and not inside) or _ADDRESS.search(value):
                del element.attrib[name]


def _harmless(element: etree._Element) -> bool:
    """A style sheet that asks for nothing may stay: drawings carry their lines' widths there."""
    return _name(element) == "style" and not _ADDRESS.search("".join(str(text) for text in element.itertext()))
