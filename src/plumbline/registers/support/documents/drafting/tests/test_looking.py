import io
import json
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from plumbline.composition import from_markdown, to_word
from plumbline.kernel import actions, files
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import counted
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.drafting import written
from plumbline.registers.support.documents.drafting.tests.test_drafting import PNG, Desk
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.tests.house import TODAY

MOST_QUERIES = 24  # the page of a written revision with a picture, references and fields


class LookingTest(Desk):
    """The content inside the page, its marks, Word and what changed."""

    def in_force(self, *lines: str) -> Revision:
        revision = self.house.act(self.written(*lines), "submit", self.house.dora)
        revision = self.house.act(revision, "approve")
        return self.house.act(revision, "put_into_force", effective_on=TODAY)

    def document(self) -> Document:
        return Document.objects.get(pk=self.house.document.pk)

    def test_write_on_copies_what_is_in_force_and_a_second_one_is_led_to_the_first(self) -> None:
        self.in_force("Two offers.")
        on = self.url("documents:write-on", self.house.document.number)
        answer = self.writer.post(on)
        draft = self.document().under_way
        self.assertRedirects(answer, self.url("revisions:write", draft.number))
        self.assertEqual((draft.revision_no, draft.said.text), ("1.1", "Two offers."))
        again = self.writer.post(on, follow=True)
        self.assertRedirects(again, self.url("revisions:record", draft.number))
        self.assertContains(again, "go on with that one")
        self.assertEqual(self.acme.client(self.acme.bob).post(on).status_code, 403)

    def test_a_change_that_was_asked_for_begins_with_what_is_in_force(self) -> None:
        self.in_force("Two offers.")
        asked = actions.create(
            register_of("revision"),
            by=Actor.of(self.acme.bob),
            title="Purchasing",
            of_document=self.document(),
            change="Three",
        )
        started = self.house.act(asked, "start", self.house.dora)
        started = Revision.objects.get(pk=started.pk)
        self.assertEqual((started.said.text, started.revision_no, started.written), ("Two offers.", "1.1", True))

    def test_what_was_superseded_stands_behind_its_mark(self) -> None:
        first = self.in_force("Two offers.")
        second = self.in_force("Three offers.")
        page = self.writer.get(self.url("revisions:record", first.number))
        self.assertContains(page, "SUPERSEDED")
        self.assertContains(page, f"<span>since {date_format(TODAY)}. See")
        self.assertContains(page, self.url("revisions:record", second.number))
        self.assertNotContains(self.writer.get(self.url("revisions:record", second.number)), "dd-mark")

    def test_references_lead_where_the_reader_may_go(self) -> None:
        secret = actions.create(
            register_of("document"), by=self.acme.actor, title="Plans for a merger", sort="policy", confidential=True
        )
        asked = self.url("revisions:references", self.written().number) + "?q="
        told = self.writer.get(asked + "merger").json()
        self.assertEqual([(one["to"], one["label"]) for one in told], [("document", secret.number)])
        bob = self.acme.client(self.acme.bob)
        self.assertEqual(bob.get(asked + "merger").json(), [])
        clauses = bob.get(asked + "7.1.5.2").json()
        self.assertEqual(clauses[0]["to"], "requirement")
        pointing = from_markdown(
            f"[{secret.number} Plans for a merger](document:{secret.uid}) [x](requirement:{clauses[0]['target']})"
        )
        draft = self.document().under_way
        self.save(draft, json.dumps(pointing))
        page = self.url("revisions:record", draft.number)
        self.assertContains(self.writer.get(page), self.url("documents:record", secret.number))
        seen = bob.get(page)
        self.assertNotContains(seen, "merger")
        self.assertContains(seen, "/standard/iso9001:2015/7.1.5.2/")
        self.assertNotIn("merger", Revision.objects.get(pk=draft.pk).said.text)

    def test_word_out_and_in_again_keeps_pictures_and_shows_what_changed(self) -> None:
        first = self.in_force("# Buying", "Two offers.", "Over 5000 three.")
        self.writer.post(self.url("documents:write-on", self.house.document.number))
        draft = self.document().under_way
        sent = self.url("revisions:picture", draft.number)
        picture = self.writer.post(sent, {"file": SimpleUploadedFile("press.png", PNG)}).json()["uid"]
        content = written.load(draft)
        content["content"].append({"type": "image", "attrs": {"src": f"attachment:{picture}", "alt": "Press"}})
        self.save(draft, json.dumps(content))
        out = self.writer.get(self.url("revisions:word", draft.number))
        self.assertIn(
            f"{self.house.document.number} Purchasing 1.1.docx", out["Content-Disposition"].replace("%20", " ")
        )
        edited = to_word(from_markdown("# Buying\n\nTwo written offers.\n\nOver 5000 three."))
        self.assertIn(b"word/media/", out.content)
        for upload, stays in ((out.content, True), (edited, False)):
            fresh = Revision.objects.get(pk=draft.pk)
            given = {"file": SimpleUploadedFile("x.docx", upload), "version": fresh.version}
            self.writer.post(self.url("revisions:bring", draft.number), given)
            fresh = Revision.objects.get(pk=draft.pk)
            self.assertTrue(fresh.written)
            self.assertEqual(f"attachment:{picture}" in json.dumps(written.load(fresh)), stays)
        redline = self.url("documents:redline", self.house.document.number)
        self.assertContains(self.writer.get(redline, {"old": first.uid, "new": draft.uid}), "<ins>written")
        self.assertContains(self.writer.get(redline), "<ins>written")

    def test_a_file_draft_is_replaced_and_a_stale_page_replaces_nothing(self) -> None:
        draft = self.house.draft()
        bring = self.url("revisions:bring", draft.number)
        given = {"file": SimpleUploadedFile("buying.txt", b"Four offers."), "version": draft.version}
        self.writer.post(bring, given)
        fresh = Revision.objects.get(pk=draft.pk)
        self.assertEqual((fresh.said.text.strip(), fresh.name), ("Four offers.", "buying.txt"))
        answer = self.writer.post(
            bring, {"file": SimpleUploadedFile("b.txt", b"Five."), "version": draft.version}, follow=True
        )
        self.assertContains(answer, "Somebody else changed this")
        self.assertEqual(Revision.objects.get(pk=draft.pk).file, fresh.file)
        self.assertContains(self.writer.get(self.url("revisions:shown", draft.number)), "Four offers.")

    def test_a_word_draft_is_turned_into_a_written_one(self) -> None:
        draft = self.house.draft()
        word = SimpleUploadedFile("buying.docx", to_word(from_markdown("# Buying\n\nTwo offers.")))
        self.writer.post(self.url("revisions:bring", draft.number), {"file": word})
        self.assertFalse(Revision.objects.get(pk=draft.pk).written)
        self.writer.post(self.url("revisions:turn", draft.number))
        turned = Revision.objects.get(pk=draft.pk)
        self.assertEqual((turned.written, turned.said.text), (True, "Buying\nTwo offers."))

    def test_strangers_and_those_it_is_hidden_from_get_nothing(self) -> None:
        draft = self.written("Secret alloy.")
        actions.edit(self.document(), by=self.acme.actor, confidential=True)
        readers = (self.acme.client(self.acme.bob), self.other.client(self.other.ann))
        own = [
            ("revisions:" + name, draft.number)
            for name in ("shown", "word", "write", "references", "picture", "bring", "turn")
        ]
        own += [("documents:redline", self.house.document.number), ("documents:write-on", self.house.document.number)]
        for name, number in own:
            for reader in readers:
                page = self.url(name, number)
                self.assertEqual((reader.get(page).status_code, reader.post(page).status_code), (404, 404), page)

    def test_an_auditor_of_a_certification_body_reads_and_writes_nothing(self) -> None:
        draft, cleo = self.written(), self.acme.client(self.acme.cleo)
        self.assertContains(cleo.get(self.url("revisions:record", draft.number)), "We buy well.")
        for name in ("write", "bring", "turn", "picture"):
            self.assertEqual(cleo.post(self.url(f"revisions:{name}", draft.number)).status_code, 403, name)

    def test_hostile_content_is_inert_in_the_page_and_in_what_changed(self) -> None:
        for at, (name, hostile) in enumerate(HOSTILE.items()):
            with self.subTest(name):
                kept = files.keep(self.acme.organisation.uid, io.BytesIO(hostile), name)
                file = actions.content(kept, by=self.acme.actor)
                document = actions.create(
                    register_of("document"), by=self.acme.actor, title=f"Hostile {at}", sort="form"
                )
                draft = revising.draft(
                    document, by=self.house.writer, file=file, source=name, media_type=kept.media_type
                )
                page = self.writer.get(self.url("revisions:shown", draft.number)).content.decode().casefold()
                for bad in ("<script>alert", "onerror=", 'href="javascript:', 'src="http', "<iframe", "<svg on"):
                    self.assertNotIn(bad, page)

    def test_the_page_takes_few_queries(self) -> None:
        draft = self.written("{{ organisation.sites }} {{ role.quality }} [x](requirement:5.2-01)", "Text.")
        page = self.url("revisions:record", draft.number)
        self.writer.get(page)
        with CaptureQueriesContext(connection) as queries:
            self.writer.get(page)
        self.assertLessEqual(counted(queries), MOST_QUERIES)

    def test_in_force_later_is_told(self) -> None:
        revision = self.house.act(self.written(), "submit", self.house.dora)
        revision = self.house.act(revision, "approve")
        self.house.act(revision, "put_into_force", effective_on=TODAY + timedelta(days=9))
        self.assertContains(self.writer.get(self.url("revisions:record", revision.number)), "Not in force yet")


HOSTILE = {
    "a.html": b"<p onclick=alert(1)>Hi<script>alert(1)</script><img src=http://evil.example/pixel onerror=alert(1)>"
    b"<iframe src=http://evil.example/pixel></iframe><a href='javascript:alert(1)'>x</a>",
    "a.md": b"# Hi\n\n<script>alert(1)</script> ![p](http://evil.example/pixel) [x](javascript:alert(1))\n",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>",
    "a.txt": b"<script>alert(1)</script> <svg onload=alert(1)>",
}
