"""A group of many people: each change keeps its own event, and the questions to the database do not grow with them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.faces.scim import giving, mapping
from plumbline.faces.scim.mapping import Target
from plumbline.faces.scim.models import Given, Group
from plumbline.history.uids import uuid7
from plumbline.kernel.testing import Company, counted
from plumbline.ledger.heads import sign_heads
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep
from plumbline.ledger.writer import writing
from plumbline.organisation.models import Person, RoleHolding
from plumbline.organisation.roles import Role

from .asking import Directory


class ManyTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.directory = Directory.of(cls.acme)

    def group(self, name: str, count: int, role: Role = Role.AUDITOR) -> tuple[Group, int]:
        """A group of so many new people, mapped; and how many questions the mapping took."""
        with writing(self.acme.organisation.uid, self.acme.actor.stamp()) as pen:
            people = [
                Person(uid=uuid7(), organisation=self.acme.organisation, name=f"{name} {n}") for n in range(count)
            ]
            pen.save_many(people, "create")
        answer = self.directory.group(name, *(one.pk for one in people))
        group = Group.objects.get(uid=answer.json()["id"])
        mapping.choose(self.acme.organisation, self.acme.actor, targets={group.pk: Target(role)})
        with CaptureQueriesContext(connection) as queries:
            giving.settle_all(Person.objects.filter(pk__in=group.members.values("person")), self.acme.actor)
        return group, counted(queries)

    def end(self, group: Group) -> int:
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.directory.ask("DELETE", f"/Groups/{group.pk}").status_code, 204)
        return counted(queries)

    def test_ten_times_the_people_are_no_more_questions_to_begin_nor_to_end(self) -> None:
        few, asked = self.group("Few", 5)
        many, asked_for_many = self.group("Many", 50)
        self.assertEqual(asked_for_many, asked)
        self.assertLessEqual(asked, 14)
        self.assertEqual(self.end(many), self.end(few))
        self.assertEqual(Given.objects.count(), 0)

    @pytest.mark.slow  # 460 changes of roles, and every row verified
    def test_each_begins_and_ends_with_an_event_of_its_own_that_says_why(self) -> None:
        group, _asked = self.group("Many", 230)  # more than one transaction's worth
        self.end(group)
        held = RoleHolding.objects.filter(role=Role.AUDITOR, person__name__startswith="Many ")
        yesterday = self.acme.organisation.today() - timedelta(days=1)
        self.assertEqual(set(held.values_list("until_on", flat=True)), {yesterday})
        events = Event.objects.filter(subject__in=held.values("pk")).select_related("opening")
        self.assertEqual([events.filter(verb=verb).count() for verb in ("create", "edit")], [230, 230])
        told: list[dict[str, Any]] = [json.loads(event.opening.text) for event in events.filter(verb="edit")]
        self.assertEqual({one["reason"] for one in told}, {"in no group any more that gives this role"})
        self.assertEqual([one["changes"] for one in told], [{"until_on": [None, yesterday.isoformat()]}] * 230)
        begun = {json.loads(event.opening.text)["reason"] for event in events.filter(verb="create")}
        self.assertEqual(begun, {"member of the group “Many”"})
        self.assertTrue(all(event.how.startswith("SCIM") for event in events.filter(verb="edit")))
        sign_heads(now=True)
        self.assertEqual(list(verify_deep(self.acme.organisation.pk)), [])

    def test_roles_that_run_the_organisation_end_one_by_one_and_somebody_stays(self) -> None:
        group, _asked = self.group("Chiefs", 3, Role.ADMINISTRATOR)
        self.assertEqual(RoleHolding.objects.filter(role=Role.ADMINISTRATOR, until_on=None).count(), 4)
        self.end(group)
        left = RoleHolding.objects.filter(role=Role.ADMINISTRATOR, until_on=None).values_list("person", flat=True)
        self.assertEqual(list(left), [self.acme.ann.pk])
