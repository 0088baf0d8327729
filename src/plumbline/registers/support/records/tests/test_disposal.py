"""The content goes, the rest stays and verifies; what other records hold stays; the order of signatures is kept."""

from datetime import date
from io import BytesIO

from plumbline.faces.search.models import SearchRow
from plumbline.kernel import actions, disposal, files, policy
from plumbline.kernel.models import Attachment, File
from plumbline.kernel.workflow import IllegalMove
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.roles import Role
from plumbline.registers.support.records import categories, noting, sweeping
from plumbline.registers.support.records.models import Disposal, QualityRecord

from .story import Case


class ContentTest(Case):
    def test_the_content_goes_and_the_rest_stays_and_verifies(self) -> None:
        record = self.make(description="confidential Zwischenbefund")
        part, client = Attachment.objects.get(), self.acme.client(self.acme.ann)
        page = f"/acme/records/{record.number}/"
        self.assertEqual(client.get(f"{page}files/{part.uid}/").status_code, 200)
        self.assertIn("zwischenbefund", SearchRow.objects.get(record=record).words)
        self.dispose(record)
        file = File.objects.get()
        self.assertFalse(files.path_of(file).exists())
        gone = client.get(f"{page}files/{part.uid}/")
        self.assertContains(gone, "Its retention time was over", status_code=410)
        self.assertNotIn("zwischenbefund", SearchRow.objects.get(record=record).words)
        told = Disposal.objects.get()
        self.assertEqual((told.first_by, told.second_by, told.method), (self.acme.ann, None, "deleted"))
        self.assertEqual(told.kept_until, date(2013, 5, 1))
        self.assertEqual(told.files, [{"name": "sheet.txt", "sha256": file.sha256, "size": 9, "held": []}])
        self.assertEqual((file.disposal, Attachment.objects.get().disposal), (told.uid, told.uid))
        self.assertContains(client.get(page), file.sha256)
        self.assertEqual([*verify_deep(), *files.damaged()], [])

    def test_who_may_sign_second_is_named_only_where_they_see_the_record(self) -> None:
        for name, role in (("Eve Gray", Role.SUPERVISOR), ("Fay Hart", Role.AUDITOR)):
            self.acme.join(name, f"{name[:3].lower()}@acme.example", role)
        actions.edit(self.category, by=self.by, two_people=True, readers=["auditor"])
        record = self.go(self.make(), "propose", "sign")
        page = self.acme.client(self.acme.ann).get(f"/acme/records/{record.number}/")
        self.assertContains(page, "other than who signed first (Dora Ely, Fay Hart)")

    def test_a_file_that_vanished_without_disposal_is_still_named(self) -> None:
        self.dispose(self.make(b"first"))
        self.make(b"second", title="Sheet 8")
        file = File.objects.get(disposed_at=None)
        files.path_of(file).unlink()
        self.assertEqual(list(files.damaged()), [(file, "content is missing")])

    def test_the_same_content_on_another_record_stays_and_the_record_of_disposal_says_so(self) -> None:
        first, second = self.make(), self.make(title="Copy")
        self.dispose(first)
        file = File.objects.get()
        self.assertTrue(files.path_of(file).exists())
        self.assertIsNone(file.disposed_at)
        self.assertEqual(Disposal.objects.get().files[0]["held"], [str(second.uid)])
        client = self.acme.client(self.acme.ann)
        self.assertContains(client.get(f"/acme/records/{first.number}/"), second.number)
        for record, status in ((first, 410), (second, 200)):
            part = Attachment.objects.get(record=record.uid)
            self.assertEqual(client.get(f"/acme/records/{record.number}/files/{part.uid}/").status_code, status)
        self.dispose(second)
        self.assertFalse(files.path_of(file).exists())
        self.assertEqual([*verify_deep(), *files.damaged()], [])

    def test_who_may_not_see_the_other_record_is_not_told_its_number(self) -> None:
        first, second = self.make(), self.make(title="Copy", confidential=True)
        self.dispose(first)
        page = self.acme.client(self.acme.bob).get(f"/acme/records/{first.number}/")
        self.assertNotContains(page, second.number)
        self.assertContains(page, "a record you may not see")

    def test_content_that_is_brought_anew_counts_again_and_the_old_record_stays_disposed_of(self) -> None:
        first = self.make()
        old = Attachment.objects.get()
        self.dispose(first)
        second = self.make(title="Found again")
        file, client = File.objects.get(), self.acme.client(self.acme.ann)
        self.assertIsNone(file.disposed_at)
        new = Attachment.objects.get(record=second.uid)
        self.assertEqual(client.get(f"/acme/records/{second.number}/files/{new.uid}/").status_code, 200)
        self.assertEqual(client.get(f"/acme/records/{first.number}/files/{old.uid}/").status_code, 410)
        self.assertEqual(disposal.sweep(whatever=True), 0)
        self.assertEqual([*verify_deep(), *files.damaged()], [])

    def test_a_paper_record_without_a_file_is_disposed_of_as_well(self) -> None:
        self.dispose(self.make(None, place="Shelf 3"))
        self.assertEqual(Disposal.objects.get().files, [])


class SweepTest(Case):
    def test_after_a_crash_between_commit_and_removal_a_sweep_does_the_rest(self) -> None:
        self.go(self.make(), "propose", "dispose")  # nothing that comes after the commit happens
        file = File.objects.get()
        self.assertTrue(files.path_of(file).exists())
        self.assertIn("was disposed of and is there", str(list(files.damaged())))
        swept = sweeping.sweep()
        self.assertEqual((swept.noted, swept.repeated, swept.removed), (1, [], 1))
        self.assertFalse(files.path_of(file).exists())
        again = sweeping.sweep()
        self.assertEqual((again.noted, again.repeated, again.removed), (0, [], 0))

    def test_bytes_that_somebody_is_just_bringing_back_are_left_for_a_while(self) -> None:
        self.dispose(self.make())
        files.keep(self.acme.organisation.uid, BytesIO(b"the sheet"), "sheet.txt")
        self.assertEqual(disposal.sweep(), 0)
        self.assertEqual(disposal.sweep(whatever=True), 1)

    def test_content_that_left_the_disk_meanwhile_is_asked_for_once_more(self) -> None:
        self.dispose(self.make())
        kept = files.keep(self.acme.organisation.uid, BytesIO(b"the sheet"), "sheet.txt")
        files.path_of(File.objects.get()).unlink()
        with self.assertRaises(FileNotFoundError):
            actions.attach(self.make(None, title="Late"), kept, "sheet.txt", by=self.by)

    def test_a_note_that_a_power_cut_tore_is_written_anew(self) -> None:
        self.dispose(self.make())
        whole = noting.path().read_bytes()
        noting.path().write_bytes(whole + whole[:40])
        self.assertEqual(len(noting.read()), 1)
        self.dispose(self.make(b"another", title="Sheet 9"))
        self.assertEqual(len(noting.read()), 2)
        self.assertEqual(noting.path().read_bytes().count(b"\n"), 2)

    def test_a_hold_stands_against_a_disposal_that_an_older_backup_forgot(self) -> None:
        record = self.go(self.make(), "hold")
        noting.keep(noting.Note(record.organisation_id, record.uid, record.pk, record.created_at))
        self.assertEqual(sweeping.sweep().held, [record.number])
        self.assertEqual(QualityRecord.objects.get().state, "held")


class OrderTest(Case):
    def test_what_is_on_hold_is_neither_proposed_nor_signed_for(self) -> None:
        record = self.go(self.make(), "propose", "hold")
        for verb in ("propose", "dispose", "sign", "countersign"):
            with self.assertRaises(IllegalMove):
                actions.act(record, verb, by=self.by, method="deleted")
        record = self.go(record, "lift")
        self.assertEqual(self.go(record, "propose").state, "proposed")

    def test_nothing_is_disposed_of_twice(self) -> None:
        record = self.dispose(self.make())
        with self.assertRaises(IllegalMove):
            actions.act(record, "dispose", by=self.by, method="deleted")
        self.assertEqual(Disposal.objects.count(), 1)

    def test_a_retention_that_became_longer_meanwhile_refuses_the_signature(self) -> None:
        record = self.go(self.make(), "propose")
        left = categories.change(self.category, self.by, months=1200)
        self.assertEqual(left, 1)
        with self.assertRaisesRegex(policy.Denied, "It is to be kept until"):
            self.go(record, "dispose")

    def test_a_changed_category_carries_its_records_along(self) -> None:
        record = self.make()
        categories.change(self.category, self.by, months=24, readers=["auditor"])
        record.refresh_from_db()
        self.assertEqual((record.keep_until, record.confidential), (date(2014, 5, 1), True))
        self.assertEqual(list(verify_deep()), [])
