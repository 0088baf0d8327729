from django.core.exceptions import ValidationError
from django.http import QueryDict

from plumbline.kernel import actions, drafts, policy
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import RegisterContract, TestCase
from plumbline.organisation.actor import Actor

from .register import Nonconformities


class NonconformityTest(RegisterContract, TestCase):
    register = Nonconformities
    sample = {
        "title": "Wrong label",
        "description": "Batch 7 carries the label of batch 6",
        "source": "process",
        "grade": "minor",
    }
    answers = {
        "correction": "Relabelled",
        "enough_because": "One box, never left the hall",
        "cause": "Old template",
        "criterion": "Ten batches without a wrong label",
        "effect": "Twelve batches, none wrong",
    }

    def test_a_unit_is_shown_in_words_and_kept_as_its_code(self) -> None:
        record = self.make(quantity=3, unit="{piece}")
        client = self.acme.client(self.acme.ann)
        page = client.get(self.url("record", record.number))
        self.assertContains(page, "pieces")
        self.assertNotContains(page, "{piece}")
        self.assertEqual(type(record).objects.get(pk=record.pk).unit, "{piece}")

    def test_what_a_report_is_about_is_linked_by_label_or_number_and_never_costs_the_report(self) -> None:
        gauge, secret = self.make(title="Gauge 7"), self.make(title="Secret", confidential=True)
        client, tom = self.acme.client(self.acme.bob), Actor.of(self.acme.bob)
        label = f"https://quality.acme.example/r/{gauge.uid}/"
        for about, linked in ((label, gauge), (gauge.number.lower(), gauge), (str(secret.uid), None), ("G-7", None)):
            given = {**self.sample, "title": f"About {about[:9]}", "about": about}
            page = client.post(self.url("new"), given, follow=True)
            record = page.context["record"]
            self.assertEqual(record.author, self.acme.bob)
            self.assertEqual(
                [one.target_id for one in Link.objects.filter(record=record)], [linked.uid] if linked else []
            )
            self.assertEqual("is not linked" in page.content.decode(), not linked, about)
        self.assertContains(client.get(self.url("new"), {"about": gauge.number}), f'value="{gauge.number}"')
        drafts.keep(tom, "nonconformity:new", QueryDict("title=Begun&about=G-8"))
        self.assertContains(client.get(self.url("new")), 'value="G-8"')

    def test_a_small_one_closes_in_three_steps(self) -> None:
        record = self.make()
        record = actions.act(record, "correct", by=self.acme.actor, correction="Relabelled")
        record = actions.act(record, "settle", by=self.acme.actor, enough_because="One box")
        self.assertEqual(record.state, "closed")

    def test_the_owner_does_not_check_the_effect_of_their_own_work(self) -> None:
        record = self.make()
        for verb in ("correct", "analyse", "plan", "submit"):
            move = self.r.workflow.move(verb, record.state)
            record = actions.act(record, verb, by=self.acme.actor, **{name: self.answers[name] for name in move.asks})
        move = self.r.workflow.move("confirm", record.state)
        self.assertIn("Nobody judges their own work", policy.may_move(self.acme.actor, move, record).reason)

    def test_it_waits_for_its_actions(self) -> None:
        record = self.make()
        action = actions.create(register_of("action"), by=self.acme.actor, title="New template")
        actions.create(Link, by=self.acme.actor, record=record, target=action, why="action")
        for verb in ("correct", "analyse", "plan"):
            move = self.r.workflow.move(verb, record.state)
            record = actions.act(record, verb, by=self.acme.actor, **{name: self.answers[name] for name in move.asks})
        with self.assertRaisesMessage(policy.Denied, "1 action is still open."):
            actions.act(record, "submit", by=self.acme.actor)
        actions.act(action, "finish", by=self.acme.actor, result="Done")
        self.assertEqual(actions.act(record, "submit", by=self.acme.actor).state, "check")

    def test_everybody_may_report_but_not_decide_that_it_is_enough(self) -> None:
        bob = Actor.of(self.acme.bob)
        record = actions.create(self.r, by=bob, **self.sample)
        record = actions.act(record, "correct", by=bob, correction="Relabelled")
        with self.assertRaises(policy.Denied):
            actions.act(record, "settle", by=bob, enough_because="I say so")

    def test_the_criterion_is_fixed_before_the_action_starts(self) -> None:
        record = actions.act(self.make(), "correct", by=self.acme.actor, correction="Relabelled")
        record = actions.act(record, "analyse", by=self.acme.actor)
        record = actions.edit(record, by=self.acme.actor, criterion="Five batches")
        record = actions.act(record, "plan", by=self.acme.actor, cause="Old template", criterion="Ten batches")
        with self.assertRaisesMessage(ValidationError, "fixed when the action began"):
            actions.edit(record, by=self.acme.actor, criterion="Two batches will do")
        record.refresh_from_db()
        self.assertEqual(record.criterion, "Ten batches")
