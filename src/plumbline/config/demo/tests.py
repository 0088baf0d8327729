"""The demonstration's files open, say what they should, stay the same, and agree with the people and the audit."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from plumbline.config.demo import PASSWORD, brightwater, building, linden
from plumbline.config.demo.linden_audit import CONSULTANT
from plumbline.config.demo.manuscripts import blocks, manuscripts
from plumbline.desk.designing.gate import design
from plumbline.kernel.files import damaged
from plumbline.kernel.models import Duty, Notice, Record
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Organisation, Person
from plumbline.registers.evaluation.audits import gaps
from plumbline.registers.evaluation.audits.gate import initial_audit
from plumbline.registers.evaluation.audits.results import area_states
from plumbline.registers.support.documents.models import Document, Reading, Remark, Revision

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
    assert {brightwater.DEPARTMENTS[person.department] for person in brightwater.PEOPLE} == {"leeds", "hull"}
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
    assert {audit.lead, *audit.team} <= names
    assert {answer.interviewee for answer in audit.answers} <= names
    assert {gap.who for gap in audit.gaps} <= names
    assert {area.auditee for area in audit.areas} <= names
    assert all(area.auditee != area.auditor for area in audit.areas)


def test_every_gap_of_the_audit_has_one_step_but_two_that_nobody_has_taken():
    audit = linden.AUDIT
    open_answers = Counter(answer.requirement for answer in audit.answers if answer.result in {"partly", "not_met"})
    closed = Counter(requirement for gap in audit.gaps for requirement in gap.requirements)
    assert set((open_answers - closed).elements()) == {"7.2-c1", "9.2.1-b"}
    assert not closed - open_answers
    assert {answer.area for answer in audit.answers} == {area.name for area in audit.areas if area.day < 0}
    assert len({answer.requirement for answer in audit.answers}) == len(audit.answers)


@pytest.mark.slow  # both companies are built, as `plumb demo` does
def test_the_companies_are_built_once_and_whole(real_db):
    said: list[str] = []
    assert [made.slug for made in building.build(said.append)] == ["linden", "brightwater"]
    assert list(building.build(said.append)) == [], "the second time nothing is left to build"
    assert said[0] == "Building Linden Metalwork …"
    _alive(Organisation.objects.get(slug="linden"))
    _as_found(Organisation.objects.get(slug="brightwater"))
    helen = Account.objects.get(email=CONSULTANT.email)
    assert {organisation.slug for organisation in helen.organisations()} == {"linden", "brightwater"}
    assert all(account.demo and account.check_password(PASSWORD) for account in Account.objects.all())
    assert not list(damaged()), "what was disposed of is gone, everything else is there"
    assert not list(verify_deep()), "every record is what its history says"


def _alive(organisation: Organisation) -> None:
    """Linden Metalwork half way: documents to confirm, areas to audit, gaps to take, cases in every state."""
    audit = initial_audit(organisation)
    assert [state.code for state in area_states(audit)] == ["audited", "audited", "started", *["not_started"] * 3]
    found = gaps.of(audit)
    assert len(found) == 20
    assert sum(1 for gap in found if not gap.actions) == 2
    assert sum(1 for gap in found if gaps.without_date(gap)) == 4
    assert Counter(Document.objects.filter(organisation=organisation).values_list("state", flat=True)) == {
        "in_use": 6,
        "proposed": 6,
        "draft": 1,
    }
    scope = next(row for row in design(Actor.of(ruth_of(organisation))).rows if row.key == "4.3-3")
    assert (scope.state, scope.candidates[0].record.number) == ("making", "LM-QM-02"), "begun from a template"
    assert scope.open_gaps, "because of what the audit found"
    cases = Record.objects.filter(organisation=organisation, kind="nonconformity").values_list("state", flat=True)
    assert Counter(cases) == {"closed": 1, "corrected": 1, "action": 1, "open": 2}
    assert Record.objects.get(organisation=organisation, kind="exclusion").state == "in_force"
    records = Record.objects.filter(organisation=organisation, kind="qualityrecord").values_list("state", flat=True)
    assert Counter(records) == {"kept": 5, "signed": 1, "held": 1, "disposed": 1}
    ruth = ruth_of(organisation)
    assert Notice.objects.filter(person=ruth, verb="mention").exists()
    assert Duty.objects.filter(person=ruth).exists()


def ruth_of(organisation: Organisation) -> Person:
    return Person.objects.get(organisation=organisation, name=linden.FOUNDER)


def _as_found(organisation: Organisation) -> None:
    """Brightwater Pumps with its documents at work, and the audit still to be planned."""
    documents = Document.objects.filter(organisation=organisation)
    assert Counter(documents.values_list("state", flat=True)) == {"in_use": 27}
    assert not documents.filter(number__startswith="DOC-").exists(), "each bears the number the company gave it"
    assert initial_audit(organisation) is None
    assert Person.objects.filter(organisation=organisation).count() == 62
    body = Actor.of(Person.objects.get(organisation=organisation, name="James Okafor"))
    assert body.reads_only
    _under_control(organisation)
    assert _states(organisation)["in_force"] >= 13, "what it has in force and chose for it"


def _under_control(organisation: Organisation) -> None:
    """One in review with remarks, one waiting for its date, one alert, one to check, one overdue; read by some."""
    revisions = Revision.objects.filter(home=organisation)
    review = revisions.get(state="in_review")
    assert review.of_document.number == "BP-PR-06"
    assert Remark.objects.filter(record_id=review.uid, resolved_at=None).count() == 2
    waiting = revisions.get(state="approved")
    assert (waiting.of_document.number, waiting.effective_on.day) == ("BP-WI-10", 1)
    assert waiting.effective_on > organisation.today()
    assert waiting.of_document.current.pk != waiting.pk
    alert = revisions.get(temporary=True)
    assert (alert.state, alert.effective_until - organisation.today()) == ("effective", timedelta(days=14))
    tested = Document.objects.get(organisation=organisation, number="BP-WI-12").current
    read = Reading.objects.filter(record_id=tested.uid)
    assert (read.count(), read.exclude(read_at=None).count()) == (brightwater_in("Production"), 9)
    standard = Document.objects.get(organisation=organisation, sort="external", check_on__isnull=False)
    assert Duty.objects.filter(record=standard, verb="check").exists()
    assert Document.objects.get(organisation=organisation, number="BP-PR-02").due < organisation.today()


def _states(organisation: Organisation) -> Counter:
    nadia = Person.objects.get(organisation=organisation, name=brightwater.FOUNDER)
    found = design(Actor.of(nadia))
    assert any("BP-PR" in one.record.number for one in found.weak)
    return Counter(row.state for row in found.rows)


def brightwater_in(department: str) -> int:
    return sum(person.department == department for person in brightwater.PEOPLE)
