"""Makes the Word template that is shipped; an organisation replaces it with its own, using the same names.

Run it with `python -m plumbline.registers.evaluation.audits.report.word_template` and commit report.docx.
"""

from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from plumbline.registers.evaluation.audits.report.facts import RESULTS
from plumbline.registers.evaluation.audits.report.headings import SECTIONS
from plumbline.registers.evaluation.audits.report.word_layout import (
    MADE,
    WIDE,
    begin,
    field,
    mark,
    repack,
    styles,
    table,
    watermark,
)

TEMPLATE = Path(__file__).with_name("report.docx")


def make(target: Path = TEMPLATE) -> None:
    """Write the template; names in braces are filled by `word.docx`."""
    document = Document()
    styles(document)
    _page(document)
    _first_page(document)
    _contents(document)
    _state(document)
    _gaps(document)
    _plan(document)
    _audit(document)
    _checklist(document)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "Plumbline", "{{ report.title }}", ""
    properties.created = properties.modified = datetime(*MADE)
    document.save(str(target))
    repack(target)


def _page(document) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION_START.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance = section.footer_distance = Mm(11)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for line in (head, foot):
        line.style = document.styles["Fine"]
        line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(
        "{{ report.organisation }}\t{{ report.number }} · {{ kind }}{% if report.draft %} · {{ w.draft }}{% endif %}"
    )
    for text in ("{%p if report.draft %}", None, "{%p endif %}"):
        line = section.header.add_paragraph(text or "", style="Fine")
        if text is None:
            line.add_run()._r.append(parse_xml(watermark()))
    foot.add_run("{{ w.verification }}: {{ code }}\t")
    field(foot, "PAGE")
    foot.add_run(" / ")
    field(foot, "NUMPAGES")


def _first_page(document) -> None:
    document.add_paragraph("{{ report.organisation }}", style="House")
    document.add_paragraph("{{ report.title }}", style="Title")
    document.add_paragraph("{{ under }}", style="Subtitle")
    document.add_paragraph("{{ w.where }}", style="Answer")
    document.add_paragraph("{{ where }}", style="Lead")
    figures = document.add_table(rows=1, cols=3)
    figures.cell(0, 0).text = "{%tc for part in shares %}"
    figures.cell(0, 1).text, figures.cell(0, 1).paragraphs[0].style = "{{ part.count }}", document.styles["Figure"]
    figures.cell(0, 1).add_paragraph("{{ part.word }}", style="Cell")
    figures.cell(0, 2).text = "{%tc endfor %}"
    document.add_paragraph("{{ w.first }}", style="Answer")
    document.add_paragraph("{{ first }}", style="Lead")
    cells = ("{{ loop.index }}", "{{ step.what }}", "{{ step.who }}", "{{ step.due }}")
    table(document, (), "step in first_steps", cells, (8, 92, 40, 30))
    document.add_paragraph("{{ w.when }}", style="Answer")
    document.add_paragraph("{{ when }}", style="Lead")
    document.add_paragraph("{{ signed }}", style="Fine").paragraph_format.space_before = Pt(14)


def _contents(document) -> None:
    """A field that Word fills with pages when it opens the file; until then it shows the headings."""
    title = document.add_paragraph("{{ w.contents }}", style="Answer")
    title.paragraph_format.page_break_before = True
    for index, name in enumerate(SECTIONS):
        line = document.add_paragraph(style="TOC 1")
        if index == 0:
            begin(line, 'TOC \\o "1-1" \\h \\z \\u', dirty=True)
        line.add_run("{{ w." + name + " }}")
        if index == len(SECTIONS) - 1:
            mark(line, "end")


def _heading(document, name: str, new_page: bool = False) -> None:
    line = document.add_heading("{{ w." + name + " }}", 1)
    line.paragraph_format.page_break_before = new_page
    number = str(100 + SECTIONS.index(name))
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), number)
    start.set(qn("w:name"), f"_Toc_{name}")
    end.set(qn("w:id"), number)
    line._p.insert(1 if line._p.pPr is not None else 0, start)
    line._p.append(end)


def _state(document) -> None:
    _heading(document, "state")
    document.add_paragraph("{{ picture }}")
    heads = ("{{ w.chapter }}", *(f"{{{{ result.{name} }}}}" for name in RESULTS), "{{ w.total }}")
    cells = ("{{ row.chapter }} {{ row.title }}", *(f"{{{{ row.{name} }}}}" for name in RESULTS), "{{ row.total }}")
    table(document, heads, "row in chapters", cells, (48, 17, 19, 20, 20, 28, 18), figures_from=1)
    _heading(document, "strong")
    for text in ("{%p for text in report.strengths %}", "{{ text }}", "{%p endfor %}"):
        document.add_paragraph(text, style="List Bullet" if text == "{{ text }}" else None)
    _instead(document, "not report.strengths", "nothing_strong")


def _gaps(document) -> None:
    _heading(document, "gaps", new_page=True)
    document.add_paragraph("{{ w.gap_is_not }}")
    document.add_paragraph("{%p for gap in gaps %}")
    document.add_heading("{{ gap.clause }} {{ gap.title }} – {{ gap.word }}", 2)
    document.add_paragraph("{{ gap.question }}", style="Asked").paragraph_format.keep_with_next = True
    document.add_paragraph("{{ gap.seen }}")
    photos = "{% for photo in gap.photos %}{{ photo.picture }} {% endfor %}"
    for text in ("{%p if gap.photos %}", photos, "{%p endif %}"):
        document.add_paragraph(text, style="Fine")
    document.add_paragraph("{{ gap.where }}", style="Fine")
    document.add_paragraph("{{ gap.closed }}").runs[0].bold = True
    document.add_paragraph("{%p endfor %}")
    _instead(document, "not gaps", "no_gaps")
    _heading(document, "documents")
    heads = ("{{ w.document }}", "{{ w.clause }}", "{{ w.why }}")
    table(
        document,
        heads,
        "row in report.documents_to_make",
        ("{{ row.title }}", "{{ row.clause }}", "{{ row.why }}"),
        (65, 17, 88),
    )
    _instead(document, "not report.documents_to_make", "no_documents")


def _plan(document) -> None:
    _heading(document, "plan", new_page=True)
    document.add_paragraph("{{ first }} {{ when }}")
    document.add_paragraph("{{ gantt }}")
    heads = (
        "",
        "{{ w.step }}",
        "{{ w.what }}",
        "{{ w.before_stage_1 }}",
        "{{ w.who }}",
        "{{ w.due }}",
        "{{ w.effort }}",
    )
    cells = (
        "{{ loop.index }}",
        "{{ step.number }}",
        "{{ step.what }}",
        "{{ step.blocks }}",
        "{{ step.who }}",
        "{{ step.due }}",
        "{{ step.hours }}",
    )
    table(document, heads, "step in steps", cells, (7, 27, 50, 21, 26, 22, 17))
    _instead(document, "not steps", "no_plan")


def _audit(document) -> None:
    _heading(document, "audit")
    table(document, (), "row in facts", ("{{ row.name }}", "{{ row.text }}"), (35, 135))
    document.add_heading("{{ w.areas }}", 2)
    heads: tuple[str, ...] = ("{{ w.area }}", "{{ w.state_of }}", "{{ w.answered }}")
    cells: tuple[str, ...] = ("{{ area.name }}", "{{ area.word }}", "{{ area.answered }} / {{ area.total }}")
    table(document, heads, "area in areas", cells, (80, 60, 30), 2)
    document.add_heading("{{ w.timetable }}", 2)
    cells = ("{{ slot.date }}", "{{ slot.start }}–{{ slot.end }}", "{{ slot.what }}", "{{ slot.who }}")
    heads = ("{{ w.day }}", "{{ w.time }}", "{{ w.what }}", "{{ w.who }}")
    table(document, heads, "slot in slots", cells, (42, 28, 60, 40))
    document.add_paragraph("{%p if report.unaudited %}")
    document.add_heading("{{ w.unaudited }}", 2)
    cells = ("{{ row.area }}", "{{ row.reason }}", "{{ row.agreed_by }}")
    heads = ("{{ w.area }}", "{{ w.reason }}", "{{ w.agreed_by }}")
    table(document, heads, "row in report.unaudited", cells, (40, 90, 40))
    document.add_paragraph("{%p endif %}")
    _heading(document, "signature")
    document.add_paragraph("{{ signed }}")
    document.add_paragraph("{{ meaning }}")
    where = "{% if report.address and not report.draft %} · {{ report.address }}{% endif %}"
    document.add_paragraph("{{ w.verification }}: {{ code }}" + where, style="Fine")
    document.add_paragraph("{% if not report.draft %}{{ w.code_means }}{% endif %}", style="Fine")


def _checklist(document) -> None:
    _heading(document, "checklist", new_page=True)
    heads = ("{{ w.clause }}", "{{ w.question }}", "{{ w.result }}", "{{ w.seen }}", "{{ w.interviewee }}")
    cells = ("{{ row.clause }}", "{{ row.question }}", "{{ row.word }}", "{{ row.notes }}", "{{ row.interviewee }}")
    table(document, heads, "row in answers", cells, (15, 62, 22, 48, 23))
    document.add_paragraph("{{ w.paraphrase }}", style="Fine")


def _instead(document, condition: str, name: str) -> None:
    for text in ("{%p if " + condition + " %}", "{{ w." + name + " }}", "{%p endif %}"):
        document.add_paragraph(text)


if __name__ == "__main__":
    make()
