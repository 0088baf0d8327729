"""Filters, pages, chosen attributes, versions; and whatever somebody hostile sends is refused with a word."""

import json
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from plumbline.faces.api.models import Token
from plumbline.faces.scim import mapping
from plumbline.faces.scim.models import Refusal
from plumbline.kernel.testing import Company, counted
from plumbline.ledger.models import Event

from .asking import GROUP, MEDIA_TYPE, PATCH, USER, Directory, refused

BOB, DEEP = "/Users/BOB", "[" * 100_000 + "]" * 100_000
OP: Any = {"op": "replace", "path": "title", "value": "x"}
HOSTILE: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/Users", "null"),
    ("POST", "/Users", "[]"),
    ("POST", "/Users", "{"),
    ("POST", "/Users", '{"userName": NaN}'),
    ("POST", "/Users", DEEP),
    ("POST", "/Users", json.dumps({"schemas": [USER], "userName": "\ud800"})),
    ("POST", "/Users", {"schemas": [USER], "userName": "a\0b"}),
    ("POST", "/Users", {"schemas": [USER]}),
    ("POST", "/Users", {"schemas": [USER], "userName": ""}),
    ("POST", "/Users", {"schemas": [USER], "userName": "   "}),
    ("POST", "/Users", {"schemas": [USER], "userName": ["x"]}),
    ("POST", "/Users", {"schemas": [USER], "userName": {"x": 1}}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x" * 300}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "externalId": "x" * 300}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "displayName": "x" * 300}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "title": "x" * 300}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "active": "perhaps"}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "emails": "x@y"}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "emails": [{"value": "no address"}]}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "name": 7}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": " "}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "x" * 300}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{"value": "x"}]}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{}]}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{"value": str(uuid4())}] * 2}),
    ("PATCH", BOB, {"schemas": [PATCH]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": []}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": "x"}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{**OP, "op": "move"}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{**OP, "path": "title["}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{**OP, "path": "x" * 5000 + "[" * 300}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{**OP, "path": 'emails[type sw "x"].value'}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{**OP, "value": {"a": 1}}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{**OP, "path": "id"}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "userName"}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [{"op": "remove"}]}),
    ("PATCH", BOB, {"schemas": [PATCH], "Operations": [OP] * 1001}),
    ("PUT", BOB, {"schemas": [USER]}),
    ("DELETE", "/Users/x", None),
    ("DELETE", "/Groups" + BOB.removeprefix("/Users"), None),
)


class AskingTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.directory = Directory.of(cls.acme)

    def names(self, filter_: str) -> list[str]:
        return [one["userName"].partition("@")[0] for one in self.directory.found("/Users", filter_)]

    def test_filters(self) -> None:
        self.directory.user(
            "Zoe@x.example", externalId="Z1", title="Turner", emails=[{"value": "z@home.example", "type": "home"}]
        )
        self.directory.user("Abe@x.example", active=False)
        for filter_, found in {
            'userName eq "ZOE@x.example"': ["Zoe"],
            'externalId eq "z1"': [],
            'externalId eq "Z1" or userName eq "bob@acme.example"': ["bob", "Zoe"],
            'emails.value eq "Z@home.example"': ["Zoe"],
            'emails[type eq "home" and value eq "z@home.example"]': ["Zoe"],
            'emails[type eq "work"].value eq "z@home.example"': [],
            'displayName sw "bo"': ["bob"],
            'userName co "X.EXAMPLE" and not (active eq false)': ["Zoe"],
            "title pr": ["Zoe"],
            "active eq false": ["Abe"],
            f'id eq "{self.acme.bob.uid}"': ["bob"],
            'id eq "nobody"': [],
            'meta.resourceType eq "User" and userName eq "bob@acme.example"': ["bob"],
        }.items():
            self.assertEqual(self.names(filter_), found, filter_)

    def test_pages(self) -> None:
        asked = lambda **query: self.directory.client.get("/scim/v2/acme/Users", query).json()  # noqa: E731
        two = asked(startIndex=2, count=1)
        self.assertEqual((two["totalResults"], two["startIndex"], two["itemsPerPage"]), (3, 2, 1))
        self.assertEqual([one["displayName"] for one in two["Resources"]], ["Bob Carter"])
        self.assertEqual((asked(count=0)["Resources"], asked(count=0)["totalResults"]), ([], 3))
        self.assertEqual(asked(startIndex=10**30)["Resources"], [])
        self.assertEqual(asked(startIndex=-5, count=10**30)["itemsPerPage"], 3)
        searched = self.directory.ask(
            "POST", "/Users/.search", {"filter": 'displayName sw "Bo"', "attributes": ["userName"]}
        )
        self.assertEqual(list(searched.json()["Resources"][0]), ["schemas", "id", "userName"])

    def test_people_and_groups_at_once(self) -> None:
        self.directory.group("Bowlers")
        asked = {"filter": 'displayName sw "bo"', "attributes": ["displayName"]}
        answer = self.directory.ask("POST", "/.search", asked).json()
        self.assertEqual([one["displayName"] for one in answer["Resources"]], ["Bob Carter", "Bowlers"])
        answer = self.directory.ask("POST", "/.search", {"startIndex": 4}).json()
        self.assertEqual(
            (answer["totalResults"], [one["displayName"] for one in answer["Resources"]]), (4, ["Bowlers"])
        )

    def test_chosen_attributes(self) -> None:
        told = self.directory.get(f"/Users/{self.acme.bob.uid}?attributes=displayName,emails.value").json()
        self.assertEqual(set(told), {"schemas", "id", "displayName", "emails"})
        told = self.directory.get(f"/Users/{self.acme.bob.uid}?excludedAttributes=emails").json()
        self.assertNotIn("emails", told)

    def test_versions(self) -> None:
        address = f"/Users/{self.acme.bob.uid}"
        etag = self.directory.get(address)["ETag"]
        self.assertEqual(self.directory.get(address, If_None_Match=etag).status_code, 304)
        change = {"op": "replace", "path": "title", "value": "Turner"}
        answer = self.directory.patch(address, change, If_Match=etag)
        self.assertEqual((answer.status_code, answer["ETag"]), (200, answer.json()["meta"]["version"]))
        refused(self.directory.patch(address, change, If_Match=etag), 412)
        self.assertEqual(self.directory.patch(address, change, If_Match=answer["ETag"]).status_code, 200)

    def test_discovery(self) -> None:
        config = self.directory.get("/ServiceProviderConfig").json()
        self.assertEqual(
            (config["patch"]["supported"], config["bulk"]["supported"], config["filter"]["maxResults"]),
            (True, False, 100),
        )
        types = self.directory.get("/ResourceTypes").json()
        self.assertEqual([one["id"] for one in types["Resources"]], ["User", "Group"])
        schemas = self.directory.get("/Schemas").json()
        self.assertIn(USER, [one["id"] for one in schemas["Resources"]])
        self.assertEqual(self.directory.get(f"/Schemas/{GROUP}").json()["name"], "Group")
        refused(self.directory.get("/Me"), 501)
        refused(self.directory.ask("POST", "/Bulk", {}), 501)
        refused(self.directory.ask("PUT", "/Users", {}), 405)

    def test_the_same_number_of_queries_for_many(self) -> None:
        counts = []
        self.directory.get("/Users")  # its first use within a minute is noted
        for _round in range(2):
            with CaptureQueriesContext(connection) as queries:
                self.assertEqual(self.directory.get("/Users").status_code, 200)
            counts.append(counted(queries))
            for number in range(5):
                self.directory.user(f"{uuid4()}@x.example", title=str(number))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 8)

    def test_hostile_bodies(self) -> None:
        before = Event.objects.count()
        for method, path, sent in HOSTILE:
            path = path.replace("BOB", str(self.acme.bob.uid))
            answer = self.directory.ask(method, path, sent)
            self.assertIn(
                answer.status_code,
                (400, 404, 413),
                f"{method} {sent!r:.300}: {answer.status_code} {answer.content[:300]!r}",
            )
            self.assertEqual(answer["Content-Type"], MEDIA_TYPE)
        self.assertEqual(Event.objects.count(), before)

    def test_hostile_filters(self) -> None:
        for filter_ in (
            "x",
            "userName",
            'userName eq "x',
            'userName like "x"',
            'nothing eq "x"',
            'userName eq "a\\u0000b"',
            'emails[value eq "\\ud800"]',
            "(" * 21 + 'userName eq "x"' + ")" * 21,
            "(" * 1000,
            " or ".join(['userName eq "x"'] * 200),
            "not (" * 15 + "title pr",
            "active gt true",
        ):
            answer = self.directory.client.get("/scim/v2/acme/Users", {"filter": filter_})
            refused(answer, 400, "invalidFilter")
        self.assertEqual(self.names("not (" * 15 + "title pr" + ")" * 15), ["ann", "bob", "cleo"])
        for query in ({"count": "x"}, {"startIndex": "x"}, {"attributes": "a", "excludedAttributes": "b"}):
            self.assertEqual(self.directory.client.get("/scim/v2/acme/Users", query).status_code, 400, query)

    def test_ten_thousand_members(self) -> None:
        members = [{"value": str(uuid4())} for _number in range(10_000)]
        answer = self.directory.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "All", "members": members})
        refused(answer, 413, words="at most 5000 people")
        body = json.dumps({"schemas": [USER], "userName": "x" * 1_100_000})
        refused(self.directory.ask("POST", "/Users", body), 413, words="1024 kB")
        answer = self.directory.client.post("/scim/v2/acme/Users", "<a/>", "text/xml")
        refused(answer, 415)

    @override_settings(PLUMBLINE_API_RATE=3)
    def test_too_often(self) -> None:
        cache.clear()
        answers = [self.directory.get("/Users?count=0") for _number in range(4)]
        self.assertEqual([one.status_code for one in answers], [200, 200, 200, 429])
        refused(answers[-1], 429)
        self.assertTrue(1 <= int(answers[-1]["Retry-After"]) <= 60)
        cache.clear()

    def test_what_was_refused_is_kept_for_the_page(self) -> None:
        refused(self.directory.user("bob@acme.example"), 409, "uniqueness")
        self.directory.client.get("/scim/v2/acme/Users", {"filter": "x"})
        self.directory.get(f"/Users/{uuid4()}")  # whoever looks whether somebody is there is not refused
        kept = Refusal.objects.order_by("pk").values_list("asked", "status", "code")
        self.assertEqual(list(kept), [("POST /Users", 409, "uniqueness"), ("GET /Users", 400, "invalidFilter")])
        Token.objects.update(ended_at=self.acme.organisation.now())
        refused(self.directory.get("/Users"), 401)
        self.assertEqual(Refusal.objects.latest("pk").code, "token")

    def test_switched_off(self) -> None:
        mapping.choose(self.acme.organisation, self.acme.actor, on=False)
        refused(self.directory.get("/Users"), 403, words="switched this off")
