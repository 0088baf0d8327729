"""Who runs the organisation connects its directory and says which group gives which role."""

from django.test import TestCase

from plumbline.faces.api.models import Token
from plumbline.faces.scim.mapping import Connection
from plumbline.faces.scim.models import Group
from plumbline.faces.scim.tests.asking import Directory
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Department, RoleHolding

PAGE = "/acme/settings/directory/"


class DirectoryPageTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.hall = actions.create(Department, by=cls.acme.actor, name="Hall 2")

    def setUp(self) -> None:
        self.ann = self.acme.client(self.acme.ann)

    def do(self, what: str, **given: str) -> str:
        return self.ann.post(PAGE, {"do": what, **given}, follow=True).content.decode()

    def connected(self) -> Directory:
        self.do("on")
        self.do("token", name="Okta", days="365")
        page = self.do("token", name="Okta", days="365")
        return Directory("acme", page.split('id="secret"')[1].split('value="')[1].split('"')[0])

    def test_from_nothing_to_a_group_that_gives_a_role(self) -> None:
        self.assertIn("People come and go by themselves", self.ann.get(PAGE).content.decode())
        directory = self.connected()
        self.assertEqual({token.person.name for token in Token.objects.all()}, {"Okta"})
        self.assertEqual(Token.objects.values("person").distinct().count(), 1)
        page = self.ann.get(PAGE).content.decode()
        self.assertIn("/scim/v2/acme", page)
        self.assertIn("Waits for the first contact", page)
        self.assertNotIn('id="secret"', page)
        uid = directory.group("Shift leads", self.acme.bob.uid).json()["id"]
        directory.user("bob@acme.example")
        page = self.ann.get(PAGE).content.decode()
        for words in ("not mapped yet", "1 person", "Somebody or something of that name is here already."):
            self.assertIn(words, page)
        self.do("groups", way="single", **{f"{uid}-role": "supervisor", f"{uid}-department": str(self.hall.uid)})
        held = RoleHolding.objects.get(person=self.acme.bob)
        self.assertEqual((held.role, held.department), ("supervisor", self.hall))
        event = Event.objects.filter(table="roleholding").latest("at")
        self.assertEqual(event.actor, self.acme.ann.uid)
        self.assertIn(
            self.acme.organisation.uid, Event.objects.filter(table="organisation").values_list("subject", flat=True)
        )
        self.do("groups", way="mail", **{f"{uid}-role": "", f"{uid}-department": ""})
        self.assertFalse(RoleHolding.current(self.acme.organisation.today()).filter(person=self.acme.bob).exists())

    def test_the_last_administrator_stays(self) -> None:
        directory = self.connected()
        uid = directory.group("Admins", self.acme.ann.uid).json()["id"]
        by_hand = RoleHolding.objects.get(person=self.acme.ann, role="administrator")
        actions.edit(by_hand, by=self.acme.actor, until_on="2020-01-01")
        self.do("groups", way="single", **{f"{uid}-role": "administrator"})
        page = self.do("groups", way="single", **{f"{uid}-role": ""})
        self.assertIn("Ann Bell is the last administrator who can sign in", page)
        self.acme.organisation.refresh_from_db()
        self.assertEqual(len(Connection.of(self.acme.organisation).targets), 1)

    def test_end_and_switch_off(self) -> None:
        directory = self.connected()
        self.assertEqual(directory.get("/Users").status_code, 200)
        self.do("off")
        self.assertEqual(directory.get("/Users").status_code, 403)
        self.do("on")
        for token in Token.objects.all():
            self.do("end", token=str(token.uid))
        self.assertEqual(directory.get("/Users").status_code, 401)
        self.assertIn("Its token has ended", self.ann.get(PAGE).content.decode())

    def test_for_nobody_else(self) -> None:
        directory = self.connected()
        uid = directory.group("Admins", self.acme.bob.uid).json()["id"]
        before = Event.objects.count()
        for person, status in ((self.acme.bob, 403), (self.acme.cleo, 403), (self.other.ann, 404)):
            client = (self.other if person is self.other.ann else self.acme).client(person)
            self.assertEqual(client.get(PAGE).status_code, status)
            for what in ("on", "off", "token", "end", "groups"):
                sent = {"do": what, "name": "x", "days": "365", "way": "mail", f"{uid}-role": "administrator"}
                self.assertEqual(client.post(PAGE, sent).status_code, status, (person.name, what))
        self.assertEqual(Event.objects.count(), before)

    def test_a_group_elsewhere_is_not_mapped_from_here(self) -> None:
        other = Group.objects.create(organisation=self.other.organisation, name="Theirs", key="theirs")
        self.connected()
        self.do("groups", way="single", **{f"{other.uid}-role": "auditor"})
        self.acme.organisation.refresh_from_db()
        self.assertEqual(Connection.of(self.acme.organisation).targets, {})
        self.assertNotIn("Theirs", self.ann.get(PAGE).content.decode())
