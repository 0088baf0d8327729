"""Every filter and every order a list offers stands on an index: no table is read from end to end."""

import base64
import json

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import lists
from plumbline.kernel.models import Record
from plumbline.kernel.register import registers
from plumbline.kernel.testing import Company
from plumbline.ledger.keyset import keys_after, marked


class IndexTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def plan(self, register, **query) -> str:
        asked = QueryDict(mutable=True)
        asked.update(query)
        _sort, column, backwards = lists.order(asked)
        spine = lists.narrowed(register, self.acme.actor, asked)
        begins = marked(Record, column, asked.get(lists.MARK))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # a small table is cheapest read whole, and sorted; need it be?
                for way in ("seqscan", "sort", "bitmapscan"):
                    cursor.execute(f"SET LOCAL enable_{way} = off")
        return keys_after(spine, column, backwards, begins, 51).explain()

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
        person, uid = str(self.acme.ann.uid), str(self.acme.ann.uid)
        for register in registers():
            for name in register.filters:
                field = register.field(name)
                value = person if name == "owner" else uid if field.is_relation else "True"
                if field.get_internal_type() == "CharField":
                    value = "open"
                self.check_index(self.plan(register, **{name: value}), f"{register.kind} filtered by {name}")
            self.check_index(self.plan(register, due_before="today"), f"{register.kind} late")

    def test_the_rows_of_a_page_and_a_record_are_found_by_their_keys(self) -> None:
        client = self.acme.client(self.acme.ann)
        for register in registers():
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/acme/{register.slug}/")
                client.get(f"/acme/{register.slug}/NO-1/")
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
