from datetime import timedelta
from typing import Any

from django.urls import reverse

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import RegisterContract, TestCase
from plumbline.kernel.workflow import Move
from plumbline.registers.support.documents import force
from plumbline.registers.support.documents.models import (
    Revision,
    Step,
    Validity,
)
from plumbline.registers.support.documents.revisions import Revisions
from plumbline.registers.support.documents.tests.house import TODAY, House


class RevisionTest(RegisterContract, TestCase):
    register = Revisions
    answers = {"revision_no": "2", "effective_on": TODAY + timedelta(days=5)}
    unreachable = ()
    most_record_queries = 12

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.house = House(cls.acme)
        cls.sample = {"title": "Purchasing", "change": "Two offers", "of_document": cls.house.document}

    def make(self, company: Any = None, **values: Any) -> Any:
        """Asked for and written by Dora, so that Ann may approve it."""
        document = actions.create(register_of("document"), by=self.acme.actor, title="Purchasing", sort="procedure")
        own = {"of_document": document, "owner": self.acme.ann}  # of a document one revision is made at a time
        return actions.create(self.r, by=self.house.writer, **{**self.sample, **own, **values})

    def of_another(self, record: Any, move: Move) -> Any:
        return record

    def ready(self, record: Any, move: Move) -> Any:
        if move.verb == "submit" and not any(step.does == "review" for step in record.route):
            record = actions.edit(record, by=self.house.writer, file=self.house.file)
            actions.create(Step, by=self.house.writer, record=record, does="review", person=self.acme.ann, place=0)
        if move.verb in ("take_effect", "supersede", "expire") and not Validity.objects.filter(record=record.pk):
            force.begin(record, self.acme.actor, TODAY)
        return Revision.objects.get(pk=record.pk)

    def test_created_through_the_form(self) -> None:
        """A revision is asked for on the page of its document, by anybody; the bare form says so."""
        bare = self.acme.client(self.acme.ann).post(self.url("new"), {"title": "x", "change": "Two offers"})
        self.assertContains(bare, "begin it on that record", status_code=422)
        page = reverse("documents:ask", args=["acme", self.house.document.number])
        asked = self.acme.client(self.acme.bob).post(page, {"change": "Two offers", "because": "One is no choice"})
        self.assertEqual(asked.status_code, 302)
        made = self.r.model.objects.get(of_document=self.house.document, author=self.acme.bob)
        self.assertEqual((made.state, made.change), ("requested", "Two offers"))
