"""Files that are no table, or pretend to be one: each gets a sentence, none is opened further than it may be."""

import io
import zipfile
from unittest import mock

from plumbline.faces.sheets import tables, workbook
from plumbline.faces.sheets.models import Import
from plumbline.faces.sheets.runs import folder_of

from .importing import LIST, Case, sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def repacked(change) -> bytes:
    """A workbook whose parts were changed by somebody who means no good."""
    made, file = zipfile.ZipFile(io.BytesIO(sheet(["Title"], ["A"]))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for entry in made.infolist():
            book.writestr(entry.filename, change(entry.filename, made.read(entry)))
    return file.getvalue()


def in_sheet(change):
    return lambda name, content: change(content) if name == "xl/worksheets/sheet1.xml" else content


BOMB = in_sheet(lambda content: content.replace(b"<sheetData>", b"<sheetData>" + b" " * 30_000_000))
ENTITY = in_sheet(lambda content: content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1))
SHARED = in_sheet(lambda content: content.replace(b"<v>0</v>", b"<v>999999</v>", 1))
WIDE = in_sheet(lambda content: content.replace(b'r="A2"', b'r="XFD2"'))
HOSTILE = {
    "empty.csv": (b"", "The file is empty"),
    "blank.csv": (b"\n\n , ,\n", "There is no row in it"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "This is no table"),
    "paper.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "This is no table"),
    "page.csv": (b"<html><body>a,b</body></html>", "This is no table"),
    "cut.xlsx": (sheet(["Title"], ["A"])[:900], "damaged"),
    "old.xls": (OLE, "old binary Office file"),
    "locked.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "bomb.xlsx": (repacked(BOMB), "unpacks to far more"),
    "entity.xlsx": (repacked(ENTITY), "XML entities"),
    "shared.xlsx": (repacked(SHARED), "damaged"),
    "wide.xlsx": (repacked(WIDE), "more parts than can be read safely"),
    "broken.xlsx": (repacked(in_sheet(lambda content: content[:-30])), "damaged"),
    "columns.csv": (b"a," * 300 + b"\n", "more than 200 columns"),
    "cell.csv": (b"Title\n" + b'"' + b"x" * 1_200_000, "damaged"),
}


class HostileTest(Case):
    def test_each_gets_a_sentence_and_nothing_is_kept(self) -> None:
        folder = folder_of(self.acme.organisation.uid)
        before = set(folder.glob("*.table"))
        for name, (content, words) in HOSTILE.items():
            answer = self.upload(content, name)
            self.assertEqual(answer.status_code, 422, name)
            self.assertIn(words, answer.content.decode(), name)
        self.assertFalse(Import.objects.exists())
        self.assertEqual(set(folder.glob("*.table")), before)

    def test_a_zip_that_is_no_workbook_is_none(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "a")
        self.assertContains(self.upload(file.getvalue(), "a.xlsx"), "This is no table", status_code=422)

    def test_a_huge_file_and_one_with_too_many_rows_are_refused(self) -> None:
        with mock.patch("plumbline.faces.sheets.opening.MOST_BYTES", 1000):
            self.assertContains(self.upload("Title\n" + "a\n" * 600), "larger than", status_code=422)
        run = self.begun("Title,Description\n" + "a,b\n" * 400)
        with mock.patch.object(tables, "MOST_ROWS", 300):
            run = self.do(run, "check")
        self.assertEqual((run.state, run.rows.count()), ("mapping", 0))
        self.assertContains(self.client.get(f"{LIST}import/{run.uid}/"), "There are more than 300 rows")

    def test_a_sheet_may_be_larger_than_a_part_of_a_document_and_has_a_limit_all_the_same(self) -> None:
        rows = sheet(["Title", "Description"], *([f"Burr {number}", "d" * 200] for number in range(50)))
        self.assertEqual(self.upload(rows, "list.xlsx").status_code, 302)
        with mock.patch.object(workbook.Large, "BYTES", 500):
            self.assertEqual(self.upload(rows, "list.xlsx").status_code, 422)
        self.assertGreater(workbook.Large.BYTES, 200 << 20, "50,000 rows of forty columns")

    def test_formulas_without_a_result_are_told_and_those_with_one_are_read(self) -> None:
        formula = in_sheet(
            lambda content: content.replace(b'<c r="A2" t="s"><v>1</v></c>', b'<c r="A2"><f>1+1</f></c>')
        )
        run = self.begun(repacked(formula), "formula.xlsx")
        run = self.do(run, "check")
        self.assertIn("formula without a result", str(self.errors(run)))
        known = in_sheet(
            lambda content: content.replace(
                b'<c r="A2" t="s"><v>1</v></c>', b'<c r="A2" t="str"><f>"a"</f><v>Yes</v></c>'
            )
        )
        run = self.do(self.begun(repacked(known), "known.xlsx"), "check", **{"column-0": "title"})
        self.assertEqual(run.rows.get().given, {"title": "Yes"})

    def test_strange_cells_are_values_and_nothing_else(self) -> None:
        text = 'Title,Description\n"=cmd|\' /C calc\'!A0",d\n"<script>alert(1)</script>",d\n"{{ 7*7 }}",d\n"\x00x",d\n'
        run = self.brought(text + f"{'x' * 300},d\n")
        self.assertEqual(run.counts["create-done"], 3)
        self.assertNotContains(self.client.get(f"{LIST}import/{run.uid}/"), "<script>alert")
        self.assertNotContains(self.client.get(LIST), "<script>alert")
        self.assertEqual(self.records.filter(title__startswith="=cmd").count(), 1)
