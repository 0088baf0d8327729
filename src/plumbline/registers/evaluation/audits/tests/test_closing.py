"""Signing the report, gaps and what becomes of them, the report and the gate."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plumbline.kernel import actions, duties, policy
from plumbline.kernel.models import Attachment, RequirementLink, Signature
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import PASSWORD, Company

from .. import gaps, gate, reporting
from ..facts import facts_of
from ..models import Answer, Audit, Finding, TeamMember
from ..results import area_states, missing_to_close
from .story import DAY, Story


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

    def test_the_lead_is_not_edited_past_the_reason_for_a_new_one(self) -> None:
        with self.assertRaises(ValidationError) as told:
            actions.edit(self.audit, by=self.ann, lead=self.dora.person)
        self.assertEqual(list(told.exception.message_dict), ["lead"])
        with self.assertRaises(ValidationError):
            actions.act(self.audit, "replace", by=self.ann, lead=self.dora.person)
        client, fresh = self.acme.client(self.acme.ann), Audit.objects.get(pk=self.audit.pk)
        typed = {"version": fresh.version, "title": "Renamed", "sort": "initial", "lead": self.dora.person.pk}
        client.post(f"/acme/audits/{fresh.number}/edit/", typed)
        client.post(f"/acme/audits/{fresh.number}/plan/", typed | {"from_on": DAY, "sales-on": "on"})
        fresh.refresh_from_db()
        self.assertEqual((fresh.title, fresh.lead), ("Renamed", self.acme.bob))

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
