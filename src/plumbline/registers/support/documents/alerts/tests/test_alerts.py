"""A quality alert: in force with one signature, gone by itself; who leads one place warns that place."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plumbline.kernel import actions, policy
from plumbline.kernel.models import Duty
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import counted
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, RoleHolding, Site
from plumbline.registers.support.documents.models import Document, Reading, Revision
from plumbline.registers.support.documents.readers.tests.test_force import ClockCase
from plumbline.registers.support.documents.tests.house import TODAY

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" + "1f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


class AlertTest(ClockCase):
    def send(self, **typed: Any) -> Any:
        self.supervisor = self.acme.join("Sue", "sue@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=self.supervisor, role="supervisor")
        return self.acme.client(self.supervisor).post(reverse("documents:alert", args=["acme"]), self.typed(**typed))

    def typed(self, **values: Any) -> dict[str, Any]:
        return {
            "title": "Burr on brackets", "text": "Wear gloves.\nStop at a burr.", "who": f"department:{self.hall.pk}",
            "until": (TODAY + timedelta(days=3)).isoformat(), "approver": str(self.acme.ann.pk), **values,
        }  # fmt: skip

    def test_one_signature_the_same_day_and_gone_by_itself(self) -> None:
        photo = SimpleUploadedFile("burr.png", PNG)
        self.assertEqual(self.send(photo=photo).status_code, 302)
        revision = Revision.objects.get()
        self.assertEqual(revision.state, "in_approval")
        self.assertTrue(Duty.objects.filter(record=revision.pk, person=self.acme.ann, verb="approve").exists())
        revision = self.house.act(revision, "approve")
        self.assertEqual(revision.state, "effective")
        self.assertEqual(set(Duty.objects.filter(record=revision.pk).values_list("verb", flat=True)), {"read"})
        self.assertEqual(Reading.objects.get().person, self.acme.bob)
        client = self.acme.client(self.acme.bob)
        shown = client.get(self.url("read", revision.number))
        self.assertContains(shown, "Stop at a burr.")
        self.assertContains(shown, "<img")
        zone = ZoneInfo(self.acme.organisation.zone)
        over = datetime.combine(TODAY + timedelta(days=4), time(), zone)
        self.assertEqual(self.at(over - timedelta(minutes=1)), [])
        self.assertEqual(self.at(over), [("expire", "")])
        self.assertEqual(Revision.objects.get().state, "withdrawn")
        self.assertEqual(Document.objects.get(pk=revision.of_document_id).state, "withdrawn")
        self.assertFalse(Duty.objects.filter(record__in=[revision.pk, revision.of_document_id]).exists())

    def leads(self, **place: Any) -> Any:
        """Sue, who is supervisor of that place only."""
        sue = self.acme.join("Sue", "sue@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=sue, role="supervisor", **place)
        return self.acme.client(sue)

    def test_who_leads_a_department_warns_it_the_same_day(self) -> None:
        client, page = self.leads(department=self.hall), reverse("documents:alert", args=["acme"])
        self.assertContains(client.get(reverse("my-work", args=["acme"])), page)
        self.assertContains(client.get(reverse("documents:list", args=["acme"])), page)
        shown = client.get(page)
        self.assertContains(shown, "You write it for: Hall.")
        self.assertNotContains(shown, "role:member")
        self.assertEqual(client.post(page, self.typed()).status_code, 302)
        revision = self.house.act(Revision.objects.get(), "approve")
        self.assertEqual((revision.state, revision.author.name), ("effective", "Sue"))
        self.assertEqual(Reading.objects.get().person, self.acme.bob)
        over = datetime.combine(TODAY + timedelta(days=4), time(), ZoneInfo(self.acme.organisation.zone))
        self.assertEqual(self.at(over), [("expire", "")])
        self.assertEqual(Document.objects.get(pk=revision.of_document_id).state, "withdrawn")

    def test_for_another_department_she_is_told_why_not_and_who_could(self) -> None:
        office = actions.create(Department, by=self.acme.actor, name="Office 50 % here")
        olaf = self.acme.join("Olaf", "olaf@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=olaf, role="supervisor", department=office)
        client, page = self.leads(department=self.hall), reverse("documents:alert", args=["acme"])
        south = actions.create(Site, by=self.acme.actor, name="South")
        for values in ({"who": f"department:{office.pk}"}, {"who": "role:member"}, {"site": str(south.pk)}):
            refused = client.post(page, self.typed(**values))
            self.assertContains(refused, "You are Supervisor for Hall only", status_code=422)
            self.assertContains(refused, "Quality manager (Ann Bell, Dora Ellis)", status_code=422)
        refused = client.post(page, self.typed(who=f"department:{office.pk}"))
        self.assertContains(refused, "Supervisor (Olaf)", status_code=422)
        self.assertFalse(Revision.objects.exists())

    def test_who_leads_a_site_warns_its_departments_and_people(self) -> None:
        north, south = (actions.create(Site, by=self.acme.actor, name=name) for name in ("North", "South"))
        actions.edit(self.hall, by=self.acme.actor, site=north)
        client, page = self.leads(site=north), reverse("documents:alert", args=["acme"])
        for values in ({}, {"who": f"site:{north.pk}", "site": str(north.pk)}, {"who": f"person:{self.acme.bob.pk}"}):
            self.assertEqual(client.post(page, self.typed(**values)).status_code, 302, values)
        for who in (f"site:{south.pk}", f"person:{self.acme.ann.pk}"):
            self.assertEqual(client.post(page, self.typed(who=who)).status_code, 422, who)
        self.assertEqual(client.get(reverse("documents:new", args=["acme"])).status_code, 403)

    def test_the_door_knows_the_place_too(self) -> None:
        """A role held for a site makes what is at that site, and nothing elsewhere."""
        north, south = (actions.create(Site, by=self.acme.actor, name=name) for name in ("North", "South"))
        sue = self.acme.join("Sue", "sue@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=sue, role="supervisor", site=north)
        made = actions.create(register_of("document"), by=Actor.of(sue), title="Doors", site=north)
        self.assertEqual(made.author, sue)
        for values in ({}, {"site": south}):
            with self.assertRaises(policy.Denied):
                actions.create(register_of("document"), by=Actor.of(sue), title="Doors", **values)

    def test_the_questions_to_the_database_do_not_grow_with_people(self) -> None:
        client, page = self.leads(department=self.hall), reverse("documents:alert", args=["acme"])
        client.get(page)
        with CaptureQueriesContext(connection) as few:
            client.get(page)
        for n in range(30):
            self.hand(f"Hand {n}")
        with CaptureQueriesContext(connection) as many:
            client.get(page)
        self.assertEqual(counted(few), counted(many))

    def test_what_is_missing_is_said(self) -> None:
        self.assertContains(self.send(text=""), "Say it in words, or add a photo", status_code=422)

    def test_a_day_that_is_over_is_refused(self) -> None:
        self.assertContains(self.send(until="2020-01-01"), "This day is over", status_code=422)

    def test_who_may_make_no_documents_sends_no_alerts(self) -> None:
        page = reverse("documents:alert", args=["acme"])
        self.assertEqual(self.acme.client(self.acme.bob).get(page).status_code, 403)
