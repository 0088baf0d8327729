"""Planning an audit, and answering its questions."""

from decimal import Decimal
from io import BytesIO
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, policy
from plumbline.kernel.models import Attachment, RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import counted, proof
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, Process
from plumbline.organisation.roles import Role

from .. import answering, checklist, planning
from ..asking import AreaPlan, allocation, proposed_codes
from ..facts import facts_of
from ..models import Answer, Area, Finding, TeamMember
from ..results import area_states, combined, edition_for
from .story import Story


class PlanTest(Story):
    def test_every_question_has_its_area_and_nobody_audits_who_they_meet(self) -> None:
        edition, organisation = edition_for(self.audit), self.acme.organisation
        codes = proposed_codes(organisation)
        self.assertNotIn("design", codes)
        shares = allocation(edition, codes, designs=organisation.designs_products)
        asked = {id for ids in shares.values() for id in ids}
        left = {question.id for question in edition.questions()} - asked
        self.assertEqual({edition.get(id).clause[:3] for id in left}, {"8.3"})
        times = [id for ids in shares.values() for id in ids]
        self.assertLessEqual(max(times.count(id) for id in asked), 2)
        self.assertEqual(len(allocation(edition, codes, everywhere=True)["sales"]), len(shares["sales"]) + 8)
        with self.assertRaises(ValidationError):
            actions.edit(self.sales, by=self.ann, auditor=self.carl)

    def test_who_owns_the_process_does_not_audit_it(self) -> None:
        process = actions.create(Process, by=self.ann, name="Selling", owner=self.dora.person)
        with self.assertRaises(ValidationError):
            actions.edit(self.sales, by=self.ann, process=process, auditor=self.dora.person)
        actions.edit(self.sales, by=self.ann, process=process)
        with self.assertRaisesMessage(policy.Denied, "Nobody judges their own work"):
            answering.save(self.audit, Area.objects.get(pk=self.sales.pk), "8.2.1-e", self.dora, result="met")

    def test_a_refusal_names_the_team_and_not_that_of_an_audit_nobody_may_know_of(self) -> None:
        finding = Finding(of_audit=self.audit, organisation=self.acme.organisation, owner=self.acme.ann)
        ike = Actor.of(self.acme.join("Ike Hale", "ike@acme.example"))
        said = policy.allow(("team",), ike, finding).reason
        for uid in {*self.audit.team_uids, self.audit.lead_id}:
            self.assertIn(Person.objects.get(pk=uid).name, said)
        self.audit.confidential = True
        self.assertEqual(policy.allow(("team",), ike, finding).reason, "Only for: the audit team.")

    def test_a_consultant_needs_a_named_reason(self) -> None:
        helper = self.acme.join("Eve Gray", "eve@acme.example", Role.CONSULTANT)
        with self.assertRaises(ValidationError):
            planning.plan(self.ann, lead=helper)
        made = planning.plan(self.ann, lead=helper, near={helper.uid: "An initial audit only; Ann reviews the report"})
        self.assertIn("Ann reviews", TeamMember.objects.get(record_id=made.uid).near_because)

    def test_times_follow_one_another_and_the_plan_can_be_changed(self) -> None:
        areas = list(Area.objects.filter(record_id=self.audit.uid).order_by("place"))
        for one, other in pairwise(areas):
            self.assertLessEqual((one.day, one.end), (other.day, other.start))
        self.say("8.2.1-e", "met")
        with self.assertRaisesMessage(ValidationError, "has answers already"):
            planning.replan(self.audit, self.ann, [AreaPlan("production")], team=[self.dora.person])
        planning.replan(self.audit, self.ann, [AreaPlan("sales", meets=self.carl)])
        self.assertTrue(Area.objects.get(pk=self.areas["production"].pk).dropped)
        self.assertIsNotNone(TeamMember.objects.get(record_id=self.audit.uid, person=self.dora.person).until_on)

    def test_who_audits_an_area_is_on_the_team(self) -> None:
        plans = [AreaPlan("sales", meets=self.carl), AreaPlan("production", auditor=self.carl)]
        planning.replan(self.audit, self.ann, [*plans, AreaPlan("management")])
        member = TeamMember.objects.get(record_id=self.audit.uid, person=self.carl, until_on=None)
        self.assertEqual(member.role, "auditor")
        self.say(self.areas["production"].questions[0], "met", "production", Actor.of(self.carl))
        helper = self.acme.join("Eve Gray", "eve@acme.example", Role.CONSULTANT)
        url = f"/acme/audits/{self.audit.number}/plan/"
        asked = {"title": "Initial audit", "from_on": "2026-11-02", "sales-on": "on", "sales-auditor": str(helper.uid)}
        asked |= {"production-on": "on"}
        self.client.force_login(self.acme.ann.account)
        self.assertContains(self.client.post(url, asked), "Say why she or he may audit here", status_code=422)
        self.assertEqual(self.client.post(url, asked | {"near": "Ann reads the report"}).status_code, 302)

    def test_the_next_one_is_planned_from_this_one(self) -> None:
        new = planning.following(self.audit, self.ann)
        self.assertEqual((new.state, new.from_on.year, new.lead), ("planned", 2027, self.acme.bob))
        codes = Area.objects.filter(record_id=new.uid).order_by("place").values_list("code", flat=True)
        self.assertEqual(list(codes), ["sales", "production", "management"])
        self.assertFalse(Answer.objects.filter(record_id=new.uid).exists())


class AnswerTest(Story):
    def test_nothing_is_set_before_somebody_chose_it(self) -> None:
        page = (
            self.acme.client(self.acme.bob).get(f"/acme/audits/{self.audit.number}/checklist/sales/").content.decode()
        )
        self.assertIn('value="met"', page)
        self.assertNotRegex(page, r'type="radio"[^>]*checked')
        self.assertEqual(answering.save(self.audit, self.sales, "8.2.1-e", self.bob, notes="x").result, "")

    def test_two_at_once_lose_no_words(self) -> None:
        self.say("8.2.1-e", "met", notes="Bob saw a contract")
        saved = answering.save(
            self.audit, self.sales, "8.2.1-e", self.dora, was={"interviewee": ""}, interviewee="Carl"
        )
        self.assertEqual(
            (saved.notes, saved.interviewee, saved.authors), ("Bob saw a contract", "Carl", ["Bob Carter", "Dora Ek"])
        )
        with self.assertRaises(answering.Meanwhile) as told:
            answering.save(self.audit, self.sales, "8.2.1-e", self.dora, was={"notes": ""}, notes="Dora saw none")
        self.assertEqual((told.exception.theirs, told.exception.who), ("Bob saw a contract", "Dora Ek"))
        self.assertEqual(Answer.objects.get(area=self.sales).notes, "Bob saw a contract")

    def test_only_the_team_answers_and_only_what_is_asked(self) -> None:
        with self.assertRaises(policy.Denied):
            self.say("8.2.1-e", "met", by=self.ann)
        with self.assertRaises(ValidationError):
            self.say("8.5.1-f", "met")
        with self.assertRaises(ValidationError):
            self.say("8.2.1-e", "major")

    def test_a_gap_follows_its_answer(self) -> None:
        self.say("8.2.1-e", "partly", notes="Nothing agreed")
        finding = Finding.objects.get()
        self.assertEqual(
            (finding.grade, finding.clause, finding.text, finding.state), ("gap", "8.2.1", "Nothing agreed", "open")
        )
        self.say("8.2.1-e", "not_met", notes="Nothing agreed, ever")
        finding.refresh_from_db()
        self.assertEqual((finding.result, finding.text), ("not_met", "Nothing agreed, ever"))
        self.say("8.2.1-e", "met")
        finding.refresh_from_db()
        self.assertEqual(finding.state, "withdrawn")
        self.say("8.2.1-e", "partly")
        self.assertEqual([each.state for each in Finding.objects.all()], ["open"])

    def test_opened_into_requirements_the_question_takes_their_result(self) -> None:
        self.say("8.2.1-a", "not_met")
        ids = [each.id for each in edition_for(self.audit).questions() if each.id == "8.2.1-a"] and [
            "8.2.1-a",
            "8.2.1-b",
            "8.2.1-c",
        ]
        for id, result in zip(ids, ("met", "not_met", "met"), strict=True):
            answering.save(self.audit, self.sales, "8.2.1-a", self.bob, requirement=id, result=result)
        state = next(state for state in area_states(self.audit) if state.area.code == "sales")
        self.assertEqual((state.results["8.2.1-a"], state.gaps), ("partly", 1))
        self.assertEqual([each.requirements for each in Finding.objects.filter(state="open")], ["8.2.1-b"])

    def test_results_are_combined_like_an_auditor_would(self) -> None:
        told = {
            ("met", "met"): "met",
            ("met", "not_met"): "partly",
            ("not_met", "not_met"): "not_met",
            ("met", ""): "",
            ("met", "not_audited"): "met",
            ("not_audited", "not_applicable"): "not_audited",
            ("conforms", "major"): "major",
        }
        self.assertEqual({pair: combined(pair) for pair in told}, told)

    def test_a_post_saves_one_field_and_a_photo(self) -> None:
        client, url = (
            self.acme.client(self.acme.bob),
            f"/acme/audits/{self.audit.number}/checklist/sales/answers/8.2.1-e/",
        )
        said = client.post(url, {"result": "partly", "was_result": ""}, headers={"accept": "application/json"})
        self.assertEqual(said.json()["answers"]["8-2-1-e_"]["finding"], f"F-{self.acme.organisation.today().year}-001")
        stale = client.post(url, {"result": "met", "was_result": ""}, headers={"accept": "application/json"})
        self.assertEqual((stale.status_code, stale.json()["theirs"]), (409, "partly"))
        photo = BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
        photo.name = "label.png"
        self.assertEqual(client.post(url, {"file": photo}, headers={"accept": "application/json"}).status_code, 200)
        self.assertEqual(Attachment.objects.get(record_id=self.audit.uid).about, Answer.objects.get().uid)
        self.assertEqual(client.post(url, {"notes": "no script"}).status_code, 302)
        self.assertEqual(Answer.objects.get().notes, "no script")

    def test_what_is_not_applicable_is_not_asked(self) -> None:
        kind = register_of("exclusion")
        made = actions.create(
            kind, by=self.ann, title="No breakdown cover", requirement="8.2.1-e", justification="We sell scrap"
        )
        move = kind.workflow.move("agree", "proposed")
        actions.act(made, "agree", by=self.ann, proof=proof(made, move, self.acme.ann))
        state = next(state for state in area_states(self.audit) if state.area.code == "sales")
        self.assertEqual([(q.id, "We sell scrap" in why) for q, why in state.skipped], [("8.2.1-e", True)])
        self.assertEqual(facts_of(self.audit).summary[8].not_applicable, 1)

    def test_the_surest_documents_stand_first_and_many_are_folded(self) -> None:
        for number in range(7):
            record = actions.create(register_of("document"), by=self.ann, title=f"Paper {number}", sort="procedure")
            sure = {"confidence": Decimal(f"0.{number + 1}0"), "state": "confirmed" if number == 0 else "proposed"}
            link = {"edition": "iso9001:2015", "requirement": "8.2.1-e", "passage": "says so"}
            actions.create(RequirementLink, by=self.ann, record=record, **link, **sure)
        board = checklist.board(self.audit, self.bob, "sales")
        card = next(card for card in board["cards"] if card.documents)
        titles = [document.title for document, _links in card.documents]
        self.assertEqual(titles, [f"Paper {number}" for number in (0, 6, 5, 4, 3, 2, 1)])
        self.client.force_login(self.acme.bob.account)
        self.assertContains(self.client.get(f"/acme/audits/{self.audit.number}/checklist/sales/"), "2 more")

    def test_who_may_plan_is_led_from_their_own_work_to_the_plan(self) -> None:
        actions.edit(self.sales, by=self.ann, meets=self.acme.bob, auditor=None)
        self.client.force_login(self.acme.bob.account)
        page = self.client.get(f"/acme/audits/{self.audit.number}/checklist/sales/")
        self.assertContains(page, "Change who audits here, or who is met")
        page = self.client.get(f"/acme/audits/{self.audit.number}/checklist/production/")
        self.assertNotContains(page, "Change who audits here, or who is met")

    @pytest.mark.slow  # every question of the checklist answered
    def test_pages_cost_the_same_however_much_is_answered(self) -> None:
        own = f"/acme/audits/{self.audit.number}/"
        pages = {f"{own}checklist/management/": 10, own: 18, f"{own}gaps/": 17, f"{own}report/": 17, "/acme/": 18}
        client, counts = self.acme.client(self.acme.bob), []
        self.answer_all("management", "partly")
        for _round in range(2):
            for url, most in pages.items():
                client.get(url)
                with CaptureQueriesContext(connection) as queries:
                    self.assertEqual(client.get(url).status_code, 200, url)
                told = "\n".join(query["sql"][:160] for query in queries)
                self.assertLessEqual(counted(queries), most, f"{url}\n{told}")
                counts.append(counted(queries))
            self.answer_all("management", "not_met")
            self.answer_all("sales", "partly")
        self.assertEqual(counts[: len(pages)], counts[len(pages) :])
