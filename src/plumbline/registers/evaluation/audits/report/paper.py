"""The report on paper: HTML of our own template, laid out by WeasyPrint without fetching anything."""

from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.registers.evaluation.audits.report import headings, words
from plumbline.registers.evaluation.audits.report.clean import clean
from plumbline.registers.evaluation.audits.report.facts import RESULTS, AuditReport, Counts, Gap, PlanStep
from plumbline.registers.evaluation.audits.report.photos import inlined
from plumbline.registers.evaluation.audits.report.picture import by_chapter, gantt
from plumbline.registers.evaluation.audits.report.standing import by_clause, chapters, closing, standing

LONGEST_CHECKLIST = 500  # rows; beyond that laying out HTML takes many seconds, and the spreadsheet has them all


def pdf(report: AuditReport) -> bytes:
    """The report as a paged PDF; the same report gives the same bytes."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    only_inlined = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    identifier = sha256(f"{report.number} {report.verification_code} {report.log_size}".encode()).digest()[:16]
    return HTML(string=page(report), base_url=None, url_fetcher=only_inlined).write_pdf(pdf_identifier=identifier)


def page(report: AuditReport) -> str:
    """The HTML that is laid out, everything it shows inside itself."""
    with override(report.language):
        return render_to_string("audits/report_pdf.html", _context(clean(report)))


def _context(report: AuditReport) -> dict:
    state, labels, word = standing(report), headings.labels(), words.results()
    return {
        "report": report,
        "w": labels,
        "css": _css() + _margins(report),
        "kind": words.kind_title(report.kind),
        "code": words.verification(report),
        "dates": words.span(report.starts_on, report.ends_on),
        "lead": report.team[0].name if report.team else "",
        "contents": [(key, labels[key]) for key in headings.SECTIONS],
        "state": {"total": state.total, "first": [_step(step) for step in state.first]},
        "where": words.where_we_stand(report, state.total),
        "first": words.what_first(state),
        "when": words.by_when(state),
        "signed": words.signed(report),
        "shares": shares(state.total),
        "result_words": list(word.values()),
        "chapters": _chapter_rows(report),
        "areas": _areas(report),
        "slots": [asdict(slot) | {"date": words.day(slot.day)} for slot in report.timetable],
        "gaps": _gaps(report),
        "steps": [_step(step) for step in state.steps],
        "answers": [asdict(each) | {"word": word.get(each.result, "")} for each in report.answers[:LONGEST_CHECKLIST]],
        "picture": by_chapter(report),
        "gantt": gantt(report, state),
    }


def shares(total: Counts) -> list[dict]:
    """Each result with its count and its percentage of all; "not applicable" only when there is one."""
    word = words.results()
    kept = [name for name in RESULTS if name != "not_applicable" or total.not_applicable]
    return [
        {
            "result": name,
            "word": word[name],
            "count": getattr(total, name),
            "percent": f"{100 * getattr(total, name) / total.total if total.total else 0:.3f}",
        }
        for name in kept
    ]


def _chapter_rows(report: AuditReport) -> list[dict]:
    title = words.chapter_titles()
    return [
        {"chapter": number, "title": title[number], "counts": list(asdict(counts).values()), "total": counts.total}
        for number, counts in chapters(report)
    ]


def _areas(report: AuditReport) -> list[dict]:
    word = words.area_states()
    mark = {"audited": "met", "started": "partly"}
    return [
        asdict(area) | {"word": word.get(area.state, area.state), "mark": mark.get(area.state, "not_audited")}
        for area in report.areas
    ]


def _gaps(report: AuditReport) -> list[dict]:
    closes, word = closing(report), words.results()
    return [_gap(gap, closes.get(gap.number)) | {"word": word.get(gap.result, "")} for gap in by_clause(report.gaps)]


def _gap(gap: Gap, step: PlanStep | None) -> dict:
    names = ("number", "clause", "title", "question", "result", "seen", "requirements", "area")
    shown = {name: getattr(gap, name) for name in names}
    return shown | {"photos": [inlined(photo) for photo in gap.photos], "step": _step(step) if step else None}


def _step(step: PlanStep) -> dict:
    return asdict(step) | {"short_due": words.short_day(step.due), "hours": words.short_hours(step.effort)}


@lru_cache(maxsize=1)
def _css() -> str:
    return Path(__file__).with_name("paper.css").read_text(encoding="utf-8")


def _margins(report: AuditReport) -> str:
    """What stands in the margins of every page, as CSS: it may name what a user wrote, so every string is escaped."""
    head = f"{report.number} · {words.kind_title(report.kind)}"
    if report.draft:
        head += f" · {headings.labels()['draft'].upper()}"
    number = _("Page {page} of {pages}").replace("{page}", "\0").replace("{pages}", "\1")
    counted = _css_string(number).replace("\\0 ", '" counter(page) "').replace("\\1 ", '" counter(pages) "')
    code = f"{headings.labels()['verification']}: {words.verification(report)}"
    said = {"house": report.organisation, "record": head, "code": code}
    rules = [f"--{name}: {_css_string(text)};" for name, text in said.items()]
    return f":root {{ {' '.join(rules)} --page: {counted}; }}"


def _css_string(text: str) -> str:
    """A CSS string in which nothing but letters, digits and blanks stands for itself."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'
