"""Many documents as one PDF: by the way, with progress, for one person, as long as she may see what is in it."""

import io
from unittest.mock import patch

import pytest
from django.test import TestCase
from pypdf import PdfReader

from plumbline.desk.models import Binding
from plumbline.faces.sheets import runs, working
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.models import RoleHolding
from plumbline.registers.support.documents.copies import binding as copying

from .test_library import in_force

HERE = "/acme/library/bound.pdf"


@pytest.mark.slow  # lays out copies
class BindingTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        for title in ("Purchasing", "Welding"):
            in_force(cls.acme, title, f"{title} is done with care.")
        in_force(cls.acme, "Sale of the hall", "Nobody knows.", confidential=True)

    def setUp(self) -> None:
        self.enterContext(patch("plumbline.desk.binding.AT_ONCE", 1))
        self.bob = self.acme.client(self.acme.bob)

    def asked_for(self) -> str:
        self.assertContains(self.bob.get(HERE), "2 documents are bound into one PDF")
        answer = self.bob.post(HERE, {"group": ""})
        self.assertEqual(answer.status_code, 302)
        return str(answer["Location"])

    def test_it_is_made_by_the_way_and_tells_how_far_it_is(self) -> None:
        page = self.asked_for()
        self.assertContains(self.bob.get(page), "0 of 0 documents are done.")
        self.assertEqual(self.bob.get(f"{page}file/").status_code, 404)
        seen = []
        with patch.object(Binding, "note", _noting(seen)):
            working.work()
        self.assertEqual([step["done"] for step in seen if "done" in step], [0, 1, 2, 2])
        self.assertContains(self.bob.get(page), "The PDF is ready: 2 documents.")
        made = PdfReader(io.BytesIO(b"".join(self.bob.get(f"{page}file/").streaming_content)))
        said = " ".join(page.extract_text() for page in made.pages)
        self.assertIn("Welding is done with care", said)
        self.assertNotIn("Sale of the hall", said)

    def test_it_is_hers_alone_and_only_while_she_may_see_what_is_in_it(self) -> None:
        page = self.asked_for()
        working.work()
        self.assertEqual(self.bob.get(f"{page}file/").status_code, 200)
        ann = self.acme.client(self.acme.ann)
        self.assertEqual([ann.get(page).status_code, ann.get(f"{page}file/").status_code], [404, 404])
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role="quality")
        self.assertEqual(self.bob.get(f"{page}file/").status_code, 404)

    def test_what_a_restart_cut_off_begins_again(self) -> None:
        page = self.asked_for()
        working.work(iter([True, False, False]).__next__)
        self.assertEqual(Binding.objects.get().state, "running")
        self.assertEqual(list(runs.folder_of(self.acme.organisation.uid).glob("*.part")), [])
        working.work()
        self.assertContains(self.bob.get(page), "The PDF is ready")

    def test_too_many_are_refused_in_words_on_the_page(self) -> None:
        page = self.asked_for()
        with patch.object(copying, "MOST", 1):
            working.work()
        self.assertContains(self.bob.get(page), "at most 1 documents")


def _noting(seen: list):
    kept = Binding.note

    def note(run: Binding, **values) -> None:
        seen.append(values)
        kept(run, **values)

    return note
