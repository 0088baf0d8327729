"""What a program is told when it makes a record is what it is told when it reads it, in every register."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.test import TestCase

from plumbline.faces.api import shapes
from plumbline.faces.api.tests.asking import Program
from plumbline.kernel import actions
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of, registers
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Process, Site
from tests.access.test_api import one_of_each
from tests.access.test_matrix import samples

AS_TYPED = {"DecimalField": Decimal("7.5"), "TextField": "Gro\u0308\u00dfe 7", "DateField": date(2026, 12, 1)}


@pytest.mark.slow  # every register
class ToldTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.there = one_of_each(cls.acme)
        cls.places = {
            "site": actions.create(Site, by=cls.acme.actor, name="Hall 2"),
            "process": actions.create(Process, by=cls.acme.actor, name="Turning", owner=cls.acme.bob),
            "owner": cls.acme.bob,
        }

    def values(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """What can be sent of this kind: its sample, and what is written otherwise than it was typed."""
        register = register_of(kind)
        names = shapes.typed_names(register)
        fields = {name: register.field(name) for name in names}
        typed = {name: AS_TYPED[sort] for name in names if (sort := fields[name].get_internal_type()) in AS_TYPED}
        sent = typed | self.places | given
        return {name: as_sent(value) for name, value in sent.items() if name in names}

    def test_made_is_told_as_read(self) -> None:
        program, told = Program.of(self.acme.ann), 0
        audit, document = self.there["audits"], self.there["documents"]
        finding = {"title": "List", "grade": "gap", "text": "Nobody knows", "of_audit": audit}
        given = samples() | {"revision": {"title": "Prices", "of_document": document}, "finding": finding}
        given["audit"]["lead"], given["qualityrecord"]["category"] = self.acme.ann, self.there["records"].category
        for register in registers():
            made = program.post(register.slug, self.values(register.kind, given[register.kind]) | {"reason": "tried"})
            self.assertEqual(made.status_code, 201, f"{register.kind}: {made.content!r}")
            read = program.get(f"{register.slug}/{made.json()['uid']}")
            self.assertEqual(made.json(), read.json(), register.kind)
            told += len(made.json())
        self.assertGreater(told, 20 * len(registers()))


def as_sent(value: Any) -> Any:
    if isinstance(value, Record | Model):
        return str(value.pk)
    return value if isinstance(value, bool | int) else str(value)
