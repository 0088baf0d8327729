"""The two pictures of a report, as SVG: the state by chapter and the plan over time."""

from datetime import date, timedelta
from html import escape

from django.utils.translation import gettext as _

from plumbline.registers.evaluation.audits.report import words
from plumbline.registers.evaluation.audits.report.facts import AuditReport, Counts, PlanStep
from plumbline.registers.evaluation.audits.report.standing import Standing, chapters

COLOURS = {"met": "#2c7a58", "partly": "#e0a436", "not_met": "#b4412f", "not_audited": "#d3d8df", "not_applicable": "#eef0f3"}
INK, QUIET, LINE, BLUE, PALE = "#1b2330", "#5b6472", "#d5dae1", "#1f5f8b", "#9db9cd"
WIDTH, NAMES, ROW = 680, 210, 26  # a pixel is a quarter of a millimetre on A4
FACE = "Source Sans 3, Inter, Liberation Sans, Helvetica Neue, Arial, DejaVu Sans, sans-serif"


def by_chapter(report: AuditReport) -> str:
    """Stacked bars, one a chapter; their length is the number of questions, so a long grey end is a large unknown."""
    rows = chapters(report)
    longest = max((counts.total for _number, counts in rows), default=0) or 1
    title, drawn = words.chapter_titles(), []
    for index, (number, counts) in enumerate(rows):
        y = index * ROW + 4
        drawn.append(_text(0, y + 14, f"{number}  {title[number]}"))
        drawn.append(_bar(counts, y, (WIDTH - NAMES - 30) / longest))
        drawn.append(_text(WIDTH, y + 14, str(counts.total or "–"), anchor="end", colour=QUIET))
    drawn.append(_legend(len(rows) * ROW + 14))
    return _svg(len(rows) * ROW + 36, _("State by chapter"), drawn)


def gantt(report: AuditReport, state: Standing) -> str:
    """The plan over time: from the audit's last day to each step's due date, and where stage 1 becomes possible."""
    dated = [step for step in state.steps if step.due]
    if not dated:
        return ""
    start = min([report.ends_on, *(step.starts for step in dated if step.starts), *(step.due for step in dated)])
    end = max(step.due for step in dated) + timedelta(days=7)
    scale = (WIDTH - NAMES) / max((end - start).days, 1)
    height = len(dated) * 22 + 30
    drawn = [_month(first, NAMES + (first - start).days * scale, height) for first in _months(start, end)]
    for index, step in enumerate(dated):
        drawn.append(_track(step, index, start, step.starts or report.ends_on, scale))
    if state.ready_on:
        drawn.append(_ready(NAMES + (state.ready_on - start).days * scale, height))
    return _svg(height + 20, _("The plan over time"), drawn)


def _bar(counts: Counts, y: float, scale: float) -> str:
    x, drawn = float(NAMES), []
    for name, colour in COLOURS.items():
        width = getattr(counts, name) * scale
        if width:
            drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{max(width - 1, 0.5):.1f}" height="18" fill="{colour}"/>')
            drawn.append(_count(x + width / 2, y + 13, getattr(counts, name), name, width))
        x += width
    return "".join(drawn)


def _count(x: float, y: float, count: int, name: str, width: float) -> str:
    """The figure inside its part of the bar, in a colour that can be read on it."""
    if width < 14:
        return ""
    colour = "#ffffff" if name in {"met", "not_met"} else INK
    return _text(x, y, str(count), anchor="middle", colour=colour, size=10)


def _legend(y: float) -> str:
    x, drawn = float(NAMES), []
    for name, word in words.results().items():
        drawn.append(f'<rect x="{x:.1f}" y="{y}" width="11" height="11" fill="{COLOURS[name]}"/>')
        drawn.append(_text(x + 16, y + 9.5, word, colour=QUIET, size=10))
        x += 30 + 5.4 * len(word)
    return "".join(drawn)


def _months(start: date, end: date) -> list[date]:
    first, found = start.replace(day=1), []
    while first <= end:
        if first >= start:
            found.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return found


def _month(first: date, x: float, height: float) -> str:
    name = words.month(first)
    line = f'<line x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{height}" stroke="{LINE}" stroke-width=".7"/>'
    return line + _text(x + 3, 12, name, colour=QUIET, size=9.5)


def _track(step: PlanStep, index: int, start: date, since: date, scale: float) -> str:
    y = index * 22 + 26
    x1 = NAMES + (min(since, step.due) - start).days * scale
    x2 = NAMES + (step.due - start).days * scale
    colour = BLUE if step.blocks_stage_1 else PALE
    return (
        _text(0, y + 11, f"{index + 1}  {_short(step.what)}", size=10)
        + f'<rect x="{x1:.1f}" y="{y + 2}" width="{max(x2 - x1, 2):.1f}" height="10" rx="1.5" fill="{colour}"/>'
    )


def _ready(x: float, height: float) -> str:
    line = f'<line x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{height + 4}" stroke="{INK}" stroke-width="1.2"/>'
    right = x > WIDTH - 130
    return line + _text(x, height + 16, words.labels()["ready"], anchor="end" if right else "middle", size=10)


def _short(text: str, length: int = 34) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = INK, size: float = 11) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{escape(text)}</text>'


def _svg(height: float, title: str, drawn: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
        f' role="img" font-family="{FACE}"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )
