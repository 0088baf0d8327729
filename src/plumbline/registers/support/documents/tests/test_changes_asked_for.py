"""Changes that anybody asks for, and how the organisation handles each kind of document."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from plumbline.kernel import actions, notices, policy
from plumbline.kernel.models import Duty, Link
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.approval import asking, handling
from plumbline.registers.support.documents.models import Document, DocumentKind, Revision
from plumbline.registers.support.documents.models.kinds import usual
from plumbline.registers.support.documents.tests.house import TODAY, House

KIND = {
    "prefix": "QP", "scheme": "{prefix}-{n:02}", "review_months": "12", "retention_months": "60", "blank": "purchasing",
    "strength": "again", "author_may_approve": "", "reads": "on",
    "place": ["1", "1", "2", "1"], "does": ["review", "review", "approve", "review"],
    "who": ["role:supervisor", "role:auditor", "role:management", ""], "days": ["3", "3", "4", "5"],
}  # fmt: skip


class AskedTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)
        self.document = self.house.document
        self.other = actions.create(register_of("document"), by=self.acme.actor, title="Suppliers", sort="form")
        self.bob = self.acme.client(self.acme.bob)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"documents:{name}", args=["acme", *args])

    def asked(self) -> Revision:
        said = {"change": "Two offers from 5,000", "because": "Prices vary", "impacts": [str(self.other.pk)]}
        self.assertEqual(self.bob.post(self.url("ask", self.document.number), said).status_code, 302)
        return Revision.objects.get()

    def test_anybody_asks_the_owner_has_the_duty_and_both_pages_say_who_else_must_change(self) -> None:
        made = self.asked()
        self.assertEqual((made.state, made.author, made.owner), ("requested", self.acme.bob, self.acme.ann))
        self.assertEqual([(d.verb, d.person) for d in Duty.objects.filter(record=made.pk)], [("start", self.acme.ann)])
        self.assertEqual(Link.objects.get(record=made.pk).why, asking.IMPACTS)
        page = self.bob.get(reverse("revisions:record", args=["acme", made.number]))
        self.assertContains(page, "Who else must change")
        self.assertContains(page, self.other.number)
        page = self.bob.get(reverse("documents:record", args=["acme", self.other.number]))
        self.assertContains(page, "May have to change because of")
        self.assertContains(self.bob.get(self.url("record", self.document.number)), "Two offers")

    def test_without_a_change_nothing_is_asked_and_what_was_typed_stays(self) -> None:
        response = self.bob.post(self.url("ask", self.document.number), {"change": " ", "because": "Prices vary"})
        self.assertContains(response, "Prices vary", status_code=422)
        self.assertEqual(Revision.objects.count(), 0)

    def test_documents_it_touches_are_searched_for(self) -> None:
        found = self.bob.get(self.url("ask", self.document.number), {"q": "suppl"})
        self.assertContains(found, self.other.title)
        self.assertNotContains(found, f">{self.document.title}")

    def test_whoever_asked_hears_that_it_was_declined(self) -> None:
        self.house.act(self.asked(), "decline", reason="Not this year")
        told = [(one.verb, str(one.words)) for one in notices.unread(Actor.of(self.acme.bob))]
        self.assertEqual(told, [("decline", "was declined")])

    def test_the_change_is_made_from_what_is_in_force_and_one_at_a_time(self) -> None:
        self.house.in_force()
        self.bob.post(self.url("ask", self.document.number), {"change": "Two offers"})
        made = Revision.objects.get(state="requested")
        self.house.act(made, "start")
        self.assertEqual(Revision.objects.get(pk=made.pk).file, self.house.file)
        self.bob.post(self.url("ask", self.document.number), {"change": "Three offers"})
        with self.assertRaisesMessage(policy.Denied, "is being made already"):
            self.house.act(Revision.objects.get(state="requested"), "start")

    def test_who_only_reads_asks_for_nothing(self) -> None:
        cleo = self.acme.client(self.acme.cleo)
        self.assertEqual(cleo.post(self.url("ask", self.document.number), {"change": "x"}).status_code, 403)


class KindsTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.ann = self.acme.client(self.acme.ann)
        self.page = reverse("documents:kind", args=["acme", "procedure"])

    def made(self) -> Document:
        return actions.create(register_of("document"), by=self.acme.actor, title="Purchasing", sort="procedure")

    def test_a_kind_is_handled_as_the_organisation_says_and_numbers_given_stay(self) -> None:
        first = self.made()
        self.assertEqual(self.ann.post(self.page, KIND).status_code, 302)
        rules = DocumentKind.objects.get()
        self.assertEqual((rules.prefix, rules.strength, rules.review_months), ("QP", "again", 12))
        self.assertEqual([(s["place"], s["does"], s["role"]) for s in rules.route], [
            (1, "review", "supervisor"), (1, "review", "auditor"), (2, "approve", "management"),
        ])  # fmt: skip
        self.assertEqual(self.made().number, "QP-01")
        self.assertEqual(Document.objects.get(pk=first.pk).number, "PRO-001")
        self.assertContains(self.ann.get(reverse("documents:kinds", args=["acme"])), "QP-01")

    def test_back_to_usual(self) -> None:
        self.ann.post(self.page, KIND)
        self.ann.post(self.page, {"do": "usual"})
        rules, first = DocumentKind.objects.get(), usual(self.acme.organisation, "procedure")
        self.assertEqual((rules.prefix, rules.route), (first.prefix, first.route))
        self.assertTrue(handling.is_usual(rules))

    def test_what_makes_no_number_or_has_no_approver_is_refused(self) -> None:
        for wrong in ({"scheme": "{prefix}"}, {"scheme": "{n:999999999}"}, {"who": ["role:auditor", "", "", ""]}):
            self.assertEqual(self.ann.post(self.page, {**KIND, **wrong}).status_code, 422, wrong)
        self.assertFalse(DocumentKind.objects.exists())

    def test_the_example_follows_what_is_typed(self) -> None:
        given = {"prefix": "QP", "scheme": "{prefix}/{n}"}
        self.assertContains(self.ann.get(self.page, given), "makes no number")
        self.assertContains(self.ann.get(self.page, {**given, "scheme": "{prefix}-{yy}-{n:03}"}), f"QP-{TODAY:%y}-001")

    def test_only_who_runs_the_organisation(self) -> None:
        bob = self.acme.client(self.acme.bob)
        self.assertEqual(bob.get(self.page).status_code, 403)
        self.assertEqual(bob.post(self.page, KIND).status_code, 403)
        self.assertEqual(self.ann.get(reverse("documents:kind", args=["acme", "nonsense"])).status_code, 404)
        with self.assertRaises(ValidationError):
            handling.set_rules(self.acme.organisation, "policy", self.acme.actor, route=[])
