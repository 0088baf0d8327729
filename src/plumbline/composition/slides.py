"""A presentation as text: each slide's title and words, its tables as tables."""

from collections.abc import Iterator
from html import escape
from typing import Any, BinaryIO

from plumbline.composition import limits
from plumbline.composition.packages import Package
from plumbline.composition.sheets import table

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_TITLES = ("title", "ctrTitle")
_MARGINS = ("ftr", "hdr", "dt", "sldNum")


def slides_html(stream: BinaryIO) -> str:
    """The slides of a .pptx in order; raises Unreadable."""
    package = Package(stream)
    names = package.names("ppt/slides/slide", ".xml")[: limits.SLIDES]
    return "".join(
        f'<section class="pl-page" data-page="{number}">{"".join(_slide(package.tree(name)))}</section>'
        for number, name in enumerate(names, 1)
    )


def _slide(root: Any) -> Iterator[str]:
    """The shapes of a slide, its title first."""
    shapes = [shape for shape in root.iter(f"{_P}sp", f"{_P}graphicFrame") if _role(shape) not in _MARGINS]
    for shape in sorted(shapes, key=lambda shape: _role(shape) not in _TITLES):
        rows = [[_text(cell) for cell in row.iter(f"{_A}tc")] for row in shape.iter(f"{_A}tr")]
        if rows:
            yield table(rows)
            continue
        tag = "h2" if _role(shape) in _TITLES else "p"
        for paragraph in shape.iter(f"{_A}p"):
            if words := _text(paragraph):
                yield f"<{tag}>{escape(words, quote=False)}</{tag}>"


def _role(shape: Any) -> str:
    place = next(shape.iter(f"{_P}ph"), None)
    return str(place.get("type", "")) if place is not None else ""


def _text(element: Any) -> str:
    """The words of a paragraph or a cell, breaks and paragraphs as blanks."""
    parts = []
    for part in element.iter(f"{_A}t", f"{_A}br", f"{_A}p"):
        parts.append(part.text or "" if part.tag == f"{_A}t" else " ")
    return " ".join("".join(parts).split())
