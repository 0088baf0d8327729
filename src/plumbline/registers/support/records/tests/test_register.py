from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from plumbline.history.uids import uuid7
from plumbline.kernel import actions, policy
from plumbline.kernel.testing import PASSWORD, RegisterContract, TestCase, proof
from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role
from plumbline.registers.support.records import noting
from plumbline.registers.support.records.models import QualityRecord, RecordCategory
from plumbline.registers.support.records.register import Records

__all__ = ["PASSWORD"]


class RecordTest(RegisterContract, TestCase):
    register = Records
    sample = {"title": "Final inspection of order 4711", "dated_on": date(2010, 2, 28)}
    answers = {"method": "deleted"}
    most_record_queries = 12

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.dora = cls.acme.join("Dora Ely", "dora@acme.example", Role.QUALITY)
        category = actions.create(RecordCategory, by=cls.acme.actor, name="Inspections", months=12, two_people=True)
        cls.sample = {**RecordTest.sample, "category": category}

    def category(self, **values) -> RecordCategory:
        return actions.edit(RecordCategory.objects.get(name="Inspections"), by=self.acme.actor, **values)

    def ready(self, record, move):
        if move.verb in ("sign", "dispose"):
            self.category(two_people=move.verb == "sign")
        return type(record).objects.get(pk=record.pk)

    def move(self, record, move, by=None):
        """As the contract does it; the first signature is Dora's, and only the installation repeats."""
        record = self.ready(record, move)
        if move.verb == "repeat":
            note = noting.Note(record.organisation_id, record.uid, uuid7(), timezone.now(), "deleted")
            return actions.act(
                record, "repeat", by=Actor.installation(self.acme.organisation), method="deleted", note=note
            )
        return super().move(record, move, by or (self.dora if move.verb == "sign" else None))

    def test_how_long_it_is_kept_follows_the_category(self) -> None:
        record = self.make()
        self.assertEqual(record.keep_until, date(2011, 2, 28))
        cases = {
            "a year end": ({"year_end": True}, {}, date(2011, 12, 31)),
            "the end of a month": (
                {"year_end": False, "months": 1},
                {"dated_on": date(2024, 1, 31)},
                date(2024, 2, 29),
            ),
            "for good": ({"months": None}, {}, None),
            "not begun": ({"months": 12, "start": "end"}, {}, None),
            "the end of the contract": ({"start": "end"}, {"ended_on": date(2020, 2, 29)}, date(2021, 2, 28)),
            "far away": ({"months": 1_000_000}, {"ended_on": date(2020, 2, 29)}, date.max),
        }
        for what, (category, values, end) in cases.items():
            self.category(**category)
            self.assertEqual(self.make(**values).keep_until, end, what)

    def test_whether_it_is_over_is_asked_in_the_organisations_zone(self) -> None:
        organisation = self.acme.organisation
        record = self.make(dated_on=date(organisation.today().year - 1, 1, 31))
        record.dated_on = organisation.today().replace(year=organisation.today().year - 1, day=1)
        record.category.months = 12
        self.assertEqual(record.past(), organisation.today().day > 1)

    def test_a_record_without_a_category_is_refused_in_words(self) -> None:
        with self.assertRaises(ValidationError) as refused:
            self.make(category=None)
        self.assertIn("how long", str(refused.exception))

    def test_a_year_typed_wrongly_is_refused(self) -> None:
        for wrong in ({"dated_on": date(1, 3, 14)}, {"dated_on": date(9999, 1, 1)}, {"ended_on": date(202, 3, 14)}):
            with self.assertRaisesMessage(ValidationError, "look at the year"):
                self.make(**wrong)

    def test_a_number_is_not_the_name_of_a_page(self) -> None:
        self.assertRaisesRegex(ValidationError, "name of a page", self.make, number="retention")

    def test_readers_of_the_category_see_it_and_nobody_else(self) -> None:
        eve = self.acme.join("Eve Fox", "eve@acme.example", Role.SUPERVISOR)
        self.category(readers=["supervisor"])
        record = self.make()
        seen = {
            person.name: QualityRecord.objects.visible_to(Actor.of(person)).filter(pk=record.pk).exists()
            for person in (self.acme.ann, self.acme.bob, self.acme.cleo, self.dora, eve)
        }
        self.assertEqual(
            seen, {"Ann Bell": True, "Bob Carter": False, "Cleo Dunn": False, "Dora Ely": True, "Eve Fox": True}
        )
        for person, status in ((eve, 200), (self.acme.bob, 404)):
            client = self.acme.client(person)
            self.assertEqual(client.get(self.url("record", record.number)).status_code, status)
            self.assertEqual(record.number in client.get(self.url("list")).content.decode(), status == 200)
            found = client.get("/acme/search/", {"q": "4711"}).content.decode()
            self.assertEqual(record.number in found, status == 200)

    def test_only_keepers_add_files_and_none_once_it_is_on_its_way_to_disposal(self) -> None:
        record = self.make()
        self.assertFalse(policy.may_write_part(Actor.of(self.acme.bob), self.r, *self.attachment(record)))
        record = actions.act(record, "propose", by=self.acme.actor)
        answer = policy.may_write_part(self.acme.actor, self.r, *self.attachment(record))
        self.assertIn("Proposed for disposal", answer.reason)

    def attachment(self, record):
        from plumbline.kernel.models import Attachment

        return Attachment, record

    def test_what_is_still_to_be_kept_cannot_be_proposed(self) -> None:
        for values, why in (
            ({"months": None}, "kept for good"),
            ({"months": 12, "start": "end"}, "has not begun"),
            ({"start": "date", "months": 12_000}, "It is to be kept until"),
        ):
            self.category(**values)
            with self.assertRaisesRegex(policy.Denied, why):
                actions.act(self.make(), "propose", by=self.acme.actor)

    def test_where_two_are_wanted_one_alone_does_not_dispose(self) -> None:
        record = actions.act(self.make(), "propose", by=self.acme.actor)
        dispose = self.r.workflow.move("dispose", "proposed")
        self.assertEqual(
            policy.may_move(self.acme.actor, dispose, record).reason, "This category wants two signatures."
        )
        with self.assertRaisesRegex(policy.Denied, "wants two signatures"):
            signed = proof(record, dispose, self.acme.ann)
            actions.act(record, "dispose", by=self.acme.actor, proof=signed, method="deleted")

    def test_nobody_signs_twice_and_no_member_signs_at_all(self) -> None:
        record = actions.act(self.make(), "propose", by=self.acme.actor)
        sign, countersign = (self.r.workflow.move(*pair) for pair in (("sign", "proposed"), ("countersign", "signed")))
        self.assertFalse(policy.may_move(Actor.of(self.acme.bob), sign, record))
        record = actions.act(
            record, "sign", by=self.acme.actor, proof=proof(record, sign, self.acme.ann), method="shredded"
        )
        with self.assertRaisesRegex(policy.Denied, "other than who signed first"):
            actions.act(record, "countersign", by=self.acme.actor, proof=proof(record, countersign, self.acme.ann))
        with self.assertRaises(policy.Denied):
            actions.act(
                record, "countersign", by=Actor.of(self.acme.bob), proof=proof(record, countersign, self.acme.bob)
            )
        record = actions.act(record, "keep", by=self.acme.actor, reason="a claim came in")
        record = actions.act(record, "propose", by=self.acme.actor)
        sign_by_dora = proof(record, sign, self.dora)
        record = actions.act(record, "sign", by=Actor.of(self.dora), proof=sign_by_dora, method="shredded")
        self.assertFalse(policy.may_move(Actor.of(self.dora), countersign, record))
        self.assertTrue(
            policy.may_move(self.acme.actor, countersign, record), "the earlier first signature counts no more"
        )
