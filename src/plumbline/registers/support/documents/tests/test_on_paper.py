"""Numbered paper copies, labels to scan, and the settings of copies."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from plumbline.kernel import actions
from plumbline.kernel.models import Duty
from plumbline.kernel.testing import Company, TestCase
from plumbline.ledger.models import Event
from plumbline.registers.support.documents.copies import sealing
from plumbline.registers.support.documents.copies.facts import mark_of, spans_of
from plumbline.registers.support.documents.copies.tests import samples
from plumbline.registers.support.documents.models import Document, PaperCopy, Revision
from plumbline.registers.support.documents.papers import numbered
from plumbline.registers.support.documents.tests.house import TODAY, House


class PaperTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)
        self.ann = self.acme.client(self.acme.ann)
        self.first = self.house.in_force()
        self.url = reverse("documents:paper-copies", args=["acme", self.house.document.number])

    def handed(self, place: str, **typed: Any) -> PaperCopy:
        answer = self.ann.post(self.url, {"do": "hand_out", "place": place, **typed})
        self.assertEqual(answer.status_code, 302)
        return PaperCopy.objects.latest("no")

    def collect(self) -> list[Duty]:
        return list(Duty.objects.filter(record=self.house.document.pk, verb="collect"))

    def test_each_copy_has_a_number_that_is_given_once(self) -> None:
        one = self.handed("noticeboard, hall 2", holder=str(self.acme.bob.pk))
        self.ann.post(self.url, {"do": "back", "no": "1"})
        self.assertEqual((one.no, self.handed("gate").no), (1, 2))
        self.assertEqual([copy.no for copy in numbered.out(self.house.document)], [2])
        page = self.ann.get(self.url)
        self.assertContains(page, "noticeboard, hall 2")
        self.assertContains(
            self.ann.get(reverse("documents:record", args=["acme", self.house.document.number])), "gate"
        )

    def test_a_new_revision_calls_the_old_paper_back_until_it_is_exchanged(self) -> None:
        self.handed("noticeboard")
        self.assertEqual(self.collect(), [])
        second = self.house.in_force()
        self.assertEqual([(duty.person, duty.due) for duty in self.collect()], [(self.acme.ann, TODAY)])
        self.assertContains(self.ann.get(self.url), "call it back")
        my_work = self.ann.get(reverse("my-work", args=["acme"]))
        self.assertContains(my_work, "Exchange paper copies")
        self.assertContains(my_work, self.url)
        self.ann.post(self.url, {"do": "exchange", "no": "1"})
        self.assertEqual(self.collect(), [])
        self.assertEqual(PaperCopy.objects.get().revision_id, second.pk)

    def test_the_paper_of_a_withdrawn_document_is_called_back_too(self) -> None:
        self.handed("noticeboard")
        document = Document.objects.get(pk=self.house.document.pk)
        actions.act(document, "withdraw", by=self.house.writer, reason="The machine is gone")
        self.assertContains(self.ann.get(reverse("my-work", args=["acme"])), "your turn: Exchange paper copies")
        self.assertContains(self.ann.get(reverse("documents:record", args=["acme", document.number])), "call it back")
        self.ann.post(self.url, {"do": "back", "no": "1"})
        self.assertEqual(numbered.out(document), [])

    def test_what_is_not_in_force_is_not_handed_out_and_others_hand_out_nothing(self) -> None:
        bob = self.acme.client(self.acme.bob)
        self.assertEqual(bob.post(self.url, {"do": "hand_out", "place": "gate"}).status_code, 403)
        self.house.act(self.first, "withdraw", reason="gone")
        self.ann.post(self.url, {"do": "hand_out", "place": "gate"})
        self.assertFalse(PaperCopy.objects.exists())
        self.assertEqual(self.ann.post(self.url, {"do": "back", "no": "7"}).status_code, 404)

    def test_the_word_file_stands_among_the_copies_of_what_is_written_here(self) -> None:
        written = samples.written(self.house, samples.paragraph("Suppliers are evaluated."))
        word = reverse("revisions:word", args=["acme", written.number])
        self.assertContains(self.ann.get(reverse("revisions:record", args=["acme", written.number])), f'href="{word}"')

    def test_a_change_is_asked_for_from_the_library(self) -> None:
        ask = reverse("documents:ask", args=["acme", self.house.document.number])
        self.assertContains(self.ann.get(reverse("library", args=["acme"])), f'href="{ask}"')
        found = self.ann.get(reverse("library", args=["acme"]), {"q": "evaluated"})
        self.assertContains(found, f'href="{ask}?quote=')
        cleo = self.acme.client(self.acme.cleo)
        self.assertNotContains(cleo.get(reverse("library", args=["acme"])), "Ask for a change")


@pytest.mark.slow  # lays out PDF pages
class PaperPdfTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)
        self.ann = self.acme.client(self.acme.ann)
        self.house.in_force()

    def text(self, content: bytes) -> str:
        from pypdf import PdfReader

        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)

    def test_a_numbered_copy_says_its_number_and_place_in_place_of_the_mark(self) -> None:
        made = numbered.hand_out(self.house.document, self.acme.actor, "noticeboard", self.acme.bob)
        number = self.house.document.number
        answer = self.ann.get(reverse("documents:paper-copy", args=["acme", number, made.no]))
        said = self.text(answer.content)
        self.assertIn("Controlled copy no. 1: noticeboard, Bob Carter", said)
        self.assertNotIn("UNCONTROLLED", said)
        self.house.in_force()
        again = self.ann.get(reverse("documents:paper-copy", args=["acme", number, made.no]))
        self.assertIn("OBSOLETE", self.text(again.content))

    def test_labels_of_what_may_be_seen(self) -> None:
        url = reverse("documents:labels", args=["acme"])
        self.assertContains(self.ann.get(url), "Purchasing")
        sheet = self.ann.post(url, {"document": [str(self.house.document.pk)]})
        said = self.text(sheet.content)
        self.assertIn(self.house.document.number, said)
        self.assertIn("Purchasing", said)
        other = Company("Other")
        refused = other.client(other.ann).post(
            reverse("documents:labels", args=["other"]), {"document": [str(self.house.document.pk)]}
        )
        self.assertContains(refused, "Tick a document first")


class CopiesSettingsTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.ann = self.acme.client(self.acme.ann)
        self.url = reverse("documents:copies", args=["acme"])

    def test_the_mark_is_switched_off_and_on(self) -> None:
        revision = House(self.acme).in_force()

        def mark() -> str:
            now = Revision.objects.get(pk=revision.pk)
            return mark_of(now, spans_of(now), TODAY).kind

        self.assertEqual(mark(), "uncontrolled")
        self.ann.post(self.url, {"do": "mark"})
        self.assertEqual(mark(), "")
        self.ann.post(self.url, {"do": "mark", "marked": "on"})
        self.assertEqual(mark(), "uncontrolled")

    def test_a_certificate_is_tried_at_once_kept_for_the_server_only_and_removed(self) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as keys, override_settings(PLUMBLINE_KEYS=keys):
            for password, status in (("wrong", 422), ("plumb", 302)):
                given = SimpleUploadedFile("acme.p12", samples.certificate("plumb"))
                answer = self.ann.post(self.url, {"do": "certificate", "certificate": given, "password": password})
                self.assertEqual(answer.status_code, status, password)
            self.assertContains(self.ann.get(self.url), "Acme Metalwork, documents, valid until")
            self.assertNotContains(self.ann.get(self.url), "plumb</")
            self.ann.post(self.url, {"do": "forget"})
            self.assertIsNone(sealing.seal_of(self.acme.organisation))
        noted = Event.objects.filter(home=self.acme.organisation.uid, verb="certificate").count()
        self.assertEqual(noted, 2)

    def test_only_who_runs_the_organisation(self) -> None:
        bob = self.acme.client(self.acme.bob)
        self.assertEqual(bob.get(self.url).status_code, 403)
        self.assertEqual(bob.post(self.url, {"do": "mark"}).status_code, 403)
        self.assertEqual(Document.objects.count(), 0)
