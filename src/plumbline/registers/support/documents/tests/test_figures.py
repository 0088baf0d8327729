"""How much the pages of a document and of its revision ask of the database, however much there is to show."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, timeline
from plumbline.kernel.models import Comment, RequirementLink
from plumbline.kernel.testing import Company, TestCase, counted
from plumbline.registers.support.documents.models import Document, Recipient
from plumbline.registers.support.documents.papers import numbered
from plumbline.registers.support.documents.tests.house import House

MOST_QUERIES = [12, 11]  # a revision with its signatures; a document with a distribution list
EVERYTHING = 16  # with requirements, paper copies, comments too, and so long a history that each part is asked for


class FiguresTest(TestCase):
    @pytest.mark.slow  # brings several revisions into force
    def test_the_number_of_queries_does_not_grow(self) -> None:
        acme = Company("Acme")
        house = House(acme)
        client = acme.client(acme.bob)

        def asked(record: Any) -> int:
            slug = "documents" if isinstance(record, Document) else "revisions"
            with CaptureQueriesContext(connection) as queries:
                self.assertEqual(client.get(f"/acme/{slug}/{record.number}/").status_code, 200)
            return counted(queries)

        actions.create(Recipient, by=acme.actor, record=house.document, person=acme.bob)
        few = [asked(house.in_force()), asked(house.document)]
        for person in (acme.ann, house.dora):
            actions.create(Recipient, by=acme.actor, record=house.document, person=person)
        newest = [house.in_force() for _ in range(3)][-1]
        self.assertEqual([asked(newest), asked(house.document)], few)
        self.assertTrue(all(sent <= most for sent, most in zip(few, MOST_QUERIES, strict=True)), few)
        speaks = {"edition": "iso9001:2015", "requirement": "7.5.1-a1", "state": "confirmed"}
        actions.create(RequirementLink, by=acme.actor, record=house.document, **speaks)
        numbered.hand_out(Document.objects.get(pk=house.document.pk), acme.actor, "Hall 2", None)
        for number in range(timeline.NEWEST):
            actions.create(Comment, by=acme.actor, record=house.document, text=f"Note {number}")
        self.assertLessEqual(asked(house.document), EVERYTHING)
