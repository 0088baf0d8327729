import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from plumbline.faces import clock
from plumbline.kernel import actions, files, policy, signing
from plumbline.kernel.models import Duty
from plumbline.kernel.testing import Company, TestCase
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Organisation, Person, Process, RoleHolding, Site
from plumbline.registers.support.documents import force, reading, revising
from plumbline.registers.support.documents.models import (
    Document,
    DocumentKind,
    Reading,
    Recipient,
    Remark,
    Revision,
    Step,
    Validity,
)
from plumbline.registers.support.documents.tests.house import TODAY, House


class WorkTest(TestCase):
    """The way of a revision, with what must not happen on it."""

    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)

    def owed(self, revision: Revision) -> set[tuple[str, str]]:
        rows = Duty.objects.filter(record=revision.pk).select_related("person")
        return {(duty.verb, duty.person.name if duty.person else duty.role) for duty in rows}

    def test_from_draft_to_force_and_whose_turn_it_is(self) -> None:
        revision = self.house.draft()
        self.assertEqual((revision.revision_no, self.owed(revision)), ("1.0", {("submit", "Dora Ellis")}))
        actions.create(Step, by=self.house.writer, record=revision, does="review", person=self.acme.bob, place=0)
        revision = self.house.act(revision, "submit", self.house.dora)
        self.assertEqual((revision.state, self.owed(revision)), ("in_review", {("review", "Bob Carter")}))
        revision = self.house.act(revision, "review", self.acme.bob)
        self.assertEqual((revision.state, self.owed(revision)), ("in_approval", {("approve", "quality")}))
        revision = self.house.act(revision, "approve")
        self.assertEqual((revision.state, self.owed(revision)), ("approved", {("put_into_force", "Ann Bell")}))
        revision = self.house.act(revision, "put_into_force", effective_on=TODAY)
        document = Document.objects.get(pk=self.house.document.pk)
        self.assertEqual((revision.state, document.state, document.revision_no), ("effective", "in_use", "1.0"))
        self.assertEqual(document.current.pk, revision.pk)
        self.assertGreater(document.due, TODAY + timedelta(days=700))

    def test_nobody_approves_their_own_unless_the_rules_of_the_kind_say_why(self) -> None:
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        with self.assertRaisesMessage(policy.Denied, "own work"):
            self.house.act(revision, "approve", self.house.dora)
        rules = revision.rules
        values = {name: getattr(rules, name) for name in ("sort", "prefix", "route")}
        rules = actions.create(DocumentKind, by=self.acme.actor, **values, author_may_approve="One person does it all.")
        self.assertEqual(self.house.act(revision, "approve", self.house.dora).state, "approved")

    def test_side_by_side_and_one_after_the_other(self) -> None:
        revision = self.house.draft()
        for place, person in ((0, self.acme.bob), (0, self.acme.ann), (5, self.acme.bob)):
            does = "approve" if place else "review"
            actions.create(Step, by=self.house.writer, record=revision, does=does, person=person, place=place)
        revision = self.house.act(revision, "submit", self.house.dora)
        self.assertEqual(self.house.act(revision, "review").state, "in_review")
        self.assertEqual(self.house.act(revision, "review", self.acme.bob).state, "in_approval")
        with self.assertRaisesMessage(policy.Denied, "asked to approve it now"):
            self.house.act(revision, "approve", self.acme.bob)
        self.assertEqual(self.house.act(revision, "approve").state, "in_approval")
        self.assertEqual(self.house.act(revision, "approve", self.acme.bob).state, "approved")

    def test_a_deputy_stands_in(self) -> None:
        revision = self.house.draft()
        actions.create(Step, by=self.house.writer, record=revision, does="review", person=self.acme.ann, place=0)
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role="member", deputy_of=self.acme.ann)
        revision = self.house.act(revision, "submit", self.house.dora)
        revision = self.house.act(revision, "review", self.acme.bob)
        self.assertEqual(revision.route[0].decided_by, self.acme.bob)

    def test_changes_are_asked_for_and_everything_is_kept(self) -> None:
        revision = self.house.draft()
        actions.create(Step, by=self.house.writer, record=revision, does="review", person=self.acme.bob, place=0)
        revision = self.house.act(revision, "submit", self.house.dora)
        actions.create(Remark, by=Actor.of(self.acme.bob), record=revision, text="Which suppliers?", quote="Suppliers")
        with self.assertRaisesMessage(policy.Denied, "remarks"):
            self.house.act(revision, "review", self.acme.bob)
        revision = self.house.act(revision, "change", self.acme.bob, reason="Name them")
        self.assertEqual(revision.state, "draft")
        told = sorted(Step.objects.values_list("round", "does", "decision"))
        self.assertEqual(
            told, [(1, "approve", "skipped"), (1, "review", "changes"), (2, "approve", ""), (2, "review", "")]
        )
        self.assertEqual(Remark.objects.get().text, "Which suppliers?")

    def test_a_decided_step_is_not_decided_again(self) -> None:
        step = self.house.approved().route[0]
        with self.assertRaises(ValidationError):
            actions.edit(step, by=self.acme.actor, decision="")

    def test_a_later_date_waits_and_the_clock_makes_it(self) -> None:
        self.house.in_force(TODAY - timedelta(days=30))
        later = self.house.in_force(TODAY + timedelta(days=5), revision_no="2")
        self.assertEqual(later.state, "approved")
        self.assertEqual(self.in_force(TODAY), {"1.0"})
        self.assertEqual(self.in_force(TODAY + timedelta(days=5)), {"1.1"})
        waiting = list(force.waiting(self.acme.organisation, TODAY + timedelta(days=7)))
        told = {(one.revision_no, verb, (on - TODAY).days) for one, verb, on in waiting}
        self.assertEqual(told, {("1.1", "take_effect", 5), ("1.0", "supersede", 5)})
        self.assertEqual(list(force.waiting(self.acme.organisation, TODAY)), [])

    def test_the_server_was_down_at_midnight(self) -> None:
        self.house.in_force(TODAY - timedelta(days=30))
        later = self.house.in_force(TODAY + timedelta(days=5))
        zone = ZoneInfo(self.acme.organisation.zone)
        noon = datetime.combine(TODAY + timedelta(days=7), time(12), zone)
        with patch.object(Organisation, "now", lambda _: noon):
            told = [(one.kind, one.verb, one.refused) for one in clock.run(noon)]
        self.assertEqual(told, [("revision", "take_effect", ""), ("revision", "supersede", "")])
        event = Event.objects.get(subject=later.pk, verb="take_effect")
        self.assertEqual(event.occurred_at, datetime.combine(TODAY + timedelta(days=5), time(), zone))
        self.assertEqual(Document.objects.get(pk=self.house.document.pk).revision_no, "1.1")

    def in_force(self, day: date) -> set[str]:
        spans = Validity.objects.filter(organisation=self.acme.organisation)
        return {Revision.objects.get(pk=span.record_id).revision_no for span in spans if span.holds_on(day)}

    def test_taken_back_before_its_date_the_one_before_goes_on(self) -> None:
        self.house.in_force(TODAY - timedelta(days=30))
        later = self.house.in_force(TODAY + timedelta(days=5))
        later = self.house.act(later, "recall", reason="Not yet")
        self.assertEqual((later.state, self.in_force(TODAY + timedelta(days=9))), ("draft", {"1.0"}))

    def test_a_temporary_one_ends_by_itself_and_the_one_before_goes_on(self) -> None:
        self.house.in_force(TODAY - timedelta(days=30))
        self.house.in_force(TODAY, effective_until=TODAY + timedelta(days=2))
        told = [self.in_force(TODAY + timedelta(days=days)) for days in (-1, 0, 2, 3)]
        self.assertEqual(told, [{"1.0"}, {"1.1"}, {"1.1"}, {"1.0"}])

    def test_one_site_may_go_first(self) -> None:
        hall = actions.create(Site, by=self.acme.actor, name="Hall 2")
        self.house.in_force(TODAY - timedelta(days=30))
        self.house.in_force(TODAY, site=hall)
        document = Document.objects.get(pk=self.house.document.pk)
        self.assertEqual([str(span) for span in document.in_force(TODAY)], ["everywhere", "Hall 2"])
        self.assertEqual(set(Revision.objects.values_list("state", flat=True)), {"effective"})

    def test_orders_with_long_names_are_places_of_their_own_and_capitals_make_none(self) -> None:
        site = actions.create(Site, by=self.acme.actor, name="Hamburg")
        process = actions.create(Process, by=self.acme.actor, name="Assembly")
        for order in ("PO-2026-1001", "PO-2026-1002", "po-2026-1002"):
            self.house.in_force(site=site, process=process, order=order)
        self.assertEqual(
            list(Revision.objects.order_by("uid").values_list("state", flat=True)),
            ["effective", "superseded", "effective"],
        )

    def test_where_it_went_first_it_is_like_everywhere_once_it_is_in_force_everywhere(self) -> None:
        site = actions.create(Site, by=self.acme.actor, name="Hamburg")
        _first, second = self.house.in_force(), self.house.in_force(site=site)
        self.house.act(second, "roll_out", effective_on=TODAY)
        self.house.in_force()
        self.assertEqual(
            list(Revision.objects.order_by("uid").values_list("state", flat=True)),
            ["superseded", "superseded", "effective"],
        )

    def test_the_database_refuses_two_at_one_place(self) -> None:
        revision = self.house.in_force(TODAY)
        values = {"document": revision.of_document, "from_on": TODAY + timedelta(days=3)}
        with self.assertRaisesMessage(DatabaseError, "two at one place"), transaction.atomic():
            actions.create(Validity, by=self.acme.actor, record=revision, **values)

    def test_nothing_is_put_into_force_in_the_past(self) -> None:
        with self.assertRaisesMessage(ValidationError, "Not before today"):
            self.house.act(self.house.approved(), "put_into_force", effective_on=TODAY - timedelta(days=1))
        self.assertFalse(Validity.objects.exists())

    def test_reading_is_owed_before_it_is_in_force(self) -> None:
        hall = actions.create(Department, by=self.acme.actor, name="Purchasing")
        actions.edit(self.acme.bob, by=self.acme.actor, department=hall)
        actions.create(Recipient, by=self.acme.actor, record=self.house.document, department=hall)
        revision = self.house.in_force(TODAY + timedelta(days=5))
        self.assertIn(("read", "Bob Carter"), self.owed(revision))
        one = reading.confirm(Reading.objects.get(), Actor.of(self.acme.bob))
        self.assertEqual((one.how, one.witness, self.owed(revision)), ("own", None, set()))

    def test_what_was_signed_is_fixed_to_the_byte(self) -> None:
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        seen = signing.digest_of(signing.manifest(revision))
        kept = files.keep(self.acme.organisation.uid, io.BytesIO(b"Other words."), "purchasing.txt")
        revision = self.house.act(revision, "change", reason="Other words")
        revision = actions.edit(revision, by=self.house.writer, file=actions.content(kept, by=self.acme.actor))
        revision = self.house.act(revision, "submit", self.house.dora)
        stale = signing.Proof(self.acme.ann.account, seen, "confirm")
        with self.assertRaises(signing.BadSignature):
            actions.act(revision, "approve", by=self.acme.actor, proof=stale)
        signed = self.house.act(revision, "approve").signatures.get()
        self.assertIn(kept.sha256, {row.get("sha256") for row in signed.manifest})

    def test_the_policy_asks_for_the_password_again(self) -> None:
        actions.edit(self.house.document, by=self.acme.actor, sort="policy")
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        weak = signing.Proof(self.acme.ann.account, signing.digest_of(signing.manifest(revision)), "confirm")
        with self.assertRaises(signing.BadSignature):
            actions.act(revision, "approve", by=self.acme.actor, proof=weak)

    def test_one_revision_is_made_at_a_time(self) -> None:
        self.house.draft()
        with self.assertRaises(revising.AlreadyUnderWay):
            self.house.draft()

    def test_labels_go_on(self) -> None:
        document = self.house.document
        for label, following in (("", "1.0"), ("2", "3"), ("2.0", "2.1"), ("9", "10"), ("B", "C"), ("1.9", "1.10")):
            document.__dict__["history"] = [Revision(revision_no=label, state="effective")]
            self.assertEqual(revising.next_number(document), following)


def test_two_at_one_place_at_once(real_db) -> None:
    acme = Company("Acme")
    house = House(acme)
    revision = house.in_force(TODAY - timedelta(days=90))
    force.finish(revision, acme.actor, TODAY)

    def begin(_: int) -> str:
        values = {"document": revision.of_document, "from_on": TODAY + timedelta(days=3)}
        with closing(connection):
            try:
                actions.create(Validity, by=acme.actor, record=revision, **values)
            except DatabaseError as error:
                return "refused" if "two at one place" in str(error) else str(error)
        return "made"

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(begin, range(8)))
    assert told == ["made", *["refused"] * 7]


@pytest.mark.slow  # fifty people in threads of their own
def test_fifty_confirm_at_once(real_db) -> None:
    acme = Company("Acme")
    house = House(acme)
    people = [actions.create(Person, by=acme.actor, name=f"Reader {n:02}") for n in range(50)]
    actions.create(Recipient, by=acme.actor, record=house.document, role="member")
    revision = house.in_force(TODAY + timedelta(days=2))
    readings = {one.person_id: one for one in Reading.objects.filter(record_id=revision.pk)}

    def confirm(person: Person) -> None:
        with closing(connection):
            reading.confirm(readings[person.pk], Actor.of(person))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(confirm, people))
    assert Reading.objects.filter(read_at=None).count() == len(readings) - 50
    assert Duty.objects.filter(record=revision.pk, verb="read").count() == len(readings) - 50
