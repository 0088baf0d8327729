from plumbline.kernel import actions, policy
from plumbline.kernel.testing import RegisterContract, TestCase
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.recognising import order
from plumbline.registers.support.documents.register import Documents


class DocumentTest(RegisterContract, TestCase):
    register = Documents
    sample = {"title": "Control of documents", "sort": "procedure", "revision": "3"}
    answers = {}
    most_record_queries = 20

    def add(self, document: Document, number: str, confirm: bool = False) -> Revision:
        return revising.add(document, "what it says", by=self.acme.actor, confirm=confirm, number=number)

    def test_typed_in_by_hand_it_is_confirmed_from_the_start(self) -> None:
        typed = {"title": "Quality policy", "number": "POL-1", "sort": "policy", "owner": self.acme.ann.pk}
        self.acme.client(self.acme.ann).post(self.url("new"), typed)
        self.assertEqual(Document.objects.get(number="POL-1").state, "in_use")

    def test_confirming_puts_the_proposed_revision_in_use_under_the_confirmed_number(self) -> None:
        record = self.make(revision="3")
        revision = self.add(record, "3")
        record = actions.edit(Document.objects.get(pk=record.pk), by=self.acme.actor, revision="4")
        actions.act(record, "confirm", by=self.acme.actor)
        revision.refresh_from_db()
        self.assertEqual((revision.state, revision.number), ("effective", "4"))

    def test_one_revision_is_in_use_and_the_one_before_is_superseded(self) -> None:
        record = self.make()
        self.add(record, "3")
        record = revising.settle(record, by=self.acme.actor, requirements=False)
        self.add(record, "4", confirm=True)
        states = dict(Revision.objects.filter(record_id=record.pk).values_list("number", "state"))
        self.assertEqual(states, {"3": "superseded", "4": "effective"})
        self.assertEqual(Document.objects.get(pk=record.pk).revision, "4")

    def test_a_new_revision_waits_while_the_old_one_stays_in_use(self) -> None:
        record = self.make()
        self.add(record, "3")
        record = revising.settle(record, by=self.acme.actor, requirements=False)
        self.add(record, "4")
        record = Document.objects.get(pk=record.pk)
        self.assertEqual((record.revision, record.current.number, record.incoming.number), ("3", "3", "4"))

    def test_the_text_of_the_file_is_found(self) -> None:
        record = self.make()
        revising.add(record, "the Zwischenlagerung of blanks", by=self.acme.actor, confirm=False)
        page = self.acme.client(self.acme.ann).get(self.url("list"), {"q": "zwischenlag"})
        self.assertContains(page, record.number)

    def test_a_number_is_not_the_name_of_a_page(self) -> None:
        self.assertRaisesRegex(Exception, "name of a page", self.make, number="review")

    def test_a_member_neither_creates_nor_confirms(self) -> None:
        bob = Actor.of(self.acme.bob)
        self.assertFalse(policy.may_create(bob, self.r))
        self.assertFalse(policy.may_move(bob, self.r.workflow.move("confirm", "proposed"), self.make()))
        for page in ("bring-in", "review"):
            self.assertEqual(self.acme.client(self.acme.bob).get(self.url(page)).status_code, 403)

    def test_own_pages_are_hidden_from_other_organisations(self) -> None:
        record, stranger = self.make(), self.other.client(self.other.ann)
        revision = self.add(record, "3")
        for name in ("text", "speaks", "revise", "proposed"):
            page = self.url(name, record.number)
            self.assertEqual((stranger.get(page).status_code, stranger.post(page).status_code), (404, 404), page)
        page = self.url("revision", record.number, revision.uid)
        self.assertEqual(stranger.get(page).status_code, 404)

    def test_revisions_sort_as_people_count(self) -> None:
        self.assertEqual(sorted(["10", "2.1", "B", "2", "A"], key=order), ["A", "B", "2", "2.1", "10"])
