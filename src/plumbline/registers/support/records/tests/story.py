"""Acme with a category and two who may sign: what the tests of disposal begin with."""

from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import TestCase, override_settings

from plumbline.kernel import actions, files
from plumbline.kernel.models import Attachment
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, proof
from plumbline.organisation.roles import Role
from plumbline.registers.support.records.models import QualityRecord, RecordCategory


class Case(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.dora = cls.acme.join("Dora Ely", "dora@acme.example", Role.QUALITY)
        cls.register = register_of("qualityrecord")

    def setUp(self) -> None:
        self.by = self.acme.actor
        self.category = actions.create(RecordCategory, by=self.by, name="Tests", months=12, source="We said so")
        outside = Path(self.enterContext(TemporaryDirectory()))  # what is signed here is rolled back, marks are not
        self.enterContext(override_settings(PLUMBLINE_HEADS=outside / "heads.jsonl", PLUMBLINE_FILES=outside / "files"))

    def make(self, content: bytes | None = b"the sheet", **values) -> QualityRecord:
        values = {"title": "Sheet 7", "dated_on": date(2012, 5, 1), "category": self.category, **values}
        record = actions.create(self.register, by=self.by, **values)
        if content is not None:
            self.attach(record, content)
        return record

    def attach(self, record, content: bytes, name: str = "sheet.txt") -> Attachment:
        kept = files.keep(self.acme.organisation.uid, BytesIO(content), name)
        return actions.attach(record, kept, name, by=self.by, valid_on=date(2012, 5, 1))

    def go(self, record, *verbs: str, **answers) -> QualityRecord:
        record = QualityRecord.objects.get(pk=record.pk)
        for verb in verbs:
            move = self.register.workflow.move(verb, record.state)
            given = {"method": "deleted"} if "method" in move.asks else {}
            signed = proof(record, move, self.acme.ann)
            record = actions.act(record, verb, by=self.by, proof=signed, reason="because", **given, **answers)
        return record

    def dispose(self, record) -> QualityRecord:
        with self.captureOnCommitCallbacks(execute=True):
            return self.go(record, "propose", "dispose")
