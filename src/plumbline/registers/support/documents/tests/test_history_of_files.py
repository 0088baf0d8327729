"""Several revisions of one number in a folder are one document with its history."""

from typing import Any

from plumbline.kernel import actions
from plumbline.kernel.testing import Company, TestCase
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.importing import Line, import_path
from plumbline.registers.support.documents.models import Document, Validity
from plumbline.registers.support.documents.tests.folders import CONTROL, Folder
from plumbline.registers.support.documents.tests.test_importing import counts


def edition(number: str, day: str) -> str:
    dated = f"Date: {day}" if day else ""
    return CONTROL.replace("Revision: 3", f"Revision: {number}").replace("Date: 2026-02-01", dated) + f"As of {number}."


DAYS = {"2": "2024-03-04", "3": "2025-06-01", "4": "2026-02-01"}
IN_ORDER = {f"r{number}_md": edition(number, day) for number, day in DAYS.items()}
OUT_OF_ORDER = {"a_md": IN_ORDER["r4_md"], "b_md": IN_ORDER["r2_md"], "old__c_md": IN_ORDER["r3_md"]}


class HistoryOfFilesTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def bring(self, folder: Folder, **how: Any) -> dict[str, Line]:
        return {line.file: line for line in import_path(folder.path, self.acme.actor, **how)}

    def spans(self) -> list[tuple[str, str, str]]:
        spans = Validity.objects.order_by("from_on").select_related("record__revision")
        return [
            (one.record.revision.revision_no, str(one.from_on), str(one.until_on))
            for one in spans
            if one.from_on != one.until_on
        ]

    def is_history(self, files: dict[str, str]) -> None:
        self.assertEqual([one.revision_no for one in Document.objects.get().history], ["4", "3", "2"], list(files))
        states = [one.state for one in Document.objects.get().history]
        self.assertEqual(states, ["effective", "superseded", "superseded"])
        self.assertEqual((Document.objects.get().current.revision_no, Document.objects.get().revision_no), ("4", "4"))
        expected = [("2", "2024-03-04", "2025-06-01"), ("3", "2025-06-01", "2026-02-01"), ("4", "2026-02-01", "None")]
        self.assertEqual(self.spans(), expected)

    def test_confirmed_at_once_each_was_in_force_from_its_date_to_the_next(self) -> None:
        lines = self.bring(Folder(**IN_ORDER), confirm=True)
        self.assertEqual([line.status for line in lines.values()], ["new", "changed", "changed"])
        self.assertEqual([(line.number, line.revision) for line in lines.values()], [("QP-01", n) for n in "234"])
        self.is_history(IN_ORDER)

    def test_the_order_of_the_files_does_not_matter(self) -> None:
        lines = self.bring(Folder(**OUT_OF_ORDER), confirm=True)
        self.assertEqual([(line.number, line.revision) for line in lines.values()], [("QP-01", n) for n in "423"])
        self.assertIn("earlier revision of QP-01", lines["b.md"].reason)
        self.is_history(OUT_OF_ORDER)

    def test_proposed_until_somebody_confirms_them_together(self) -> None:
        self.bring(Folder(**OUT_OF_ORDER))
        document = Document.objects.get()
        self.assertEqual({one.state for one in document.history}, {"proposed"})
        self.assertEqual((document.incoming.revision_no, document.revision_no), ("4", "4"))
        page = self.acme.client(self.acme.ann).get("/acme/documents/review/")
        self.assertContains(page, "Earlier revisions come with it: 2 (")
        actions.act(document, "confirm", by=self.acme.actor)
        self.is_history(OUT_OF_ORDER)

    def test_the_same_folder_again_changes_nothing(self) -> None:
        for confirm in (False, True):
            folder = Folder(**OUT_OF_ORDER)
            self.bring(folder, confirm=confirm)
            before = counts()
            again = self.bring(folder, confirm=confirm)
            self.assertEqual({line.status for line in again.values()}, {"unchanged"})
            self.assertEqual([line.revision for line in again.values()], ["4", "2", "3"])
            self.assertEqual(counts(), before)

    def test_a_dry_run_tells_the_same(self) -> None:
        def told(lines: dict[str, Line]) -> list[tuple]:
            return [(one.file, one.status, one.number, one.revision, one.reason) for one in lines.values()]

        for files in (IN_ORDER, OUT_OF_ORDER):
            before = counts()
            planned = told(self.bring(Folder(**files), dry_run=True))
            self.assertEqual(counts(), before)
            self.assertEqual([one[1] for one in planned], ["new", "changed", "changed"])
        self.assertEqual(told(self.bring(Folder(**OUT_OF_ORDER))), planned)

    def test_an_earlier_revision_that_turns_up_later_joins_the_history(self) -> None:
        folder = Folder(a_md=OUT_OF_ORDER["a_md"])
        self.bring(folder, confirm=True)
        folder.write("old__r3_md", IN_ORDER["r3_md"])
        line = self.bring(folder)["old/r3.md"]
        self.assertEqual((line.status, line.number, line.revision), ("changed", "QP-01", "3"))
        self.assertEqual(Document.objects.get().current.revision_no, "4", "what is in force stays so")
        self.bring(folder, confirm=True)
        self.assertEqual(self.spans(), [("3", "2025-06-01", "2026-02-01"), ("4", "2026-02-01", "None")])
        self.assertEqual(Document.objects.get().revision_no, "4")

    def test_one_without_a_date_was_in_force_on_no_day_that_we_know(self) -> None:
        folder = Folder(a_md=edition("2", ""), b_md=IN_ORDER["r3_md"])
        self.bring(folder)
        self.bring(folder, confirm=True)
        self.assertEqual(self.spans(), [("3", "2025-06-01", "None")])
        self.assertEqual([one.state for one in Document.objects.get().history], ["effective", "superseded"])

    def test_two_files_that_claim_the_same_revision_are_two_documents(self) -> None:
        for dry_run in (True, False):
            lines = self.bring(Folder(a_md=CONTROL, b_md=CONTROL + "More."), dry_run=dry_run)
            self.assertEqual([line.status for line in lines.values()], ["new", "new"])
            self.assertIn("another document has that number", lines["b.md"].reason)

    def test_a_draft_after_it_counts_on_from_the_newest(self) -> None:
        self.bring(Folder(**OUT_OF_ORDER), confirm=True)
        self.assertEqual(revising.draft(Document.objects.get(), by=self.acme.actor).revision_no, "5")
