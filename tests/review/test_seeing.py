"""What a record hides stays hidden on the pages of others: links, news, duties, the standard, imports, filters."""

from io import BytesIO

from django.test import TestCase
from django.urls import reverse

from plumbline.kernel import actions
from plumbline.kernel.models import Comment, Link, RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import RoleHolding, Site
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.models import Document

SECRET = "Thefts in the night shift"


class HiddenTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.dora = cls.acme.join("Dora Klein", "dora@acme.example", Role.CONSULTANT)
        nonconformity = register_of("nonconformity")
        cls.open = actions.create(nonconformity, by=cls.acme.actor, title="Scratched lid", description="x")
        cls.secret = actions.create(nonconformity, by=cls.acme.actor, title=SECRET, description="x", confidential=True)

    def body(self, name: str, *args: object, person: object = None) -> str:
        client = self.acme.client(person or self.acme.bob)
        return client.get(reverse(name, args=["acme", *args])).content.decode()

    def test_a_link_does_not_tell_of_a_record_the_reader_may_not_see(self) -> None:
        actions.create(Link, by=self.acme.actor, record=self.open, target=self.secret)
        other = actions.create(register_of("nonconformity"), by=self.acme.actor, title="Third", description="x")
        actions.create(Link, by=self.acme.actor, record=self.secret, target=other)
        for record in (self.open, other):
            self.assertNotIn(SECRET, self.body("nonconformities:record", record.number))
            self.assertIn(SECRET, self.body("nonconformities:record", record.number, person=self.acme.ann))

    def test_a_comment_that_names_somebody_does_not_tell_them_of_a_hidden_record(self) -> None:
        actions.create(Comment, by=self.acme.actor, record=self.secret, text="@Bob Carter was there")
        actions.create(Comment, by=self.acme.actor, record=self.open, text="@Bob Carter saw it")
        body = self.body("my-work")
        self.assertIn("Scratched lid", body)
        self.assertNotIn(SECRET, body)

    def test_a_former_owner_hears_nothing_more_of_a_record_that_was_closed_to_them(self) -> None:
        record = actions.create(
            register_of("nonconformity"), by=self.acme.actor, title="Was mine", description="x", owner=self.acme.bob
        )
        record = actions.edit(record, by=self.acme.actor, owner=self.acme.ann)
        record = actions.edit(record, by=self.acme.actor, owner=self.acme.bob)  # Bob has news of it
        actions.edit(record, by=self.acme.actor, owner=self.acme.ann, confidential=True, title=SECRET)
        self.assertNotIn(SECRET, self.body("my-work"))

    def test_an_exclusion_kept_confidential_is_not_told_by_the_standard(self) -> None:
        actions.create(
            register_of("exclusion"), by=self.acme.actor, requirement="8.3", title="x", justification=SECRET,
            confidential=True,
        )  # fmt: skip
        self.assertNotIn(SECRET, self.body("clause", "iso9001:2015", "8.3.2"))

    def test_the_standard_does_not_count_or_name_hidden_documents(self) -> None:
        hidden = actions.create(register_of("document"), by=self.acme.actor, title=SECRET, confidential=True)
        link = {"edition": "iso9001:2015", "requirement": "4.1-1", "state": "confirmed"}
        actions.create(RequirementLink, by=self.acme.actor, record=hidden, **link)
        self.assertNotIn(SECRET, self.body("clause", "iso9001:2015", "4.1"))

    def test_filters_do_not_offer_hidden_records(self) -> None:
        actions.create(register_of("audit"), by=self.acme.actor, title=SECRET, lead=self.acme.ann, confidential=True)
        self.assertNotIn(SECRET, self.acme.client(self.acme.bob).get("/acme/findings/?state=open").content.decode())

    def test_a_file_brought_in_neither_changes_nor_tells_of_a_hidden_document(self) -> None:
        hidden = actions.create(
            register_of("document"), by=self.acme.actor, title=SECRET, number="QP-07", confidential=True
        )
        text = BytesIO(f"# {SECRET}\n\nDocument number: QP-07\nRevision: 9\n\nText of it.\n".encode())
        text.name = "QP-07.md"
        address = reverse("documents:bring-in", args=["acme"])
        answer = self.acme.client(self.dora).post(address, {"file": text}, headers={"accept": "application/json"})
        self.assertEqual(Document.objects.get(pk=hidden.pk).history, [], answer.content)
        client = self.acme.client(self.dora)
        self.assertEqual(client.get(reverse("documents:record", args=["acme", "QP-07"])).status_code, 404)


class ReadingOnlyTest(TestCase):
    """An auditor of a certification body reads, for a time; never writes, whatever the scope of the role."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.paul = cls.acme.join("Paul Gray", "paul@body.example")
        cls.site = actions.create(Site, by=cls.acme.actor, name="Works 1")
        cls.record = actions.create(
            register_of("nonconformity"), by=cls.acme.actor, title="Scratched lid", description="x"
        )

    def comment(self) -> int:
        address = reverse("nonconformities:comments", args=["acme", self.record.number])
        return self.acme.client(self.paul).post(address, {"text": "I was here"}).status_code

    def test_a_role_for_one_site_reads_only_as_well(self) -> None:
        actions.create(RoleHolding, by=self.acme.actor, person=self.paul, role=Role.BODY_AUDITOR, site=self.site)
        self.assertTrue(Actor.of(self.paul).reads_only)
        self.assertEqual(self.comment(), 403)

    def test_when_the_time_is_over_the_auditor_has_no_access_any_more(self) -> None:
        today = self.acme.organisation.today()
        actions.create(
            RoleHolding, by=self.acme.actor, person=self.paul, role=Role.BODY_AUDITOR, until_on=today.replace(year=2020)
        )
        self.assertTrue(Actor.of(self.paul).reads_only)
        self.assertEqual(self.acme.client(self.paul).get("/acme/").status_code, 404)
        self.assertEqual(self.acme.client(self.paul).get(f"/r/{self.record.pk}/").status_code, 404)
        self.assertEqual(self.comment(), 404)

    def test_before_the_time_has_come_there_is_no_access_yet(self) -> None:
        later = self.acme.organisation.today().replace(day=1, year=2999)
        actions.create(RoleHolding, by=self.acme.actor, person=self.paul, role=Role.BODY_AUDITOR, from_on=later)
        self.assertEqual(self.acme.client(self.paul).get("/acme/").status_code, 404)

    def test_somebody_of_the_house_whose_other_role_ended_stays_a_member(self) -> None:
        past = self.acme.organisation.today().replace(year=2020, day=1)
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role=Role.AUDITOR, until_on=past)
        self.assertEqual(self.acme.client(self.acme.bob).get("/acme/").status_code, 200)

    def test_forms_of_the_organisation_are_not_shown_for_a_wrong_post(self) -> None:
        client = self.acme.client(self.acme.bob)
        for address in ("/acme/settings/", "/acme/people/role/new/", f"/acme/people/person/{self.acme.ann.pk}/"):
            self.assertEqual(client.post(address, {}).status_code, 403, address)
