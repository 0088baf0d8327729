"""Our own charts: small SVG pictures for page and paper, pure Python, no script, titled and described.

Colours stand as attributes (so a PDF shows them) and as classes (so that a page's style sheet, light or dark,
overrides them).
"""

from plumbline.ui.charts.bars import heat_grid, stacked_bars
from plumbline.ui.charts.draw import STATES, Series
from plumbline.ui.charts.lines import Point, line_chart, sparkline
from plumbline.ui.charts.plan import Task, plan_strip
from plumbline.ui.charts.ring import ring

__all__ = [
    "STATES",
    "Point",
    "Series",
    "Task",
    "heat_grid",
    "line_chart",
    "plan_strip",
    "ring",
    "sparkline",
    "stacked_bars",
]
