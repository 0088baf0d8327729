"""PostgreSQL reads the newest rows, then asks its index for the recent ones, then for all: none of them is lost."""

from importlib import import_module
from unittest import mock, skipUnless

from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.faces.search import asking
from plumbline.faces.search.engines import postgresql
from plumbline.faces.search.models import SearchRow, SearchWord
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
            for read, dense in ((0, 0), (0, 3000), (60, 0), (60, 3000)):  # frequent among the newest, or seldom
                with (
                    self.subTest(f"{text} {read} {dense}"),
                    mock.patch.object(postgresql, "READ", read),
                    mock.patch.object(postgresql, "DENSE", dense),
                ):
                    query = QueryDict(mutable=True)
                    query["q"] = text
                    page = lists.page(register, actor, query)
                    self.assertEqual((page.total, len(page.rows)), (many, many))
            given = (True, [" & ".join(f"{word}:*" for word in text.split()), True])
            for common in (True, None, given, (False, ["'plank'", False])):
                with self.subTest(f"{text} {common}"):
                    found = asking.narrow(lists.filtered(register, actor, QueryDict()), text, common)
                    self.assertEqual(found.count(), many)

    def test_a_beginning_is_found_whatever_follows_it(self) -> None:
        """A few words are named to the index: none that begins so may be missing, of whatever sort or length."""
        ends = ("", "s", "12", "e" * 60, "s/4", "ae", "ab")
        rows = [{"title": "Bird", "description": f"sparrowhawk{end}"} for end in ends]
        actions.create_many(register_of("nonconformity"), rows, by=self.acme.actor)
        self.assert_all_found("sparrowh", len(rows))
        more = [f"sparrowhawk{one}{two}" for one in "bcdfg" for two in "aeiou"]
        actions.create(register_of("nonconformity"), by=self.acme.actor, title="Bird", description=" ".join(more))
        self.assert_all_found("sparrowh", len(rows) + 1)
        self.assert_all_found("sparrowhawkeeeeeeee", 1)

    def assert_all_found(self, text: str, many: int) -> None:
        records = Record.objects.visible_to(self.acme.actor)
        self.assertEqual(len(asking.find(records, text, 40, self.acme.organisation.uid).records), many)
        for also in ("", " bird"):
            query = QueryDict(mutable=True)
            query["q"] = text + also
            page = lists.page(register_of("nonconformity"), self.acme.actor, query)
            self.assertEqual((page.total, len(page.rows)), (many, many))

    def test_endless_words_of_before_are_learnt(self) -> None:
        actions.create(register_of("nonconformity"), by=self.acme.actor, title="Bird", description="sparrow" * 5)
        SearchWord.objects.filter(word__startswith="sparrow").delete()
        migration = import_module("plumbline.faces.search.migrations.0004_longest_words")
        migration.learn(apps, None)
        self.assertEqual(SearchWord.objects.get(word__startswith="sparrow").word, ("sparrow" * 5)[:30])

    def test_how_a_list_is_found_follows_from_how_frequent_the_words_are(self) -> None:
        records = Record.objects.visible_to(self.acme.actor)
        self.assertEqual(postgresql.counted(records, [["nothing"]], 3), (0, (False, ["'nothing':*", True])))
        self.assertEqual(postgresql.counted(records, [["dry"], ["of"]], 3), (3, (False, ["'dry':*", False])))
        self.assertEqual(postgresql.counted(records, [["sawn"], ["wood"]], 3)[1][1], ["'sawn' & 'wood'", True])
        with mock.patch.object(postgresql, "LOOKED", 0):
            self.assertEqual(postgresql.counted(records, [["maple"]], 1), (1, (True, ["'maple'", True])))
            self.assertEqual(postgresql.counted(records, [["maple"]], 2), (1, (False, ["'maple'", True])))
        with mock.patch.object(postgresql, "READ", 0):
            self.assertEqual(postgresql.counted(records, [["wood"]], 3), (3, True))
            self.assertEqual(postgresql.counted(records, [["wood"]], 11), (10, None))
