"""SVG: its words, and a picture that runs nothing and asks nobody."""

import io

import pytest

from plumbline.drawings import NoDrawing, is_svg, read_svg

HOSTILE = b"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://evil.example/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">
<title>Flange</title><script>alert(2)</script><style>@import url(http://evil.example/a.css);</style>
<style>.thin { stroke-width: 1 }</style>
<image xlink:href="http://evil.example/b.png"/><use href="#part"/><rect id="part" fill="url(http://evil.example/#x)"/>
<image href="data:image/png;base64,AAAA"/><a href="javascript:alert(3)"><text>Bore <tspan>12 mm</tspan></text></a>
<foreignObject><iframe src="http://evil.example/"/></foreignObject><rect style="fill:url( 'http://evil.example/c')"/></svg>"""


def test_words_in_the_order_of_the_file() -> None:
    assert is_svg(HOSTILE)
    assert read_svg(io.BytesIO(HOSTILE)).texts == ["Flange", "Bore 12 mm"]


def test_nothing_that_runs_or_asks_elsewhere_is_left() -> None:
    made = read_svg(io.BytesIO(HOSTILE)).svg
    for sign in ("evil", "alert", "script", "iframe", "import", "onload"):
        assert sign not in made
    assert 'href="#part"' in made
    assert "data:image/png" in made
    assert "stroke-width" in made


@pytest.mark.parametrize(
    "content",
    [
        b"<svg",
        b"<svg><g></svg>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        b"<script xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_damaged_or_declares_entities_is_refused(content: bytes) -> None:
    with pytest.raises(NoDrawing, match="damaged"):
        read_svg(io.BytesIO(content))


def test_a_page_with_an_svg_in_it_is_no_svg() -> None:
    assert not is_svg(b"<!doctype html><html><svg></svg></html>")
    assert is_svg(
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made with care -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
    )
