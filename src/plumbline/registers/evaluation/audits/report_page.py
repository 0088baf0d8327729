"""The report on the screen: the same facts as on paper, with the house's own picture."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from plumbline.ui.charts import Series, stacked_bars

from .facts import facts_of
from .models import Audit
from .report import facts, words
from .report.standing import by_clause, closing, in_order, standing
from .results import area_states, missing_to_close


def shown_report(audit: Audit, language: str | None) -> dict[str, Any]:
    """What the page of the report shows."""
    report = facts_of(audit, language or "")
    closes, state = closing(report), standing(report)
    titles, names = words.chapter_titles(), words.results()
    rows = [(f"{chapter} {titles[chapter]}", counts) for chapter, counts in sorted(report.summary.items())]
    return {
        "report": report,
        "standing": state,
        "plan": in_order(report.plan),
        "results": names,
        "gaps": [(gap, closes.get(gap.number), names.get(gap.result, "")) for gap in by_clause(report.gaps)],
        "picture": picture(rows, names),
        "headings": [_("Chapter"), *names.values()],
        "numbers": [[name, *asdict(counts).values()] for name, counts in rows],
        "missing": missing_to_close(area_states(audit)) if audit.state == "running" else [],
    }


def picture(rows: list[tuple[str, facts.Counts]], names: dict[str, str]) -> str:
    """The state by chapter as stacked bars."""
    series = [Series(code.replace("_", "-"), names[code]) for code in facts.RESULTS]
    counted = [
        (name, {code.replace("_", "-"): getattr(counts, code) for code in facts.RESULTS}) for name, counts in rows
    ]
    return stacked_bars(counted, series, title=_("State by chapter"), same_length=False, label_width=260)
