"""What every register must do, done by audits and findings."""

from datetime import date

from plumbline.kernel import actions
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, RegisterContract, TestCase

from ..models import Area
from ..register import Audits, Findings


class AuditTest(RegisterContract, TestCase):
    register = Audits
    sample = {"title": "Initial audit", "sort": "initial", "from_on": date(2026, 11, 2), "to_on": date(2026, 11, 3)}
    most_record_queries = (
        16  # its page shows areas, answers, team and what is not applicable beside what all records have
    )

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.answers = {"lead": cls.acme.bob}

    def make(self, company: Company | None = None, **values):
        return super().make(company, **{"lead": (company or self.acme).ann, **values})

    def ready(self, record, move):
        if move.verb in ("start", "close") and not Area.objects.filter(record_id=record.uid).exists():
            actions.create(Area, by=self.acme.actor, record=record, code="sales", name="Sales", questions=["8.2.1-e"])
        for area in Area.objects.filter(record_id=record.uid) if move.verb == "close" else ():
            actions.edit(
                area, by=self.acme.actor, unaudited_because="The one who knows is ill", agreed_by=self.acme.bob
            )
        return self.r.model.objects.get(pk=record.pk)

    def test_created_through_the_form(self) -> None:
        typed = {"title": "Initial audit", "from_on": "2026-11-02", "lead": self.acme.ann.pk, "sales-on": "on"}
        response = self.acme.client(self.acme.ann).post(self.url("new"), typed)
        self.assertEqual(response.status_code, 302)
        made = self.r.model.objects.get(organisation=self.acme.organisation)
        self.assertEqual((made.state, made.lead, made.to_on), ("planned", self.acme.ann, date(2026, 11, 2)))


class FindingTest(RegisterContract, TestCase):
    register = Findings
    most_record_queries = 11  # its page names the audit and what was merged into it

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        by = cls.acme.actor
        day = date(2026, 11, 2)
        audit = actions.create(register_of("audit"), by=by, title="Initial", lead=cls.acme.ann, from_on=day, to_on=day)
        actions.create(Area, by=by, record=audit, code="sales", name="Sales", questions=["8.2.1-e"])
        audit = actions.act(audit, "start", by=by)
        cls.sample = {"title": "No list of suppliers", "of_audit": audit, "grade": "gap", "text": "Nobody knows"}
        cls.answers = {"merged_into": actions.create(cls.r, by=by, **{**cls.sample, "title": "The other"})}

    def ready(self, record, move):
        if move.verb == "close":
            action = actions.create(register_of("action"), by=self.acme.actor, title="Make the list")
            actions.create(Link, by=self.acme.actor, record=record, target=action)
            actions.act(action, "finish", by=self.acme.actor, result="Made")
        return self.r.model.objects.get(pk=record.pk)
