"""PostgreSQL reads the newest rows, then asks its index for the recent ones, then for all: none of them is lost."""

from unittest import mock, skipUnless

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.faces.search import asking
from plumbline.faces.search.engines import postgresql
from plumbline.faces.search.models import SearchRow
from plumbline.kernel import actions, lists
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

STEPS = (1, 1000, 1000, 3000, 20_000, 20_000, 150_000, 900_000, 900_000)  # from each row to the next older one
NAMES = ("ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine")  # from the newest on


@skipUnless(connection.vendor == "postgresql", "FTS5 gives its rows in order by itself")
@mock.patch.object(postgresql, "WALKED", 1)  # one row for each that is wanted
class StepsTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        register = register_of("nonconformity")
        rows = [{"title": f"Plank of {name}", "description": "Sawn wood"} for name in reversed(NAMES)]
        for row in rows[::2]:  # every other one, from the oldest on
            row["description"] += ", dry"
        rows[0]["title"] += " with knots"  # the oldest in its title, the newest in its text
        rows[-1]["description"] += " with knots"
        made = actions.create_many(register, rows, by=cls.acme.actor)
        place = 5_000_000
        for record, step in zip(reversed(made), (0, *STEPS), strict=True):
            place -= step
            SearchRow.objects.filter(record=record.uid).update(id=place)

    def found(self, text: str, most: int, head: bool = False) -> list[str]:
        records = Record.objects.visible_to(self.acme.actor)
        found = asking.find(records, text, most, self.acme.organisation.uid, head)
        self.assertFalse(found.close)
        return [one.title.split()[2] for one in found.records]

    def test_each_is_found_however_old(self) -> None:
        for name in NAMES:
            for text in (name, f"sawn {name}", f"{name} plank wood"):
                with self.subTest(text):
                    self.assertEqual(self.found(text, 1), [name])

    def test_the_newest_come_first_as_many_as_are_wanted(self) -> None:
        for most in range(1, len(NAMES) + 1):
            for text in ("plank", "wood", "sawn plank"):
                with self.subTest(f"{most} of {text}"):
                    self.assertEqual(self.found(text, most), list(NAMES[:most]))

    def test_what_the_rows_read_first_lack_comes_from_the_index_once_and_in_order(self) -> None:
        for most in range(1, 6):
            for text in ("dry", "dry wood", "dry plank"):
                with self.subTest(f"{most} of {text}"):
                    self.assertEqual(self.found(text, most), ["birch", "elm", "hazel", "maple", "pine"][:most])

    def test_long_rows_are_read_only_until_they_hold_enough(self) -> None:
        with mock.patch.object(postgresql, "BYTES", 1), mock.patch.object(postgresql, "WALKED", 24):
            self.assertEqual(self.found("sawn wood", 3), ["ash", "birch", "cedar"])
            self.assertEqual(self.found("dry", 9), ["birch", "elm", "hazel", "maple", "pine"])
            with CaptureQueriesContext(connection) as asked:
                self.found("wood", 9)
        with connection.cursor() as cursor:
            read = asked[0]["sql"][asked[0]["sql"].index("WITH newest") :].split("sample AS")[0].rstrip().rstrip(",")
            cursor.execute(f"{read} SELECT count(*) FROM newest")
            self.assertEqual(cursor.fetchone(), (1,))

    def test_what_has_the_words_in_its_title_comes_before_what_is_newer(self) -> None:
        self.assertEqual(self.found("knots", 2), ["pine", "ash"])
        self.assertEqual(self.found("knots", 2, head=True), ["pine"])

    def test_who_may_not_see_the_newest_gets_the_next(self) -> None:
        hidden = Record.objects.visible_to(self.acme.actor).exclude(title__in=["Plank of ash", "Plank of cedar"])
        found = asking.find(hidden, "wood", 3, self.acme.organisation.uid)
        self.assertEqual([one.title.split()[2] for one in found.records], ["birch", "elm", "fir"])

    def test_a_list_is_the_same_however_it_is_found(self) -> None:
        register, actor = register_of("nonconformity"), self.acme.actor
        for text, many in (("wood", 10), ("dry wood", 5), ("knots", 2), ("maple", 1), ("sawn oak", 1), ("nothing", 0)):
            for page, dense in ((0, 0), (0, 26_000), (40, 0), (40, 26_000)):  # frequent among the newest, or seldom
                with (
                    self.subTest(f"{text} {page} {dense}"),
                    mock.patch.object(postgresql, "PAGE", page),
                    mock.patch.object(postgresql, "DENSE", dense),
                ):
                    query = QueryDict(mutable=True)
                    query["q"] = text
                    page = lists.page(register, actor, query)
                    self.assertEqual((page.total, len(page.rows)), (many, many))
            for common in (True, None):
                with self.subTest(f"{text} {common}"):
                    found = asking.narrow(lists.filtered(register, actor, QueryDict()), text, common)
                    self.assertEqual(found.count(), many)

    def test_how_a_list_is_found_follows_from_how_frequent_the_words_are(self) -> None:
        records = Record.objects.visible_to(self.acme.actor)
        self.assertEqual(postgresql.counted(records, [["nothing"]], 3), (0, "'nothing':*"))
        self.assertEqual(postgresql.counted(records, [["dry"], ["wood"]], 3), (3, "'dry':*"))
        with mock.patch.object(postgresql, "PAGE", 0):
            self.assertEqual(postgresql.counted(records, [["wood"]], 3), (3, True))
            self.assertEqual(postgresql.counted(records, [["wood"]], 11), (10, None))
