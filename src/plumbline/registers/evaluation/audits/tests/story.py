"""The people and the audit of these tests."""

from datetime import date

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase, proof
from plumbline.organisation.actor import Actor

from .. import answering, planning
from ..asking import AreaPlan
from ..models import Answer, Area, Audit

DAY = date(2026, 11, 2)


class Story(TestCase):
    """Ann is the quality manager, Bob leads the audit, Dora audits with him, Carl is met in sales."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.ann, cls.bob = cls.acme.actor, Actor.of(cls.acme.bob)
        cls.dora = Actor.of(cls.acme.join("Dora Ek", "dora@acme.example"))
        cls.carl = cls.acme.join("Carl Fox", "carl@acme.example")
        sales = AreaPlan("sales", meets=cls.carl)
        cls.audit = planning.plan(
            cls.ann, "", [sales, "production", "management"], lead=cls.acme.bob, team=[cls.dora.person], from_on=DAY
        )
        cls.audit = actions.act(cls.audit, "start", by=cls.bob)
        cls.areas = {area.code: area for area in Area.objects.filter(record_id=cls.audit.uid)}
        cls.sales = cls.areas["sales"]

    def say(self, question: str, result: str, area: str = "sales", by: Actor | None = None, **fields) -> Answer:
        return answering.save(self.audit, self.areas[area], question, by or self.bob, result=result, **fields)

    def leave_out(self, *codes: str) -> None:
        for code in codes:
            actions.edit(self.areas[code], by=self.ann, unaudited_because="No time", agreed_by=self.acme.ann)

    def answer_all(self, code: str, result: str = "met") -> None:
        for question in self.areas[code].questions:
            self.say(question, result, code)

    def close(self) -> Audit:
        move = self.audit_register.workflow.move("close", "running")
        audit = Audit.objects.get(pk=self.audit.pk)
        return actions.act(audit, "close", by=self.bob, proof=proof(audit, move, self.acme.bob))

    @property
    def audit_register(self):
        return register_of("audit")
