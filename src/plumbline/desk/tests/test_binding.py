"""Many documents as one PDF: by the way, with progress, for one person, as long as she may see what is in it."""

import io
from unittest.mock import patch

import pytest
from django.test import TestCase
from pypdf import PdfReader

from plumbline.desk.models import Binding
from plumbline.faces.sheets import working
from plumbline.registers.support.documents.copies import binding as copying

from .by_the_way import ByTheWay

HERE = "/acme/library/bound.pdf"


@pytest.mark.slow  # lays out copies
class BindingTest(ByTheWay, TestCase):
    model, asked = Binding, 1

    def setUp(self) -> None:
        self.enterContext(patch("plumbline.desk.binding.AT_ONCE", 1))
        super().setUp()

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
