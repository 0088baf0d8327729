from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.conformity.coverage import coverage
from plumbline.kernel import actions, policy
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.testing import Company, TestCase, counted
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.importing import Line, import_path
from plumbline.registers.support.documents.models import Document, Revision, Text
from plumbline.registers.support.documents.tests.folders import (
    AUDITS,
    CONTROL,
    PURCHASING,
    Folder,
    archive,
    word_with_entities,
)


def counts() -> dict[str, int]:
    """Rows of every table of ours."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("plumbline.")]
    return {model._meta.label: model._base_manager.count() for model in ours}


class ImportTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def bring(self, folder: Folder, **how: Any) -> dict[str, Line]:
        return {line.file: line for line in import_path(folder.path, self.acme.actor, **how)}

    def test_what_a_document_says_is_proposed(self) -> None:
        folder = Folder(control_md=CONTROL)
        line = self.bring(folder)["control.md"]
        self.assertEqual((line.status, line.number, line.title), ("new", "QP-01", "Control of documents"))
        self.assertEqual((line.kind, line.revision, line.language), ("procedure", "3", "en"))
        self.assertTrue(any(one["id"].startswith("7.5") and one["passage"] in CONTROL for one in line.requirements))
        document = Document.objects.get(number="QP-01")
        self.assertEqual((document.state, document.owner), ("proposed", self.acme.bob))
        self.assertEqual(str(document.current.dated_on), "2026-02-01")

    def test_the_same_folder_again_changes_nothing(self) -> None:
        for confirm in (False, True):
            folder = Folder(control_md=CONTROL, sub__beschaffung_md=PURCHASING, note_txt=AUDITS)
            self.bring(folder, confirm=confirm)
            before = counts()
            again = self.bring(folder, confirm=confirm)
            self.assertEqual({line.status for line in again.values()}, {"unchanged"})
            self.assertEqual(counts(), before)

    def test_a_moved_file_and_a_copy_are_unchanged(self) -> None:
        folder = Folder(control_md=CONTROL, copy_md=CONTROL)
        self.assertEqual([line.status for line in self.bring(folder).values()], ["new", "unchanged"])
        (folder.path / "control.md").rename(folder.path / "moved.md")
        self.assertEqual({line.status for line in self.bring(folder).values()}, {"unchanged"})
        self.assertEqual(Document.objects.count(), 1)

    def test_a_changed_file_is_a_new_revision_of_the_same_document(self) -> None:
        folder = Folder(control_md=CONTROL)
        self.bring(folder, confirm=True)
        folder.write("control_md", CONTROL.replace("Revision: 3", "Revision: 4"))
        line = self.bring(folder)["control.md"]
        self.assertEqual((line.status, line.number, line.revision), ("changed", "QP-01", "4"))
        document = Document.objects.get()
        self.assertEqual(
            (document.state, document.current.revision_no, document.incoming.revision_no), ("in_use", "3", "4")
        )
        self.assertEqual(self.bring(folder, confirm=True)["control.md"].status, "unchanged")
        self.assertEqual(Document.objects.get().revision_no, "4")

    def test_a_renamed_and_changed_file_is_known_by_its_number(self) -> None:
        folder = Folder(control_md=CONTROL)
        self.bring(folder)
        (folder.path / "control.md").unlink()
        folder.write("control-new_md", CONTROL.replace("Control of documents", "Documents under control"))
        self.assertEqual(self.bring(folder)["control-new.md"].status, "changed")
        self.assertEqual(Document.objects.count(), 1)

    def test_two_files_with_one_number_are_two_documents(self) -> None:
        folder = Folder(a_md=CONTROL, b_md=PURCHASING.replace("QP-07", "QP-01"))
        for dry_run in (True, False):
            lines = self.bring(folder, dry_run=dry_run)
            self.assertEqual([line.status for line in lines.values()], ["new", "new"])
            self.assertIn("QP-01", lines["b.md"].reason)
            self.assertNotEqual(lines["b.md"].number, "QP-01")
        self.assertEqual(set(Document.objects.values_list("number", flat=True)), {"QP-01", "PRO-001"})

    def test_a_dry_run_writes_nothing(self) -> None:
        before, folder = counts(), Folder(control_md=CONTROL, note_txt=AUDITS)
        lines = self.bring(folder, dry_run=True, confirm=True)
        self.assertEqual([line.status for line in lines.values()], ["new", "new"])
        self.assertEqual(counts(), before)
        self.bring(folder)
        folder.write("control_md", CONTROL + "More.")
        before = counts()
        self.assertEqual(self.bring(folder, dry_run=True)["control.md"].status, "changed")
        self.assertEqual(counts(), before)

    def test_hostile_and_broken_files_are_refused_and_the_others_go_on(self) -> None:
        bomb, inside = (
            archive({"a.md": b"0" * 30_000_000}),
            archive({"../../evil.md": b"x", "good.md": AUDITS.encode()}),
        )
        folder = Folder(empty_txt="", entities_docx=word_with_entities(), old_doc=b"\xd0\xcf\x11\xe0 old", z_md=CONTROL)
        (folder.path / "bomb.zip").write_bytes(bomb)
        (folder.path / "torn.zip").write_bytes(inside[:-40])
        (folder.path / "up.zip").write_bytes(inside)
        (folder.path / "link.md").symlink_to("/etc/passwd")
        lines = self.bring(folder)
        taken = {name for name, line in lines.items() if line.status == "new"}
        self.assertEqual(taken, {"z.md", "up.zip/good.md"})
        for name, line in lines.items():
            self.assertTrue(name in taken or (line.status == "refused" and len(line.reason) > 15), (name, line))
        self.assertEqual(Document.objects.count(), 2)

    def test_rejected_requirements_stay_rejected(self) -> None:
        folder = Folder(control_md=CONTROL)
        self.bring(folder)
        link = RequirementLink.objects.filter(record__number="QP-01").first()
        actions.edit(link, by=self.acme.actor, state="rejected")
        folder.write("control_md", CONTROL + "\nAnd one more sentence.")
        told = self.bring(folder, confirm=True)["control.md"].requirements
        link.refresh_from_db()
        self.assertEqual(link.state, "rejected")
        self.assertNotIn(link.requirement, [one["id"] for one in told])

    def test_a_withdrawn_document_is_not_revived_by_its_file(self) -> None:
        folder = Folder(control_md=CONTROL)
        self.bring(folder)
        actions.act(Document.objects.get(), "withdraw", by=self.acme.actor, reason="not ours")
        self.assertEqual(self.bring(folder, confirm=True)["control.md"].status, "unchanged")
        folder.write("control_md", CONTROL + "changed")
        self.assertEqual(self.bring(folder)["control.md"].status, "refused")
        self.assertEqual(Document.objects.get().state, "withdrawn")

    def test_confirmed_later_what_was_only_proposed(self) -> None:
        folder = Folder(control_md=CONTROL)
        self.bring(folder)
        self.bring(folder, confirm=True)
        self.assertEqual(Document.objects.get().state, "in_use")
        self.assertFalse(RequirementLink.objects.filter(state="proposed").exists())
        self.assertEqual(Text.objects.get().revision, Revision.objects.get(state="effective"))

    def test_coverage_tells_proposed_from_confirmed_in_one_query(self) -> None:
        self.bring(Folder(control_md=CONTROL), confirm=True)
        self.bring(Folder(beschaffung_md=PURCHASING))
        with CaptureQueriesContext(connection) as queries:
            rows = list(coverage(self.acme.organisation, "2015"))
        self.assertEqual((len(rows), counted(queries)), (318, 1))
        told = {(one["number"], one["confirmed"]) for row in rows for one in row["documents"]}
        self.assertEqual(told, {("QP-01", True), ("QP-07", False)})
        self.assertTrue(any(row["clause"] == "8.4.1" and row["documents"] for row in rows))
        with self.assertRaises(LookupError):
            coverage(self.acme.organisation, "iso14001:1900")

    def test_progress_counts_to_the_end(self) -> None:
        seen = []
        self.bring(Folder(a_md=CONTROL, b_md=AUDITS), progress=lambda *step: seen.append(step))
        self.assertEqual(seen, [(1, 2, "a.md"), (2, 2, "b.md")])

    def test_who_may_not_and_what_is_not_there_is_said_before_the_first_line(self) -> None:
        folder = Folder()
        with self.assertRaises(policy.Denied):
            import_path(folder.path, Actor.of(self.acme.bob))
        with self.assertRaises(FileNotFoundError):
            import_path(folder.path / "nowhere", self.acme.actor)

    def test_the_installation_imports_for_the_quality_manager(self) -> None:
        folder = Folder(note_txt=AUDITS)
        lines = list(import_path(folder.path, Actor.installation(self.acme.organisation), confirm=True))
        self.assertEqual((lines[0].status, Document.objects.get().owner), ("new", self.acme.ann))


def test_two_people_bring_in_the_same_folder_at_once(real_db) -> None:
    acme = Company("Acme")
    folder = Folder(**{f"note{n}_md": f"{AUDITS} Number {n}." for n in range(6)}, control_md=CONTROL)

    def bring(_: int) -> list[str]:
        with closing(connection):
            return [line.status for line in import_path(folder.path, Actor.of(acme.ann))]

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(bring, range(2)))
    assert all(status in ("new", "unchanged") for one in told for status in one)
    assert Document.objects.count() == 7
