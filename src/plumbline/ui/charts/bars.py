"""Stacked horizontal bars, such as the state by clause, and the grid of areas by state."""

from collections.abc import Mapping, Sequence

from plumbline.ui.charts.draw import Series, cut, figure_text, key_of, legend, patterns, picture, tile, words

BAR, STEP = 22, 32  # pixels


def stacked_bars(
    rows: Sequence[tuple[str, Mapping[str, int]]],
    series: Sequence[Series],
    *,
    title: str,
    desc: str = "",
    width: float = 660,
    label_width: float = 190,
    same_length: bool = True,
) -> str:
    """Returns one bar a row, split by state; `same_length` shows shares, otherwise lengths are counts."""
    key = key_of(title, [(label, sorted(counts.items())) for label, counts in rows])
    totals = {one.code: sum(counts.get(one.code, 0) for _, counts in rows) for one in series}
    longest = max((sum(counts.values()) for _, counts in rows), default=0)
    head, top = legend([(one, totals[one.code]) for one in series], 2, width, key)
    top += 10
    body = []
    for row, (label, counts) in enumerate(rows):
        y = top + row * STEP
        whole = sum(counts.get(one.code, 0) for one in series)
        room = width - label_width - 44
        length = room if same_length or not longest else room * whole / longest
        body.append(words(0, y + 15.5, cut(label, label_width - 12, 13), 13))
        body.append(_bar(label_width, y, length, counts, series, whole, key, label))
        body.append(words(width, y + 15.5, whole, 12, "end", "soft"))
    inner = patterns([one.code for one in series], key) + head + "".join(body)
    return picture(width, top + len(rows) * STEP, inner, title, desc or _tell(rows, series), key=key)


def _bar(
    x: float,
    y: float,
    length: float,
    counts: Mapping[str, int],
    series: Sequence[Series],
    whole: int,
    key: str,
    label: str,
) -> str:
    parts = []
    for one in series:
        count = counts.get(one.code, 0)
        if not count:
            continue
        part = length * count / whole
        hint = f"{label}: {one.label} {count}"
        parts.append(tile(x, y, max(part - 1.5, 1), BAR, one.code, key, hint))
        if part >= 9 + 7 * len(str(count)):
            parts.append(figure_text(x + (part - 1.5) / 2, y + 15.5, count, one.code))
        x += part
    return "".join(parts)


def _tell(rows: Sequence[tuple[str, Mapping[str, int]]], series: Sequence[Series]) -> str:
    lines = []
    for label, counts in rows:
        seen = ", ".join(f"{one.label} {counts[one.code]}" for one in series if counts.get(one.code))
        lines.append(f"{label}: {seen or 0}")
    return "; ".join(lines)


def heat_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[tuple[str, str] | None]],
    *,
    title: str,
    desc: str = "",
    series: Sequence[Series] = (),
    label_width: float = 190,
    cell: float = 74,
) -> str:
    """Returns a grid; each cell is (state code, text) or None; `series` names the states in the legend."""
    key = key_of(title, rows, columns, cells)
    width = label_width + cell * len(columns)
    head, top = legend([(one, "") for one in series], 2, width, key) if series else ("", 0)
    parts = [
        words(label_width + cell * (n + 0.5), top + 18, cut(text, cell, 12), 12, "middle", "soft")
        for n, text in enumerate(columns)
    ]
    top += 28
    codes = []
    for row, label in enumerate(rows):
        y = top + row * 34
        parts.append(words(0, y + 20, cut(label, label_width - 10, 13), 13))
        for column, value in enumerate(cells[row]):
            if value is None:
                continue
            code, text = value
            codes.append(code)
            x = label_width + column * cell
            parts.append(tile(x + 1, y, cell - 3, 30, code, key, f"{label}, {columns[column]}: {text}", 3))
            parts.append(figure_text(x + cell / 2, y + 20, cut(text, cell - 6, 12), code))
    inner = patterns([*codes, *(one.code for one in series)], key) + head + "".join(parts)
    told = "; ".join(
        f"{label}: " + ", ".join(f"{columns[n]} {value[1]}" for n, value in enumerate(cells[row]) if value)
        for row, label in enumerate(rows)
    )
    return picture(width, top + len(rows) * 34, inner, title, desc or told, key=key)
