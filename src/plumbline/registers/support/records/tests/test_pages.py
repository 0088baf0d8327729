"""Many at once, the categories, the picture of what ends when, and dates that are typed with files."""

from datetime import date
from io import BytesIO

from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import files
from plumbline.kernel.models import Attachment, File
from plumbline.kernel.testing import Company, counted
from plumbline.ledger.verify import verify_deep
from plumbline.registers.support.records import categories
from plumbline.registers.support.records.models import Disposal, QualityRecord, RecordCategory

from .story import Case


class PageTest(Case):
    def test_several_are_proposed_and_signed_for_together(self) -> None:
        records = [self.make(b"sheet %d" % n, title=f"Sheet {n}") for n in range(3)]
        later = self.make(title="Not yet", dated_on=self.acme.organisation.today())
        client = self.acme.client(self.acme.ann)
        page = client.get("/acme/records/retention/")
        self.assertContains(page, "Sheet 2")
        self.assertNotContains(page, "Not yet")
        for states in ("proposed", "disposed"):
            stage = "due" if states == "proposed" else "waiting"
            form = client.get("/acme/records/disposal/", {"all": stage})
            self.assertEqual(QualityRecord.objects.filter(state=states).count(), 0, "a GET writes nothing")
            self.assertEqual(len(form.context["chosen"]), 3)
            with self.captureOnCommitCallbacks(execute=True):
                client.post("/acme/records/disposal/", self.typed(form, method="both"))
            self.assertEqual(QualityRecord.objects.filter(state=states).count(), 3)
        self.assertEqual({one.method for one in Disposal.objects.all()}, {"both"})
        self.assertEqual(QualityRecord.objects.get(pk=later.pk).state, "kept")
        self.assertEqual([*verify_deep(), *files.damaged()], [])
        self.assertEqual(len(records), File.objects.exclude(disposed_at=None).count())

    def typed(self, form, **more) -> dict:
        rows = [one for one in form.context["chosen"] if one.answer]
        return {
            "record": [str(one.record.uid) for one in rows],
            **{f"version-{one.record.uid}": one.record.version for one in rows},
            **{f"seen-{one.record.uid}": one.seen for one in rows},
            **more,
        }

    def test_one_that_changed_while_it_was_read_is_left_and_the_others_go_on(self) -> None:
        first, second = (self.go(self.make(b"%d" % n, title=f"Sheet {n}"), "propose") for n in range(2))
        client = self.acme.client(self.acme.ann)
        form = client.get("/acme/records/disposal/", {"all": "waiting"})
        self.go(first, "keep")
        answer = client.post("/acme/records/disposal/", self.typed(form, method="deleted"), follow=True)
        states = dict(QualityRecord.objects.values_list("pk", "state"))
        self.assertEqual((states[first.pk], states[second.pk]), ("kept", "disposed"))
        self.assertContains(answer, first.number)

    def test_a_signature_without_what_was_seen_is_refused(self) -> None:
        record = self.go(self.make(), "propose")
        typed = {"record": str(record.uid), f"version-{record.uid}": record.version, "method": "deleted"}
        self.acme.client(self.acme.ann).post("/acme/records/disposal/", typed)
        self.assertEqual(QualityRecord.objects.get().state, "proposed")

    def test_a_member_reaches_the_pages_and_signs_nothing(self) -> None:
        record, client = self.go(self.make(), "propose"), self.acme.client(self.acme.bob)
        self.assertEqual(client.get("/acme/records/retention/").status_code, 200)
        form = client.get("/acme/records/disposal/", {"all": "waiting"})
        self.assertContains(form, "Only for:")
        client.post("/acme/records/disposal/", {"record": str(record.uid), "method": "deleted"})
        self.assertEqual(QualityRecord.objects.get().state, "proposed")
        for page in ("categories/new/", f"categories/{self.category.uid}/"):
            self.assertEqual(client.get(f"/acme/records/{page}").status_code, 403)
        self.assertEqual(client.post("/acme/records/categories/").status_code, 403)

    def test_pages_of_another_organisation_are_not_there(self) -> None:
        other = Company("Brightco")
        stranger = other.client(other.ann)
        record = self.go(self.make(), "propose")
        for page in ("retention", "disposal", "categories", f"categories/{self.category.uid}"):
            self.assertEqual(stranger.get(f"/acme/records/{page}/").status_code, 404, page)
        self.assertEqual(stranger.get(f"/brightco/records/categories/{self.category.uid}/").status_code, 404)
        stranger.post("/brightco/records/disposal/", {"record": str(record.uid), "method": "deleted"})
        self.assertEqual(QualityRecord.objects.get().state, "proposed")

    def test_the_usual_categories_are_taken_over_once_and_changed_on_a_page(self) -> None:
        client = self.acme.client(self.acme.ann)
        for _twice in range(2):
            client.post("/acme/records/categories/")
        self.assertEqual(RecordCategory.objects.count(), 13)
        training = RecordCategory.objects.get(name="Training and competence")
        page = f"/acme/records/categories/{training.uid}/"
        self.assertEqual(client.get(page).status_code, 200)
        typed = {"name": "Training", "months": "48", "start": "end", "basis": "house", "readers": ["auditor"]}
        self.assertEqual(client.post(page, typed).status_code, 302)
        training.refresh_from_db()
        self.assertEqual((training.name, training.months, training.readers), ("Training", 48, ["auditor"]))
        self.assertEqual(client.post(page, {**typed, "months": "-1"}).status_code, 422)
        self.assertEqual(client.post(page, {**typed, "name": "Tests"}).status_code, 422)

    def test_both_languages_name_the_same_categories(self) -> None:
        english, german = categories.usual("en"), categories.usual("de")
        self.assertEqual([row["months"] for row in english], [row["months"] for row in german])
        for told in (english, german):
            self.assertEqual(len({row["name"] for row in told if row["source"] and row["place"]}), 12)

    def test_the_picture_counts_by_year_with_few_queries(self) -> None:
        today, client = self.acme.organisation.today(), self.acme.client(self.acme.ann)
        counts = []
        for _round in range(2):
            self.make(None, dated_on=today)
            self.make(None)
            self.go(self.make(None), "hold")
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/acme/records/retention/")
            counts.append(counted(queries))
        self.assertEqual(counts[0], counts[1])
        rows = {word: (whole, held) for word, whole, held in page.context["numbers"]}
        self.assertEqual(rows["over"], (4, 2))
        self.assertEqual(rows[str(today.year + 1)], (2, 0))

    def test_valid_on_is_typed_with_the_file_and_shown(self) -> None:
        record, client = self.make(None), self.acme.client(self.acme.ann)
        stream = BytesIO(b"certificate")
        stream.name = "certificate.txt"
        client.post(f"/acme/records/{record.number}/files/", {"file": stream, "valid_on": "2026-03-14"})
        self.assertEqual(Attachment.objects.get().valid_on, date(2026, 3, 14))
        self.assertContains(client.get(f"/acme/records/{record.number}/"), "14 Mar 2026")
        stream.seek(0)
        client.post(f"/acme/records/{record.number}/files/", {"file": stream, "valid_on": "soon"})
        self.assertEqual(Attachment.objects.count(), 1, "a date that is none is said, and nothing is kept")
