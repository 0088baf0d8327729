"""The report as a Word document, from the shipped template or the organisation's own."""

from dataclasses import asdict, fields
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.registers.evaluation.audits.report import headings, words
from plumbline.registers.evaluation.audits.report.clean import clean
from plumbline.registers.evaluation.audits.report.facts import AuditReport, Photo
from plumbline.registers.evaluation.audits.report.paper import shares
from plumbline.registers.evaluation.audits.report.photos import small
from plumbline.registers.evaluation.audits.report.picture import by_chapter, gantt, png
from plumbline.registers.evaluation.audits.report.standing import Standing, by_clause, chapters, closing, standing

SHIPPED = Path(__file__).with_name("report.docx")


class TemplateRefused(ValueError):
    """The organisation's template cannot be filled; the message says what is wrong in it."""


def docx(report: AuditReport, template: Path | None = None) -> bytes:
    """The report as DOCX; raises TemplateRefused when the given template is broken or asks for what is not there."""
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    refused: tuple[type[Exception], ...] = (TemplateError, PackageNotFoundError, BadZipFile)
    refused += (LookupError, ValueError, TypeError, AttributeError)
    refused += (SyntaxError, ArithmeticError)  # XML that is none; a loop without end
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document = DocxTemplate(str(template or SHIPPED))
    with override(report.language):
        try:
            document.init_docx()
        except refused as error:
            raise TemplateRefused(_("This is not a Word file.")) from error
        context = _context(clean(report), document)
        try:
            document.render(context, environment, autoescape=True)
        except refused as error:
            raise TemplateRefused(str(error)) from error
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _context(report: AuditReport, document) -> dict:
    state, labels = standing(report), headings.labels()
    lead = f"{labels['lead']} {report.team[0].name}" if report.team else ""
    under = (report.edition, words.span(report.starts_on, report.ends_on), lead, report.number)
    texts = {
        "report": _shallow(report),
        "w": labels,
        "result": words.results(),
        "kind": words.kind_title(report.kind),
        "code": words.verification(report),
        "under": " · ".join(part for part in under if part),
        "where": words.where_we_stand(report, state.total),
        "first": words.what_first(state),
        "when": words.by_when(state),
        "signed": words.signed(report),
        "meaning": "" if report.draft else report.meaning,
        "shares": shares(state.total),
        "first_steps": [_step(step, labels) for step in state.first],
        "steps": [_step(step, labels) for step in state.steps],
    }
    return texts | _rows(report) | _pictures(report, state, document) | {"gaps": _gaps(report, labels, document)}


def _shallow(report: AuditReport) -> dict:
    """The texts of the report itself; what has rows of its own comes below."""
    texts = {each.name: getattr(report, each.name) for each in fields(report) if each.type in {str, int, bool}}
    return texts | {
        "strengths": report.strengths,
        "documents_to_make": [asdict(row) for row in report.documents_to_make],
        "unaudited": [asdict(row) for row in report.unaudited],
    }


def _rows(report: AuditReport) -> dict:
    result, title, area_state = words.results(), words.chapter_titles(), words.area_states()
    labels = headings.labels()
    team = "\n".join(f"{member.name}, {member.role}" for member in report.team)
    facts = (
        ("objectives", report.objectives),
        ("scope", report.scope),
        ("criteria", report.criteria),
        ("dates", words.span(report.starts_on, report.ends_on)),
        ("team", team),
    )
    return {
        "facts": [{"name": labels[name], "text": text} for name, text in facts if text],
        "chapters": [
            asdict(counts) | {"chapter": number, "title": title[number], "total": counts.total}
            for number, counts in chapters(report)
        ],
        "areas": [asdict(area) | {"word": area_state.get(area.state, area.state)} for area in report.areas],
        "slots": [asdict(slot) | {"date": words.day(slot.day)} for slot in report.timetable],
        "answers": [asdict(answer) | {"word": result.get(answer.result, "")} for answer in report.answers],
    }


def _gaps(report: AuditReport, labels: dict, document) -> list[dict]:
    closes, word = closing(report), words.results()
    found = []
    for gap in by_clause(report.gaps):
        step = closes.get(gap.number)
        planned = _step(step, labels) if step else {}
        closed = (
            f"{labels['closed_by']} {step.number}: {step.what} – {planned['who']}, {planned['due']}" if step else ""
        )
        asked = f"{labels['requirements']} {', '.join(gap.requirements)}" if gap.requirements else ""
        texts = {
            name: getattr(gap, name) for name in ("number", "clause", "title", "question", "result", "seen", "area")
        }
        texts |= {
            "word": word.get(gap.result, ""),
            "closed": closed or labels["no_step"],
            "where": " · ".join(part for part in (gap.number, gap.area, asked) if part),
        }
        found.append(texts | {"photos": [_photo(photo, document) for photo in gap.photos]})
    return found


def _step(step, labels: dict) -> dict:
    return asdict(step) | {
        "who": step.who or labels["nobody"],
        "due": words.short_day(step.due) or labels["no_date"],
        "hours": words.short_hours(step.effort),
        "blocks": labels["yes"] if step.blocks_stage_1 else "",
    }


def _photo(photo: Photo, document) -> dict:
    from docx.shared import Mm
    from docxtpl import InlineImage

    content = small(photo)
    picture = InlineImage(document, BytesIO(content), width=Mm(55)) if content else photo.name
    return {"name": photo.name, "picture": picture}


def _pictures(report: AuditReport, state: Standing, document) -> dict:
    from docx.shared import Mm
    from docxtpl import InlineImage

    drawn = {"picture": by_chapter(report), "gantt": gantt(report, state)}
    return {name: InlineImage(document, BytesIO(png(svg)), width=Mm(170)) if svg else "" for name, svg in drawn.items()}
