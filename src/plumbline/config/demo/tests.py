"""The demonstration's files open, say what they should, stay the same, and agree with the people and the audit."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from plumbline.config.demo import brightwater, linden
from plumbline.config.demo.linden_audit import CONSULTANT
from plumbline.config.demo.manuscripts import blocks, manuscripts

TODAY = date(2026, 3, 31)
SOURCES = Path(__file__).parent


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("linden")
    return {path.name: path for path in linden.documents(folder, TODAY)}


def test_a_dozen_files_of_four_kinds(files):
    assert Counter(path.suffix for path in files.values()) == {".docx": 4, ".pdf": 2, ".xlsx": 4, ".md": 2}


def test_the_same_day_gives_the_same_bytes(files, tmp_path):
    for path in linden.documents(tmp_path, TODAY):
        assert path.read_bytes() == files[path.name].read_bytes(), path.name


def test_one_gauge_is_overdue(files):
    from openpyxl import load_workbook

    rows = load_workbook(files["Gauges.xlsx"])["Gauges"].iter_rows(min_row=3, values_only=True)
    late = [row[0] for row in rows if row[9] and row[9].startswith("in use") and row[7].date() < TODAY]
    assert late == ["LM-C-07"]


def test_the_welding_instruction_bears_number_revision_and_date(files):
    from docx import Document

    head = Document(str(files["LM-WI-04 MAG welding of steel frames.docx"])).sections[0].header.paragraphs[0].text
    assert "LM-WI-04" in head
    assert "Revision D" in head
    assert "26 December 2025" in head


def test_the_weak_procedure_bears_none(files):
    from docx import Document

    weak = Document(str(files["Scrap and rework.docx"]))
    said = weak.sections[0].header.paragraphs[0].text + " ".join(paragraph.text for paragraph in weak.paragraphs)
    assert not any(word in said for word in ("Revision", "Owner", "LM-", "2025", "2026"))


@pytest.mark.parametrize("company", [linden, brightwater], ids=lambda company: company.SLUG)
def test_dates_lie_within_eighteen_months(company):
    for manuscript in manuscripts(SOURCES / f"{company.SLUG}_documents", TODAY):
        assert TODAY - timedelta(days=550) <= manuscript.written_on < TODAY, manuscript.file
        assert "{" not in manuscript.text, manuscript.file


def test_tables_are_square():
    for company in (linden, brightwater):
        for manuscript in manuscripts(SOURCES / f"{company.SLUG}_documents", TODAY):
            for block in blocks(manuscript.text):
                assert len({len(row) for row in block.rows}) <= 1, (manuscript.file, block.rows[0])


def test_brightwater_has_sixty_people_two_sites_and_25_documents():
    assert len(brightwater.PEOPLE) == len({person.name for person in brightwater.PEOPLE}) == 60
    assert {brightwater.SITE_OF[person.department] for person in brightwater.PEOPLE} == {"leeds", "hull"}
    written = manuscripts(SOURCES / "brightwater_documents", TODAY)
    assert Counter(each.language for each in written) == {"en": 22, "de": 3}


def test_brightwater_writes_one_of_each_kind(tmp_path):
    written = brightwater.documents(tmp_path, TODAY)
    assert len(written) == len(set(written)) == 25
    assert {path.parent.name for path in written} == {"Leeds", "Hull", "Kassel"}
    assert {path.suffix for path in written} == {".docx", ".pdf", ".xlsx", ".md"}


def test_the_people_named_in_the_audit_work_there():
    names = {person.name for person in linden.PEOPLE} | {CONSULTANT.name}
    audit = linden.AUDIT
    assert len(linden.PEOPLE) == 12
    assert {name for name, _role in audit.team} <= names
    assert {answer.interviewee for answer in audit.answers} <= names
    assert {gap.who for gap in audit.gaps} <= names
    assert {area.auditee for area in audit.areas} <= names
    assert all(area.auditee != area.auditor for area in audit.areas)


def test_every_gap_of_the_audit_has_one_step():
    audit = linden.AUDIT
    open_answers = sorted(answer.requirement for answer in audit.answers if answer.result in {"partly", "not_met"})
    assert sorted(requirement for gap in audit.gaps for requirement in gap.requirements) == open_answers
    assert {answer.area for answer in audit.answers} == {area.name for area in audit.areas if area.day < 0}
    assert len({answer.requirement for answer in audit.answers}) == len(audit.answers)
