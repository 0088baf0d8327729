from plumbline.kernel import actions, policy
from plumbline.kernel.testing import RegisterContract, TestCase
from plumbline.kernel.workflow import Move
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.models.labels import order
from plumbline.registers.support.documents.register import Documents


class DocumentTest(RegisterContract, TestCase):
    register = Documents
    sample = {"title": "Control of documents", "sort": "procedure", "revision_no": "3"}
    answers = {"due": "2028-01-31", "check_on": "2028-01-31"}
    unreachable = ("proposed",)  # only what was found in a file begins so
    most_record_queries = 12

    def ready(self, record: Document, move: Move) -> Document:
        """Only what comes from outside is looked at for a new edition."""
        return actions.edit(record, by=self.acme.actor, sort="external") if move.verb == "check" else record

    def found(self, **values: str) -> Document:
        return self.make(state="proposed", **values)

    def add(self, document: Document, number: str, confirm: bool = False) -> Revision:
        return revising.add(document, "what it says", by=self.acme.actor, confirm=confirm, number=number)

    def test_confirming_puts_the_proposed_revision_in_force_under_the_confirmed_number(self) -> None:
        record = self.found(revision_no="3")
        revision = self.add(record, "3")
        record = actions.edit(Document.objects.get(pk=record.pk), by=self.acme.actor, revision_no="4")
        actions.act(record, "confirm", by=self.acme.actor)
        revision.refresh_from_db()
        self.assertEqual((revision.state, revision.revision_no), ("effective", "4"))

    def test_one_revision_is_in_force_and_the_one_before_is_superseded(self) -> None:
        record = self.found()
        self.add(record, "3")
        record = revising.settle(record, by=self.acme.actor, requirements=False)
        self.add(record, "4", confirm=True)
        states = dict(Revision.objects.filter(of_document=record.pk).values_list("revision_no", "state"))
        self.assertEqual(states, {"3": "superseded", "4": "effective"})
        self.assertEqual(Document.objects.get(pk=record.pk).revision_no, "4")

    def test_a_new_revision_waits_while_the_old_one_stays_in_force(self) -> None:
        record = self.found()
        self.add(record, "3")
        record = revising.settle(record, by=self.acme.actor, requirements=False)
        self.add(record, "4")
        record = Document.objects.get(pk=record.pk)
        told = (record.revision_no, record.current.revision_no, record.incoming.revision_no)
        self.assertEqual(told, ("3", "3", "4"))

    def test_the_text_of_the_file_is_found(self) -> None:
        record = self.found()
        revising.add(record, "the Zwischenlagerung of blanks", by=self.acme.actor, confirm=False)
        page = self.acme.client(self.acme.ann).get(self.url("list"), {"q": "zwischenlag"})
        self.assertContains(page, record.number)

    def test_a_withdrawn_document_comes_back_as_it_was_found(self) -> None:
        record = self.found()
        self.add(record, "3")
        for verb, state in (("withdraw", "withdrawn"), ("reopen", "proposed"), ("confirm", "in_use")):
            record = actions.act(Document.objects.get(pk=record.pk), verb, by=self.acme.actor, reason="because")
            self.assertEqual(record.state, state)
        record = actions.act(Document.objects.get(pk=record.pk), "withdraw", by=self.acme.actor, reason="because")
        self.assertEqual(Revision.objects.get().state, "withdrawn")
        self.assertEqual(actions.act(record, "reopen", by=self.acme.actor).state, "draft")

    def test_revisions_follow_their_document_into_hiding(self) -> None:
        record = self.found()
        self.add(record, "3")
        record = revising.settle(record, by=self.acme.actor, requirements=False)
        self.add(record, "4", confirm=True)
        actions.edit(Document.objects.get(pk=record.pk), by=self.acme.actor, confidential=True)
        self.assertEqual(set(Revision.objects.values_list("confidential", flat=True)), {True})
        self.assertFalse(Revision.objects.visible_to(Actor.of(self.acme.bob)).exists())

    def test_who_may_not_make_documents_may_not_bring_them_in_or_confirm_them(self) -> None:
        bob = Actor.of(self.acme.bob)
        self.assertFalse(policy.may_create(bob, self.r))
        self.assertFalse(policy.may_move(bob, self.r.workflow.move("confirm", "proposed"), self.found()))
        for page in ("bring-in", "review"):
            self.assertEqual(self.acme.client(self.acme.bob).get(self.url(page)).status_code, 403)

    def test_own_pages_are_hidden_from_other_organisations(self) -> None:
        record, stranger = self.found(), self.other.client(self.other.ann)
        revision = self.add(record, "3")
        for name in ("text", "speaks", "revise", "proposed"):
            page = self.url(name, record.number)
            self.assertEqual((stranger.get(page).status_code, stranger.post(page).status_code), (404, 404), page)
        page = self.url("revision", record.number, revision.uid)
        self.assertEqual(stranger.get(page).status_code, 404)

    def test_revisions_sort_as_people_count(self) -> None:
        self.assertEqual(sorted(["10", "2.1", "B", "2", "A"], key=order), ["A", "B", "2", "2.1", "10"])
