"""Search is asked within what somebody may see, from an index, and counted honestly."""

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.faces.search import asking, vocabulary
from plumbline.faces.search.engines import engine
from plumbline.kernel import actions, lists
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.actor import Actor


class EngineTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = register_of("action")
        words = ["Caliper 12 mm is worn", "Caliper 120 mm is lost", "Gauge of hall 2"]
        cls.made = [actions.create(cls.register, by=cls.acme.actor, title=word) for word in words]
        cls.hidden = actions.create(cls.register, by=cls.acme.actor, title="Secret caliper", confidential=True)
        cls.foreign = actions.create(cls.register, by=cls.other.actor, title="Caliper of others")

    def visible(self, person=None):
        return Record.objects.visible_to(Actor.of(person or self.acme.bob))

    def found(self, text: str, person=None) -> list[str]:
        records = self.visible(person)
        return [one.title for one in asking.find(records, text, 10, self.acme.organisation.uid).records]

    def test_what_is_hidden_or_of_others_is_neither_found_nor_counted(self) -> None:
        self.assertEqual(self.found("caliper"), ["Caliper 120 mm is lost", "Caliper 12 mm is worn"])
        self.assertEqual(asking.having(self.visible(), [["caliper"]]), 2)
        self.assertEqual(asking.having(self.visible(self.acme.ann), [["caliper"]]), 3)
        self.assertEqual(self.found("secret"), [])
        self.assertEqual(self.found("secrte"), [])
        self.assertEqual(self.found("secret", self.acme.ann), ["Secret caliper"])

    def test_the_test_notices_a_search_that_forgets_who_asks(self) -> None:
        everything = asking.find(Record.objects.all(), "caliper", 10, self.acme.organisation.uid)
        self.assertEqual(len(everything.records), 3)  # what is hidden too, though never what is of others
        self.assertEqual(asking.having(Record.objects.all(), [["caliper"]]), 4)

    def test_a_number_belongs_to_its_unit(self) -> None:
        self.assertEqual(self.found("caliper 12 mm"), ["Caliper 12 mm is worn"])
        self.assertEqual(self.found("caliper 12mm"), ["Caliper 12 mm is worn"])
        self.assertEqual(self.found("calipr 120 mm"), ["Caliper 120 mm is lost"])
        self.assertEqual(self.found("gauge 3 mm"), [])

    def test_one_statement_finds_and_one_forgives_whatever_is_asked(self) -> None:
        look = 1 if connection.vendor == "postgresql" else 2  # in number and title, and altogether
        with self.assertNumQueries(look):
            self.found_by_the_door("caliper")
        with self.assertNumQueries(2 * look + 1):  # as typed, the words near, with them
            self.found_by_the_door("calipper")
        with self.assertNumQueries(2 * look + 2):  # and which of them nobody here uses
            self.found_by_the_door("calipper worn")

    def found_by_the_door(self, text: str) -> None:
        asking.find(self.visible_to_ann(), text, 10, self.acme.organisation.uid)

    def visible_to_ann(self):
        return Record.objects.visible_to(self.acme.actor)

    def test_search_stands_on_its_index(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # a small table is cheapest read whole; ask whether it need be
                cursor.execute("SET LOCAL enable_seqscan = off")
        plans = [self.plan(head) for head in (True, False)]
        for plan in plans:
            if connection.vendor == "sqlite":
                self.assertIn("SCAN search_fts VIRTUAL TABLE INDEX", plan)
                self.assertNotIn("USE TEMP B-TREE FOR ORDER BY", plan)
                self.assertEqual(plan.count("SCAN "), 1, plan)
            else:
                self.assertNotIn("Seq Scan", plan)
        if connection.vendor == "postgresql":
            self.assertEqual([plans[1].count(name) for name in ("Scan on search_titles", "Scan on search_fts")], [3, 3])

    def test_little_waits_before_it_is_in_the_index(self) -> None:
        """Every search reads what waits, so there must not be much of it."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT relname, reloptions FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                    " WHERE amname = 'gin' AND relname LIKE 'search%' ORDER BY relname"
                )
                short = ["gin_pending_list_limit=256"]
                self.assertEqual(cursor.fetchall(), [("search_fts", short), ("search_titles", short)])

    def plan(self, head: bool) -> str:
        """How the last statement of a search is carried out."""
        with CaptureQueriesContext(connection) as asked:
            engine().best(self.visible(), [["calip"]], 20, self.acme.organisation.uid, head)
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        with connection.cursor() as cursor:
            cursor.execute(explain + asked[-1]["sql"])
            return "\n".join(str(row[-1]) for row in cursor.fetchall())

    def test_the_words_near_stand_on_their_indexes(self) -> None:
        asked = vocabulary.statement_for_candidates(self.acme.organisation.uid, ["caliper"])
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + asked[0], asked[1]
            )
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        self.assertNotIn("Seq Scan", plan)
        self.assertNotIn("SCAN search_searchword", plan)
        if connection.vendor == "sqlite":
            for index in ("search_word ", "search_word_turned", "search_word_bones"):
                self.assertIn(index, plan)

    def test_a_list_that_is_walked_gives_what_the_index_gives(self) -> None:
        for text in ("caliper", "caliper 12mm", "CALIPER", "nothing"):
            query = QueryDict(mutable=True)
            query["q"] = text
            few = set(lists.narrowed(self.register, self.acme.actor, query))
            self.assertEqual(set(self.walked(text)), few)
        self.assertEqual(len(self.walked("caliper")), 3)

    def walked(self, text: str) -> list[Record]:
        return list(asking.narrow(lists.filtered(self.register, self.acme.actor, QueryDict()), text, common=True))
