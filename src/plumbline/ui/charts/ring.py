"""A ring of parts of a whole: the progress of an audit, the state of a chapter."""

from collections.abc import Sequence
from math import cos, pi, sin

from plumbline.ui.charts.draw import LINE, STATES, Series, key_of, legend, number, patterns, picture, words


def ring(
    parts: Sequence[tuple[Series, int]],
    *,
    title: str,
    centre: str = "",
    desc: str = "",
    size: float = 120,
    named: bool = True,
) -> str:
    """Returns a ring with its parts in order and a short text in the middle; `named` adds the legend at its side."""
    key = key_of(title, centre, parts)
    whole = sum(count for _, count in parts)
    middle, radius, thick = size / 2, size * 0.4, size * 0.13
    drawn = [
        f'<circle cx="{number(middle)}" cy="{number(middle)}" r="{number(radius)}" fill="none" class="track"'
        f' stroke="{LINE}" stroke-width="{number(thick)}"/>'
    ]
    start = 0.0
    for one, count in parts:
        if count and whole:
            share = count / whole
            drawn.append(_arc(middle, radius, thick, start, start + share, one.code, key))
            start += share
    if centre:
        drawn.append(words(middle, middle + size * 0.07, centre, size * 0.2, "middle", weight=650))
    width, height, side = size, size, ""
    if named:
        side = _side(parts, size, key)
        width, height = size + 240, max(size, 22 * len(parts))
    told = ", ".join(f"{one.label} {count}" for one, count in parts)
    return picture(
        width,
        height,
        patterns([one.code for one, _ in parts], key) + "".join(drawn) + side,
        title,
        desc or told,
        "pl-small",
        key,
    )


def _side(parts: Sequence[tuple[Series, int]], size: float, key: str) -> str:
    top = max((size - 22 * len(parts)) / 2, 0)
    lines = []
    for row, part in enumerate(parts):
        place = f"translate({number(size + 18)} {number(top + row * 22)})"
        lines.append(f'<g transform="{place}">{legend([part], 0, 220, key)[0]}</g>')
    return "".join(lines)


def _arc(middle: float, radius: float, thick: float, start: float, end: float, code: str, key: str) -> str:
    """Returns a closed piece of the ring; a full circle is drawn as two halves."""
    if end - start > 0.999:
        return _arc(middle, radius, thick, 0, 0.5, code, key) + _arc(middle, radius, thick, 0.5, 1, code, key)
    outer, inner = radius + thick / 2, radius - thick / 2
    large = 1 if end - start > 0.5 else 0
    (x1, y1), (x2, y2) = _place(middle, outer, start), _place(middle, outer, end)
    (x3, y3), (x4, y4) = _place(middle, inner, end), _place(middle, inner, start)
    path = (
        f"M{x1} {y1}A{number(outer)} {number(outer)} 0 {large} 1 {x2} {y2}L{x3} {y3}"
        f"A{number(inner)} {number(inner)} 0 {large} 0 {x4} {y4}Z"
    )
    edge = (
        ' class="fill-{0} edge" stroke="#7d8896"'
        if code == "not-applicable"
        else ' class="fill-{0} gap" stroke="#ffffff"'
    )
    over = f'<path d="{path}" fill="url(#{key}-{code})"/>' if STATES[code].overlay else ""
    return f'<path d="{path}" fill="{STATES[code].fill}" stroke-width="1"{edge.format(code)}/>{over}'


def _place(middle: float, radius: float, share: float) -> tuple[str, str]:
    angle = 2 * pi * share - pi / 2
    return f"{middle + radius * cos(angle):.2f}", f"{middle + radius * sin(angle):.2f}"
