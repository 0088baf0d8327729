"""People come, change and leave as a directory says, in the spellings that directories use."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import TestCase, override_settings

from plumbline.faces.api import tokens
from plumbline.faces.api.models import Token
from plumbline.faces.scim import mapping
from plumbline.faces.scim.models import Identity
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.organisation.inviting import waiting_for
from plumbline.organisation.models import Account, Department, Invitation, Person
from plumbline.organisation.roles import Role

from .asking import ENTERPRISE, USER, Directory, refused

EVA = {
    "externalId": "4f2c",
    "name": {"givenName": "Eva", "familyName": "Stone"},
    "emails": [{"value": "Eva@acme.example", "type": "work", "primary": True}],
    "title": "Turner",
    "active": True,
    "phoneNumbers": [{"value": "+49 1", "type": "work"}],
    ENTERPRISE: {"department": "hall 2", "manager": "9", "costCenter": "7"},
    "schemas": [USER, ENTERPRISE],
}


class PeopleTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.hall = actions.create(Department, by=cls.acme.actor, name="Hall 2")
        cls.directory = Directory.of(cls.acme)

    def eva(self, **more: Any) -> tuple[Person, dict[str, Any]]:
        answer = self.directory.user("eva.stone@acme.example", **{**EVA, **more})
        self.assertEqual(answer.status_code, 201, answer.content)
        told = answer.json()
        return Person.objects.get(uid=told["id"]), told

    def fresh(self, person: Person) -> Person:
        return Person.objects.get(pk=person.pk)

    def test_somebody_comes(self) -> None:
        person, told = self.eva()
        self.assertEqual(
            (person.name, person.email, person.job, person.department),
            ("Eva Stone", "Eva@acme.example", "Turner", self.hall),
        )
        self.assertIsNone(person.account)
        self.assertEqual(
            (told["userName"], told["active"], told["externalId"]), ("eva.stone@acme.example", True, "4f2c")
        )
        self.assertEqual(told[ENTERPRISE], {"department": "Hall 2"})
        self.assertNotIn("phoneNumbers", told)
        self.assertNotIn("phoneNumbers", Identity.objects.get().said)
        self.assertEqual(told["meta"]["location"], f"http://testserver/scim/v2/acme/Users/{person.uid}")
        event = Event.objects.get(subject=person.uid)
        self.assertEqual((event.verb, event.table), ("create", "person"))
        self.assertRegex(event.how, r"^SCIM, token plb_[\w-]{6}$")
        self.assertEqual(Person.objects.get(pk=event.actor).name, "Entra ID")

    def test_she_signs_in_with_single_sign_on(self) -> None:
        """No link is mailed: the provider's word for her address opens the invitation, however late."""
        person, _told = self.eva()
        Invitation.objects.update(invited_at=person.organisation.now() - timedelta(days=400))
        found = waiting_for("eva@acme.example")
        self.assertEqual((found.person, mail.outbox), (person, []))

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
    def test_or_with_a_link_by_mail(self) -> None:
        mapping.choose(self.acme.organisation, self.acme.actor, mail=True)
        with self.captureOnCommitCallbacks(execute=True):
            self.eva()
        self.assertEqual([letter.to for letter in mail.outbox], [["eva@acme.example"]])
        self.assertFalse(Invitation.objects.get().lasting)

    def test_twice_is_refused(self) -> None:
        self.eva()
        before = Event.objects.count()
        for user_name, more in (
            ("EVA.stone@ACME.example", {}),
            ("other@acme.example", {"externalId": "4f2c"}),
            ("Bob@acme.example", {}),
            ("someone", {"emails": [{"value": "bob@acme.example"}]}),
        ):
            refused(self.directory.user(user_name, **more), 409, "uniqueness", "somebody already")
        self.assertEqual(Event.objects.count(), before)

    def test_whom_somebody_entered_by_hand_is_found_and_taken_over(self) -> None:
        found = self.directory.found("/Users", 'userName eq "BOB@acme.example"')
        self.assertEqual([one["id"] for one in found], [str(self.acme.bob.uid)])
        answer = self.directory.patch(f"/Users/{self.acme.bob.uid}", {"op": "Add", "path": "externalId", "value": "77"})
        self.assertEqual((answer.status_code, answer.json()["externalId"]), (200, "77"))
        self.assertEqual(self.directory.found("/Users", 'externalId eq "77"')[0]["userName"], "bob@acme.example")
        self.assertEqual(self.fresh(self.acme.bob).account, self.acme.bob.account)

    def test_programs_are_nobody(self) -> None:
        names = [one["displayName"] for one in self.directory.get("/Users").json()["Resources"]]
        self.assertEqual(names, ["Ann Bell", "Bob Carter", "Cleo Dunn"])

    def test_as_entra_changes(self) -> None:
        person, _told = self.eva()
        answer = self.directory.patch(
            f"/Users/{person.uid}",
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "e.stone@acme.example"},
            {"op": "Add", "path": "name.familyName", "value": "Miller"},
            {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Nowhere"},
            {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "12"},
            {"op": "Replace", "value": {"title": "Foreman", "name.givenName": "Evi"}},
            {"op": "Add", "path": 'emails[type eq "home"].value', "value": "evi@home.example"},
        )
        self.assertEqual(answer.status_code, 200, answer.content)
        person = self.fresh(person)
        self.assertEqual((person.name, person.job, person.department), ("Evi Miller", "Foreman", None))
        self.assertEqual(person.email, "e.stone@acme.example")
        self.assertEqual(
            [one["value"] for one in answer.json()["emails"]], ["e.stone@acme.example", "evi@home.example"]
        )
        self.assertEqual(Invitation.objects.get(withdrawn_at=None).email, "e.stone@acme.example")

    def test_the_same_again_writes_nothing(self) -> None:
        person, _told = self.eva()
        change = {"op": "Replace", "path": "title", "value": "Foreman"}
        first = self.directory.patch(f"/Users/{person.uid}", change)
        before = Event.objects.count()
        again = self.directory.patch(f"/Users/{person.uid}", change)
        self.assertEqual((again.status_code, again.json(), again["ETag"]), (200, first.json(), first["ETag"]))
        put = {**first.json(), "schemas": [USER, ENTERPRISE]}
        self.assertEqual(self.directory.ask("PUT", f"/Users/{person.uid}", put).json(), first.json())
        self.assertEqual(Event.objects.count(), before)

    def test_remove_and_replace_whole(self) -> None:
        person, _told = self.eva()
        answer = self.directory.patch(f"/Users/{person.uid}", {"op": "remove", "path": "title"})
        self.assertNotIn("title", answer.json())
        put = {"schemas": [USER], "userName": "eva.stone@acme.example", "displayName": "Dr. Eva Stone"}
        answer = self.directory.ask("PUT", f"/Users/{person.uid}", put)
        person = self.fresh(person)
        self.assertEqual((person.name, person.job, person.department), ("Dr. Eva Stone", "", None))
        self.assertEqual((answer.json()["active"], answer.json().get("externalId")), (True, None))

    def test_false_is_spelled_in_many_ways(self) -> None:
        person, _told = self.eva()
        for operation in (
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "replace", "value": {"active": False}},
            {"op": "Replace", "value": {"active": "False"}},
            {"op": "Add", "path": "active", "value": False},
        ):
            answer = self.directory.patch(f"/Users/{person.uid}", operation)
            self.assertIs(answer.json()["active"], False, operation)
            answer = self.directory.patch(f"/Users/{person.uid}", {"op": "Replace", "path": "active", "value": "True"})
            self.assertIs(answer.json()["active"], True)
            self.assertIsNone(self.fresh(person).ended_on)

    def test_who_leaves_is_out_at_once(self) -> None:
        bob, client = self.acme.bob, self.acme.client(self.acme.bob)
        _token, secret = tokens.make(Actor.of(bob), "script", {"*": "read"}, 30)
        asked = lambda: client.get("/api/me", headers={"Authorization": f"Bearer {secret}"})  # noqa: E731
        self.assertEqual((client.get("/acme/").status_code, asked().status_code), (200, 200))
        answer = self.directory.patch(f"/Users/{bob.uid}", {"op": "Replace", "path": "active", "value": "False"})
        self.assertIs(answer.json()["active"], False)
        self.assertIn(client.get("/acme/").status_code, (302, 404))
        self.assertEqual(asked().status_code, 401)
        self.assertIsNotNone(Token.objects.get(person=bob).ended_at)
        self.assertEqual(self.fresh(bob).ended_on, bob.organisation.today() - timedelta(days=1))
        self.directory.patch(f"/Users/{bob.uid}", {"op": "Replace", "path": "active", "value": True})
        self.assertEqual((self.acme.client(bob).get("/acme/").status_code, asked().status_code), (200, 401))

    def test_deleted_is_not_there_and_comes_back_as_the_same(self) -> None:
        person, _told = self.eva()
        self.assertEqual(self.directory.ask("DELETE", f"/Users/{person.uid}").status_code, 204)
        for answer in (
            self.directory.get(f"/Users/{person.uid}"),
            self.directory.ask("DELETE", f"/Users/{person.uid}"),
            self.directory.patch(f"/Users/{person.uid}", {"op": "Replace", "path": "title", "value": "x"}),
        ):
            refused(answer, 404)
        self.assertEqual(self.directory.found("/Users", 'userName eq "eva.stone@acme.example"'), [])
        self.assertFalse(Invitation.objects.filter(withdrawn_at=None).exists())
        again, _told = self.eva()
        self.assertEqual(
            (again.pk, again.ended_on, Person.objects.filter(name="Eva Stone").count()), (person.pk, None, 1)
        )
        self.directory.ask("DELETE", f"/Users/{person.uid}")
        other, _told = self.eva(externalId="another human being")
        self.assertNotEqual(other.pk, person.pk)

    def test_the_last_administrator_stays(self) -> None:
        ann = self.acme.ann
        off = {"op": "Replace", "path": "active", "value": "False"}
        for answer in (
            self.directory.patch(f"/Users/{ann.uid}", off),
            self.directory.ask("DELETE", f"/Users/{ann.uid}"),
        ):
            refused(answer, 400, "mutability", "Ann Bell is the last administrator")
        self.assertIsNone(self.fresh(ann).ended_on)
        self.acme.join("Dan Ford", "dan@acme.example", Role.ADMINISTRATOR)
        self.assertEqual(self.directory.patch(f"/Users/{ann.uid}", off).status_code, 200)

    def test_what_was_corrected_by_hand_is_told(self) -> None:
        person, _told = self.eva()
        actions.edit(person, by=self.acme.actor, name="Eva Maria Stone", email="em@acme.example")
        told = self.directory.get(f"/Users/{person.uid}").json()
        self.assertEqual(told["name"], {"formatted": "Eva Maria Stone"})
        self.assertEqual(told["emails"], [{"value": "em@acme.example", "type": "work", "primary": True}])

    def test_an_account_elsewhere_is_neither_told_nor_touched(self) -> None:
        """The same answer whether the address is known to the installation or not, and no link to that account."""
        other = Company("Brightco")
        known = self.directory.user(other.ann.email)
        unknown = self.directory.user("nobody@brightco.example")
        hide = ("id", "userName", "meta", "displayName", "emails")
        shown = [{k: v for k, v in one.json().items() if k not in hide} for one in (known, unknown)]
        self.assertEqual((known.status_code, shown[0]), (201, shown[1]))
        person = Person.objects.get(uid=known.json()["id"])
        self.assertIsNone(person.account)
        self.assertEqual(Account.objects.filter(email=other.ann.email).count(), 1)
        self.directory.ask("DELETE", f"/Users/{person.uid}")
        self.assertEqual(other.client(other.ann).get("/brightco/").status_code, 200)
