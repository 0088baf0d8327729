"""Training that a change asks for: who is to see to it, who was trained and how, and who may not yet work to it."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plumbline.faces import clock
from plumbline.kernel import actions
from plumbline.kernel.models import Attachment, Duty
from plumbline.kernel.testing import counted
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, RoleHolding
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.models import Reading, Revision
from plumbline.registers.support.documents.tests.house import TODAY

from .test_reading import ReadingCase

NOTED = {"on": TODAY.isoformat(), "trainer": "Eve Frost", "judged": "Watched at two orders."}


class TrainingCase(ReadingCase):
    """Bob is led by Eve, Otto by nobody; the change asks for training."""

    def setUp(self) -> None:
        super().setUp()
        self.otto = self.hand("Otto", department=None)
        self.list(person=self.otto)
        self.revision = self.house.act(self.asks("The new deburring belt"), "put_into_force", effective_on=TODAY)
        self.client_of_eve = self.acme.client(self.eve)
        self.page = self.url("training", self.revision.number)

    def asks(self, training: str) -> Revision:
        return self.house.approved(training=training)

    def owed(self) -> set[tuple]:
        duties = Duty.objects.filter(record=self.revision.pk, verb="train")
        return set(duties.values_list("person__name", "role"))

    def ticked(self) -> list[tuple[str, str]]:
        return [(one.verb, one.refused) for one in clock.run(self.acme.organisation.now())]

    def note(self, *people: Any, **values: Any) -> Any:
        typed = {**NOTED, "person": [str(one.pk) for one in people], **values}
        return self.client_of_eve.post(self.page, typed, follow=True)


class TrainingTest(TrainingCase):
    def test_only_when_the_change_says_so(self) -> None:
        self.assertEqual(set(Reading.objects.values_list("to_train", flat=True)), {True})
        later = self.house.act(self.asks(""), "put_into_force", effective_on=TODAY)
        self.assertFalse(Reading.objects.filter(record=later.pk, to_train=True).exists())
        self.assertFalse(Duty.objects.filter(record=later.pk, verb="train").exists())
        page = self.acme.client(self.acme.ann).get(self.url("record", later.number))
        self.assertNotContains(page, "Not trained yet")

    def test_who_leads_them_sees_to_it_else_who_answers_for_the_revision(self) -> None:
        self.assertEqual(self.owed(), {("Eve Frost", ""), ("Ann Bell", "")})
        mine = self.client_of_eve.get(reverse("my-work", args=["acme"]))
        self.assertContains(mine, "See to the training")
        self.assertContains(mine, self.page)

    def test_noted_with_day_trainer_and_how_it_was_judged(self) -> None:
        shown = self.client_of_eve.get(self.page)
        self.assertContains(shown, "The new deburring belt")
        self.assertNotContains(shown, "Otto")
        self.assertContains(self.note(self.acme.bob), "It is noted that 1 person was trained.")
        one = Reading.objects.get(person=self.acme.bob)
        self.assertEqual((one.trained_on, one.trainer, one.judged), (TODAY, "Eve Frost", "Watched at two orders."))
        self.assertEqual(self.owed(), {("Ann Bell", "")})
        self.assertEqual(Duty.objects.get(record=self.revision.pk, person=self.acme.bob).verb, "read")
        page = self.acme.client(self.acme.ann).get(self.url("record", self.revision.number))
        self.assertContains(page, "Not trained yet")
        reading.confirm(one, Actor.of(self.acme.bob))
        page = self.acme.client(self.acme.ann).get(self.url("record", self.revision.number))
        self.assertContains(page, "trained by Eve Frost")
        self.assertContains(page, "Watched at two orders.")

    def test_who_read_it_and_was_not_trained_may_not_work_to_it(self) -> None:
        reading.confirm(Reading.objects.get(person=self.acme.bob), Actor.of(self.acme.bob))
        unread = self.url("unread")
        page = self.client_of_eve.get(unread)
        self.assertContains(page, "read, not trained")
        self.assertContains(page, "may not work to it yet", 1)
        self.note(self.acme.bob)
        self.assertContains(self.client_of_eve.get(unread), "Everybody has read and learnt what they should")

    def test_a_file_does_in_place_of_words_but_one_of_both_there_is(self) -> None:
        self.assertContains(self.note(self.acme.bob, judged=""), "or add the proof", status_code=422)
        self.assertContains(self.note(), "Tick who was trained", status_code=422)
        tomorrow = (TODAY + timedelta(days=1)).isoformat()
        self.assertContains(self.note(self.acme.bob, on=tomorrow), "still to come", status_code=422)
        self.assertFalse(Reading.objects.exclude(trained_on=None).exists())
        proof = SimpleUploadedFile("test.jpg", b"\xff\xd8\xff marked")
        self.assertEqual(self.note(self.acme.bob, judged="", file=proof).status_code, 200)
        self.assertEqual(Attachment.objects.get(record=self.revision.pk).valid_on, TODAY)

    def test_not_for_people_of_others_and_not_by_who_leads_nobody(self) -> None:
        self.assertContains(self.note(self.otto), "Tick who was trained", status_code=422)
        self.assertEqual(self.acme.client(self.acme.bob).get(self.page).status_code, 403)
        dora = self.acme.client(self.house.dora)
        answer = dora.post(self.page, {**NOTED, "person": [str(self.otto.pk)]})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(self.owed(), {("Eve Frost", "")})

    def test_who_joins_is_trained_too_who_leaves_is_not_and_a_new_supervisor_sees_to_it(self) -> None:
        run = self.ticked
        run()
        reading.confirm(Reading.objects.get(person=self.acme.bob), Actor.of(self.acme.bob))
        self.assertEqual(run(), [])
        gus = self.acme.join("Gus", "gus@acme.example")
        office = actions.create(Department, by=self.acme.actor, name="Office")
        actions.create(RoleHolding, by=self.acme.actor, person=gus, role="supervisor", department=office)
        actions.edit(self.otto, by=self.acme.actor, department=office)
        self.assertEqual(run(), [("ask", "")])
        self.assertEqual(self.owed(), {("Eve Frost", ""), ("Gus", "")})
        fay = self.hand("Fay")
        self.assertEqual(run(), [("ask", "")])
        self.assertTrue(Reading.objects.get(person=fay).lacks_training)
        for person in (fay, self.acme.bob):
            actions.edit(person, by=self.acme.actor, department=None)
        run()
        self.assertEqual(self.owed(), {("Gus", "")})
        self.assertEqual(run(), [])

    def test_nobody_is_trained_in_what_is_not_in_force_any_more(self) -> None:
        self.house.act(self.revision, "withdraw", reason="Wrong")
        self.assertEqual(self.owed(), set())
        self.assertContains(self.client_of_eve.get(self.page), "Nobody needs to be trained")
        self.assertContains(self.note(self.acme.bob), "Nobody needs to be trained", status_code=422)

    def test_where_reading_is_not_asked_by_its_kind_the_training_asks_for_it(self) -> None:
        actions.edit(self.house.document, by=self.acme.actor, sort="external")
        revision = self.house.act(self.asks("How to measure"), "put_into_force", effective_on=TODAY)
        self.assertEqual(self.names(revision, to_train=True), {"Bob Carter", "Otto"})

    def test_taken_back_and_put_into_force_again_they_are_asked_again(self) -> None:
        later = self.house.act(self.asks("A belt"), "put_into_force", effective_on=TODAY + timedelta(days=9))
        self.house.act(later, "recall", reason="Not yet")
        actions.edit(Revision.objects.get(pk=later.pk), by=self.house.writer, training="")
        self.house.act(self.house.act(later, "submit", self.house.dora), "approve")
        self.house.act(later, "put_into_force", effective_on=TODAY + timedelta(days=9))
        self.assertEqual(self.names(later, ended_because="", to_train=False), {"Bob Carter", "Otto"})

    def test_the_questions_to_the_database_do_not_grow_with_people(self) -> None:
        addresses = [self.page, self.url("unread"), self.url("record", self.revision.number)]
        asked = []
        for first in (0, 30):  # from some thirty events on a page of any record asks for each sort of its parts
            for n in range(first, first + 30):
                self.hand(f"Hand {n}")
            reading.catch_up(self.revision, Actor.clock(self.acme.organisation))
            for address in addresses:
                self.client_of_eve.get(address)
                with CaptureQueriesContext(connection) as queries:
                    self.client_of_eve.get(address)
                asked.append(counted(queries))
        self.assertEqual(asked[:3], asked[3:])
