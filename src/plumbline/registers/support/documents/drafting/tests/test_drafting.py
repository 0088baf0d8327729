import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plumbline.composition import from_markdown, to_word
from plumbline.kernel import actions
from plumbline.kernel.models import Attachment, Link, RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.ledger.models import Event
from plumbline.organisation.models import Site
from plumbline.reading.tests import hostile
from plumbline.registers.support.documents.drafting import beginning, written
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.tests.house import House

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf50000003010101eb2d2d4a0000000049454e44ae426082"
)


def typed(*lines: str) -> str:
    """What the editor sends."""
    return json.dumps(from_markdown("\n\n".join(lines)))


class Desk(TestCase):
    """Acme with a document and a writer, and a company beside it."""

    def setUp(self) -> None:
        self.acme, self.other = Company("Acme"), Company("Brightco")
        self.house = House(self.acme)
        self.writer = self.acme.client(self.house.dora)
        self.slug = self.acme.organisation.slug

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.slug, *args])

    def written(self, *lines: str) -> Revision:
        """A written draft of Acme's document."""
        content = written.written(from_markdown("\n\n".join(lines or ("# Purpose", "We buy well."))), self.house.writer)
        return beginning.started(Document.objects.get(pk=self.house.document.pk), content, self.house.writer)

    def save(self, revision: Revision, content: str, client: Any = None, **more: Any) -> Any:
        fresh = Revision.objects.get(pk=revision.pk)
        given = {"content": content, "version": fresh.version, "revision_no": fresh.revision_no, **more}
        return (client or self.writer).post(self.url("revisions:write", revision.number), given)


class BeginningTest(Desk):
    """The ways in which a document begins."""

    def new(self, query: str, client: Any = None, **given: Any) -> Any:
        values = {"title": "Scope", "sort": "manual", "owner": self.acme.ann.pk, **given}
        return (client or self.writer).post(self.url("documents:new") + query, values)

    def test_from_a_template_with_its_requirements_and_the_record_it_comes_from(self) -> None:
        origin = actions.create(
            register_of("nonconformity"), by=self.acme.actor, title="No scope is written down", description="x"
        )
        page = self.writer.get(self.url("documents:new") + f"?blank=scope&from={origin.uid}&title=Our+scope")
        self.assertContains(page, 'value="Our scope"')
        answer = self.new(f"?blank=scope&from={origin.uid}")
        document = Document.objects.get(title="Scope")
        draft = document.under_way
        self.assertRedirects(answer, self.url("revisions:write", draft.number))
        self.assertEqual(
            (document.state, draft.state, draft.revision_no, draft.written), ("draft", "draft", "1.0", True)
        )
        links = RequirementLink.objects.filter(record=document.pk)
        self.assertEqual(set(links.values_list("state", flat=True)), {"confirmed"})
        self.assertIn("4.3-1", links.values_list("requirement", flat=True))
        self.assertTrue(Link.objects.filter(record=origin.pk, target=document.pk).exists())
        self.assertIn("Purpose", draft.said.text)

    def test_empty_from_word_and_as_a_file(self) -> None:
        word = to_word(from_markdown("# Buying\n\nTwo offers."))
        for way, upload, is_written, text in (
            ("empty", None, True, ""),
            ("word", SimpleUploadedFile("a.docx", word), True, "Buying\nTwo offers."),
            ("file", SimpleUploadedFile("a.docx", word), False, "Two offers."),
            ("file", SimpleUploadedFile("drawing.dwg", b"AC1032\0\0\0\1\2\3"), False, ""),
        ):
            answer = self.new(f"?how={way}", title=f"Buying {way}", **({"upload": upload} if upload else {}))
            self.assertEqual(answer.status_code, 302, answer.content[-2000:] if answer.status_code != 302 else "")
            draft = Revision.objects.order_by("-uid").first()
            self.assertEqual((draft.written, draft.state), (is_written, "draft"))
            self.assertIn(text, draft.said.text)
            self.assertEqual(self.writer.get(self.url("revisions:record", draft.number)).status_code, 200)

    def test_a_file_that_is_no_word_file_is_refused_and_nothing_is_made(self) -> None:
        before = Event.objects.count()
        answer = self.new("?how=word", upload=SimpleUploadedFile("a.docx", b"not at all"))
        self.assertContains(answer, "cannot be read as a Word document", status_code=422)
        self.assertContains(self.new("?how=file"), "required", status_code=422)
        for way, name in (("word", "a.docx"), ("file", "a.docx"), ("file", "a.xlsx")):
            locked = SimpleUploadedFile(name, hostile.compound("EncryptedPackage"))
            answer = self.new(f"?how={way}", upload=locked)
            self.assertContains(answer, "protected by a password. Save it without", status_code=422)
        self.assertEqual(Event.objects.count(), before)

    def test_only_who_may_make_documents_begins_one(self) -> None:
        bob = self.acme.client(self.acme.bob)
        for query in ("", "?how=empty", "?blank=scope"):
            self.assertEqual(bob.get(self.url("documents:new") + query).status_code, 403)
            self.assertEqual(self.new(query, bob).status_code, 403)

    def test_a_record_that_is_hidden_is_not_linked(self) -> None:
        hidden = actions.create(register_of("nonconformity"), by=self.other.actor, title="Theirs", description="x")
        self.assertEqual(self.new(f"?how=empty&from={hidden.uid}").status_code, 404)


class WritingTest(Desk):
    """The editor's page, and what it takes and refuses."""

    def test_saving_keeps_a_file_an_event_and_the_text(self) -> None:
        draft = self.written()
        answer = self.save(draft, typed("# Scope", "Everything we **buy**."), change="Wider", because="Audit")
        self.assertRedirects(answer, self.url("revisions:record", draft.number))
        saved = Revision.objects.get(pk=draft.pk)
        self.assertEqual(
            (saved.change, saved.because, saved.said.text), ("Wider", "Audit", "Scope\nEverything we buy.")
        )
        page = self.writer.get(self.url("revisions:record", draft.number))
        self.assertContains(page, "<strong>buy</strong>")
        self.assertContains(page, "DRAFT")
        found = self.writer.get(self.url("documents:list"), {"q": "everything"})
        self.assertContains(found, self.house.document.number)

    def test_who_saves_second_sees_both_and_loses_nothing(self) -> None:
        draft = self.written()
        first = draft.version
        self.save(draft, typed("The first."))
        answer = self.save(draft, typed("The second."), version=first)
        self.assertContains(answer, "Somebody else changed this", status_code=422)
        self.assertContains(answer, "The second.", status_code=422)
        self.assertContains(answer, "<del>first", status_code=422)
        self.assertEqual(Revision.objects.get(pk=draft.pk).said.text, "The first.")
        renewed = Revision.objects.get(pk=draft.pk).version
        self.assertContains(answer, f'name="version" value="{renewed}"', status_code=422)

    def test_what_is_not_ours_is_refused_in_words_and_stays_on_the_page(self) -> None:
        draft = self.written()
        for content, said in (
            ('{"type": "doc", "content": [{"type": "iframe"}]}', "a part that is not known"),
            ("{", "cannot be read as JSON"),
        ):
            answer = self.save(draft, content)
            self.assertContains(answer, said, status_code=422)
            self.assertIn(content, answer.context["content"])
        self.assertEqual(Revision.objects.get(pk=draft.pk).said.text, "Purpose\nWe buy well.")

    def test_only_a_draft_is_written_and_only_by_those_who_may(self) -> None:
        draft = self.written()
        page, bob = self.url("revisions:write", draft.number), self.acme.client(self.acme.bob)
        self.assertEqual(self.writer.get(page).status_code, 200)
        self.assertEqual((bob.get(page).status_code, self.save(draft, typed("No."), bob).status_code), (403, 403))
        self.assertContains(bob.get(self.url("revisions:record", draft.number)), "We buy well.")
        self.house.act(draft, "submit", self.house.dora)
        answer = self.save(draft, typed("Too late."))
        self.assertRedirects(answer, self.url("revisions:record", draft.number))
        self.assertEqual(Revision.objects.get(pk=draft.pk).said.text, "Purpose\nWe buy well.")

    def test_what_is_typed_and_not_saved_comes_back(self) -> None:
        draft = self.written()
        name = f"{draft.uid}:write"
        self.writer.post(self.url("draft", name), {"content": typed("Half a sent"), "change": "x"})
        page = self.writer.get(self.url("revisions:write", draft.number))
        self.assertContains(page, "Your draft was restored")
        self.assertContains(page, "Half a sent")
        self.save(draft, typed("Half a sentence."))
        self.assertNotContains(self.writer.get(self.url("revisions:write", draft.number)), "restored")

    def test_pictures_are_attached_to_the_document_and_bound_by_their_digest(self) -> None:
        draft = self.written()
        send = self.url("revisions:picture", draft.number)
        said = self.writer.post(send, {"file": SimpleUploadedFile("press.png", PNG)}).json()
        part = Attachment.objects.get(pk=said["uid"])
        self.assertEqual(part.record_id, self.house.document.pk)
        image = {"type": "image", "attrs": {"src": f"attachment:{said['uid']}", "alt": "Press", "sha256": "0" * 64}}
        self.save(draft, json.dumps({"type": "doc", "content": [image]}))
        kept = written.load(Revision.objects.get(pk=draft.pk))
        self.assertEqual(kept["content"][0]["attrs"]["sha256"], part.file.sha256)
        self.assertContains(self.writer.get(self.url("revisions:record", draft.number)), f'src="{said["url"]}"')
        self.assertEqual(self.writer.get(said["url"]).status_code, 200)
        for name, content in (("a.svg", b"<svg onload='alert(1)'/>"), ("a.png", b"<html>")):
            refused = self.writer.post(send, {"file": SimpleUploadedFile(name, content)})
            self.assertEqual(refused.status_code, 422)
            self.assertIn("PNG", refused.json()["reason"])
        bob = self.acme.client(self.acme.bob).post(send, {"file": SimpleUploadedFile("press.png", PNG)})
        self.assertEqual(bob.status_code, 403)

    def test_fields_say_what_is_so_today(self) -> None:
        actions.create(Site, by=self.acme.actor, name="Foundry")
        draft = self.written(
            "{{ organisation.name }}, {{ organisation.sites }}, {{ role.quality }}, {{ document.owner }}"
        )
        page = self.writer.get(self.url("revisions:record", draft.number))
        for said in ("Acme", "Foundry", "Dora Ellis", "Ann Bell"):
            self.assertContains(page, said)
        offered = {
            one["name"]: one["value"]
            for one in self.writer.get(self.url("revisions:write", draft.number)).context["fields"]
        }
        self.assertEqual((offered["organisation.sites"], offered["document.revision"]), ("Foundry", "1.0"))
        from plumbline.registers.support.documents.blanks import FIELDS

        self.assertLessEqual(FIELDS, set(offered))
