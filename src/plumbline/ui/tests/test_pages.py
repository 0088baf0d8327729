"""Pages: nothing inline, readable colours, every template renders, the frame says where one is."""

import re
from pathlib import Path

import pytest
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from plumbline.ui import blocks
from plumbline.ui.frame import Entry, Frame, Group, nav_html
from plumbline.ui.styleguide import everything, frame
from plumbline.ui.words import script_words

HERE = Path(__file__).parents[1]
STATIC = HERE / "static" / "ui"
ERRORS = ["400", "403", "403_csrf", "404", "409", "410", "429", "500"]
INLINE = re.compile(
    r"""<[^>]+\s(?:style|on\w+|hx-on[\w:-]*)\s*=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:"""
)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def drawn(name: str, **context: object) -> str:
    """Renders without a request, so without any context processor."""
    return get_template(name).template.render(Context(context))


def test_the_style_page_has_nothing_inline() -> None:
    html = drawn("ui/styleguide.html", **everything())
    assert INLINE.search(html) is None
    assert INLINE.search('<p style="x">')
    assert INLINE.search("<script>x</script>")


def test_ids_are_unique() -> None:
    ids = re.findall(r'\sid="([^"]+)"', drawn("ui/frame.html", frame=frame()))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_needs_no_context(code: str) -> None:
    html = drawn(f"{code}.html")
    assert "<h1>" in html
    assert f"Code of this answer: {code}" in html
    assert INLINE.search(html) is None


def test_every_template_compiles() -> None:
    names = [str(path.relative_to(HERE / "templates")) for path in (HERE / "templates").rglob("*.*")]
    assert len(names) > 30
    for name in names:
        get_template(name)


def test_the_language_and_its_direction_stand_on_the_page() -> None:
    with override("de"):
        assert '<html lang="de" dir="ltr">' in render_to_string("ui/bare.html")
    with override("ar"):
        page = render_to_string("ui/bare.html")
    assert '<html lang="ar" dir="rtl">' in page
    assert "tabler.rtl.min.css" in page


def test_the_frame_marks_where_one_is_and_hides_what_is_empty() -> None:
    full = drawn("ui/frame.html", frame=frame("/here/"))
    assert 'href="/here/" aria-current="page"' in full
    assert 'data-key="g w"' in full
    assert "pl-bottom" in full
    bare = drawn("ui/frame.html", frame=Frame())
    assert "pl-bottom" not in bare
    assert 'role="search"' not in bare
    assert 'id="pl-nav"' not in bare


def test_a_group_with_the_current_page_is_open() -> None:

    here = Group("7 Support", (Entry("<Documents>", "/d/", active=True, badge=3),), "c7")
    html = nav_html((), (here, Group("4 Context", (Entry("Issues", "/i/"),), "c4")))
    assert 'data-fold="c7" open' in html
    assert 'data-fold="c4"><' in html
    assert "<Documents>" not in html


def test_a_button_that_is_off_says_why_and_cannot_be_pressed() -> None:
    html = blocks.button_html("Approve", "primary", off="You wrote it.", url="/go/", name="x")
    assert 'aria-disabled="true"' in html
    assert "You wrote it." in html
    assert "/go/" not in html
    assert 'type="button"' in html


def test_buttons_take_attributes_and_escape_them() -> None:
    html = blocks.button_html("<b>", hx_post="/x/?a=1&b=2", data_key="n", disabled=False, autofocus=True)
    assert 'hx-post="/x/?a=1&amp;b=2"' in html
    assert 'data-key="n"' in html
    assert " autofocus" in html
    assert "&lt;b&gt;" in html
    assert "disabled" not in html
    assert 'type="submit"' in html


def test_blocks_escape_their_words() -> None:
    nasty = '<i>"'
    parts = [
        blocks.section_html("", nasty, id=nasty, note=nasty),
        blocks.empty_html("", nasty, clause=nasty, url=nasty, step=nasty),
        blocks.field_html("", nasty),
        blocks.happening_html("", nasty, verb=nasty),
        blocks.alert_html(nasty, title=nasty),
        blocks.dialog_html("", nasty, nasty),
        blocks.more_html("", nasty, fold=nasty),
        blocks.tabs_html([(nasty, nasty, True, nasty)], nasty),
        blocks.chip_html(nasty, nasty, nasty),
        blocks.pager_html(nasty, nasty, nasty),
        blocks.figure_html("", nasty, [nasty], [[nasty]]),
        blocks.drop_html("", nasty, nasty, nasty, nasty, accept=nasty),
    ]
    assert [part for part in parts if "<i>" in part or '""' in part.replace('=""', "")] == []


def test_a_script_finds_every_sentence_it_says() -> None:
    scripts = "".join(path.read_text() for path in STATIC.glob("*.js"))
    said = set(re.findall(r'(?:say|tell)\((?:said\.message \|\| )?"(\w+)"', scripts))
    assert said
    assert said <= set(script_words())


def test_the_csrf_token_reaches_the_scripts() -> None:
    html = render_to_string("ui/bare.html", request=RequestFactory().get("/"))
    assert re.search(r'<meta name="csrf-token" content="\w{64}">', html)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * d for d in digits)
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TONES = [(f"{tone}-ink", f"{tone}-soft") for tone in ("active", "waiting", "good", "bad")]
GROUNDS = ["paper", "surface", "sunk", "hover"]
READ = [*TONES, *((ink, ground) for ink in ("ink", "soft", "link") for ground in GROUNDS), ("accent-ink", "accent")]
READ += [(f"{tone}-ink", ground) for tone in ("waiting", "bad", "good") for ground in ("paper", "surface", "hover")]
SEEN = [("edge", "surface"), ("edge", "paper"), ("focus", "surface"), ("focus", "paper"), ("brass", "surface")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_can_be_read(theme: str) -> None:
    sheet = (STATIC / "plumbline.css").read_text()
    block = sheet.split('[data-bs-theme="dark"] {' if theme == "dark" else ":root {", 1)[1].split("}", 1)[0]
    tokens = dict(re.findall(r"--pl-([\w-]+): (#[0-9a-f]{3,6});", block))
    poor = {(a, b): round(contrast(tokens[a], tokens[b]), 2) for a, b in READ if contrast(tokens[a], tokens[b]) < 4.5}
    dim = {(a, b): round(contrast(tokens[a], tokens[b]), 2) for a, b in SEEN if contrast(tokens[a], tokens[b]) < 3}
    assert poor == {}
    assert dim == {}


def test_style_sheets_balance_and_fetch_nothing_from_elsewhere() -> None:
    for path in STATIC.glob("*.css"):
        text = path.read_text()
        assert text.count("{") == text.count("}"), path.name
    for path in STATIC.rglob("*.css"):
        assert "sourceMappingURL" not in path.read_text()
        assert not re.search(r"url\([\"']?https?:", path.read_text())
