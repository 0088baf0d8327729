"""From and to: the same rows on the page, in an export, a saved view and the API; no error, whatever is typed."""

import json
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plumbline.faces.api.tests.asking import Program, refused
from plumbline.faces.lists.models import SavedView
from plumbline.kernel import actions, lists
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted
from plumbline.organisation.models import Site
from plumbline.organisation.own_fields import OwnField

HERE = "/acme/nonconformities/"


class RangeTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = register_of("nonconformity")
        cls.declare(cls.acme, "depth", "number")
        cls.declare(cls.acme, "checked", "date")
        cls.declare(cls.acme, "note", "text")
        cls.declare(cls.other, "depth", "text")  # the same name, and no numbers at all
        strange = {"title": "Deep", "description": "Elsewhere", "own": {"depth": "very"}}
        actions.create(cls.register, by=cls.other.actor, **strange)
        hall = actions.create(Site, by=cls.acme.actor, name="Hall 2")
        actions.create(Site, by=cls.other.actor, name="Hall 2")
        cls.made = [
            actions.create(
                cls.register,
                by=cls.acme.actor,
                title=f"Burr {number}",
                description="At the edge",
                due=cls.acme.organisation.today() + timedelta(days=number),
                quantity=number * 10,
                site=hall if number in (2, 3) else None,
                own={"depth": f"{number}.5", "checked": f"2026-0{number}-15", "note": f"Shift {number}"},
            )
            for number in range(1, 6)
        ]
        actions.create(cls.register, by=cls.acme.actor, title="Bare", description="Nothing more is known")

    @classmethod
    def declare(cls, company: Company, code: str, sort: str) -> None:
        given = {"kind": "nonconformity", "code": code, "label": code.title(), "sort": sort}
        actions.create(OwnField, by=company.actor, **given)
        company.organisation.refresh_from_db()

    def found(self, **asked: object) -> list[int]:
        """Which of the five are on the page; the API and an export must say the same."""
        asked = {"order": "number", **asked}
        here = [record.number for record in self.made]
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in asked.items()})
        page = [row.number for row in lists.page(self.register, self.acme.actor, query).rows]
        answer = Program.of(self.acme.ann).get("nonconformities?" + urlencode(asked))
        self.assertEqual(answer.status_code, 200, answer.content)
        self.assertEqual([one["number"] for one in answer.json()["items"]], page)
        self.assertEqual(answer.json()["total"], len(page))
        file = b"".join(self.acme.client(self.acme.ann).get(f"{HERE}export.csv?{urlencode(asked)}").streaming_content)
        self.assertEqual([number for number in here if number in file.decode()], [n for n in page if n in here])
        return [here.index(number) + 1 if number in here else 0 for number in page]

    def test_dates_and_numbers_of_the_register(self) -> None:
        day = self.acme.organisation.today()
        self.assertEqual(self.found(due_from=day + timedelta(days=2), due_to=day + timedelta(days=4)), [2, 3, 4])
        self.assertEqual(self.found(quantity_from="20", quantity_to="39.999"), [2, 3])
        self.assertEqual(self.found(quantity_from="20.0001"), [3, 4, 5])
        self.assertEqual(self.found(created_at_from=day, created_at_to=day), [1, 2, 3, 4, 5, 0])
        self.assertEqual(self.found(created_at_to=day - timedelta(days=1)), [])
        self.assertEqual(self.found(closed_at_from="2000-01-01"), [])

    def test_a_day_begins_where_the_organisation_is(self) -> None:
        """Kiritimati is 14 hours ahead of Greenwich, Pago Pago 11 behind: what is today there is told by their day."""
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            actions.edit(self.acme.organisation, by=self.acme.actor, zone=zone)
            self.acme.organisation.refresh_from_db()
            day = timezone.now().astimezone(ZoneInfo(zone)).date()
            before, after = day - timedelta(days=1), day + timedelta(days=1)
            self.assertEqual(len(self.found(created_at_from=day, created_at_to=day)), 6, zone)
            self.assertEqual(self.found(created_at_from=after) + self.found(created_at_to=before), [], zone)

    def test_dates_and_numbers_of_own_fields(self) -> None:
        self.assertEqual(self.found(**{"own-depth_from": "2.5", "own-depth_to": "4"}), [2, 3])
        self.assertEqual(self.found(**{"own-depth_from": "-1"}), [1, 2, 3, 4, 5])
        self.assertEqual(self.found(**{"own-depth_to": "10"}), [1, 2, 3, 4, 5])  # as numbers, not as text
        self.assertEqual(self.found(**{"own-depth": "2.50"}), [2])
        self.assertEqual(self.found(**{"own-checked_from": "2026-03-15"}), [3, 4, 5])
        self.assertEqual(self.found(**{"own-checked_to": "2026-03-14", "own-note": "shift"}), [1, 2])
        self.assertEqual(self.found(**{"own-note": "SHIFT 3"}), [3])

    def test_pages_go_on_within_a_range(self) -> None:
        asked: dict = {"own-depth_from": "2", "quantity_to": "50", "order": "due", "size": 2}
        program, seen, after = Program.of(self.acme.ann), [], ""
        while after is not None:
            told = program.get("nonconformities?" + urlencode({**asked, **({"after": after} if after else {})})).json()
            self.assertEqual(told["total"], 4)
            seen += [one["title"] for one in told["items"]]
            after = told["after"]
        self.assertEqual(seen, [f"Burr {number}" for number in (2, 3, 4, 5)])

    def test_what_is_late_in_one_hall_is_ticked_and_kept_as_a_view(self) -> None:
        day = self.acme.organisation.today()
        self.assertEqual(self.found(site="hall"), [2, 3])
        self.assertEqual(self.found(site="Hall 2", due_before=day + timedelta(days=3)), [2])
        self.assertEqual(self.found(site="%"), [])
        client = self.acme.client(self.acme.ann)
        shown = client.get(HERE, {"due_before": "today", "open": "1", "site": "Hall 2", "owner": "me"})
        for name in ("due_before", "open"):
            box = f'type="checkbox" data-filter id="f-{name}" name="{name}" value="'
            self.assertContains(shown, box)
            self.assertNotContains(shown, f'type="hidden" name="{name}"')
        self.assertContains(shown, f'hx-get="{HERE}"')  # what is unticked does not stay in the address
        self.assertEqual([on for *_one, on in shown.context["more"].switches], [True, True])
        self.assertIn(("Site", "Hall 2"), [(label, value) for label, value, _address in shown.context["chips"]])
        self.assertContains(client.get(HERE, {"due_before": "2026-01-01"}), 'type="hidden" name="due_before"')
        client.post(f"{HERE}views/new/?due_before=today&open=1&site=Hall+2", {"name": "late, Hall 2"})
        kept = dict(QueryDict(SavedView.objects.get(name="late, Hall 2").query).items())
        self.assertEqual(kept, {"due_before": "today", "open": "1", "site": "Hall 2"})

    @pytest.mark.slow  # two hundred pages
    def test_nothing_that_is_typed_is_an_error_of_ours(self) -> None:
        client = self.acme.client(self.acme.ann)
        wrong = ("x", "2026-02-30", "1e999999999", "NaN", "-Infinity", "9" * 300, "\0", "0001-01-01", "9999-12-31", "٣")
        names = (
            "due_from",
            "created_at_from",
            "created_at_to",
            "quantity_from",
            "quantity_to",
            "own-depth",
            "own-note",
        )
        for value in wrong:
            for name in (*names, "own-depth_from", "own-depth_to", "own-checked_from", "own-none_from"):
                answer = client.get(HERE, {name: value})
                self.assertEqual(answer.status_code, 404 if value == "\0" else 200, f"{name}={value}")
                answer = Program.of(self.acme.ann).get("nonconformities?" + urlencode({name: value}))
                self.assertIn(answer.status_code, (200, 404, 422) if value == "\0" else (200, 422), f"{name}={value}")

    def test_the_api_refuses_by_name_what_the_page_would_look_past(self) -> None:
        program = Program.of(self.acme.ann)
        for asked, name in (
            ({"own-none": "x"}, "own-none"),
            ({"own-depth_from": "deep"}, "own-depth_from"),
            ({"own-checked_to": "31.12.2026"}, "own-checked_to"),
            ({"own-depth": 1, "own-note": "x", "own-checked_to": "2026-01-01", "quantity_to": 1}, "own-checked_to"),
        ):
            told = refused(program.get("nonconformities?" + urlencode(asked)), 422)
            self.assertEqual(list(told["errors"]), [name], told)
        refused(program.get("nonconformities?due_from=tomorrow"), 422)
        stranger = Program.of(self.other.ann)  # there the code is a text
        self.assertIn("own-depth_from", refused(stranger.get("nonconformities?own-depth_from=1"), 422)["errors"])
        self.assertEqual(stranger.get("nonconformities?own-depth=very").json()["total"], 1)

    def test_the_page_asks_and_tells_them_and_each_is_taken_away(self) -> None:
        client = self.acme.client(self.acme.ann)
        shown = client.get(HERE, {"own-depth_from": "2.5", "due_to": "2999-12-31", "own-note": "Shift"})
        for words in ('name="own-depth_from" value="2.5"', 'name="due_to" value="2999-12-31"', 'name="quantity_to"'):
            self.assertContains(shown, words)
        chips = {label: (value, address) for label, value, address in shown.context["chips"]}
        self.assertEqual(chips["Depth from"][0], "2.5")
        self.assertNotIn("own-depth_from", chips["Depth from"][1])
        self.assertIn("due_to", chips["Depth from"][1])
        self.assertIn("2999", chips["Due to"][0])
        late = client.get(HERE, {"due_before": "today"}).context["chips"]
        self.assertEqual([(label, value) for label, value, _address in late], [("Only", "overdue ones")])

    def test_a_saved_view_keeps_them(self) -> None:
        client = self.acme.client(self.acme.ann)
        client.post(f"{HERE}views/new/?own-depth_from=2.5&due_to=2999-12-31&x_from=1", {"name": "Deep ones"})
        view = SavedView.objects.get(name="Deep ones")
        self.assertEqual(dict(QueryDict(view.query).items()), {"own-depth_from": "2.5", "due_to": "2999-12-31"})
        rows = client.get(HERE, {"view": str(view.pk)}).context["page"].rows
        self.assertEqual([row.title for row in rows], ["Burr 5", "Burr 4", "Burr 3", "Burr 2"])

    def test_they_cost_no_query_and_read_no_table_whole(self) -> None:
        client = self.acme.client(self.acme.ann)
        client.get(HERE)
        asked = ({}, {"own-depth_from": "1", "due_from": "2020-01-01", "created_at_from": "2020-01-01"})
        many = []
        for query in asked:
            with CaptureQueriesContext(connection) as queries:
                client.get(HERE, query)
            many.append(counted(queries))
        self.assertEqual(many[0], many[1])
        query = QueryDict(mutable=True)
        query.update(asked[1])
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
        plan = lists.filtered(self.register, self.acme.actor, query).order_by("-uid").values("pk")[:51].explain()
        self.assertNotIn("Seq Scan" if connection.vendor == "postgresql" else "SCAN ", plan)

    @pytest.mark.slow  # the whole description of the API, twice
    def test_the_description_names_them(self) -> None:
        described = json.loads(self.acme.client(self.acme.ann).get("/api/openapi.json").content)
        told = {one["name"]: one for one in described["paths"]["/api/nonconformities"]["get"]["parameters"]}
        self.assertLessEqual({"due_from", "due_to", "quantity_from", "created_at_to", "own"}, told.keys())
        self.assertTrue(told["own"]["explode"])
