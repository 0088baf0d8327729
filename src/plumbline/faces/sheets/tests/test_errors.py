"""What is wrong with the rows of a file is told by row and column, and they are corrected and brought in again."""

import io

from openpyxl import load_workbook

from plumbline.faces.sheets import correcting

from .importing import LIST, Case


class ErrorsTest(Case):
    def test_errors_are_told_by_row_and_column_and_the_corrected_rows_come_in(self) -> None:
        run = self.checked(
            "Title,Description,Due,Quantity,Owner,Grade,State\n"
            "Good,d,2027-01-31,1,Ann Bell,minor,\n"
            ",d,31.31.2027,many,Nobody,awful,Closed\n"
        )
        self.assertEqual(run.counts, {"create": 1, "wrong": 1})
        said = dict(self.errors(run)[0])
        self.assertIn("This is needed", said["Title"])
        self.assertIn("no such day", said["Due"])
        self.assertIn("not a number", said["Quantity"])
        self.assertIn("No person “Nobody” was found", said["Owner"])
        self.assertIn("“Minor”", said["Grade"])
        self.assertIn("begins as “Reported”", said["State"])
        page = self.client.get(f"{LIST}import/{run.uid}/")
        self.assertContains(page, "Bring in the rows without errors")
        answer = self.client.get(f"{LIST}import/{run.uid}/errors.xlsx")
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        head, row = list(book.active.iter_rows(values_only=True))[3:]
        self.assertEqual(head[-1], "What is wrong")
        self.assertIn("not a number", row[-1])
        for place, value in enumerate(("Mended", "d", "2027-02-01", "2", "Ann Bell", "minor"), 1):
            book.active.cell(5, place, value)
        book.active.cell(5, 7).value = None
        file = io.BytesIO()
        book.save(file)
        again = self.brought(file.getvalue(), "errors.xlsx")
        self.assertEqual(again.counts, {"create": 1, "create-done": 1})
        self.assertEqual(self.records.get().title, "Mended")

    def test_what_is_wrong_with_many_rows_is_said_once_the_most_frequent_first(self) -> None:
        rows = "".join(f"Row {n},d,{'31.31.2027' if n < 3 else ''},Meier\n" for n in range(9))
        run = self.checked(f"Title,Description,Due,Owner\n{rows}Good,d,,Ann Bell\n,d,,Ann Bell\n")
        self.assertEqual(run.counts, {"create": 1, "wrong": 10})
        owner, due = correcting.alike(run)
        self.assertEqual((owner[0], *owner[2:]), ("Owner", 9, [2, 3, 4, 5, 6, 7]))
        self.assertEqual((due[0], *due[2:]), ("Due", 3, [2, 3, 4]))
        page = self.client.get(f"{LIST}import/{run.uid}/")
        self.assertContains(page, "The same in several rows")
        self.assertContains(page, "9 rows: 2, 3, 4, 5, 6, 7 …")
        self.assertContains(page, "3 rows: 2, 3, 4</span>")
        few = self.checked("Title,Description,Owner\nA,d,Meier\nB,d,Meier\n")
        self.assertNotContains(self.client.get(f"{LIST}import/{few.uid}/"), "The same in several rows")
