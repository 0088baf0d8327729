"""What a person does on a record's pages: drafts, comments that name people, files, links."""

from io import BytesIO
from unittest import mock

from django.test import TestCase, override_settings

from plumbline.kernel import actions, files
from plumbline.kernel.models import Attachment, Comment, Draft, Link, Notice
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import RoleHolding, Site


class Case(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = register_of("nonconformity")

    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)

    def make(self, title: str = "Burr", company: Company | None = None, **values):
        return actions.create(self.register, by=(company or self.acme).actor, title=title, description="d", **values)


class DraftTest(Case):
    def test_what_is_typed_comes_back_until_it_is_saved(self) -> None:
        kept = self.client.post("/acme/draft/nonconformity:new/", {"title": "Half a sen", "password": "secret"})
        self.assertEqual(kept.status_code, 200)
        self.assertNotIn("secret", str(Draft.objects.get().typed))
        self.assertContains(self.client.get("/acme/nonconformities/new/"), "Half a sen")
        self.client.post(
            "/acme/nonconformities/new/",
            {"title": "Half a sentence", "description": "d", "source": "process", "grade": "minor"},
        )
        self.assertFalse(Draft.objects.exists())

    def test_a_draft_is_no_event_and_nobody_elses(self) -> None:
        before = Event.objects.count()
        self.client.post("/acme/draft/nonconformity:new/", {"title": "Mine"})
        self.assertEqual(Event.objects.count(), before)
        self.assertNotContains(self.acme.client(self.acme.bob).get("/acme/nonconformities/new/"), "Mine")

    def test_a_draft_holds_a_long_document_and_refuses_more_in_words(self) -> None:
        self.assertEqual(self.client.post("/acme/draft/x/", {"title": "x" * 3_900_000}).status_code, 200)
        refused = self.client.post("/acme/draft/x/", {"title": "x" * 4_000_001})
        self.assertContains(refused, "more than a draft can hold", status_code=413)


class MeanwhileTest(Case):
    def form(self, record, **values):
        given = {
            "title": record.title,
            "description": "d",
            "source": "process",
            "grade": "minor",
            "owner": record.owner_id,
        }
        return given | {"version": record.version} | values

    def test_who_saves_second_sees_what_stands_there_and_can_save_upon_it(self) -> None:
        record = self.make()
        page = f"/acme/nonconformities/{record.number}/edit/"
        actions.edit(record, by=self.acme.actor, description="<b>Bob saw</b> it differently")
        told = self.client.post(page, self.form(record, title="Burr on the edge"))
        self.assertContains(told, "&lt;b&gt;Bob saw&lt;/b&gt; it differently", status_code=422)
        self.assertContains(told, "Burr on the edge", status_code=422)
        again = {**told.context["form"].data.dict(), "description": "both"}
        self.assertEqual(self.client.post(page, again).status_code, 302)
        record = type(record).objects.get(pk=record.pk)
        self.assertEqual((record.title, record.description), ("Burr on the edge", "both"))

    def test_a_draft_typed_upon_an_older_version_does_not_undo_what_others_saved(self) -> None:
        record = self.make()
        typed = self.form(record, title="Burr on the edge")
        self.client.post(f"/acme/draft/{record.uid}:edit/", typed)
        actions.edit(record, by=self.acme.actor, description="said by Bob")
        page = f"/acme/nonconformities/{record.number}/edit/"
        restored = self.client.get(page).context["form"]
        self.assertEqual(restored["version"].value(), 1)
        told = self.client.post(page, {**typed, "version": restored["version"].value()})
        self.assertContains(told, "said by Bob", status_code=422)
        self.assertEqual(type(record).objects.get(pk=record.pk).description, "said by Bob")

    def test_a_move_can_be_made_after_a_look_at_what_changed(self) -> None:
        record = self.make()
        page = f"/acme/nonconformities/{record.number}/correct/"
        actions.edit(record, by=self.acme.actor, correction="reworked by Bob")
        told = self.client.post(page, {"version": 1, "correction": "scrapped"})
        self.assertContains(told, "reworked by Bob", status_code=422)
        self.assertEqual(self.client.post(page, told.context["form"].data.dict()).status_code, 302)
        self.assertEqual(type(record).objects.get(pk=record.pk).correction, "scrapped")

    def test_who_was_told_that_the_record_changed_signs_what_stands_there_now(self) -> None:
        exclusion = actions.create(
            register_of("exclusion"), by=self.acme.actor, title="Design", requirement="8.3", justification="none"
        )
        page = f"/acme/not-applicable/{exclusion.number}/agree/"
        form = self.client.get(page).context["form"]
        typed = {"version": 1, "seen": form["seen"].value()}
        actions.attach(
            exclusion, files.keep(self.acme.organisation.uid, BytesIO(b"paper")), "paper.txt", by=self.acme.actor
        )
        told = self.client.post(page, typed)
        self.assertContains(told, "changed while you were reading", status_code=422)
        self.assertEqual(self.client.post(page, told.context["form"].data.dict()).status_code, 302)


class TurnTest(Case):
    def test_a_role_held_at_a_site_owes_what_is_there(self) -> None:
        leeds, york = (actions.create(Site, by=self.acme.actor, name=name) for name in ("Leeds", "York"))
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role="quality", site=leeds)
        here, there = self.make("Burr in Leeds", site=leeds), self.make("Burr in York", site=york)
        for record in (here, there):
            actions.act(record, "correct", by=self.acme.actor, correction="reworked")
        page = self.acme.client(self.acme.bob).get("/acme/my-work/")
        self.assertContains(page, here.number)
        self.assertNotContains(page, there.number)

    def test_a_signed_move_is_made_even_if_the_head_cannot_be_signed_now(self) -> None:
        made = {"title": "Design", "requirement": "8.3", "justification": "none"}
        record = actions.create(register_of("exclusion"), by=self.acme.actor, **made)
        page = f"/acme/not-applicable/{record.number}/agree/"
        seen = self.client.get(page).context["form"]["seen"].value()
        with (
            mock.patch("plumbline.ledger.heads.ensure_key", side_effect=FileNotFoundError("the key is missing")),
            self.assertLogs("plumbline.ledger.heads", "ERROR"),
        ):
            self.assertEqual(self.client.post(page, {"version": 1, "seen": seen}).status_code, 302)
        self.assertEqual(type(record).objects.get(pk=record.pk).state, "in_force")


class CommentTest(Case):
    def test_somebody_named_in_a_comment_hears_of_it_once(self) -> None:
        record = self.make()
        self.client.post(f"/acme/nonconformities/{record.number}/comments/", {"text": "@Bob Carter look, @Bob Carter!"})
        notice = Notice.objects.get()
        self.assertEqual((notice.person_id, notice.verb), (self.acme.bob.uid, "mention"))
        self.assertContains(self.acme.client(self.acme.bob).get("/acme/my-work/"), record.number)

    def test_a_comment_does_not_raise_the_version(self) -> None:
        record = self.make()
        actions.create(Comment, by=self.acme.actor, record=record, text="hello")
        actions.edit(record, by=self.acme.actor, version=record.version, title="Still fresh")

    def test_script_in_a_comment_is_text(self) -> None:
        record = self.make()
        actions.create(Comment, by=self.acme.actor, record=record, text="<script>alert(1)</script>")
        page = self.client.get(f"/acme/nonconformities/{record.number}/")
        self.assertNotContains(page, "<script>alert")
        self.assertContains(page, "&lt;script&gt;alert")


class FileTest(Case):
    def upload(self, record, content: bytes, name: str):
        stream = BytesIO(content)
        stream.name = name
        return self.client.post(f"/acme/nonconformities/{record.number}/files/", {"file": stream})

    def test_a_file_comes_back_to_the_byte_and_runs_nothing(self) -> None:
        record = self.make()
        self.upload(record, b"<html><script>alert(1)</script></html>", "a.html")
        part = Attachment.objects.get()
        response = self.client.get(f"/acme/nonconformities/{record.number}/files/{part.uid}/")
        self.assertEqual(b"".join(response.streaming_content), b"<html><script>alert(1)</script></html>")
        self.assertIn("attachment", response["Content-Disposition"])
        self.assertEqual(response["Content-Type"], "application/octet-stream")
        self.assertIn("sandbox", response["Content-Security-Policy"])

    def test_the_same_content_is_kept_once_in_an_organisation_and_never_across(self) -> None:
        record = self.make()
        for name in ("a.txt", "b.txt"):
            self.upload(record, b"same", name)
        self.assertEqual(Attachment.objects.values("file").distinct().count(), 1)
        self.assertEqual(Attachment.objects.count(), 2)
        stranger = self.other.client(self.other.ann)
        part = Attachment.objects.first()
        self.assertEqual(stranger.get(f"/acme/nonconformities/{record.number}/files/{part.uid}/").status_code, 404)
        theirs = self.make(company=self.other)
        self.assertEqual(stranger.get(f"/brightco/nonconformities/{theirs.number}/files/{part.uid}/").status_code, 404)

    @override_settings(PLUMBLINE_MAX_UPLOAD=10)
    def test_a_file_too_large_is_refused_in_words(self) -> None:
        record = self.make()
        response = self.upload(record, b"12345678901", "a.txt")
        self.assertEqual(response.status_code, 302)
        self.assertFalse(Attachment.objects.exists())
        self.assertContains(self.client.get(response["Location"]), "The file is larger than")


class LinkTest(Case):
    def test_an_action_raised_from_a_nonconformity_is_linked(self) -> None:
        record = self.make()
        self.client.post(f"/acme/actions/new/?from={record.uid}", {"title": "New die", "sort": "task"})
        link = Link.objects.get()
        self.assertEqual((link.record_id, link.target.title, link.why), (record.uid, "New die", "action"))

    def test_nothing_is_linked_twice_to_itself_or_to_what_one_may_not_see(self) -> None:
        record, theirs = self.make(), self.make(company=self.other)
        page = f"/acme/nonconformities/{record.number}/links/"
        second = self.make("Second")
        for number in (second.number, second.number, record.number, "NC-1999-001"):
            self.assertEqual(self.client.post(page, {"number": number}).status_code, 302)
        self.assertEqual(Link.objects.count(), 1)
        self.assertEqual(
            self.client.post(f"/acme/actions/new/?from={theirs.uid}", {"title": "x", "sort": "task"}).status_code, 404
        )


class SideTest(Case):
    def test_a_record_speaks_to_a_requirement_named_by_its_clause(self) -> None:
        record = self.make()
        page = f"/acme/nonconformities/{record.number}/"
        for typed in ("8.7.1", "10.2.1-a1", "nonsense"):
            self.client.post(f"{page}requirement/", {"requirement": typed})
        self.assertEqual(record.requirementlinks.filter(state="confirmed").count(), 2)
        self.assertContains(self.client.get(page), 'value="10.2.1-a1"')
        self.client.post(f"{page}requirement/", {"requirement": "10.2.1-a1", "end": "1"})
        self.assertNotContains(self.client.get(page), 'value="10.2.1-a1"')
        self.client.post(f"{page}requirement/", {"requirement": "10.2.1-a1"})
        self.assertContains(self.client.get(page), 'value="10.2.1-a1"')
        self.acme.client(self.acme.cleo).post(f"{page}requirement/", {"requirement": "8.7.1", "end": "1"})
        self.assertEqual(record.requirementlinks.filter(state="confirmed").count(), 2)

    def test_moves_that_are_off_say_why(self) -> None:
        page = self.acme.client(self.acme.bob).get(f"/acme/nonconformities/{self.make().number}/")
        self.assertContains(page, "What is not possible now, and why")
        self.assertContains(page, "Only for: Quality manager (Ann Bell).")

    def test_who_is_named_in_full_is_told_and_nobody_of_half_the_name(self) -> None:
        half = self.acme.join("Ann", "half@acme.example")
        actions.create(Comment, by=Actor.of(self.acme.bob), record=self.make(), text="@Ann Bell, please look")
        self.assertFalse(Notice.objects.filter(person=half).exists())
        self.assertTrue(Notice.objects.filter(person=self.acme.ann, verb="mention").exists())

    def test_a_number_that_two_records_have_is_said(self) -> None:
        first = self.make()
        other = actions.create(register_of("action"), by=self.acme.actor, title="Same", number=first.number)
        record = self.make()
        page = f"/acme/nonconformities/{record.number}/"
        answer = self.client.post(f"{page}links/", {"number": first.number}, follow=True)
        self.assertContains(answer, "Two records have that number")
        self.assertFalse(Link.objects.filter(target=other).exists())
