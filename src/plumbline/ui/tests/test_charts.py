"""Charts: well-formed, described, escaped, without inline style, and fast."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from time import process_time

import pytest

from plumbline.ui import charts
from plumbline.ui.charts.lines import _ticks

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert(\"x\")</script> & 'y'"
MET, NOT = charts.Series("met", "met"), charts.Series("not-met", "not met")
DAY = date(2026, 11, 22)


def every(text: str) -> dict[str, str]:
    task = charts.Task(text, text, DAY, DAY + timedelta(days=9), "partly")
    return {
        "bars": charts.stacked_bars([(text, {"met": 3, "not-met": 1})], [MET, NOT], title=text),
        "ring": charts.ring([(charts.Series("met", text), 3), (NOT, 1)], title=text, centre=text),
        "spark": charts.sparkline([1, 2, None, 3], title=text),
        "line": charts.line_chart(
            [charts.Point(text, 1), charts.Point(text, 9)], title=text, unit=text, upper=(text, 4)
        ),
        "plan": charts.plan_strip([task], title=text, today=(text, DAY)),
        "heat": charts.heat_grid([text], [text, text], [[("partly", text), None]], title=text, series=[MET]),
    }


@pytest.mark.parametrize("name", every("x"))
def test_a_chart_is_an_image_with_a_name_and_no_inline_style(name: str) -> None:
    root = ET.fromstring(every("Scrap rate")[name])
    assert root.get("role") == "img"
    assert root.get("viewBox")
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Scrap rate"
    assert title.get("id") == root.get("aria-labelledby")
    assert all(element.get("style") is None and element.tag != f"{SVG}script" for element in root.iter())
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", every("x"))
def test_text_is_escaped(name: str) -> None:
    drawn = every(NASTY)[name]
    assert "<script" not in drawn
    assert ET.fromstring(drawn).find(f"{SVG}title").text == NASTY


def test_a_bar_tells_its_numbers_to_those_who_do_not_see_it() -> None:
    drawn = charts.stacked_bars([("4 Context", {"met": 3, "not-met": 1})], [MET, NOT], title="State")
    desc = ET.fromstring(drawn).find(f"{SVG}desc").text
    assert desc == "4 Context: met 3, not met 1"


def test_bars_of_one_row_fill_its_length_and_keep_proportion() -> None:
    root = ET.fromstring(charts.stacked_bars([("a", {"met": 3, "not-met": 1})], [MET, NOT], title="t"))
    wide = [float(r.get("width")) for r in root.iter(f"{SVG}rect") if r.get("height") == "22" and r.get("class")]
    assert (wide[0] + 1.5) / (wide[1] + 1.5) == pytest.approx(3, abs=0.02)


def test_states_differ_without_colour() -> None:
    overlays = [look.overlay for code, look in charts.STATES.items() if code in ("partly", "not-met", "not-audited")]
    assert all(overlays)
    assert len(set(overlays)) == 3
    assert "<pattern" in charts.ring([(NOT, 1)], title="t")


def test_the_same_figures_give_the_same_bytes() -> None:
    assert every("x") == every("x")


def test_a_value_beyond_a_limit_is_a_square() -> None:
    points = [charts.Point("a", 3), charts.Point("b", 5)]
    drawn = ET.fromstring(charts.line_chart(points, title="t", upper=("limit", 4)))
    assert len([r for r in drawn.iter(f"{SVG}rect") if r.get("class") == "fill-not-met"]) == 1
    assert len(list(drawn.iter(f"{SVG}circle"))) == 1


def test_a_gap_breaks_the_line() -> None:
    drawn = charts.line_chart([charts.Point("a", 1), charts.Point("b", None), charts.Point("c", 2)], title="t")
    trace = next(p for p in ET.fromstring(drawn).iter(f"{SVG}path") if p.get("class") == "trace")
    assert trace.get("d").count("M") == 2


@pytest.mark.parametrize(("low", "high"), [(0, 1), (3, 3), (0, 0), (-5, 12), (0.001, 0.0043), (1e6, 3e6)])
def test_ticks_span_the_figures(low: float, high: float) -> None:
    ticks = _ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 2 <= len(ticks) <= 7


@pytest.mark.parametrize(
    "drawn",
    [
        charts.stacked_bars([], [MET], title="t"),
        charts.stacked_bars([("a", {})], [MET], title="t"),
        charts.ring([], title="t"),
        charts.ring([(MET, 5)], title="t"),
        charts.sparkline([], title="t"),
        charts.sparkline([2], title="t"),
        charts.line_chart([], title="t"),
        charts.line_chart([charts.Point("a", 2)], title="t"),
        charts.plan_strip([], title="t"),
        charts.plan_strip([charts.Task("a", "b", DAY, DAY)], title="t"),
        charts.heat_grid([], [], [], title="t"),
    ],
)
def test_nothing_to_show_is_still_a_picture(drawn: str) -> None:
    assert ET.fromstring(drawn).get("role") == "img"


def test_a_chart_takes_about_a_millisecond() -> None:
    every("x")
    begun = process_time()
    for _ in range(50):
        every("Scrap rate")
    assert (process_time() - begun) / 300 < 0.002  # seconds; measured 0.0003, the limit allows for a busy machine
