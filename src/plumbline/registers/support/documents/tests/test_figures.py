"""How much the pages of a document and of its revision ask of the database, however much there is to show."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, files, timeline
from plumbline.kernel.models import Comment, Link, RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase, counted, proof
from plumbline.organisation.models import Site
from plumbline.registers.support.documents.models import Document, Recipient
from plumbline.registers.support.documents.papers import numbered
from plumbline.registers.support.documents.tests.house import TODAY, House

MOST_QUERIES = [10, 11]  # a revision with its signatures; a document with a distribution list
MOST_WITH_ALL = 12  # with every sort of part and so long a history that each is asked for


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
        self.full(house)
        self.assertLessEqual(asked(house.document), MOST_WITH_ALL)

    def full(self, house: House) -> None:
        """Every sort of part, an owner who changed, and a history longer than the page shows."""
        acme, document = house.acme, house.document
        nonconformity = actions.create(
            register_of("nonconformity"), by=acme.actor, title="Late goods", description="They came late."
        )
        actions.create(Link, by=acme.actor, record=nonconformity, target=document)
        actions.create(Link, by=acme.actor, record=document, target=nonconformity)
        speaks = {"edition": "iso9001:2015", "requirement": "7.5.1-a1", "state": "confirmed"}
        actions.create(RequirementLink, by=acme.actor, record=document, **speaks)
        for what in ({"role": "quality"}, {"site": actions.create(Site, by=acme.actor, name="Works")}):
            actions.create(Recipient, by=acme.actor, record=document, **what)
        numbered.hand_out(Document.objects.get(pk=document.pk), acme.actor, "Hall 2", acme.bob)
        for number in range(timeline.NEWEST):
            actions.create(Comment, by=acme.actor, record=document, text=f"Note {number}")
        now = Document.objects.get(pk=document.pk)
        actions.attach(
            now, files.keep(acme.organisation.uid, io.BytesIO(b"Plan"), "plan.txt"), "plan.txt", by=acme.actor
        )
        actions.edit(now, by=acme.actor, owner=house.dora)
        now = Document.objects.get(pk=document.pk)
        move = register_of("document").workflow.move("keep", "in_use")
        actions.act(now, "keep", by=acme.actor, proof=proof(now, move, acme.ann), due=TODAY)

    def test_all_of_it_is_shown(self) -> None:
        acme = Company("Acme")
        house = House(acme)
        house.in_force()
        self.full(house)
        page = acme.client(acme.bob).get(f"/acme/documents/{house.document.number}/")
        for said in (
            "Note 29", "plan.txt", "4\xa0bytes", "I looked at it again: it is right as it is", "Late goods",
            "Quality manager", "Works", "No. 1", "Hall 2", "Bob", "7.5.1",
        ):  # fmt: skip
            self.assertContains(page, said)
