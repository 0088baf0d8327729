"""Lines over time: a sparkline inside a sentence, and a chart with limits and target."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from plumbline.ui.charts.draw import EDGE, LINE, clean, cut, number, picture, words

TRACE, LIMIT = "#14568a", "#9c1a1a"


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: its label on the axis and its value, or None where nothing was measured."""

    label: str
    value: float | None


def sparkline(
    values: Sequence[float | None], *, title: str, desc: str = "", width: float = 120, height: float = 28
) -> str:
    """Returns a line as high as a line of text, its last value marked."""
    known = [value for value in values if value is not None]
    if not known:
        return picture(width, height, _rule(2, height / 2, width - 2, LINE, "line"), title, desc, "pl-small")
    low, high = min(known), max(known)
    span = (high - low) or 1
    step = (width - 10) / max(len(values) - 1, 1)
    places = [
        None if v is None else (4 + n * step, height - 5 - (v - low) / span * (height - 10))
        for n, v in enumerate(values)
    ]
    last = [place for place in places if place][-1]
    dot = f'<circle cx="{number(last[0])}" cy="{number(last[1])}" r="2.8" class="spot" fill="{TRACE}"/>'
    return picture(
        width, height, _trace(places, 1.6) + dot, title, desc or ", ".join(f"{v:g}" for v in known), "pl-small"
    )


def line_chart(
    points: Sequence[Point],
    *,
    title: str,
    desc: str = "",
    unit: str = "",
    upper: tuple[str, float] | None = None,
    lower: tuple[str, float] | None = None,
    target: tuple[str, float] | None = None,
    width: float = 660,
    height: float = 250,
) -> str:
    """Returns a line with named limits and target; a value beyond a limit is drawn as a square instead of a dot."""
    limits = [limit for limit in (upper, lower, target) if limit]
    known = [p.value for p in points if p.value is not None] + [value for _, value in limits]
    ticks = _ticks(min(known, default=0), max(known, default=1))
    left, right, top, bottom = 52, width - 96, 14, height - 30
    scale = (bottom - top) / ((ticks[-1] - ticks[0]) or 1)

    def high(value: float) -> float:
        return bottom - (value - ticks[0]) * scale

    step = (right - left) / max(len(points) - 1, 1)
    places = [None if p.value is None else (left + n * step, high(p.value)) for n, p in enumerate(points)]
    parts = [
        _rule(left, high(t), right, LINE, "line") + words(left - 8, high(t) + 4, f"{t:g}", 12, "end", "soft")
        for t in ticks
    ]
    for limit in limits:
        parts.append(_limit(limit, high(limit[1]), left, right, width, limit is target))
    every = max(ceil(len(points) * 58 / (right - left)), 1)
    parts += [
        words(left + n * step, bottom + 18, cut(p.label, 58 * 1.3, 12), 12, "middle", "soft")
        for n, p in enumerate(points)
        if n % every == 0
    ]
    parts.append(_trace(places, 2))
    parts += [_spot(place, point, upper, lower, unit) for place, point in zip(places, points, strict=True) if place]
    told = "; ".join(f"{p.label}: {p.value:g}{' ' + unit if unit else ''}" for p in points if p.value is not None)
    return picture(width, height, "".join(parts), title, desc or told)


def _limit(limit: tuple[str, float], y: float, left: float, right: float, width: float, aim: bool) -> str:
    css, colour, dashes = ("edge", EDGE, "2 3") if aim else ("limit", LIMIT, "7 4")
    text = words(right + 8, y + 4, cut(f"{limit[0]} {limit[1]:g}", width - right - 8, 12), 12, "start", "soft")
    return _rule(left, y, right, colour, css, dashes) + text


def _spot(place: tuple[float, float], point: Point, upper: tuple | None, lower: tuple | None, unit: str) -> str:
    x, y = place
    value = point.value or 0.0
    hint = f"<title>{clean(f'{point.label}: {value:g} {unit}'.strip())}</title>"
    if (upper and value > upper[1]) or (lower and value < lower[1]):
        square = f'x="{number(x - 4.5)}" y="{number(y - 4.5)}" width="9" height="9"'
        return f'<rect {square} class="fill-not-met" fill="#b93a33">{hint}</rect>'
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="3.2" class="spot" fill="{TRACE}">{hint}</circle>'


def _rule(x1: float, y: float, x2: float, colour: str, css: str, dashes: str = "") -> str:
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{number(x1)} {number(y)}H{number(x2)}" class="{css}" stroke="{colour}" fill="none"{dash}/>'


def _trace(places: Sequence[tuple[float, float] | None], thick: float) -> str:
    path, pen = [], "M"
    for place in places:
        if place is None:
            pen = "M"
            continue
        path.append(f"{pen}{number(place[0])} {number(place[1])}")
        pen = "L"
    pencil = f'stroke="{TRACE}" stroke-width="{thick}" fill="none" stroke-linejoin="round"'
    return f'<path d="{"".join(path)}" class="trace" {pencil}/>'


def _ticks(low: float, high: float) -> list[float]:
    """Returns four to six round values that span the figures."""
    span = (high - low) or abs(high) or 1
    rough = span / 4
    power = 10 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(n * step, 10) for n in range(first, max(last, first + 1) + 1)]
