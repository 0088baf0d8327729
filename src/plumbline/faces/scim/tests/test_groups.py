"""Groups give roles that the organisation chose, and take no other."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import TestCase

from plumbline.faces.scim import giving, mapping
from plumbline.faces.scim.mapping import Target
from plumbline.faces.scim.models import Given, Group, Member
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Department, Person, RoleHolding
from plumbline.organisation.roles import Role

from .asking import Directory, refused


class GroupsTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.hall = actions.create(Department, by=cls.acme.actor, name="Hall 2")
        cls.directory = Directory.of(cls.acme)
        cls.bob = cls.acme.bob

    def group(self, name: str, *members: Person, role: Role | None = None, department: Any = None) -> Group:
        answer = self.directory.group(name, *(one.uid for one in members))
        self.assertEqual(answer.status_code, 201, answer.content)
        group = Group.objects.get(uid=answer.json()["id"])
        if role:
            self.map(group, Target(role, department))
        return group

    def map(self, group: Group, target: Target | None) -> None:
        targets = mapping.Connection.of(self.acme.organisation).targets
        targets = {key: one for key, one in targets.items() if key != group.pk} | ({group.pk: target} if target else {})
        mapping.choose(self.acme.organisation, self.acme.actor, targets=targets)
        people = Person.objects.filter(pk__in=group.members.values("person"))
        giving.settle_all(people, self.acme.actor)

    def roles(self, person: Person) -> set[tuple[str, Any]]:
        held = RoleHolding.current(self.acme.organisation.today()).filter(person=person)
        return set(held.values_list("role", "department__name"))

    def change(self, group: Group, *operations: dict[str, Any]) -> Any:
        return self.directory.patch(f"/Groups/{group.pk}", *operations)

    def add(self, group: Group, *people: Person) -> Any:
        return self.change(
            group, {"op": "Add", "path": "members", "value": [{"value": str(one.uid)} for one in people]}
        )

    def take(self, group: Group, person: Person) -> Any:
        return self.change(group, {"op": "Remove", "path": f'members[value eq "{person.uid}"]'})

    def test_a_group_nobody_mapped_is_kept_and_gives_nothing(self) -> None:
        before = Event.objects.count()
        group = self.group("Auditors", self.bob)
        self.assertEqual((self.roles(self.bob), Event.objects.count()), (set(), before))
        told = self.directory.get(f"/Groups/{group.pk}").json()
        self.assertEqual([one["value"] for one in told["members"]], [str(self.bob.uid)])
        user = self.directory.get(f"/Users/{self.bob.uid}").json()
        self.assertEqual([one["display"] for one in user["groups"]], ["Auditors"])

    def test_mapping_gives_and_members_come_and_go(self) -> None:
        group = self.group("Auditors", self.bob, role=Role.AUDITOR)
        self.assertEqual(self.roles(self.bob), {("auditor", None)})
        event = Event.objects.filter(table="roleholding").latest("at")
        self.assertEqual(event.verb, "create")
        self.assertEqual(self.add(group, self.acme.ann).status_code, 200)
        self.assertIn(("auditor", None), self.roles(self.acme.ann))
        event = Event.objects.filter(table="roleholding").latest("at")
        self.assertRegex(event.how, r"^SCIM, token plb_")
        self.assertIn("Auditors", event.opening.text)
        self.take(group, self.bob)
        self.assertEqual(self.roles(self.bob), set())
        self.assertEqual(RoleHolding.objects.get(person=self.bob).until_on, self.today() - timedelta(days=1))
        self.map(group, None)
        self.assertNotIn(("auditor", None), self.roles(self.acme.ann))
        self.assertEqual(Given.objects.count(), 0)

    def today(self) -> Any:
        return self.acme.organisation.today()

    def test_in_one_department(self) -> None:
        self.group("Shift leads", self.bob, role=Role.SUPERVISOR, department=self.hall.uid)
        self.assertEqual(self.roles(self.bob), {("supervisor", "Hall 2")})

    def test_as_entra_removes_members(self) -> None:
        group = self.group("Auditors", self.bob, self.acme.ann, role=Role.AUDITOR)
        answer = self.change(group, {"op": "Remove", "path": "members", "value": [{"value": str(self.bob.uid)}]})
        self.assertEqual(answer.status_code, 200, answer.content)
        self.assertEqual((self.roles(self.bob), group.members.count()), (set(), 1))

    def test_as_okta_replaces_and_renames(self) -> None:
        group = self.group("Auditors", self.bob, role=Role.AUDITOR)
        answer = self.change(
            group,
            {"op": "replace", "path": "members", "value": [{"value": str(self.acme.ann.uid), "display": "x"}]},
            {"op": "replace", "value": {"id": str(group.pk), "displayName": "Internal auditors", "meta": {"a": 1}}},
        )
        self.assertEqual((answer.status_code, answer.json()["displayName"]), (200, "Internal auditors"), answer.content)
        self.assertEqual(
            (self.roles(self.bob), list(group.members.values_list("person", flat=True))), (set(), [self.acme.ann.pk])
        )

    def test_what_is_held_by_hand_stays(self) -> None:
        actions.create(RoleHolding, by=self.acme.actor, person=self.bob, role=Role.AUDITOR)
        group = self.group("Auditors", self.bob, role=Role.AUDITOR)
        self.take(group, self.bob)
        self.assertEqual(self.roles(self.bob), {("auditor", None)})

    def test_two_groups_give_the_same_role(self) -> None:
        one, two = self.group("A", self.bob, role=Role.AUDITOR), self.group("B", self.bob, role=Role.AUDITOR)
        self.take(one, self.bob)
        self.assertEqual(self.roles(self.bob), {("auditor", None)})
        self.directory.ask("DELETE", f"/Groups/{two.pk}")
        self.assertEqual((self.roles(self.bob), Member.objects.count()), (set(), 0))

    def test_repeats_write_nothing(self) -> None:
        group = self.group("Auditors", self.bob, role=Role.AUDITOR)
        before = Event.objects.count()
        etag = self.directory.get(f"/Groups/{group.pk}")["ETag"]
        self.assertEqual(self.add(group, self.bob)["ETag"], etag)
        self.take(group, self.acme.cleo)
        refused(self.directory.group("AUDITORS"), 409, "uniqueness")
        self.assertEqual((Event.objects.count(), Group.objects.count()), (before, 1))

    def test_the_last_administrator_stays(self) -> None:
        """Dan is administrator through a group, and the only one left who can sign in."""
        dan = self.acme.join("Dan Ford", "dan@acme.example")
        group = self.group("Admins", dan, role=Role.ADMINISTRATOR)
        by_hand = RoleHolding.objects.get(person=self.acme.ann, role=Role.ADMINISTRATOR)
        actions.edit(by_hand, by=self.acme.actor, until_on=self.today() - timedelta(days=1))
        for answer in (self.take(group, dan), self.directory.ask("DELETE", f"/Groups/{group.pk}")):
            refused(answer, 400, "mutability", "Dan Ford is the last administrator")
        with self.assertRaises(giving.LastAdministrator):
            self.map(group, Target(Role.AUDITOR))
        self.assertEqual((group.members.count(), self.roles(dan)), (1, {("administrator", None)}))

    def test_nobody_of_another_organisation_is_a_member(self) -> None:
        """A person elsewhere is told of as one that there is not."""
        other = Company("Brightco")
        group = self.group("Auditors", role=Role.AUDITOR)
        before = Event.objects.count()
        for stranger in (other.bob.uid, uuid4()):
            told = refused(
                self.change(group, {"op": "add", "path": "members", "value": [{"value": str(stranger)}]}),
                400,
                "invalidValue",
            )
            self.assertEqual(told["detail"], f"Nobody here has the id {stranger}. Only people are members of groups.")
        self.assertEqual((Event.objects.count(), Member.objects.count()), (before, 0))

    def test_who_is_found_by_what(self) -> None:
        group = self.group("Auditors", self.bob)
        found = lambda text: [one["id"] for one in self.directory.found("/Groups", text)]  # noqa: E731
        self.assertEqual(found('displayName eq "auditors"'), [str(group.pk)])
        self.assertEqual(found(f'members eq "{self.bob.uid}"'), [str(group.pk)])
        self.assertEqual(found(f'id eq "{group.pk}" and members.value eq "{self.acme.ann.uid}"'), [])
        told = self.directory.client.get("/scim/v2/acme/Groups", {"excludedAttributes": "members"}).json()
        self.assertNotIn("members", told["Resources"][0])
