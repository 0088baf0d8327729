"""Who is asked to read, how they say that they did, and what is answered when it is too late."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plumbline.faces import clock
from plumbline.kernel import actions, policy
from plumbline.kernel.models import Attachment, Duty, Notice
from plumbline.kernel.testing import Company, TestCase
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Organisation, Person, Process, RoleHolding, Site
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.models import Reading, Recipient, Revision
from plumbline.registers.support.documents.tests.house import TODAY, House


class ReadingCase(TestCase):
    """A company with a department that reads, and a supervisor who leads it."""

    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)
        self.hall = actions.create(Department, by=self.acme.actor, name="Hall")
        actions.edit(self.acme.bob, by=self.acme.actor, department=self.hall)
        self.eve = self.acme.join("Eve Frost", "eve@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=self.eve, role="supervisor", department=self.hall)
        self.list(department=self.hall)

    def list(self, **values: Any) -> Recipient:
        return actions.create(Recipient, by=self.acme.actor, record=self.house.document, **values)

    def hand(self, name: str, department: Any = "hall") -> Person:
        department = self.hall if department == "hall" else department
        return actions.create(Person, by=self.acme.actor, name=name, department=department)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"revisions:{name}", args=["acme", *args])

    def names(self, revision: Revision, **only: Any) -> set[str]:
        return set(Reading.objects.filter(record_id=revision.pk, **only).values_list("person__name", flat=True))


class WhoLeadsThemTest(ReadingCase):
    """A refusal names those who lead people that are asked to read it, and nobody who leads others."""

    def leads(self, name: str, **place: Any) -> Person:
        person = self.acme.join(name, f"{name.split()[0].lower()}@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=person, role="supervisor", **place)
        return person

    def reason(self, revision: Revision) -> str:
        return reading.audience.may_witness(Actor.of(self.hand("Fay")), revision).reason

    def test_of_its_department_site_and_process_and_of_no_other(self) -> None:
        site = actions.create(Site, by=self.acme.actor, name="North")
        milling = actions.create(Process, by=self.acme.actor, name="Milling")
        actions.edit(self.hall, by=self.acme.actor, site=site)
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role="member", process=milling)
        office = actions.create(Department, by=self.acme.actor, name="Office")
        south = actions.create(Site, by=self.acme.actor, name="South")
        sales = actions.create(Process, by=self.acme.actor, name="Sales")
        self.leads("Nora Site", site=site)
        self.leads("Mona Process", process=milling)
        for name, place in (("Olga Office", {"department": office}), ("Sam South", {"site": south})):
            self.leads(name, **place)
        self.leads("Pia Sales", process=sales)
        said = self.reason(self.house.in_force())
        self.assertIn("whoever leads people who have to read it (", said)
        named = said.partition("whoever leads people who have to read it (")[2].partition(")")[0]
        self.assertEqual(set(named.split(", ")), {"Eve Frost", "Nora Site", "Mona Process"})

    def test_before_anybody_is_asked_nobody_is_named(self) -> None:
        self.assertTrue(self.reason(self.house.draft()).endswith("whoever leads people who have to read it."))


class AskedTest(ReadingCase):
    def test_it_is_due_the_day_before_it_is_in_force(self) -> None:
        self.house.in_force(TODAY + timedelta(days=9))
        self.assertEqual(Reading.objects.get().due, TODAY + timedelta(days=8))

    def test_at_once_it_is_due_at_once(self) -> None:
        self.house.in_force(TODAY)
        self.assertEqual(Reading.objects.get().due, TODAY)

    def test_roles_processes_sites_people_and_everybody(self) -> None:
        site = actions.create(Site, by=self.acme.actor, name="North")
        actions.create(Person, by=self.acme.actor, name="Nick", site=site)
        for values, names in (
            ({"site": site}, {"Nick"}),
            ({"role": "quality"}, {"Ann Bell", "Dora Ellis"}),
            ({"person": self.eve}, {"Eve Frost"}),
            ({"role": "member"}, {"Ann Bell", "Dora Ellis", "Eve Frost", "Nick", "Bob Carter"}),
        ):
            row = self.list(**values)
            people = reading.audience.Audience(self.acme.organisation).of([row])
            self.assertEqual(set(Person.objects.filter(pk__in=people).values_list("name", flat=True)), names)

    def test_one_site_after_the_other_asks_one_site_after_the_other(self) -> None:
        north, south = (actions.create(Site, by=self.acme.actor, name=name) for name in ("North", "South"))
        for name, site in (("Nick", north), ("Sue", south)):
            actions.create(Person, by=self.acme.actor, name=name, site=site, department=self.hall)
        actions.edit(self.acme.bob, by=self.acme.actor, site=south)
        revision = self.house.in_force(TODAY, site=north)
        self.assertEqual(self.names(revision), {"Nick"})
        self.house.act(revision, "roll_out", effective_on=TODAY + timedelta(days=3), site=south)
        self.assertEqual(self.names(revision), {"Nick", "Sue", "Bob Carter"})

    def ticked(self) -> list[tuple[str, str]]:
        return [(one.verb, one.refused) for one in clock.run(self.acme.organisation.now())]

    def test_who_joins_later_is_asked_and_who_leaves_no_longer(self) -> None:
        revision = self.house.in_force(TODAY - timedelta(days=3))
        self.assertEqual(self.ticked(), [])
        fay = self.hand("Fay")
        self.assertEqual(self.ticked(), [("ask", "")])
        self.assertEqual(Reading.objects.get(person=fay).due, TODAY + timedelta(days=14))
        self.assertTrue(Duty.objects.filter(record=revision.pk, person=fay, verb="read").exists())
        actions.edit(fay, by=self.acme.actor, department=None)
        self.assertEqual(self.ticked(), [("ask", "")])
        self.assertFalse(Duty.objects.filter(record=revision.pk, person=fay).exists())
        with self.assertRaisesMessage(reading.Over, "not asked to read it any more"):
            reading.confirm(Reading.objects.get(person=fay), self.house.writer)
        actions.edit(fay, by=self.acme.actor, department=self.hall)
        self.ticked()
        self.assertEqual(Reading.objects.get(person=fay).ended_because, "")
        self.assertEqual(self.ticked(), [])

    def test_a_role_that_begins_on_a_day_asks_from_that_day(self) -> None:
        self.list(role="auditor")
        revision = self.house.in_force(TODAY - timedelta(days=3))
        later = TODAY + timedelta(days=2)
        actions.create(RoleHolding, by=self.acme.actor, person=self.eve, role="auditor", from_on=later)
        self.ticked()
        self.assertNotIn("Eve Frost", self.names(revision))
        now = self.acme.organisation.now() + timedelta(days=2)
        with patch.object(Organisation, "now", lambda _: now):
            self.ticked()
        self.assertIn("Eve Frost", self.names(revision))

    def test_a_list_that_is_changed_asks_at_once(self) -> None:
        revision = self.house.in_force(TODAY)
        page = reverse("documents:distribution", args=["acme", self.house.document.number])
        client = self.acme.client(self.acme.ann)
        self.assertContains(client.get(page), "Hall")
        client.post(page, {"who": f"person:{self.eve.pk}", "reads": "1"})
        self.assertEqual(self.names(revision, ended_because=""), {"Bob Carter", "Eve Frost"})
        line = Recipient.objects.get(person=self.eve)
        self.assertNotContains(client.post(page, {"line": line.pk, "do": "end"}, headers={"HX-Request": "true"}), "<h1")
        self.assertEqual(self.names(revision, ended_because=""), {"Bob Carter"})
        self.assertEqual(self.acme.client(self.acme.bob).get(page).status_code, 403)


class ConfirmedTest(ReadingCase):
    def setUp(self) -> None:
        super().setUp()
        self.fay = self.hand("Fay")
        self.revision = self.house.in_force(TODAY)
        self.bobs = Reading.objects.get(person=self.acme.bob)

    def test_by_oneself_and_twice_is_once(self) -> None:
        client = self.acme.client(self.acme.bob)
        page = self.url("read", self.revision.number)
        my_work = client.get(reverse("my-work", args=["acme"]))
        self.assertContains(my_work, page)
        self.assertContains(my_work, f"{self.house.document.number} revision {self.revision.revision_no} ·")
        self.assertNotContains(my_work, f"{self.revision.number} ·")
        self.assertContains(client.get(page), "I have read and understood this revision")
        client.post(page)
        first = Reading.objects.get(pk=self.bobs.pk)
        self.assertEqual((first.how, first.witness), ("own", None))
        self.assertContains(client.post(page, follow=True), "You had confirmed it already")
        self.assertEqual(Reading.objects.get(pk=self.bobs.pk).read_at, first.read_at)

    def test_as_a_group_the_supervisor_is_the_witness(self) -> None:
        client, page = self.acme.client(self.eve), self.url("group", self.revision.number)
        self.assertContains(client.get(page), "Bob Carter")
        sent = {"person": str(self.fay.pk), "at": (self.acme.organisation.now()).isoformat()}
        for _again in range(2):
            answer = client.post(page, sent, headers={"Accept": "application/json"})
            self.assertEqual(answer.status_code, 200)
        one = Reading.objects.get(person=self.fay)
        self.assertEqual((one.how, one.witness, one.version), ("group", self.eve, 2))
        unknown = client.post(page, {"person": str(self.acme.ann.pk)}, headers={"Accept": "application/json"})
        self.assertEqual(unknown.status_code, 422)

    def test_who_leads_nobody_speaks_for_nobody(self) -> None:
        gil = self.acme.join("Gil", "gil@acme.example")
        for name in ("group", "paper", "sheet", "nudge"):
            page = self.url(name, self.revision.number)
            client = self.acme.client(gil)
            answer = client.post(page) if name == "nudge" else client.get(page)
            self.assertEqual(answer.status_code, 403, name)
        with self.assertRaises(policy.Denied):
            reading.confirm(self.bobs, Actor.of(gil), Reading.How.GROUP)
        self.assertEqual(self.acme.client(gil).get(self.url("unread")).status_code, 403)

    @pytest.mark.slow  # lays out a page of paper
    def test_on_paper_with_its_date_and_its_scan(self) -> None:
        client = self.acme.client(self.eve)
        self.assertTrue(client.get(self.url("sheet", self.revision.number)).content.startswith(b"%PDF"))
        typed = {"on": TODAY.isoformat(), "person": [str(self.fay.pk), str(self.acme.bob.pk)]}
        page = self.url("paper", self.revision.number)
        self.assertContains(client.post(page, typed), "This field is required", status_code=422)
        scan = {"file": SimpleUploadedFile("list.jpg", b"\xff\xd8\xff signed")}
        late = {**typed, **scan, "on": (TODAY + timedelta(days=1)).isoformat()}
        self.assertContains(client.post(page, late), "still to come", status_code=422)
        self.assertFalse(Attachment.objects.exists())
        scan["file"].seek(0)
        self.assertEqual(client.post(page, {**typed, **scan}).status_code, 302)
        rows = Reading.objects.filter(how="paper", read_on=TODAY, witness=self.eve)
        self.assertEqual(rows.count(), 2)
        self.assertEqual(Attachment.objects.get().valid_on, TODAY)

    def test_after_it_was_withdrawn_it_says_so(self) -> None:
        revision = self.house.act(self.revision, "withdraw", reason="Wrong")
        self.assertFalse(Duty.objects.filter(record=revision.pk, verb="read").exists())
        with self.assertRaisesMessage(reading.Over, "Withdrawn"):
            reading.confirm(self.bobs, Actor.of(self.acme.bob))
        client = self.acme.client(self.acme.bob)
        page = self.url("read", revision.number)
        self.assertContains(client.post(page, follow=True), "nobody needs to confirm it any more")

    def test_the_next_revision_ends_what_was_not_read(self) -> None:
        self.house.in_force(TODAY)
        self.assertEqual(self.names(self.revision, ended_because=""), set())
        self.assertEqual(Revision.objects.get(pk=self.revision.pk).state, "superseded")

    def test_taken_back_nobody_is_asked(self) -> None:
        later = self.house.in_force(TODAY + timedelta(days=9))
        self.house.act(later, "recall", reason="Not yet")
        self.assertEqual(self.names(later, ended_because=""), set())

    def test_the_supervisor_sees_her_people_and_reminds_them_once(self) -> None:
        other = actions.create(Department, by=self.acme.actor, name="Office")
        gil = self.hand("Gil Office", department=other)
        self.list(person=gil)
        reading.catch_up(self.revision, Actor.clock(self.acme.organisation))
        client = self.acme.client(self.eve)
        page = client.get(self.url("unread"))
        self.assertContains(page, "may not work to it yet", 2)
        self.assertNotContains(page, "Gil Office")
        self.assertContains(self.acme.client(self.acme.ann).get(self.url("unread")), "Gil Office")
        for _again in range(2):
            client.post(self.url("nudge", self.revision.number), {"person": str(self.acme.bob.pk)})
        self.assertEqual([one.person for one in Notice.objects.filter(verb="nudge")], [self.acme.bob])
        self.assertContains(self.acme.client(self.acme.bob).get(reverse("my-work", args=["acme"])), "waited for")

    def test_the_revision_says_who_has_and_who_has_not(self) -> None:
        reading.confirm(self.bobs, Actor.of(self.acme.bob))
        page = self.acme.client(self.acme.ann).get(self.url("record", self.revision.number))
        self.assertContains(page, "1 of 2")
        self.assertContains(page, "1 has confirmed")
