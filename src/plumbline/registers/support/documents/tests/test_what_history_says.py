"""History in a customer's words: who, what, where and until when; no line that only says “step” or “validity”."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from django.utils.formats import date_format

from plumbline.kernel import actions, timeline
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.organisation.models import Department, Site
from plumbline.registers.support.documents.approval import arranging, remarking
from plumbline.registers.support.documents.models import Document, PaperCopy, Recipient, Revision, Step
from plumbline.registers.support.documents.papers import numbered
from plumbline.registers.support.documents.tests.house import TODAY, House

BARE = {"step", "route", "validity", "recipient", "paper copy", "read confirmation", "remark", "link", ""}


def day(days: int = 0) -> str:
    return date_format(TODAY + timedelta(days=days), "DATE_FORMAT")


@pytest.mark.slow  # a whole life, from the draft to being superseded
class WhatHistorySaysTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.house = House(cls.acme)

    def told(self, record: Any) -> list[str]:
        now = register_of(record).model.objects.get(pk=record.pk)
        lines = timeline.of(now, 500)
        bare = [line for line in lines if line.table != record.kind and line.what in BARE]
        self.assertEqual(bare, [])
        return [f"{line.who} {line.verb} {line.what}".strip() for line in reversed(lines)]

    def route(self) -> Revision:
        draft, house, acme = self.house.draft(), self.house, self.acme
        bob = arranging.add(Revision.objects.get(pk=draft.pk), house.writer, f"person:{acme.bob.uid}", "review")
        top = arranging.add(Revision.objects.get(pk=draft.pk), house.writer, "role:management", "review")
        actions.edit(Step.objects.get(pk=bob.pk), by=house.writer, due=TODAY + timedelta(days=9), deputy=acme.ann)
        arranging.remove(Step.objects.get(pk=top.pk), house.writer)
        return house.act(draft, "submit", house.dora)

    def test_a_day_is_told_as_days_are_written_and_questions_by_their_words(self) -> None:
        quiz = [{"question": "How hot?", "answers": ["90", "60"], "right": 0, "why": ""}]
        draft = actions.edit(self.house.draft(), by=self.house.writer, quiz=quiz, due=TODAY)
        told = [change for line in timeline.of(draft) for change in line.changes]
        self.assertEqual([change[1:] for change in told], [("–", day()), ("–", "How hot? · 90 · 60")])

    def test_the_route_says_who_does_what_in_which_order(self) -> None:
        revision = self.route()
        revision = self.house.act(revision, "change", self.acme.bob, reason="unclear")
        revision = self.house.act(revision, "submit", self.house.dora)
        self.house.act(revision, "review", self.acme.bob)
        said = self.told(revision)
        for line in (
            f"Dora Ellis added Review: Bob Carter · step 1 · due {day(5)}",
            f"Dora Ellis added Review: Top management · step 2 · due {day(5)}",
            f"Dora Ellis changed Review: Bob Carter · step 1 · due {day(9)} · deputy: Ann Bell",
            "Dora Ellis changed Review: Top management · Not needed any more",
            "Bob Carter changed Review: Bob Carter · Asked for changes: unclear",
            "Bob Carter changed Review: Bob Carter · Agreed",
        ):
            self.assertIn(line, said)
        page = self.acme.client(self.acme.bob).get(f"/acme/revisions/{revision.number}/timeline/")
        self.assertContains(page, "Review: Bob Carter · Agreed")
        with translation.override("de"):
            self.assertIn("Bob Carter hat geändert Prüfen: Bob Carter · Zugestimmt", self.told(revision))

    def test_being_in_force_and_reading_say_where_who_and_until_when(self) -> None:
        house, acme = self.house, self.acme
        actions.create(Recipient, by=acme.actor, record=house.document, person=acme.bob)
        revision = self.route()
        remark = remarking.add(Revision.objects.get(pk=revision.pk), acme.actor, "Which ones?", "Suppliers", "")
        remarking.resolve(remark, Revision.objects.get(pk=revision.pk), acme.actor)
        revision = house.act(house.act(revision, "review", acme.bob), "approve")
        with_yesterday = {"effective_on": TODAY}
        revision = house.act(revision, "put_into_force", **with_yesterday)
        other = actions.create(register_of("nonconformity"), by=acme.actor, title="Late", description="Late.")
        actions.create(Link, by=acme.actor, record=revision, target=other)
        said = self.told(revision)
        for line in (
            f"Ann Bell added in force: everywhere · from {day()}",
            f"Ann Bell added Bob Carter · is to read it by {day()}",
            "Ann Bell changed Which ones? · resolved",
            f"Ann Bell linked {other.number} Late",
        ):
            self.assertIn(line, said)
        actions.edit(other, by=acme.actor, confidential=True)
        self.assertIn("Ann Bell linked another record", self.told(revision))
        acme.client(acme.bob).post(f"/acme/revisions/{revision.number}/read/")
        house.in_force()
        said = self.told(revision)
        self.assertIn("Bob Carter changed Bob Carter · read and understood", said)
        self.assertIn(
            "Ann Bell changed in force: everywhere · on no day: taken back, or another came in its place", said
        )

    def test_the_document_says_who_gets_it_and_where_its_copies_are(self) -> None:
        house, acme = self.house, self.acme
        house.in_force()
        welding = actions.create(Department, by=acme.actor, name="Welding")
        works = actions.create(Site, by=acme.actor, name="Works")
        for what in ({"person": acme.bob}, {"role": "quality"}, {"department": welding}, {"site": works}):
            line = actions.create(Recipient, by=acme.actor, record=house.document, **what)
        actions.edit(line, by=acme.actor, reads=False)
        actions.edit(line, by=acme.actor, ended=True)
        numbered.hand_out(Document.objects.get(pk=house.document.pk), acme.actor, "Hall 2", acme.bob)
        numbered.back(PaperCopy.objects.get(), Document.objects.get(pk=house.document.pk), acme.actor)
        said = self.told(house.document)
        for line in (
            "Ann Bell added distribution list: Bob Carter · confirms reading",
            "Ann Bell added distribution list: Quality manager · confirms reading",
            "Ann Bell added distribution list: Welding · confirms reading",
            "Ann Bell changed distribution list: Works · for information",
            "Ann Bell changed distribution list: Works · taken off",
            "Ann Bell added paper copy no. 1 · Hall 2 · Bob Carter",
            f"Ann Bell changed paper copy no. 1 · Hall 2 · Bob Carter · back on {day()}",
        ):
            self.assertIn(line, said)
