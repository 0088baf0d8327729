"""Drawings as they are shown: a picture that runs nothing, the words below, and what changed between two."""

import io

import ezdxf
import pytest
from PIL import Image

from plumbline.composition import redline, shown

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>alert(1)</script>'
    '<image href="http://evil.example/a.png"/><text>{}</text></svg>'
)


def dxf(text: str) -> bytes:
    document = ezdxf.new()
    document.modelspace().add_text(text, height=4)
    made = io.StringIO()
    document.write(made)
    return made.getvalue().encode()


@pytest.mark.slow  # starts the program that reads drawings
def test_a_dxf_is_a_picture_with_its_words_and_a_redline_says_what_changed() -> None:
    before, after = shown(dxf("Bore 12 H7"), "text/plain", "LM-4711.dxf"), shown(dxf("Bore 14 H7"), "image/vnd.dxf", "")
    assert before.startswith('<p><img src="data:image/svg+xml;base64,')
    assert before.endswith("<p>Bore 12 H7</p>")
    changed = redline(before, after)
    assert "<del>12 </del>" in changed
    assert "<ins>14 </ins>" in changed


def test_an_svg_is_shown_without_what_runs_or_asks_elsewhere() -> None:
    import base64
    import re

    html = shown(SVG.format("Bore 12").encode(), "image/svg+xml", "part.svg")
    assert html.endswith("<p>Bore 12</p>")
    inside = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]).decode()
    assert "Bore 12" in inside
    assert "script" not in inside
    assert "evil" not in inside


def test_every_sheet_of_a_scan_is_shown() -> None:
    sheets = [Image.new("1", (3000, 4000), 1), Image.new("RGB", (300, 400), "white")]
    scan = io.BytesIO()
    sheets[0].save(scan, "TIFF", save_all=True, append_images=sheets[1:])
    html = shown(scan.getvalue(), "image/tiff", "scan.tif")
    assert html.count("data:image/png;base64,") == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"II*\x00" + b"\xff" * 60, "image/tiff"), (b"<svg", "image/svg+xml"), (b"", "image/svg+xml")],
)
def test_what_cannot_be_read_is_not_shown(content: bytes, kind: str) -> None:
    assert shown(content, kind, "") == ""
