"""Pages that settle how documents are handled are closed to who does not run the organisation."""

from typing import Any

from django.urls import reverse

from plumbline.kernel.testing import Company, TestCase
from plumbline.ledger.models import Event
from plumbline.registers.support.documents.approval import arranging
from plumbline.registers.support.documents.models import Step
from plumbline.registers.support.documents.tests.house import House


class WhoMayTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.bob = self.acme.client(self.acme.bob)

    def closed(self, address: str, **sent: Any) -> None:
        """Neither shown nor done, and nothing is written."""
        before = Event.objects.count()
        self.assertEqual(self.bob.get(address).status_code, 403, address)
        answer = self.bob.post(address, sent)
        self.assertContains(answer, "Only for:", status_code=403)
        self.assertEqual(Event.objects.count(), before, address)

    def test_kinds_of_documents(self) -> None:
        self.assertEqual(self.bob.get(reverse("documents:kinds", args=["acme"])).status_code, 403)
        self.closed(reverse("documents:kind", args=["acme", "procedure"]), do="usual")
        self.closed(reverse("documents:kind-new", args=["acme"]), name="Plan", letters="PL", like="form")

    def test_how_copies_look_and_who_signs_them(self) -> None:
        self.closed(reverse("documents:copies", args=["acme"]), do="forget")

    def test_the_route_of_a_draft(self) -> None:
        revision = House(self.acme).draft()
        asked = {"do": "add", "who": f"person:{self.acme.bob.pk}", "does": "approve", "when": "beside"}
        before = Step.objects.count()
        answer = self.bob.post(reverse("revisions:route", args=["acme", revision.number]), asked)
        self.assertEqual((answer.status_code, Step.objects.count()), (403, before))

    def test_who_is_on_the_route_does_not_arrange_it(self) -> None:
        """Whoever is asked may decide a step, so that the door lets them write one; arranging is the maker's."""
        house = House(self.acme)
        revision = house.draft()
        mine = arranging.add(revision, house.writer, f"person:{self.acme.bob.pk}", "review")
        address = reverse("revisions:route", args=["acme", revision.number])
        route = list(Step.objects.order_by("uid").values_list("pk", "place", "due", "decision", "deputy"))
        for sent in (
            {"do": "add", "who": "role:management", "does": "approve", "when": "beside"},
            {"do": "remove", "step": str(mine.pk)},
            {"do": "change", "step": str(mine.pk), "due": "2030-01-01"},
        ):
            self.assertContains(self.bob.post(address, sent), "Only for:", status_code=403)
            now = list(Step.objects.order_by("uid").values_list("pk", "place", "due", "decision", "deputy"))
            self.assertEqual(now, route, sent["do"])

    def test_a_copy_runs_nothing_where_it_is_opened(self) -> None:
        revision = House(self.acme).in_force()
        copy = self.acme.client(self.acme.ann).get(reverse("revisions:copy", args=["acme", revision.number]))
        self.assertEqual(copy["Content-Type"], "application/pdf")
        self.assertIn("sandbox", copy["Content-Security-Policy"])
        self.assertEqual(copy["X-Content-Type-Options"], "nosniff")
