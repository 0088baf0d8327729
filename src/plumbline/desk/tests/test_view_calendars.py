"""The calendar of a saved view: what its reader may see today, and nothing of a view that is not his."""

from datetime import timedelta
from unittest.mock import patch

from django.test import Client

from plumbline.desk import calendars
from plumbline.desk.models import CalendarKey
from plumbline.faces.lists.models import SavedView
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.organisation.models import RoleHolding
from plumbline.organisation.roles import Role


class ViewCalendarTest(TestCase):
    def setUp(self) -> None:
        self.acme, self.other = Company("Acme"), Company("Brightco")
        self.view = self.save(self.acme, shared=True)
        self.make("Seen by all"), self.make("Secret", confidential=True), self.make("Of no interest", sort="corrective")
        self.make("Without a date", due=None)

    def save(self, company: Company, **values) -> SavedView:
        given = {"kind": "action", "name": "Tasks", "query": "sort=task&order=due", "owner": company.ann, **values}
        return SavedView.objects.create(organisation=company.organisation, **given)

    def make(self, title: str, **values):
        given = {"title": title, "due": "2027-01-08", "sort": "task", **values}
        return actions.create(register_of("action"), by=self.acme.actor, **given)

    def feed(self, person, view: SavedView | None = None):
        CalendarKey.renew(person)
        token = CalendarKey.objects.get(person=person).token
        slug = person.organisation.slug
        return Client().get(f"/{slug}/calendar/{token}/actions/{(view or self.view).pk}.ics")

    def test_it_holds_what_the_view_shows_its_reader(self) -> None:
        calendar = self.feed(self.acme.ann).content.decode()
        self.assertIn("Seen by all", calendar)
        self.assertIn("Secret", calendar)
        self.assertIn("Acme: Actions: Tasks", calendar)
        for left_out in ("Of no interest", "Without a date"):
            self.assertNotIn(left_out, calendar)
        self.assertNotIn("Secret", self.feed(self.acme.bob).content.decode())

    def test_of_more_dates_than_it_holds_those_to_come_stand_in_it(self) -> None:
        today = self.acme.organisation.today()
        for days in (-100, -60, 1, 5):
            self.make(f"In {days} days", due=today + timedelta(days=days), owner=self.acme.cleo, sort="gap")
        view = self.save(self.acme, shared=True, query="sort=gap")
        for most, wanted in ((2, [1, 5]), (3, [-60, 1, 5]), (4, [-100, -60, 1, 5])):
            with patch.object(calendars, "MOST", most):
                for written in (self.feed(self.acme.ann, view).content, self.owed(self.acme.cleo)):
                    self.assertEqual(written.count(b"BEGIN:VEVENT"), most)
                    self.assertTrue(all(f"In {days} days".encode() in written for days in wanted), wanted)

    def owed(self, person) -> bytes:
        CalendarKey.renew(person)
        return Client().get(f"/acme/calendar/{CalendarKey.objects.get(person=person).token}.ics").content

    def test_rights_are_asked_at_every_reading(self) -> None:
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role=Role.QUALITY)
        self.assertIn("Secret", self.feed(self.acme.bob).content.decode())
        holding = RoleHolding.objects.get(person=self.acme.bob)
        actions.edit(holding, by=self.acme.actor, until_on="2020-01-01")
        self.assertNotIn("Secret", self.feed(self.acme.bob).content.decode())

    def test_a_view_that_is_not_ones_own_is_not_there(self) -> None:
        for view in (self.save(self.acme), self.save(self.other, shared=True)):
            self.assertEqual(self.feed(self.acme.bob, view).status_code, 404)
        self.view.removed_at = "2026-01-01T00:00:00Z"
        self.view.save()
        self.assertEqual(self.feed(self.acme.bob).status_code, 404)

    def test_my_notices_name_the_addresses(self) -> None:
        CalendarKey.renew(self.acme.bob)
        page = self.acme.client(self.acme.bob).get("/acme/my-notices/").content.decode()
        self.assertIn(f"{self.view.pk}.ics", page)
        self.assertIn("Actions: Tasks", page)
