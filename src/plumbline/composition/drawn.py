"""Drawings as pictures with their words below: DXF, SVG, and TIFF, which browsers do not show."""

import base64
import io
import warnings
from collections.abc import Iterable
from html import escape
from typing import BinaryIO

from plumbline.composition import limits
from plumbline.composition.packages import Unreadable
from plumbline.drawings import Drawing, NoDrawing, read_dxf, read_svg


def dxf_html(stream: BinaryIO) -> str:
    """The first sheet of a DXF, and what is written on all of them; raises Unreadable."""
    try:
        return _drawing(read_dxf(stream, picture=True))
    except NoDrawing as error:
        raise Unreadable("DXF") from error


def svg_html(stream: BinaryIO) -> str:
    """An SVG without what runs or asks elsewhere, and its words; raises Unreadable."""
    try:
        return _drawing(read_svg(stream))
    except NoDrawing as error:
        raise Unreadable("SVG") from error


def tiff_html(stream: BinaryIO) -> str:
    """The sheets of a scan, made small enough to look at; raises Unreadable."""
    from PIL import Image, UnidentifiedImageError

    sheets = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=("TIFF",)) as scan:
                for number in range(min(getattr(scan, "n_frames", 1), limits.SHEETS)):
                    scan.seek(number)
                    if scan.width * scan.height > limits.PIXELS:
                        raise Unreadable("TIFF")
                    sheets.append(_small(scan))
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unreadable("TIFF") from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError) as error:
        raise Unreadable("TIFF") from error
    return _pictures("png", sheets)


def _small(scan: "object") -> bytes:
    from PIL import Image

    assert isinstance(scan, Image.Image)
    sheet = scan.convert("L" if scan.mode in ("1", "L", "I;16") else "RGB")
    sheet.thumbnail((limits.SHEET_SIDE, limits.SHEET_SIDE))
    made = io.BytesIO()
    sheet.save(made, "PNG", optimize=False)
    return made.getvalue()


def _drawing(drawing: Drawing) -> str:
    words = "".join(f"<p>{escape(text, quote=False)}</p>" for text in drawing.texts)
    return (_pictures("svg+xml", [drawing.svg.encode()]) if drawing.svg else "") + words


def _pictures(kind: str, sheets: Iterable[bytes]) -> str:
    return "".join(
        f'<p><img src="data:image/{kind};base64,{base64.b64encode(sheet).decode("ascii")}" alt=""></p>'
        for sheet in sheets
    )
