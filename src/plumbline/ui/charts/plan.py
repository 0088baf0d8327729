"""A plan as a strip: what, who, from when, by when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plumbline.ui.charts.draw import LINE, cut, key_of, number, patterns, picture, tile, words


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a plan; `code` is its look: plan, met (done), partly (begun), not-met (overdue)."""

    what: str
    who: str
    start: date
    due: date
    code: str = "plan"


def plan_strip(
    tasks: Sequence[Task],
    *,
    title: str,
    desc: str = "",
    today: tuple[str, date] | None = None,
    spell: Callable[[date], str] = date.isoformat,
    width: float = 660,
) -> str:
    """Returns one bar a task on a scale of weeks or months; `today` is (its name, the day); `spell` writes a date."""
    key = key_of(title, tasks, today)
    days = [day for task in tasks for day in (task.start, task.due)] + ([today[1]] if today else [])
    if not tasks:
        return picture(width, 24, "", title, desc, key=key)
    first, last = min(days), max(days) + timedelta(days=1)
    left, right = 250.0, width - 70
    scale = (right - left) / max((last - first).days, 1)

    def across(day: date) -> float:
        return left + (day - first).days * scale

    height = 30 + len(tasks) * 34
    parts = []
    for day in _marks(first, last, int((right - left) / 78)):
        x = across(day)
        parts.append(_post(x, 22, height, "line", LINE) + words(x, 14, spell(day), 12, "middle", "soft"))
    for row, task in enumerate(tasks):
        parts.append(_task(task, 30 + row * 34, across, scale, spell, key))
    if today:
        x = across(today[1])
        parts.append(_post(x, 22, height, "today", "#a8741a", "4 3"))
        parts.append(words(x, height + 14, today[0], 12, "middle", "soft"))
    told = "; ".join(f"{task.what}, {task.who}: {spell(task.start)} – {spell(task.due)}" for task in tasks)
    inner = patterns([task.code for task in tasks], key) + "".join(parts)
    return picture(width, height + (20 if today else 4), inner, title, desc or told, key=key)


def _task(
    task: Task, y: float, across: Callable[[date], float], scale: float, spell: Callable[[date], str], key: str
) -> str:
    x = across(task.start)
    length = max(((task.due - task.start).days + 1) * scale, 5)
    hint = f"{task.what}, {task.who}: {spell(task.start)} – {spell(task.due)}"
    return (
        words(0, y + 12, cut(task.what, 236, 13), 13)
        + words(0, y + 26, cut(task.who, 236, 12), 12, css="soft")
        + tile(x, y + 4, length, 18, task.code, key, hint, 3)
        + words(x + length + 6, y + 17, spell(task.due), 12, css="soft")
    )


def _post(x: float, top: float, bottom: float, css: str, colour: str, dashes: str = "") -> str:
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{number(x)} {number(top)}V{number(bottom)}" class="{css}" stroke="{colour}" fill="none"{dash}/>'


def _marks(first: date, last: date, most: int) -> list[date]:
    """Returns the days of the scale: every week, second week, month or quarter, at most `most` of them."""
    span = (last - first).days
    for step in (1, 7, 14, 28, 56, 91, 182, 364, 728):
        if span / step <= max(most, 1):
            break
    start = first if step == 1 else first + timedelta(days=-first.weekday() % 7)
    return [start + timedelta(days=n) for n in range(0, (last - start).days + 1, step)]
