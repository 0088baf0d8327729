"""The two pictures of a report: the state by chapter and the plan over time."""

from dataclasses import asdict
from io import BytesIO

from django.utils.translation import gettext as _

from plumbline.registers.evaluation.audits.report import headings, words
from plumbline.registers.evaluation.audits.report.facts import RESULTS, AuditReport
from plumbline.registers.evaluation.audits.report.standing import Standing, chapters
from plumbline.ui.charts import Series, Task, plan_strip, stacked_bars
from plumbline.ui.charts.draw import FONT

FACE = "'Source Sans 3', Inter, 'Liberation Sans', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"  # of paper.css
WIDTH = 720  # pixels over the 170 mm between the margins: a text of 13 is 8.7 points on paper


def by_chapter(report: AuditReport) -> str:
    """Stacked bars, one a chapter, as long as their counts: a long grey end is a large unknown."""
    title, word = words.chapter_titles(), words.results()
    series = [Series(_code(name), word[name]) for name in RESULTS]
    rows = [
        (f"{number}  {title[number]}", {_code(name): count for name, count in asdict(counts).items()})
        for number, counts in chapters(report)
    ]
    svg = stacked_bars(rows, series, title=_("State by chapter"), width=WIDTH, label_width=275, same_length=False)
    return svg.replace(FONT, FACE)


def gantt(report: AuditReport, state: Standing) -> str:
    """The plan over time: full bars block stage 1, the others can follow; a line where stage 1 becomes possible."""
    labels = headings.labels()
    tasks = [
        Task(
            f"{number}  {step.what}",
            step.who or labels["nobody"],
            min(step.starts or report.ends_on, step.due),
            step.due,
            "plan" if step.blocks_stage_1 else "not-applicable",
        )
        for number, step in enumerate(state.steps, 1)
        if step.due
    ]
    if not tasks:
        return ""
    ready = (labels["ready"], state.ready_on) if state.ready_on else None
    svg = plan_strip(tasks, title=_("The plan over time"), today=ready, spell=words.near_day, width=WIDTH)
    return svg.replace(FONT, FACE)


def png(svg: str) -> bytes:
    """The same picture for a format that knows no SVG, at about 300 dots an inch."""
    from pypdfium2 import PdfDocument
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    width, height = (float(svg.split(f' {side}="', 1)[1].split('"', 1)[0]) for side in ("width", "height"))
    sheet = f"<style>@page{{size:{width}px {height}px;margin:0}}body{{margin:0}}svg{{display:block}}</style>"
    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False)
    laid_out = PdfDocument(HTML(string=sheet + svg, url_fetcher=nothing).write_pdf())
    written = BytesIO()
    laid_out[0].render(scale=3.6).to_pil().convert("P", palette=1, colors=64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _code(result: str) -> str:
    """A result as the charts name it."""
    return result.replace("_", "-")
