"""The day something comes into force, in any zone; instructions for a time; documents from outside; forms."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.urls import reverse

from plumbline.faces import clock
from plumbline.kernel import actions
from plumbline.kernel.models import Duty, Link
from plumbline.kernel.register import by_slug, register_of
from plumbline.ledger.models import Event
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Site
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.readers.putting import next_month
from plumbline.registers.support.documents.tests.house import TODAY

from .test_reading import ReadingCase


class ClockCase(ReadingCase):
    """A company whose clock the tests set."""

    def at(self, instant: datetime) -> list[tuple[str, str]]:
        """What the clock does at that instant."""
        with patch("django.utils.timezone.now", lambda: instant):
            return [(one.verb, one.refused) for one in clock.run(instant)]

    def by_zone(self, zone: str) -> None:
        self.acme.organisation = actions.edit(self.acme.organisation, by=self.acme.actor, zone=zone)
        for person in (self.acme.ann, self.acme.bob, self.house.dora):
            person.organisation = self.acme.organisation
        self.house.writer = Actor.of(self.house.dora)

    def states(self) -> list[str]:
        return list(Revision.objects.order_by("uid").values_list("state", flat=True))


class MidnightTest(ClockCase):
    def until(self, zone: str, day: date) -> tuple[Revision, datetime]:
        """One in force, the next one to come on that day; and the midnight it comes at."""
        self.by_zone(zone)
        today = self.acme.organisation.today()
        first = self.house.act(self.house.approved(), "put_into_force", effective_on=today)
        self.assertEqual(first.state, "effective")
        later = self.house.act(self.house.approved(), "put_into_force", effective_on=day)
        return later, datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)

    def comes(self, zone: str, day: date) -> None:
        later, midnight = self.until(zone, day)
        self.assertEqual(self.at(midnight - timedelta(minutes=1)), [])
        self.assertEqual(self.states(), ["effective", "approved"])
        self.assertEqual(self.at(midnight), [("take_effect", ""), ("supersede", "")])
        self.assertEqual(self.states(), ["superseded", "effective"])
        self.assertEqual(Event.objects.get(subject=later.pk, verb="take_effect").occurred_at, None)

    def test_far_east_of_greenwich(self) -> None:
        self.comes("Pacific/Auckland", TODAY + timedelta(days=20))

    def test_far_west_of_greenwich(self) -> None:
        self.comes("America/Los_Angeles", TODAY + timedelta(days=20))

    def test_the_day_the_clocks_go_forward(self) -> None:
        self.changes("Europe/Berlin", date(2027, 3, 28))

    def test_the_day_the_clocks_go_back(self) -> None:
        self.changes("America/Los_Angeles", date(2027, 11, 7))

    def changes(self, zone: str, day: date) -> None:
        """It comes on a day that has not 24 hours, and on the one after."""
        begins, over = (datetime.combine(day + timedelta(days=n), time(), ZoneInfo(zone)) for n in (0, 1))
        self.assertNotEqual(over.astimezone(UTC) - begins.astimezone(UTC), timedelta(hours=24))
        self.comes(zone, day)
        later = self.house.act(self.house.approved(), "put_into_force", effective_on=day + timedelta(days=1))
        self.assertEqual(self.at(over - timedelta(minutes=1)), [])
        self.assertEqual(self.at(over), [("take_effect", ""), ("supersede", "")])
        self.assertEqual(Revision.objects.get(pk=later.pk).state, "effective")

    def test_midnight_that_does_not_exist(self) -> None:
        """In Santiago the clocks go forward at midnight: the day begins at one."""
        self.by_zone("America/Santiago")
        later, midnight = self.until("America/Santiago", date(2027, 9, 5))
        self.assertEqual(self.at(midnight - timedelta(minutes=1)), [])
        self.assertIn(("take_effect", ""), self.at(midnight + timedelta(minutes=1)))
        self.assertEqual(Revision.objects.get(pk=later.pk).state, "effective")

    def test_the_server_was_down_the_date_on_record_is_the_right_one(self) -> None:
        later, midnight = self.until("Pacific/Auckland", TODAY + timedelta(days=20))
        self.assertEqual(self.at(midnight + timedelta(hours=31)), [("take_effect", ""), ("supersede", "")])
        self.assertEqual(Event.objects.get(subject=later.pk, verb="take_effect").occurred_at, midnight)

    def test_two_places_one_after_the_other(self) -> None:
        north, south = (actions.create(Site, by=self.acme.actor, name=name) for name in ("North", "South"))
        first = self.house.in_force(TODAY)
        second = self.house.act(self.house.approved(), "put_into_force", effective_on=TODAY, site=north)
        second = self.house.act(second, "roll_out", effective_on=TODAY + timedelta(days=5), site=south)
        document = Document.objects.get(pk=self.house.document.pk)
        told = {(str(one), one.record_id == second.pk) for one in document.in_force(TODAY)}
        self.assertEqual(told, {("everywhere", False), ("North", True)})
        told = {(str(one), one.record_id == second.pk) for one in document.in_force(TODAY + timedelta(days=5))}
        self.assertEqual(told, {("everywhere", False), ("North", True), ("South", True)})
        page = self.acme.client(self.acme.ann).get(self.url("act", first.number, "roll_out"))
        for place in ("North", "South"):
            self.assertContains(page, f"{place}: revision 1.1 stays in force there")


class PageTest(ClockCase):
    def test_the_page_tells_whom_it_reaches_and_warns_of_little_time(self) -> None:
        revision = self.house.approved()
        client, page = self.acme.client(self.acme.ann), self.url("act", revision.number, "put_into_force")
        first = next_month(self.acme.organisation.today())
        shown = client.get(page)
        self.assertContains(shown, "1 has to confirm having read it")
        self.assertContains(shown, first.isoformat())
        self.assertContains(client.get(page + f"?on={first}"), f'value="{first}"')
        late = {"effective_on": first, "read_by": first + timedelta(days=1), "version": revision.version}
        self.assertContains(client.post(page, late), "before it is in force", status_code=422)
        today = self.acme.organisation.today()
        told = client.post(page, {"effective_on": today, "version": revision.version}, follow=True)
        self.assertContains(told, "little time to read it")

    def test_looking_at_it_again_proposes_the_next_date(self) -> None:
        self.house.in_force(TODAY)
        page = reverse("documents:act", args=["acme", self.house.document.number, "keep"])
        shown = self.acme.client(self.acme.ann).get(page)
        due = self.acme.organisation.today()
        self.assertContains(shown, f'value="{due.replace(year=due.year + 2)}"')


class OutsideTest(ClockCase):
    def setUp(self) -> None:
        super().setUp()
        self.outside = actions.create(
            register_of("document"), by=self.acme.actor, title="EN 1090-2", sort="external", watched_by=self.acme.bob,
            check_on=TODAY, if_it_changes="Welding instructions",
        )  # fmt: skip
        self.outside = actions.act(self.outside, "enter", by=Actor.clock(self.acme.organisation))

    def test_who_watches_it_checks_it(self) -> None:
        self.assertTrue(Duty.objects.filter(record=self.outside.pk, person=self.acme.bob, verb="check").exists())
        client = self.acme.client(self.acme.bob)
        page = reverse("documents:record", args=["acme", self.outside.number])
        self.assertContains(client.get(page), "Welding instructions")
        act = reverse("documents:act", args=["acme", self.outside.number, "check"])
        client.post(act, {"check_on": TODAY + timedelta(days=90), "version": self.outside.version})
        self.assertEqual(Document.objects.get(pk=self.outside.pk).check_on, TODAY + timedelta(days=90))

    def test_a_new_edition_asks_for_a_change_and_names_what_it_touches(self) -> None:
        actions.create(Link, by=self.acme.actor, record=self.outside, target=self.house.document)
        page = reverse("documents:outside", args=["acme", self.outside.number])
        self.acme.client(self.acme.bob).post(page, {"do": "new", "new_edition": "2027-03"})
        revision = Revision.objects.get(of_document=self.outside.pk)
        self.assertEqual((revision.state, revision.change), ("requested", "New edition: 2027-03"))
        self.assertIn("Welding instructions", revision.impact)
        self.assertIn(self.house.document.number, revision.impact)

    def test_only_what_is_from_outside_has_editions(self) -> None:
        client = self.acme.client(self.acme.ann)
        self.assertEqual(client.get(reverse("documents:outside", args=["acme", self.outside.number])).status_code, 200)
        inside = reverse("documents:outside", args=["acme", self.house.document.number])
        self.assertEqual(client.get(inside).status_code, 404)


class FormTest(ClockCase):
    def test_a_filled_form_names_the_revision_it_was_made_from(self) -> None:
        actions.edit(self.house.document, by=self.acme.actor, sort="form")
        revision = self.house.in_force(TODAY)
        number, client = self.house.document.number, self.acme.client(self.acme.bob)
        page = reverse("documents:record", args=["acme", number])
        self.assertContains(client.get(page), f"from={revision.uid}")
        answer = client.get(reverse("documents:fill", args=["acme", number]))
        self.assertIn(f"{number} rev 1.0 Purchasing", answer["Content-Disposition"])
        made = actions.create(
            self.category_register(), by=Actor.of(self.acme.bob), raised_by=revision,
            title="Filled", category=self.category(), dated_on=TODAY,
        )  # fmt: skip
        self.assertEqual(Link.objects.get(target_id=made.pk).record_id, revision.uid)

    def category_register(self) -> Any:
        return by_slug("records")

    def category(self) -> Any:
        model = self.category_register().model._meta.get_field("category").related_model
        return actions.create(model, by=self.acme.actor, name="Checks")
