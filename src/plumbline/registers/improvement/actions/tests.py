from plumbline.kernel import duties
from plumbline.kernel.models import Duty
from plumbline.kernel.testing import RegisterContract, TestCase
from plumbline.organisation.actor import Actor

from .register import Actions


class ActionTest(RegisterContract, TestCase):
    register = Actions
    sample = {"title": "Order a second gauge", "sort": "task"}
    answers = {"result": "Ordered and calibrated"}

    def test_it_is_its_owners_turn_until_it_is_done(self) -> None:
        bob = Actor.of(self.acme.bob)
        record = self.make(owner=self.acme.bob)
        self.assertEqual([duty.record_id for duty in duties.owed_by(bob)], [record.uid])
        self.move(record, self.r.workflow.move("finish", "open"), by=self.acme.bob)
        self.assertEqual(list(duties.owed_by(bob)), [])

    def test_who_owes_by_two_roles_owes_once(self) -> None:
        ann, record = Actor.of(self.acme.ann), self.make(owner=self.acme.bob)
        self.assertGreater(len(ann.roles), 1)
        owed = [Duty(organisation=self.acme.organisation, record=record, role=role, verb="check") for role in ann.roles]
        Duty.objects.bulk_create(owed)
        self.assertEqual([(duty.record_id, duty.verb) for duty in duties.owed_by(ann)], [(record.uid, "check")])
