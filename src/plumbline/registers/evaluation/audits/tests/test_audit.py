"""The story of an initial audit, and what may not happen in it."""

import json
from datetime import date
from io import BytesIO
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, duties, policy
from plumbline.kernel.models import Attachment, RequirementLink, Signature
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import PASSWORD, Company, TestCase, counted, proof
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Process
from plumbline.organisation.roles import Role

from .. import answering, gaps, gate, planning, reporting
from ..asking import AreaPlan, allocation, proposed_codes
from ..facts import facts_of
from ..models import Answer, Area, Audit, Finding, TeamMember
from ..results import area_states, combined, edition_for, missing_to_close

DAY = date(2026, 11, 2)


class Story(TestCase):
    """Ann is the quality manager, Bob leads the audit, Dora audits with him, Carl is met in sales."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.ann, cls.bob = cls.acme.actor, Actor.of(cls.acme.bob)
        cls.dora = Actor.of(cls.acme.join("Dora Ek", "dora@acme.example"))
        cls.carl = cls.acme.join("Carl Fox", "carl@acme.example")
        sales = AreaPlan("sales", meets=cls.carl)
        cls.audit = planning.plan(
            cls.ann, "", [sales, "production", "management"], lead=cls.acme.bob, team=[cls.dora.person], from_on=DAY
        )
        cls.audit = actions.act(cls.audit, "start", by=cls.bob)
        cls.areas = {area.code: area for area in Area.objects.filter(record_id=cls.audit.uid)}
        cls.sales = cls.areas["sales"]

    def say(self, question: str, result: str, area: str = "sales", by: Actor | None = None, **fields) -> Answer:
        return answering.save(self.audit, self.areas[area], question, by or self.bob, result=result, **fields)

    def leave_out(self, *codes: str) -> None:
        for code in codes:
            actions.edit(self.areas[code], by=self.ann, unaudited_because="No time", agreed_by=self.acme.ann)

    def answer_all(self, code: str, result: str = "met") -> None:
        for question in self.areas[code].questions:
            self.say(question, result, code)

    def close(self) -> Audit:
        move = self.audit_register.workflow.move("close", "running")
        audit = Audit.objects.get(pk=self.audit.pk)
        return actions.act(audit, "close", by=self.bob, proof=proof(audit, move, self.acme.bob))

    @property
    def audit_register(self):
        return register_of("audit")


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
        self.assertEqual(said.json()["answers"]["8-2-1-e_"]["finding"], "F-2026-001")
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

    def test_the_checklist_costs_the_same_however_much_is_answered(self) -> None:
        client, url, counts = (
            self.acme.client(self.acme.bob),
            f"/acme/audits/{self.audit.number}/checklist/management/",
            [],
        )
        self.say("4.1-1", "partly", "management")
        for _round in range(2):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(counted(queries))
            self.answer_all("management", "partly")
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 12, "\n".join(query["sql"][:160] for query in queries))


class CloseTest(Story):
    def test_signing_waits_for_every_area(self) -> None:
        self.say("8.2.1-e", "met")
        told = " ".join(missing_to_close(area_states(self.audit)))
        self.assertIn("Sales: ", told)
        self.assertIn("Management is not audited", told)
        with self.assertRaises(policy.Denied):
            self.close()
        with self.assertRaises(ValidationError):
            actions.edit(self.areas["management"], by=self.ann, unaudited_because="No time")
        self.leave_out("management", "production")
        self.answer_all("sales")
        self.assertEqual(self.close().state, "closed")
        report = facts_of(Audit.objects.get(pk=self.audit.pk))
        self.assertEqual(
            [(left.area, left.agreed_by) for left in report.unaudited],
            [("Production or service", "Ann Bell"), ("Management", "Ann Bell")],
        )
        self.assertRegex(report.verification_code, r"^[0-9A-F]{4}(-[0-9A-F]{4}){3}$")

    @pytest.mark.slow  # lays out the signed PDF
    def test_only_the_lead_signs_and_again_with_the_password(self) -> None:
        self.leave_out("sales", "management", "production")
        move = self.audit_register.workflow.move("close", "running")
        self.assertFalse(policy.may_move(self.ann, move, self.audit))
        client, url = self.acme.client(self.acme.bob), f"/acme/audits/{self.audit.number}/close/"
        page = client.get(url)
        typed = {"version": page.context["record"].version, "seen": page.context["form"].initial["seen"]}
        self.assertEqual(client.post(url, typed | {"password": "wrong"}).status_code, 422)
        self.assertEqual(client.post(url, typed | {"password": PASSWORD}).status_code, 302)
        kept = Attachment.objects.get(record_id=self.audit.uid, caption=reporting.SIGNED)
        self.assertEqual(kept.file.media_type, "application/pdf")
        signed = Audit.objects.get(pk=self.audit.pk)
        self.assertEqual(reporting.report_bytes(signed, "pdf"), reporting.report_bytes(signed, "pdf"))
        self.assertEqual(Signature.objects.get(record_id=self.audit.uid).strength, "again")

    def test_the_lead_is_replaced_and_notes_keep_their_author(self) -> None:
        self.say("8.2.1-e", "met", notes="Mine")
        audit = actions.act(self.audit, "replace", by=self.ann, lead=self.dora.person, reason="Bob is ill")
        self.assertEqual((audit.lead, Answer.objects.get().by), (self.dora.person, self.acme.bob))
        former = TeamMember.objects.get(record_id=audit.uid, person=self.acme.bob)
        self.assertEqual((former.role, former.until_on), ("lead", self.acme.organisation.today()))
        fresh = Audit.objects.get(pk=audit.pk)
        self.assertEqual((fresh.relations(self.bob), fresh.relations(self.dora)), (set(), {"lead", "team"}))
        self.assertIn("close", [duty.verb for duty in duties.owed_by(self.dora)])


class GapTest(Story):
    def setUp(self) -> None:
        for question in ("8.2.1-e", "8.2.2-a1", "9.1.2-1"):
            self.say(question, "partly", notes=f"Gap at {question}")

    def numbers(self) -> list[str]:
        return [gap.finding.number for gap in gaps.of(self.audit)]

    def test_several_gaps_to_one_action(self) -> None:
        one, two, three = self.numbers()
        day = date(2026, 12, 1)
        made = gaps.close_by(
            self.audit,
            [one, two],
            self.bob,
            title="Write it down",
            owner=self.carl,
            due=day,
            effort="half a day",
            blocks_stage_1=True,
        )
        gaps.close_by(self.audit, [three], self.bob, action=made.number)
        step = facts_of(self.audit).plan[0]
        self.assertEqual(
            (step.gaps, step.who, step.due, step.effort, step.blocks_stage_1),
            ((one, two, three), "Carl Fox", day, gaps.hours("4 h"), True),
        )
        self.assertEqual(
            self.acme.client(self.acme.bob).get(f"/acme/audits/{self.audit.number}/gaps/").status_code, 200
        )

    def test_merging_keeps_both_numbers(self) -> None:
        one, two, _three = self.numbers()
        gaps.merge(self.audit, [two, one], self.bob)
        kept, gone = Finding.objects.get(number=one), Finding.objects.get(number=two)
        self.assertEqual((gone.state, gone.merged_into), ("merged", kept))
        self.assertIn(f"[{two}]", kept.text)
        self.assertIn("8.2.2-a1", kept.requirements)
        client = self.acme.client(self.acme.bob)
        self.assertEqual(client.get(f"/acme/findings/{two}/")["Location"], f"/acme/findings/{one}/")
        self.assertContains(client.get(f"/acme/findings/{two}/?stay=1"), one)
        self.assertEqual(len(gaps.of(self.audit)), 2)

    def test_a_nonconformity_only_by_decision(self) -> None:
        self.assertFalse(register_of("nonconformity").model.objects.exists())
        made = gaps.open_nonconformity(self.audit, self.numbers()[0], self.bob)
        self.assertEqual((made.source, made.place), ("audit", "Sales"))

    @pytest.mark.slow  # writes PDF, Word and workbook
    def test_the_report_in_every_form(self) -> None:
        self.say("8.2.3.1-1", "met", notes="Every order is read twice", strength=True)
        document = actions.create(register_of("nonconformity"), by=self.ann, title="x", description="y")
        actions.create(RequirementLink, by=self.ann, record=document, requirement="4.3-5", state="confirmed")
        report = facts_of(self.audit, "de")
        self.assertEqual(report.strengths, ("Sales: Every order is read twice",))
        self.assertEqual([gap.clause for gap in report.gaps], ["8.2.1", "8.2.2", "9.1.2"])
        self.assertEqual(sum(counts.total for counts in report.summary.values()), 71)
        self.assertNotIn("4.3", [each.clause for each in report.documents_to_make if each.title == "never"])
        self.assertTrue(report.draft and not report.verification_code)
        self.assertEqual(json.loads(reporting.report_bytes(self.audit, "json"))["number"], self.audit.number)
        for form, head in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
            self.assertTrue(reporting.report_bytes(self.audit, form).startswith(head), form)

    def test_the_gate_says_what_is_missing(self) -> None:
        facts = {fact.key: fact for fact in gate.stage_1_facts(self.acme.organisation)}
        self.assertEqual(
            {key: fact.holds for key, fact in facts.items()},
            {"planned": True, "audited": False, "signed": False, "gaps": False},
        )
        self.assertEqual(len(facts["gaps"].missing), 3)
        gaps.close_by(self.audit, self.numbers(), self.bob, title="All", owner=self.carl, due=date(2026, 12, 1))
        self.assertTrue({fact.key: fact.holds for fact in gate.stage_1_facts(self.acme.organisation)}["gaps"])
        other = Company("Brightco").organisation
        self.assertEqual([fact.holds for fact in gate.stage_1_facts(other)], [False, None, None, None])

    def test_effort_in_hours(self) -> None:
        told = {
            "4 h": "4",
            "half a day": "4",
            "2,5 Tage": "20",
            "1 week": "40",
            "ein halber Tag": "4",
            "200 €": None,
            "90 min": "1.5",
        }
        self.assertEqual(
            {text: gaps.hours(text) for text in told}, {text: n and gaps.Decimal(n) for text, n in told.items()}
        )
