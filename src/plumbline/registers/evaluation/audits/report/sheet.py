"""The report as a workbook: summary, gaps, plan and checklist, for those who count and filter."""

from datetime import UTC, date, datetime
from io import BytesIO

from django.utils.translation import override

from plumbline.registers.evaluation.audits.report import headings, words
from plumbline.registers.evaluation.audits.report.clean import clean
from plumbline.registers.evaluation.audits.report.facts import RESULTS, AuditReport
from plumbline.registers.evaluation.audits.report.standing import by_clause, chapters, closing, standing

LONGEST_CELL = 32_767  # characters; Excel holds no more


def xlsx(report: AuditReport) -> bytes:
    """The report as XLSX; whatever a cell says, it is text, a number or a date, and never a formula."""
    from xlsxwriter import Workbook

    written = BytesIO()
    book = Workbook(written, {"in_memory": True})
    made = (report.signed_at or datetime.combine(report.ends_on, datetime.min.time(), UTC)).replace(tzinfo=None)
    book.set_properties(
        {"title": clean(f"{report.number} {report.title}"), "company": clean(report.organisation), "created": made}
    )
    with override(report.language):
        _Book(book, clean(report)).write()
    book.close()
    return written.getvalue()


class _Book:
    """One workbook being written, with its formats."""

    def __init__(self, book, report: AuditReport) -> None:
        self.book, self.report, self.labels, self.result = book, report, headings.labels(), words.results()
        face = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}
        self.plain = book.add_format(face)
        self.bold = book.add_format(face | {"bold": True})
        self.title = book.add_format(face | {"bold": True, "font_size": 16, "text_wrap": False})
        self.head = book.add_format(face | {"bold": True, "bottom": 2, "bg_color": "#F2F5F8"})
        self.date = book.add_format(face | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.figure = book.add_format(face | {"num_format": "General", "align": "right"})

    def write(self) -> None:
        self._summary()
        self._gaps()
        self._plan()
        self._checklist()

    def _summary(self) -> None:
        report, state, label = self.report, standing(self.report), self.labels
        sheet = self._sheet("summary", (30, 14, 14, 14, 14, 16, 10))
        self._cell(sheet, 0, 0, report.title, self.title)
        facts = (
            (label["name"], report.organisation),
            (label["number"], report.number),
            (label["criteria"], report.edition),
            (label["dates"], words.span(report.starts_on, report.ends_on)),
            (label["team"], "; ".join(f"{member.name} ({member.role})" for member in report.team)),
            (label["where"], words.where_we_stand(report, state.total)),
            (label["first"], words.what_first(state)),
            (label["when"], words.by_when(state)),
            (label["signature"], words.signed(report)),
            (label["verification"], words.verification(report)),
        )
        for row, (name, text) in enumerate(facts, 2):
            self._cell(sheet, row, 0, name, self.bold)
            sheet.merge_range(row, 1, row, 6, "", self.plain)
            self._cell(sheet, row, 1, text)
            sheet.set_row(row, 14 * (1 + len(text) // 80))
        heads = (label["chapter"], *self.result.values(), label["total"])
        rows = [
            (f"{number} {words.chapter_titles()[number]}", *(getattr(counts, name) for name in RESULTS), counts.total)
            for number, counts in chapters(report)
        ]
        self._table(sheet, len(facts) + 3, heads, rows, filtered=False)

    def _gaps(self) -> None:
        closes, label = closing(self.report), self.labels
        names = ("number", "clause", "gap", "result", "question", "seen", "requirements", "area", "closed_by", "photos")
        sheet = self._sheet("gaps_short", (15, 9, 28, 14, 44, 60, 24, 16, 16, 20))
        rows = [
            (
                gap.number,
                gap.clause,
                gap.title,
                self.result.get(gap.result, gap.result),
                gap.question,
                gap.seen,
                ", ".join(gap.requirements),
                gap.area,
                closes[gap.number].number if gap.number in closes else "",
                ", ".join(photo.name for photo in gap.photos),
            )
            for gap in by_clause(self.report.gaps)
        ]
        self._table(sheet, 0, [label[name] for name in names], rows)

    def _plan(self) -> None:
        label = self.labels
        names = ("step", "what", "who", "due", "hours", "before_stage_1", "gaps_short")
        sheet = self._sheet("plan_short", (15, 60, 22, 13, 10, 16, 40))
        rows = [
            (
                step.number,
                step.what,
                step.who,
                step.due,
                step.effort,
                label["yes"] if step.blocks_stage_1 else "",
                ", ".join(step.gaps),
            )
            for step in standing(self.report).steps
        ]
        self._table(sheet, 0, [label[name] for name in names], rows)

    def _checklist(self) -> None:
        names = (
            "clause",
            "question",
            "area",
            "result",
            "seen",
            "interviewee",
            "documents_seen",
            "requirements",
            "answered_by",
        )
        sheet = self._sheet("checklist_short", (9, 60, 16, 14, 60, 20, 24, 30, 20))
        rows = [
            (
                answer.clause,
                answer.question,
                answer.area,
                self.result.get(answer.result, answer.result),
                answer.notes,
                answer.interviewee,
                ", ".join(answer.documents),
                ", ".join(answer.requirements),
                answer.answered_by,
            )
            for answer in self.report.answers
        ]
        self._table(sheet, 0, [self.labels[name] for name in names], rows)

    def _sheet(self, name: str, widths: tuple[int, ...]):
        sheet = self.book.add_worksheet(self.labels[name][:31])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        number = self.report.number.replace("&", "&&")
        sheet.set_footer(f"&L{number}  {words.verification(self.report).replace('&', '&&')}&R&P / &N"[:255])
        return sheet

    def _table(self, sheet, top: int, heads, rows, filtered: bool = True) -> None:
        for column, text in enumerate(heads):
            self._cell(sheet, top, column, text, self.head)
        for index, row in enumerate(rows, top + 1):
            for column, value in enumerate(row):
                self._cell(sheet, index, column, value)
        if filtered:
            sheet.freeze_panes(top + 1, 1)
            sheet.repeat_rows(top)
            sheet.autofilter(top, 0, top + max(len(rows), 1), len(heads) - 1)

    def _cell(self, sheet, row: int, column: int, value, look=None) -> None:
        """By kind of value, never by what a text looks like."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, look or self.plain)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, look or self.date)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:LONGEST_CELL], look or self.plain)
        else:
            sheet.write_number(row, column, value, look or self.figure)
