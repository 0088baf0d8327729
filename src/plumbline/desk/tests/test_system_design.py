"""Stage 2 of the road: what is asked for in writing, what answers it, what is weak, and the gate."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.desk.designing.asked import Asked
from plumbline.desk.designing.gate import Design, design
from plumbline.desk.designing.pages import confirm
from plumbline.desk.stages import stages
from plumbline.kernel import actions
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted, proof
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.registers.evaluation.audits.tests.story import Story
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Document, Justification, Recipient, Remark
from plumbline.standards.models import find_edition

POLICY, SCOPE, LIST = "5.2.2-a", "4.3-3", "/acme/road/documents/"


class SystemDesignTest(Story):
    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)
        self.edition = find_edition(self.acme.organisation.uid, "iso9001:2015")

    def design(self, by: Actor | None = None) -> Design:
        return design(by or self.ann)

    def row(self, key: str, by: Actor | None = None) -> Asked:
        return next(one for one in self.design(by).rows if one.key == key)

    def document(self, title: str = "Quality policy", state: str = "in_use", on: date | None = None, **values: Any):
        """A document with a revision as found, in force since that day."""
        document = actions.create(
            register_of("document"), by=self.ann, title=title, state="proposed", sort="form", **values
        )
        revising.add(document, "We keep our word.", by=self.ann, confirm=False, number="1", dated_on=on)
        return revising.settle(document, by=self.ann, requirements=False) if state == "in_use" else document

    def answer(self, document: Document, *ids: str, state: str = "confirmed") -> None:
        for id in ids:
            about = {"edition": "iso9001:2015", "requirement": id, "state": state}
            actions.create(RequirementLink, by=self.ann, record=document, **about)

    def test_the_list_is_what_the_edition_wants_in_writing(self) -> None:
        wanted = {one.id for one in self.edition.requirements if one.documented_information != "none"}
        rows = self.design().rows
        self.assertEqual({id for row in rows for id in row.ids}, wanted)
        self.assertEqual(self.row(SCOPE).ids, ["4.3-3", "4.3-4", "4.3-5"], "three requirements are one document")
        self.assertEqual({row.state for row in rows}, {"missing"})
        self.assertEqual([row for row in rows if row.alarming or row.looked_at], [], "unknown is not red")
        self.assertEqual([row.chapter for row in rows], sorted((row.chapter for row in rows), key=int))

    def test_every_row_has_a_template_the_closest_first(self) -> None:
        self.assertEqual([row.key for row in self.design().rows if not row.blanks], [])
        self.assertEqual(self.row(POLICY).blanks[0].id, "quality-policy")
        self.assertEqual(self.row(SCOPE).blanks[0].id, "scope")
        self.assertEqual(self.row("10.2.2-a").blanks[0].id, "corrective-actions")
        self.assertEqual(self.row("8.3.6-a").blanks[0].id, "design-and-development")

    def test_what_is_not_applicable_is_not_asked_for(self) -> None:
        values = {"title": "Design", "requirement": "8.3", "edition": "iso9001:2015", "justification": "To drawings."}
        record = actions.create(register_of("exclusion"), by=self.ann, **values)
        self.assertTrue(any(row.clause.startswith("8.3") for row in self.design().rows), "only proposed")
        move = register_of(record).workflow.move("agree", record.state)
        actions.act(record, "agree", by=self.ann, proof=proof(record, move, self.acme.ann))
        self.assertFalse(any(row.clause.startswith("8.3") for row in self.design().rows))

    def test_a_document_answers_when_it_is_in_force_and_somebody_confirmed_it(self) -> None:
        document = self.document(state="proposed")
        self.answer(document, POLICY)
        self.assertEqual(self.row(POLICY).state, "making", "nobody has confirmed the document")
        revising.settle(document, by=self.ann, requirements=False)
        self.assertEqual(self.row(POLICY).state, "in_force")
        actions.act(Document.objects.get(pk=document.pk), "withdraw", by=self.ann, reason="old")
        self.assertEqual(self.row(POLICY).state, "missing")

    def test_a_proposed_link_is_a_candidate_and_no_answer(self) -> None:
        self.answer(self.document(), POLICY, state="proposed")
        row = self.row(POLICY)
        self.assertEqual((row.state, row.candidates[0].proposed), ("making", True))
        self.assertContains(self.client.get(LIST), "nobody has confirmed yet that it answers this")

    def test_half_an_answer_is_named(self) -> None:
        self.answer(self.document("Scope"), "4.3-3", "4.3-4")
        self.assertEqual((self.row(SCOPE).state, self.row(SCOPE).lacking), ("missing", ["4.3-5"]))
        self.assertContains(self.client.get(f"{LIST}{SCOPE}/"), "4.3-5")

    def test_a_gap_is_mended_by_a_newer_revision_or_by_what_was_planned(self) -> None:
        document = self.document(on=self.acme.organisation.today() - timedelta(days=90))
        self.answer(document, POLICY)
        question = next(one for one in self.edition.questions() if POLICY in {r.id for r in one.requirements})
        area = next(code for code, one in self.areas.items() if question.id in one.questions)
        self.say(question.id, "partly", area, notes="It says nothing about improving.")
        self.assertEqual(self.row(POLICY).state, "to_mend")
        finding = self.row(POLICY).gaps[0].finding
        page = self.client.get(LIST)
        self.assertContains(page, f"from={finding.uid}")
        self.assertContains(page, "blank=quality-policy")
        revising.add(document, "We improve.", by=self.ann, confirm=True, number="2")
        self.assertEqual(self.row(POLICY).state, "in_force")

    def test_a_record_that_is_kept_answers_what_asks_for_proof_and_nothing_else(self) -> None:
        register = register_of("qualityrecord")
        self.client.post("/acme/records/categories/usual/")
        record = self._kept(register)
        self.answer(record, "9.2.2-f", POLICY)
        self.assertEqual((self.row("9.2.2-f").state, self.row(POLICY).state), ("in_force", "missing"))

    def _kept(self, register: Any) -> Any:
        from plumbline.registers.support.records import categories

        categories.take_usual(self.ann)
        category = categories.of(self.acme.organisation)[0]
        today = self.acme.organisation.today()
        return actions.create(register, by=self.ann, title="Audit report", category=category, dated_on=today)

    def test_choosing_a_document_confirms_what_the_row_asks(self) -> None:
        document = self.document("Scope")
        self.answer(document, "4.3-4", state="proposed")
        wrong = self.client.post(f"{LIST}{SCOPE}/", {"do": "choose", "number": "NO-1"})
        self.assertContains(wrong, "There is no document", status_code=422)
        done = self.client.post(f"{LIST}{SCOPE}/", {"do": "choose", "number": document.number.lower()})
        self.assertRedirects(done, LIST)
        self.assertEqual(self.row(SCOPE).state, "in_force")

    def test_a_document_begun_for_a_row_stands_there_at_once_and_answers_when_somebody_says_so(self) -> None:
        row = self.row("8.7.2-a")
        page = self.client.get(LIST)
        begin = next(one["url"] for _row, one in page.context["chapters"][4][2] if one and _row.key == row.key)
        values = {"title": "Control of nonconforming outputs", "sort": "form", "owner": str(self.ann.uid)}
        self.assertEqual(self.client.post(begin, {**values, "language": "en"}).status_code, 302)
        row = self.row("8.7.2-a")
        self.assertEqual((row.state, len(row.answered.coming)), ("making", 1))
        document = row.answered.coming[0].record
        states = dict(RequirementLink.objects.filter(record=document).values_list("requirement", "state"))
        self.assertEqual((states["8.7.1-1"], states["8.7.2-a"]), ("confirmed", "proposed"))

    def test_the_one_in_force_that_nobody_confirmed_is_offered(self) -> None:
        document = self.document("Scope")
        self.answer(document, *self.row(SCOPE).ids, state="proposed")
        page = self.client.get(f"{LIST}{SCOPE}/")
        self.assertEqual(page.context["number"]["number"].value(), document.number)

    def test_not_needed_is_kept_with_name_and_day_and_can_be_taken_back(self) -> None:
        empty = self.client.post(f"{LIST}{POLICY}/", {"do": "not-needed", "because": " "})
        self.assertEqual(empty.status_code, 422)
        self.client.post(f"{LIST}{POLICY}/", {"do": "not-needed", "because": "Our owner's policy covers us."})
        said = Justification.objects.get()
        self.assertEqual((said.said_by, said.said_on), (self.acme.ann, self.acme.organisation.today()))
        self.assertEqual(self.row(POLICY).state, "not_needed")
        self.assertContains(self.client.get(LIST), "policy covers us.")
        self.client.post(f"{LIST}{POLICY}/", {"do": "needed"})
        self.assertEqual(self.row(POLICY).state, "missing")
        self.assertTrue(Justification.objects.get().ended, "it stays")

    def test_who_may_not_is_refused_and_nothing_is_kept(self) -> None:
        for person in (self.acme.bob, self.acme.cleo):
            client = self.acme.client(person)
            for answer in ({"do": "not-needed", "because": "No."}, {"do": "choose", "number": self.document().number}):
                self.assertEqual(client.post(f"{LIST}{POLICY}/", answer).status_code, 403, (person.name, answer))
        self.assertFalse(Justification.objects.exists())
        self.assertFalse(RequirementLink.objects.exists())
        other = Company("Brightco")
        self.assertEqual(other.client(other.ann).get(LIST).status_code, 404)
        self.assertEqual(self.client.get(f"{LIST}9.9-x/").status_code, 404)

    def test_what_is_hidden_is_counted_and_not_named(self) -> None:
        document = self.document("Secret policy", confidential=True)
        self.answer(document, POLICY)
        self.assertContains(self.client.get(LIST), "Secret policy")
        page = self.acme.client(self.acme.bob).get(LIST)
        self.assertContains(page, "A document you may not see")
        self.assertNotContains(page, "Secret policy")
        self.assertNotContains(page, document.number)
        self.assertEqual(self.row(POLICY, Actor.of(self.acme.bob)).state, "in_force")

    def test_weak_ones_are_named_and_hold_nobody_up(self) -> None:
        today = self.acme.organisation.today()
        left = self.acme.join("Lea Vogt", "lea@acme.example")
        document = self.document(owner=left, due=today - timedelta(days=3))
        self.answer(document, POLICY)
        actions.edit(Person.objects.get(pk=left.pk), by=self.ann, ended_on=today - timedelta(days=1))
        self.assertEqual(
            [one[:20] for one in self.design().weak[0].why],
            ["Lea Vogt, who answer", "its review was due o", "reading is to be con"],
        )
        self.assertEqual(self.row(POLICY).state, "in_force")
        actions.create(Recipient, by=self.ann, record=document, role="member")
        self.assertEqual(len(self.design().weak[0].why), 2)
        draft = revising.draft(document, by=self.ann)
        actions.create(Remark, by=self.ann, record=draft, text="Which law?")
        self.assertIn("1 remark that nobody resolved", self.design().weak[0].why)
        self.assertContains(self.client.get(LIST), "Lea Vogt, who answers for it, has left")

    def test_what_somebody_may_not_see_is_no_weak_document_for_her(self) -> None:
        yesterday, bob = self.acme.organisation.today() - timedelta(days=1), Actor.of(self.acme.bob)
        self.answer(self.document("Secret policy", due=yesterday, confidential=True), POLICY)
        self.answer(self.document("Scope", due=yesterday), SCOPE)
        told = [[one.record.title for one in self.design(by).weak] for by in (self.ann, bob)]
        self.assertEqual(sorted(told[0]), ["Scope", "Secret policy"])
        self.assertEqual(told[1], ["Scope"])
        self.leave_out("sales", "production", "management")
        self.close()
        self.assertEqual([stages(by)[1].weak for by in (self.ann, bob)], [2, 1])
        self.assertContains(self.client.get(LIST), "2 documents in force are weak")
        page = self.acme.client(self.acme.bob).get(LIST)
        self.assertContains(page, "1 document in force is weak")

    def test_a_gap_that_somebody_may_not_see_is_not_named(self) -> None:
        question = next(one for one in self.edition.questions() if POLICY in {r.id for r in one.requirements})
        area = next(code for code, one in self.areas.items() if question.id in one.questions)
        self.say(question.id, "partly", area, notes="Nobody is to know of the sale.")
        finding, pages = self.row(POLICY).gaps[0].finding, (LIST, f"{LIST}{POLICY}/")
        eve = self.acme.join("Eve Moss", "eve@acme.example")
        her = self.acme.client(eve)
        for page in pages:
            self.assertContains(her.get(page), finding.number)
        actions.edit(finding, by=self.ann, confidential=True)
        state = self.row(POLICY).state
        for page in pages:
            self.assertContains(self.client.get(page), finding.number)
            for said in (finding.number, str(finding.uid), "Nobody is to know"):
                self.assertNotContains(her.get(page), said)
        self.assertEqual(self.row(POLICY, Actor.of(eve)).state, state, "how far it is, everybody may know")

    def test_overdue_reviews_are_an_entry_of_their_own_with_number_and_link(self) -> None:
        late, today = "overdue to be looked at again", self.acme.organisation.today()
        kept = self.document(due=today - timedelta(days=1))
        self.document("Scope", due=today)
        self.document("Pay", due=today - timedelta(days=1), confidential=True, owner=self.acme.ann)
        self.assertEqual(stages(Actor.of(self.acme.bob))[1].late, 1)
        road = self.client.get("/acme/")
        self.assertContains(road, f"2 documents are {late}")
        link = "/acme/documents/?state=in_use&amp;due_before=today"
        self.assertContains(road, link)
        self.assertContains(self.client.get(link.replace("amp;", "")), kept.number)
        for document in Document.objects.filter(due__lt=today):
            actions.edit(document, by=self.ann, due=today)
        self.assertNotContains(self.client.get("/acme/"), late)

    def test_the_gate_opens_after_stage_1_and_closes_when_the_records_show_it(self) -> None:
        self.assertFalse(self.stage().open)
        road = self.client.get("/acme/")
        self.assertContains(road, "See every document that is asked for")
        self.leave_out("sales", "production", "management")
        self.close()
        self.assertTrue(stages(self.ann)[0].done)
        self.assertTrue(self.stage().open)
        road = self.client.get("/acme/")
        self.assertContains(road, f'<a href="{LIST}{POLICY}/">')
        manual = self.document("Manual")
        for row in self.design().rows:
            if row.key != POLICY:
                confirm(manual, row, self.ann)
        lacking = self.stage().conditions[0]
        self.assertEqual((lacking.holds, len(lacking.missing)), (False, 1))
        self.client.post(f"{LIST}{POLICY}/", {"do": "not-needed", "because": "Covered by our owner's."})
        self.assertTrue(self.stage().done)
        self.assertContains(self.client.get(LIST), "All of it is in force")

    def stage(self) -> Any:
        return stages(self.ann)[1]

    def test_what_it_costs_does_not_grow(self) -> None:
        self.leave_out("sales", "production", "management")
        self.close()
        costs = []
        for n in range(2):
            for row in self.design().rows[n * 3 : n * 3 + 3]:
                for _copy in range(2):
                    confirm(self.document(row.title), row, self.ann)
            for page, most in {"/acme/": 28, LIST: 24, f"{LIST}{POLICY}/": 26}.items():
                with CaptureQueriesContext(connection) as queries:
                    self.assertEqual(self.client.get(page).status_code, 200)
                costs.append(counted(queries))
                self.assertLessEqual(counted(queries), most, page)
        self.assertEqual(costs[:3], costs[3:])
