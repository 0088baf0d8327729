"""Every filter and every order a list offers stands on an index: no table is read from end to end."""

import base64
import json

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, duties, lists, ranges
from plumbline.kernel.models import Record
from plumbline.kernel.register import registers
from plumbline.kernel.testing import Company
from plumbline.ledger.keyset import keys_after, marked
from plumbline.organisation.models import Process, Site


class IndexTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        actions.create(Site, by=cls.acme.actor, name="Hall 2")
        actions.create(Process, by=cls.acme.actor, name="Hall keeping", owner=cls.acme.ann)

    def plan(self, register, **query) -> str:
        asked = QueryDict(mutable=True)
        asked.update(query)
        _sort, column, backwards = lists.order(asked)
        spine = lists.narrowed(register, self.acme.actor, asked)
        begins = marked(Record, column, asked.get(lists.MARK))
        self.without_whole_tables()
        return keys_after(spine, column, backwards, begins, 51).explain()

    def without_whole_tables(self) -> None:
        """On PostgreSQL a small table is cheapest read whole, and sorted: asked is whether it need be."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for way in ("seqscan", "sort", "bitmapscan"):
                    cursor.execute(f"SET LOCAL enable_{way} = off")

    def test_every_order(self) -> None:
        for register in registers():
            for name in lists.SORTS:
                for order in (name, f"-{name}"):
                    plan = self.plan(register, order=order)
                    self.check_index(plan, f"{register.kind} by {order}")
                    self.check_walked(plan, f"{register.kind} by {order}")

    def test_every_page_begins_at_its_place_in_the_index(self) -> None:
        """However deep: the rows before it are not read again."""
        register, uid = next(iter(registers())), str(self.acme.ann.uid)
        values = {"title": "Wrong", "state": "open", "owner_id": uid, "due": "2026-11-27", "uid": uid}
        for name, column in lists.SORTS.items():
            for value in (values[column], *([None] if column == "due" else [])):
                mark = base64.urlsafe_b64encode(json.dumps([value, uid]).encode()).decode()
                for order in (name, f"-{name}"):
                    plan, what = self.plan(register, **{"order": order, lists.MARK: mark}), f"after {value} by {order}"
                    self.check_walked(plan, what)
                    begun = r"\buid\)?[<>]" if connection.vendor == "sqlite" else r"Index Cond.*uid\)? [<>]"
                    self.assertRegex(plan, begun, what)

    def check_walked(self, plan: str, what: str) -> None:
        """The index gives the rows in their order: what is sorted has been read whole."""
        self.assertNotRegex(plan, r"Sort|USE TEMP B-TREE", what)

    def test_every_filter(self) -> None:
        """What it leaves is found by an index of the very column, neither walking the register nor the organisation."""
        for register in registers():
            for name in (*register.filters, *ranges.wheres(register)):
                self.check_filter(register, name, f"{register.kind} filtered by {name}")
            self.check_index(self.left(register, due_before="today"), f"{register.kind} late")
            self.check_index(self.left(register, open="1"), f"{register.kind} open")
            for column in ("created_at", "closed_at", "due"):
                plan = self.left(register, **{f"{column}_from": "2026-01-01", f"{column}_to": "2026-01-31"})
                self.check_index(plan, f"{register.kind} by {column}")
                if connection.vendor == "sqlite":
                    self.assertRegex(plan, rf"{column}>\? AND {column}<\?", f"{register.kind} by {column}")
            if connection.vendor == "sqlite":
                self.assertRegex(self.left(register, due_before="today"), r"\bdue<", f"{register.kind} late")
                self.assertIn("kernel_record_open", self.left(register, open="1"), f"{register.kind} open")

    def told(self, register, name: str) -> tuple[str, str]:
        """The column of a filter, and a value it may have."""
        field = register.field(name)
        value = str(self.acme.ann.uid) if field.is_relation else "True"
        if name in ranges.wheres(register):
            value = "Hall"
        elif field.get_internal_type() == "CharField":
            value = "open"
        return field.column, value

    def left(self, register, **query) -> str:
        """How what a filter leaves is counted, of which all has to be read."""
        asked = QueryDict(mutable=True)
        asked.update(query)
        self.without_whole_tables()
        return lists.narrowed(register, self.acme.actor, asked).order_by().values("pk")[: lists.CAP].explain()

    def check_filter(self, register, name: str, what: str) -> None:
        """SQLite plans without looking at how little there is; of PostgreSQL is asked what its planner can choose."""
        column, value = self.told(register, name)
        plan, field = self.left(register, **{name: value}), register.field(name)
        self.check_index(plan, what)
        if connection.vendor == "sqlite":
            self.assertRegex(plan, rf"SEARCH .*\(.*\b{column}[=<>]", what)
        self.assertTrue(self.stands_on_an_index(field.model, column), what)

    def stands_on_an_index(self, model, column: str) -> bool:
        """Whether an index has the column right after what a list always asks."""
        always = {"organisation_id", "kind", "home_id"}
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
        asked = ([name for name in one["columns"] if name not in always] for one in found if one["index"])
        return any(first == column for first, *_rest in filter(None, asked))

    def test_the_check_itself_notices_a_filter_without_its_index(self) -> None:
        self.assertFalse(self.stands_on_an_index(Record, "language"))
        if connection.vendor != "sqlite":  # where the tests' role may not drop one
            return
        for register in registers():
            for name in (*register.filters, *ranges.wheres(register)):
                field = register.field(name)
                with connection.cursor() as cursor:
                    cursor.execute("SAVEPOINT without")
                    for index in self.indexes_of(cursor, field):
                        cursor.execute(f'DROP INDEX "{index}"')
                    with self.assertRaises(AssertionError, msg=f"{register.kind} {name}"):
                        self.check_filter(register, name, "no index")
                    cursor.execute("ROLLBACK TO without")

    def indexes_of(self, cursor, field) -> list[str]:
        found = connection.introspection.get_constraints(cursor, field.model._meta.db_table).items()
        return [name for name, one in found if one["index"] and field.column in one["columns"]]

    def test_the_rows_of_a_page_and_a_record_are_found_by_their_keys(self) -> None:
        client = self.acme.client(self.acme.ann)
        for register in registers():
            with CaptureQueriesContext(connection) as queries:
                client.get("/acme/")
                client.get(f"/acme/{register.slug}/")
                client.get(f"/acme/{register.slug}/NO-1/")
                lists.page(register, self.acme.actor, QueryDict(), whole=True)  # as a program asks it
            asked = [query["sql"] for query in queries if "kernel_record" in query["sql"]]
            self.assertGreater(len(asked), 1)
            for statement in asked:
                self.check_keys(statement, register.kind)

    def check_keys(self, statement: str, what: str) -> None:
        """SQLite plans without looking at how much there is: an organisation read whole shows in an empty one."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
                plan = "\n".join(row[3] for row in cursor.fetchall())
            self.assertNotRegex(plan, r"SEARCH \w+ USING .*\((organisation|home)_id=\?\)(?m:$)", f"{what}: {statement}")

    def test_what_one_owes_is_found_by_person_and_by_role(self) -> None:
        """Not among what all of the organisation owe: it is counted for every page after a change."""
        self.without_whole_tables()
        plan = duties.owed_by(self.acme.actor).explain()
        self.check_index(plan, "owed")
        if connection.vendor == "sqlite":  # of constants, as in check_keys, it would plan otherwise
            self.assertRegex(plan, r"\(organisation_id=\? AND person_id=\?\)(.|\n)*\(organisation_id=\? AND role=\?\)")

    def test_the_check_itself_notices_an_organisation_read_whole(self) -> None:
        if connection.vendor == "sqlite":
            home = self.acme.organisation.uid.hex
            with self.assertRaises(AssertionError):
                self.check_keys(f"SELECT title FROM kernel_record WHERE organisation_id = '{home}'", "read whole")

    def check_index(self, plan: str, what: str) -> None:
        words = "Seq Scan" if connection.vendor == "postgresql" else "SCAN "
        self.assertNotIn(words, plan, f"{what}:\n{plan}")

    def test_the_check_itself_notices_what_is_sorted(self) -> None:
        with self.assertRaises(AssertionError):
            self.check_walked(Record.objects.order_by("number").values("pk")[:51].explain(), "no index")

    def test_the_check_itself_notices_a_table_read_whole(self) -> None:
        plan = (
            Record.objects.filter(extra__contains="x").values("pk").explain()
            if connection.vendor != "sqlite"
            else (Record.objects.filter(language="xx").values("pk").explain())
        )
        with self.assertRaises(AssertionError):
            self.check_index(plan, "no index")
