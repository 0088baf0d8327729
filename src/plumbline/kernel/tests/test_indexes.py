"""Every filter and every order a list offers stands on an index: no table is read from end to end."""

from django.db import connection
from django.http import QueryDict
from django.test import TestCase

from plumbline.kernel import lists
from plumbline.kernel.models import Record
from plumbline.kernel.register import registers
from plumbline.kernel.testing import Company


class IndexTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def plan(self, register, **query) -> str:
        asked = QueryDict(mutable=True)
        asked.update(query)
        order = asked.get("order", "-number")
        spine = lists.narrowed(register, self.acme.actor, asked)
        keys = lists._ordered(spine, lists.SORTS[order.lstrip("-")], order.startswith("-")).values("pk")[:51]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # a small table is cheapest read whole; ask whether it need be
                cursor.execute("SET LOCAL enable_seqscan = off")
        return keys.explain()

    def test_every_order(self) -> None:
        for register in registers():
            for name in lists.SORTS:
                for order in (name, f"-{name}"):
                    self.check_index(self.plan(register, order=order), f"{register.kind} by {order}")

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

    def check_index(self, plan: str, what: str) -> None:
        words = "Seq Scan" if connection.vendor == "postgresql" else "SCAN "
        self.assertNotIn(words, plan, f"{what}:\n{plan}")

    def test_the_check_itself_notices_a_table_read_whole(self) -> None:
        plan = (
            Record.objects.filter(extra__contains="x").values("pk").explain()
            if connection.vendor != "sqlite"
            else (Record.objects.filter(language="xx").values("pk").explain())
        )
        with self.assertRaises(AssertionError):
            self.check_index(plan, "no index")
