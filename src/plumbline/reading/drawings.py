"""Drawings: the words that stand on a DXF or an SVG."""

from collections.abc import Callable

from plumbline.drawings import Drawing, NoDrawing, read_dxf, read_svg
from plumbline.reading.readings import Draft, Reading
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source


def read_drawing(source: Source) -> Reading:
    """The reading of a DXF: what is written on it, one line each; raises Refused."""
    source.file.seek(0)
    return _reading("image/vnd.dxf", "DXF", lambda: read_dxf(source.file, picture=False))


def read_vectors(source: Source) -> Reading:
    """The reading of an SVG: what is written in it; raises Refused."""
    source.file.seek(0)
    return _reading("image/svg+xml", "SVG", lambda: read_svg(source.file))


def _reading(media_type: str, kind: str, asked: Callable[[], Drawing]) -> Reading:
    try:
        drawing = asked()
    except NoDrawing as error:
        code = str(error)
        if code == "damaged":
            raise Refused(code, kind=kind) from error
        raise Refused("too_complex" if code == "too_large" else code) from error
    draft = Draft(media_type)
    draft.reading.properties = drawing.properties
    for text in drawing.texts:
        draft.paragraph(text)
    return draft.finish()
