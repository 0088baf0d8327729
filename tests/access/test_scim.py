"""Every address of a directory, with whatever token: nothing of another organisation is told, or changed."""

from collections.abc import Iterator
from typing import Any

from django.test import TestCase
from django.utils import timezone

from plumbline.faces.api.models import Token
from plumbline.faces.api.tests.asking import Program
from plumbline.faces.scim.tests.asking import GROUP, PATCH, USER, Directory, refused, secret_of
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Person

SECRET = "Hush4711"  # in everything at Brightco that a directory could meet


class ScimAccessTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.directory, cls.theirs = Directory.of(cls.acme), Directory.of(cls.other)
        made = cls.theirs.user(f"{SECRET}@brightco.example", displayName=f"{SECRET} Eva", externalId=SECRET).json()
        cls.eva = Person.objects.get(uid=made["id"])
        cls.group = cls.theirs.group(f"{SECRET} group", cls.eva.uid).json()["id"]

    def asked(self, directory: Directory) -> Iterator[tuple[str, Any]]:
        """(what was asked, the answer) of every address, at what stands at Brightco."""
        user = {"schemas": [USER], "userName": "new@acme.example", "displayName": "New"}
        group = {"schemas": [GROUP], "displayName": "New", "members": [{"value": str(self.eva.uid)}]}
        member = {"op": "add", "path": "members", "value": [{"value": str(self.eva.uid)}]}
        change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "displayName", "value": "New"}]}
        questions = (
            ("GET", f"/Users/{self.eva.uid}", None),
            ("PUT", f"/Users/{self.eva.uid}", user),
            ("PATCH", f"/Users/{self.eva.uid}", change),
            ("DELETE", f"/Users/{self.eva.uid}", None),
            ("GET", f"/Groups/{self.group}", None),
            ("PUT", f"/Groups/{self.group}", {**group, "members": []}),
            ("PATCH", f"/Groups/{self.group}", change),
            ("PATCH", f"/Groups/{self.group}", {**change, "Operations": [member]}),
            ("DELETE", f"/Groups/{self.group}", None),
            ("POST", "/Groups", group),
            ("GET", "/Users", None),
            ("GET", "/Groups", None),
            ("POST", "/.search", {}),
            ("POST", "/Users/.search", {"filter": "displayName pr"}),
            ("POST", "/Groups/.search", {"filter": "members pr"}),
            ("GET", f"/Users?filter=externalId%20eq%20%22{SECRET}%22", None),
            ("GET", f"/Users?filter=displayName%20co%20%22{SECRET}%22", None),
            ("GET", "/ServiceProviderConfig", None),
            ("GET", "/ResourceTypes", None),
            ("GET", "/Schemas", None),
            ("GET", "/nothing", None),
            ("GET", "", None),
        )
        for method, path, sent in sorted(questions, key=lambda one: one[0] != "GET" and ".search" not in one[1]):
            yield f"{method} {path}", directory.ask(method, path, sent)

    def test_there_is_something_to_see(self) -> None:
        """The same questions by their own directory meet the secret: the others' silence means something."""
        told = [what for what, answer in self.asked(self.theirs) if SECRET in answer.content.decode()]
        self.assertGreaterEqual(len(told), 9, told)

    def test_at_ones_own_address_what_is_elsewhere_is_not_there(self) -> None:
        before = Event.objects.filter(home=self.other.organisation.uid).count()
        for what, answer in self.asked(self.directory):
            said = answer.content.decode().replace(str(self.eva.uid), "")
            self.assertNotIn("Eva", said, what)
            if "filter=" not in what:
                self.assertNotIn(SECRET, said, what)
            if str(self.eva.uid) in what or self.group in what:
                refused(answer, 404, words="There is nobody and nothing of this id here.")
            self.assertLess(answer.status_code, 500, what)
        self.assertEqual(Event.objects.filter(home=self.other.organisation.uid).count(), before)
        self.assertEqual(Person.objects.get(pk=self.eva.pk).name, f"{SECRET} Eva")

    def test_missing_and_elsewhere_are_told_alike(self) -> None:
        none = "018f0000-0000-7000-8000-000000000000"
        for place, uid in (("Users", self.eva.uid), ("Groups", self.group), ("Groups", self.eva.uid)):
            there, missing = self.directory.get(f"/{place}/{uid}"), self.directory.get(f"/{place}/{none}")
            self.assertEqual((there.status_code, there.content), (404, missing.content))

    def test_no_other_token_opens_it(self) -> None:
        """Another organisation's, one of the API, one that has ended, none: told the same, and nothing changes."""
        api = Program.of(self.other.ann).secret
        ended = secret_of(self.other, "Gone")
        Token.objects.filter(person__name="Gone").update(ended_at=timezone.now())
        for secret in ("", "plb_nothing", api, ended, secret_of(self.acme, "Mine")):
            before = Event.objects.count()
            for what, answer in self.asked(Directory("brightco", secret)):
                refused(answer, 401)
                self.assertEqual(answer["WWW-Authenticate"], "Bearer", what)
                self.assertNotIn(SECRET, answer.content.decode())
            self.assertEqual(Event.objects.count(), before)
        nowhere = Directory("no-such-place", secret_of(self.acme, "Mine")).get("/Users")
        there = Directory("brightco", secret_of(self.acme, "Mine")).get("/Users")
        self.assertEqual((nowhere.status_code, nowhere.content), (401, there.content))

    def test_its_token_opens_nothing_else(self) -> None:
        program = Program(secret_of(self.acme, "Mine"))
        for path in ("me", "people", "actions", "nonconformities"):
            self.assertEqual(program.get(path).status_code, 403, path)
        self.assertEqual(program.post("actions", {"title": "x"}).status_code, 403)

    def test_a_session_of_a_browser_opens_nothing(self) -> None:
        client = self.acme.client(self.acme.ann)
        self.assertEqual(client.get("/scim/v2/acme/Users").status_code, 401)
        self.assertEqual(client.post("/scim/v2/acme/Users", "{}", "application/scim+json").status_code, 401)
