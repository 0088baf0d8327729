"""A list as CSV and XLSX: what is in it, for whom, typed, inert, and read a few hundred rows at a time."""

import io
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from django.apps import apps
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from plumbline.faces.sheets import columns, export_pages, exporting, long_exports, working
from plumbline.faces.sheets.models import Export
from plumbline.faces.sheets.runs import Interrupted, path_of
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted
from plumbline.organisation.models import RoleHolding
from plumbline.organisation.own_fields import OwnField

LIST = "/acme/nonconformities/"


class Case(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = register_of("nonconformity")

    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)

    def make(self, title: str = "Burr", company: Company | None = None, **values):
        return actions.create(self.register, by=(company or self.acme).actor, title=title, description="d", **values)

    def csv(self, query: str = "", client=None) -> str:
        answer = (client or self.client).get(f"{LIST}export.csv?{query}")
        return b"".join(answer.streaming_content).decode()

    def sheet(self, answer):
        return load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).active

    def lines(self, answer) -> list[tuple]:
        return list(self.sheet(answer).iter_rows(values_only=True))


class ExportTest(Case):
    def test_a_sheet_has_a_name_that_every_program_takes(self) -> None:
        for title, name in (("[Plan]: A/B?* 'x'", "Plan   A B   'x"), ("W" * 40, "W" * 31), ("''", "Sheet1")):
            exporting.write_rows(file := io.BytesIO(), [title], ["Number"], [])
            self.assertEqual(load_workbook(file).active.title, name)

    def test_a_csv_has_the_rows_and_the_order_of_the_list(self) -> None:
        for title in ("Burr", "Alpha", "Chip"):
            self.make(title)
        lines = self.csv("order=title").splitlines()
        self.assertEqual([line.split(",")[1] for line in lines[1:]], ["Alpha", "Burr", "Chip"])
        self.assertTrue(lines[0].startswith("\ufeffNumber,Title"))
        self.assertEqual(len(self.csv("q=alpha").splitlines()), 2)
        self.assertEqual(len(self.csv("owner=me&state=closed").splitlines()), 1)

    def test_formulas_are_inert_and_numbers_are_no_formulas(self) -> None:
        self.make("=HYPERLINK(1)", quantity=Decimal("-2.50"), lot="@SUM(1)")
        text = self.csv("fields=all")
        self.assertIn("'=HYPERLINK(1)", text)
        self.assertIn("'@SUM(1)", text)
        self.assertIn(",-2.5,", text)
        cells = [
            cell for row in self.sheet(self.client.get(f"{LIST}export.xlsx?fields=all")).iter_rows() for cell in row
        ]
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
        self.assertIn("=HYPERLINK(1)", [cell.value for cell in cells])

    def test_a_workbook_has_typed_cells_under_its_filter_and_time(self) -> None:
        self.make(due=date(2027, 3, 14), quantity=Decimal("12.5"), confidential=True)
        self.assertEqual(self.sheet(self.client.get(f"{LIST}export.xlsx")).title, "Nonconformities")
        title, made, filtered, head, row = self.lines(self.client.get(f"{LIST}export.xlsx?fields=all&state=open"))
        self.assertEqual(title[0], "Nonconformities")
        self.assertIn("Acme", made[0])
        self.assertIn("Reported", filtered[0])
        values = dict(zip(head, row, strict=True))
        self.assertEqual(values["Due"].date(), date(2027, 3, 14))
        self.assertEqual(values["Quantity"], 12.5)
        self.assertIs(values["Confidential"], True)
        self.assertEqual(values["State"], "Reported")
        self.assertEqual(values["Owner"], "Ann Bell")

    def test_own_fields_stand_in_it_with_their_sort(self) -> None:
        for sort, value in (
            ("number", "12.50"),
            ("date", "2027-02-28"),
            ("truth", True),
            ("person", str(self.acme.bob.uid)),
        ):
            actions.create(OwnField, by=self.acme.actor, kind="nonconformity", code=sort, label=f"My {sort}", sort=sort)
            self.acme.organisation.refresh_from_db()
            self.make(sort, own={sort: value})
        text = self.csv("fields=all")
        for part in ("My number,My date,My truth,My person", "2027-02-28", "12.5", "Bob Carter"):
            self.assertIn(part, text)
        rows = self.lines(self.client.get(f"{LIST}export.xlsx?fields=all&order=title"))[3:]
        place = rows[0].index("My number")
        self.assertEqual([row[place] for row in rows[1:]], [None, 12.5, None, None])
        self.assertEqual(rows[1][place + 1].date(), date(2027, 2, 28))
        self.assertEqual(len(self.csv("fields=all&own-number=12.5").splitlines()), 2)
        ended = OwnField.objects.get(code="number")
        actions.edit(ended, by=self.acme.actor, ended_on=self.acme.organisation.today())
        self.acme.organisation.refresh_from_db()
        self.assertIn("12.5", self.csv("fields=all"), "what is asked no more is exported from where it has values")
        self.assertNotIn("My number", self.csv("fields=shown"))

    def test_in_german_a_csv_fits_german_spreadsheets(self) -> None:
        self.make(quantity=Decimal("2.5"))
        with translation.override("de"):
            text = b"".join(self.client.get(f"{LIST}export.csv?fields=all", headers={"Accept-Language": "de"}))
        self.assertIn("Nummer;Titel;", text.decode())
        self.assertIn(";2,5;", text.decode())

    def test_the_number_of_statements_does_not_grow_with_the_rows(self) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.csv("fields=all")
            return counted(queries)

        self.make()
        few = asked()
        for number in range(30):
            self.make(f"T{number}", owner=self.acme.bob)
        self.assertLessEqual(asked(), few)
        self.assertLessEqual(few, 12)

    def test_the_button_stands_on_the_list_and_the_page_says_what_comes(self) -> None:
        self.make()
        self.assertContains(self.client.get(f"{LIST}?state=open"), f"{LIST}export/?state=open")
        page = self.client.get(f"{LIST}export/?state=open")
        self.assertContains(page, "1 record, as the list is filtered and sorted now")
        self.assertContains(page, "Reported")
        answer = self.client.post(f"{LIST}export/?state=closed", {"format": "csv", "fields": "shown"})
        self.assertEqual(len(b"".join(answer.streaming_content).splitlines()), 1)


class AccessTest(Case):
    def test_nobody_exports_what_she_does_not_see(self) -> None:
        self.make("Known to all")
        self.make("Layoffs", confidential=True)
        self.make("Of another", company=self.other)
        bob = self.acme.client(self.acme.bob)
        for fields in ("shown", "all"):
            text = self.csv(f"fields={fields}", bob)
            self.assertIn("Known to all", text)
            self.assertNotIn("Layoffs", text)
            self.assertNotIn("Of another", text)
            rows = str(self.lines(bob.get(f"{LIST}export.xlsx?fields={fields}")))
            self.assertNotIn("Layoffs", rows)
            self.assertNotIn("Of another", rows)
        self.assertContains(bob.get(f"{LIST}export/"), "1 record,")
        for page in ("export.csv", "export.xlsx", "export/"):
            self.assertEqual(self.other.client(self.other.ann).get(f"{LIST}{page}").status_code, 404)

    def test_a_hidden_record_is_not_named_where_another_points_to_it(self) -> None:
        secret = {"title": "Secret audit", "confidential": True, "lead": self.acme.ann, "from_on": date(2027, 1, 5)}
        audit = actions.create(register_of("audit"), by=self.acme.actor, to_on=date(2027, 1, 6), **secret)
        area = {"code": "sales", "name": "Sales", "questions": ["8.2.1-e"]}
        actions.create(apps.get_model("audits", "Area"), by=self.acme.actor, record=audit, **area)
        audit = actions.act(audit, "start", by=self.acme.actor)
        finding = {"title": "No list", "of_audit": audit, "grade": "gap", "text": "t"}
        actions.create(register_of("finding"), by=self.acme.actor, **finding)
        mine = b"".join(self.client.get("/acme/findings/export.csv?fields=all").streaming_content).decode()
        theirs = self.acme.client(self.acme.bob).get("/acme/findings/export.csv?fields=all")
        text = b"".join(theirs.streaming_content).decode()
        self.assertIn("Secret audit", mine)
        self.assertIn("No list", text)
        self.assertNotIn("Secret audit", text)
        self.assertNotIn(audit.number, text)


class LongTest(Case):
    def setUp(self) -> None:
        super().setUp()
        self.long, export_pages.AT_ONCE = export_pages.AT_ONCE, 2
        self.addCleanup(setattr, export_pages, "AT_ONCE", self.long)
        for number in range(3):
            self.make(f"T{number}")

    def begun(self) -> Export:
        answer = self.client.post(f"{LIST}export/?order=title", {"format": "xlsx"})
        run = Export.objects.get()
        self.assertEqual(answer["Location"], f"{LIST}export/{run.uid}/")
        return run

    def test_a_long_one_is_written_by_the_way_and_waits_for_whom_it_is(self) -> None:
        run = self.begun()
        self.assertContains(self.client.get(f"{LIST}export/{run.uid}/"), "this one comes next")
        self.assertEqual(self.client.get(f"{LIST}export/{run.uid}/file/").status_code, 404)
        working.work()
        self.assertContains(self.client.get(f"{LIST}export/{run.uid}/"), "The file is ready: 3 rows")
        rows = self.lines(self.client.get(f"{LIST}export/{run.uid}/file/"))
        self.assertEqual([row[1] for row in rows[4:]], ["T0", "T1", "T2"])
        for somebody in (self.acme.client(self.acme.bob), self.other.client(self.other.ann)):
            for page in ("", "file/"):
                self.assertEqual(somebody.get(f"{LIST}export/{run.uid}/{page}").status_code, 404)

    def test_what_is_not_wanted_any_more_is_stopped_and_removed(self) -> None:
        run = self.begun()
        page = f"{LIST}export/{run.uid}/"
        self.assertEqual(self.acme.client(self.acme.bob).post(page).status_code, 404)
        working.work()
        file = path_of(run)
        self.assertTrue(file.exists())
        self.assertContains(self.client.get(f"{LIST}export/"), "3 rows; all records")
        self.assertContains(self.client.post(page, follow=True), "The export is removed")
        self.assertFalse(file.exists() or Export.objects.exists())
        run = self.begun()
        with patch.object(columns, "AT_ONCE", 1), self.assertRaises(Interrupted):
            long_exports.write(run, lambda: bool(Export.objects.all().delete()))
        self.assertFalse(path_of(run).exists())

    def test_what_a_restart_cut_off_is_written_again_and_goes_after_a_day(self) -> None:
        run = self.begun()
        run.note(state="running", done=1)
        working.work()
        run.refresh_from_db()
        self.assertEqual((run.state, run.done), ("ready", 3))
        file = path_of(run)
        self.assertTrue(file.exists())
        working.sweep()
        self.assertTrue(file.exists())
        run.note(made_at=timezone.now() - timedelta(hours=25))
        working.sweep()
        self.assertFalse(file.exists() or Export.objects.exists())

    def test_whose_rights_shrank_gets_no_file_made_with_the_old_ones(self) -> None:
        run = self.begun()
        working.work()
        holding = RoleHolding.objects.filter(person=self.acme.ann).first()
        actions.edit(holding, by=self.acme.actor, until_on=self.acme.organisation.today() - timedelta(days=1))
        self.assertEqual(self.client.get(f"{LIST}export/{run.uid}/file/").status_code, 404)
