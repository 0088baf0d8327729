"""The report in every format says what its facts say, carries its code, and lets nothing that a user wrote act."""

import json as standard_json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.translation import override

from plumbline.registers.evaluation.audits.report import FORMATS, TemplateRefused, docx, facts, json, pdf, words, xlsx
from plumbline.registers.evaluation.audits.report.facts import AuditReport, Counts, Gap, Photo, PlanStep
from plumbline.registers.evaluation.audits.report.paper import page
from plumbline.registers.evaluation.audits.report.photos import small
from plumbline.registers.evaluation.audits.report.standing import by_clause, closing, standing
from plumbline.registers.evaluation.audits.report.word_template import make

CODE = "7f3a-91c2-e04d"
HOSTILE = '=HYPERLINK("http://127.0.0.1:9/x")<img src="http://127.0.0.1:9/y"><script>1</script>{{ 7*7 }}&\x00\x0b"}*{'


def photo() -> Photo:
    from PIL import Image

    written = BytesIO()
    Image.new("RGB", (1600, 1200), (90, 120, 150)).save(written, "JPEG")
    return Photo("caliper.jpg", written.getvalue())


def sample(**changed) -> AuditReport:
    gauge = Gap(
        "G-2",
        "7.1.5",
        "Measuring equipment",
        "How do you know that it measures right?",
        "not_met",
        "Caliper 7 is overdue.",
    )
    review = Gap(
        "G-1",
        "9.3",
        "Management review",
        "When was the last review?",
        "partly",
        "Minutes of 2024, unsigned.",
        ("9.3.1-1",),
    )
    plan = (
        PlanStep(2, "A-2", "Calibrate caliper 7", "Tom Hale", date(2026, 12, 20), Decimal("1.5"), False, ("G-2",)),
        PlanStep(1, "A-1", "Hold the review", "Ruth Linden", date(2026, 12, 4), Decimal(6), True, ("G-1",)),
    )
    report = AuditReport(
        organisation="Linden Metalwork",
        number="AU-2026-001",
        title="Initial audit of the quality system",
        kind="initial",
        edition="ISO 9001:2015",
        starts_on=date(2026, 11, 12),
        ends_on=date(2026, 11, 13),
        objectives="Find out where we stand.",
        scope="Sheet metal parts.",
        team=(facts.Member("Helen Marsh", "lead auditor"),),
        timetable=(facts.Slot(date(2026, 11, 12), "08:30", "09:00", "Opening meeting"),),
        areas=(facts.Area("Management", "audited", 21, 21), facts.Area("Sales", "not_started", 0, 8)),
        summary={7: Counts(met=4, not_met=1), 9: Counts(met=1, partly=1, not_audited=3)},
        strengths=("Welders know their instruction.",),
        gaps=(review, gauge),
        documents_to_make=(facts.DocumentToMake("Scope", "4.3", "wanted in writing"),),
        plan=plan,
        unaudited=(facts.Unaudited("Sales", "ill", "Ruth Linden"),),
        answers=(facts.Answer("9.3", "When was the last review?", "partly", "Management", "Minutes of 2024."),),
        signed_by="Helen Marsh",
        signed_at=datetime(2026, 11, 20, 15, 4, tzinfo=UTC),
        meaning="I led this audit.",
        verification_code=CODE,
        log_size=1834,
        draft=False,
    )
    return replace(report, **changed)


def hostile() -> AuditReport:
    first = sample()
    return sample(
        organisation=HOSTILE,
        title=HOSTILE,
        number=HOSTILE,
        gaps=tuple(replace(gap, seen=HOSTILE, question=HOSTILE, title=HOSTILE) for gap in first.gaps),
        plan=tuple(replace(step, what=HOSTILE, who=HOSTILE) for step in first.plan),
        answers=tuple(replace(answer, notes=HOSTILE) for answer in first.answers),
        strengths=(HOSTILE,),
    )


def pages(content: bytes) -> list[str]:
    from pypdf import PdfReader

    return [sheet.extract_text().replace("\xa0", " ") for sheet in PdfReader(BytesIO(content)).pages]


@cache
def printed() -> bytes:
    return pdf(sample())


def opened(content: bytes):
    from docx import Document

    return Document(BytesIO(content))


def text_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.mark.slow  # the first of a run loads the layout engine
def test_the_first_page_answers_where_what_first_and_by_when():
    first = pages(printed())[0]
    assert (
        "7 of the 10 questions that apply have been answered, 5 of them with “met”. 2 gaps were found."
        in first.replace("\n", " ")
    )
    assert "Hold the review" in first
    assert "4 December 2026" in first
    assert "Calibrate caliper 7" not in first  # it does not block stage 1


def test_every_page_carries_the_code_and_its_number():
    sheets = pages(printed())
    assert len(sheets) >= 4
    for number, sheet in enumerate(sheets, 1):
        assert CODE in sheet
        assert f"Page {number} of {len(sheets)}" in sheet


def test_the_contents_point_at_the_right_pages():
    from pypdf import PdfReader

    contents = PdfReader(BytesIO(printed())).pages[1].extract_text(extraction_mode="layout").split("\n")
    listed = next(int(line.split()[-1]) for line in contents if line.split()[:2] == ["The", "plan"])
    assert "Hold the review" in pages(printed())[listed - 1]


@pytest.mark.slow  # lays out paper and draws pictures for Word, as a draft and signed
def test_a_draft_says_so_on_every_page_and_a_signed_report_does_not():
    draft = pages(pdf(sample(draft=True, verification_code="")))
    assert all("Draft" in sheet and "Verification code: none yet, this is a draft" in sheet for sheet in draft)
    assert not any("Whoever holds this page" in sheet for sheet in draft)
    assert not any("Draft" in sheet for sheet in pages(printed()))
    assert "Draft" not in text_of(opened(docx(sample())))
    drawn = opened(docx(sample(draft=True))).sections[0].header._element.xml
    assert 'string="Draft"' in drawn
    assert 'string="Draft"' not in opened(docx(sample())).sections[0].header._element.xml


def test_the_same_report_gives_the_same_paper():
    assert pdf(sample()) == printed()


def test_nothing_a_user_wrote_is_fetched_or_becomes_markup(monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.socket.connect", refuse)
    html = page(hostile())
    assert "<script" not in html
    assert "<img" not in html
    assert "{{ 7*7 }}" in " ".join(pages(pdf(hostile()))).replace("\n", " ")


def test_a_style_sheet_in_a_name_stays_a_name():
    name = 'x"; } body { display: none } @import url(http://127.0.0.1:9/z); "'
    head = page(sample(organisation=name)).split("<style>")[1].split("</style>")[0]
    assert "@import" not in head
    assert "display: none" not in head


def test_word_holds_headings_tables_and_the_texts():
    document = opened(docx(sample()))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert "Gaps, clause by clause" in headings
    assert headings[-1].startswith("Appendix")
    said = text_of(document)
    assert "Caliper 7 is overdue." in said
    assert "Hold the review" in said
    assert "{{" not in said
    assert CODE in document.sections[0].footer.paragraphs[0].text
    assert "TOC \\o" in document.element.xml


def test_word_survives_hostile_texts():
    said = text_of(opened(docx(hostile())))
    assert "{{ 7*7 }}" in said
    assert "<script>1</script>" in said


def test_word_refuses_a_template_that_reaches_out(tmp_path):
    from docx import Document

    for wish in (
        "{{ report.__class__.__mro__ }}",
        "{{ no_such_name }}",
        "{% for n in range(10**9) %}{% endfor %}",
        "{% if",
    ):
        reaching = Document()
        reaching.add_paragraph(wish)
        reaching.save(tmp_path / "own.docx")
        with pytest.raises(TemplateRefused):
            docx(sample(), tmp_path / "own.docx")
    (tmp_path / "broken.docx").write_bytes(b"not a zip")
    with pytest.raises(TemplateRefused):
        docx(sample(), tmp_path / "broken.docx")


def test_an_organisation_may_use_its_own_template(tmp_path):
    from docx import Document

    own = Document()
    own.add_paragraph("Our house: {{ report.organisation }}, {{ gaps|length }} gaps")
    own.save(tmp_path / "own.docx")
    assert "Our house: Linden Metalwork, 2 gaps" in text_of(opened(docx(sample(), tmp_path / "own.docx")))


def test_the_shipped_template_is_what_the_script_makes(tmp_path):
    make(tmp_path / "again.docx")
    shipped = Path(__file__).with_name("report.docx").read_bytes()
    assert shipped == (tmp_path / "again.docx").read_bytes()
    assert len(shipped) <= 60_000


def test_a_workbook_has_four_sheets_and_no_formula():
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(xlsx(hostile())))
    assert book.sheetnames == ["Summary", "Gaps", "Plan", "Checklist"]
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    assert any(str(cell.value).startswith("=HYPERLINK") for row in book["Gaps"] for cell in row)
    assert book["Plan"].freeze_panes == "B2"
    assert book["Plan"].auto_filter.ref == "A1:G3"
    assert not any(sheet._hyperlinks for sheet in book)


def test_the_plan_in_the_workbook_can_be_counted():
    from openpyxl import load_workbook

    rows = list(load_workbook(BytesIO(xlsx(sample())))["Plan"].iter_rows(min_row=2, values_only=True))
    assert rows[0][:5] == ("A-1", "Hold the review", "Ruth Linden", datetime(2026, 12, 4), 6)


def test_json_keeps_its_keys_and_codes():
    told = standard_json.loads(json(sample()))
    assert told["format"] == "plumbline.audit-report@1"
    assert told["gaps"][0]["result"] == "partly"
    assert told["plan"][0]["effort"] == "1.5"
    assert told["summary"]["9"] == {"met": 1, "partly": 1, "not_met": 0, "not_audited": 3, "not_applicable": 0}
    assert set(FORMATS) == {"pdf", "docx", "xlsx", "json"}


def test_a_photo_is_made_small_and_a_broken_one_is_only_named():
    made = small(photo())
    assert made is not None
    assert len(made) < len(photo().content) * 2
    assert small(Photo("x.jpg", b"\xff\xd8 not a picture")) is None
    gaps = (replace(sample().gaps[0], photos=(photo(), Photo("x.jpg", b"nothing"))),)
    html = page(sample(gaps=gaps))
    assert html.count("data:image/jpeg") == 1
    assert "x.jpg" in html
    assert len(opened(docx(sample(gaps=gaps))).inline_shapes) == 3  # the photo and the two pictures


def test_blocking_steps_come_first_and_dates_are_only_given_when_known():
    state = standing(sample())
    assert [step.number for step in state.steps] == ["A-1", "A-2"]
    assert (state.ready_on, state.done_on) == (date(2026, 12, 4), date(2026, 12, 20))
    open_step = PlanStep(3, "A-3", "Someone should", blocks_stage_1=True)
    undated = standing(sample(plan=(*sample().plan, open_step)))
    assert undated.ready_on is None
    assert undated.unowned == 1
    with override("en"):
        assert "1 step has no owner or no date yet." in words.by_when(undated)


def test_gaps_stand_in_the_order_of_the_standard():
    made = [Gap(str(n), clause, "", "", "partly", "") for n, clause in enumerate(["10.2", "8.5.1", "8.2", "8.10"])]
    assert [gap.clause for gap in by_clause(tuple(made))] == ["8.2", "8.5.1", "8.10", "10.2"]
    assert closing(sample())["G-2"].number == "A-2"


def test_an_audit_without_anything_still_makes_a_report():
    empty = AuditReport("A", "AU-1", "T", "initial", "ISO 9001:2015", date(2026, 1, 1), date(2026, 1, 1))
    assert all(render(empty) for render, _media_type in FORMATS.values())
    with override("en"):
        assert words.where_we_stand(empty, standing(empty).total) == "Nothing has been judged yet."
