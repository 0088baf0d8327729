"""A refusal names the people who could do it, and looks them up only when it is read."""

from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, policy
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding
from plumbline.organisation.roles import Role


class RefusalTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.dora = self.acme.join("Dora Ellis", "dora@acme.example")
        self.action = actions.create(
            register_of("action"), by=self.acme.actor, title="Sand the stairs", owner=self.dora, due="2030-01-01"
        )

    def answer(self, person: Person, verb: str = "finish") -> policy.Answer:
        move = register_of(self.action).workflow.move(verb, self.action.state)
        record = type(self.action).objects.get(pk=self.action.pk)
        return policy.may_move(Actor.of(person), move, record)

    def test_the_owner_the_author_and_the_holders_are_named(self) -> None:
        said = "Only for: the owner (Dora Ellis), the author (Ann Bell), Quality manager (Ann Bell)."
        self.assertEqual(self.answer(self.acme.bob).reason, said)
        url = f"/acme/actions/{self.action.number}/"
        self.assertContains(self.acme.client(self.acme.bob).get(url), said)

    def test_who_was_slower_is_led_to_the_record_as_it_stands(self) -> None:
        client, url = self.acme.client(self.dora), f"/acme/actions/{self.action.number}/"
        self.assertEqual(client.get(url + "explode/").status_code, 404)
        for ask in (client.get, client.post):
            answer = ask(url + "reopen/", follow=True)
            self.assertRedirects(answer, url)
            self.assertContains(answer, "That is not possible while the record is “To do”.")

    def test_who_was_slower_gets_back_what_she_wrote_and_hears_who_was_faster(self) -> None:
        url = f"/acme/actions/{self.action.number}/"
        actions.act(self.action, "cancel", by=self.acme.actor, reason="Twice")
        answer = self.acme.client(self.dora).post(url + "cancel/", {"reason": "The stairs <went>", "version": "1"})
        self.assertContains(answer, "Ann Bell: “Cancel this record” (", status_code=409)
        self.assertContains(answer, "The stairs &lt;went&gt;</textarea>", status_code=409)
        self.assertContains(answer, f'action="{url}comments/"', status_code=409)

    def test_who_lost_the_right_meanwhile_gets_back_what_was_written(self) -> None:
        url, bob = f"/acme/actions/{self.action.number}/", self.acme.client(self.acme.bob)
        answer = bob.post(url + "cancel/", {"reason": "Twice", "version": "1", "password": "not to be told"})
        self.assertContains(answer, "Twice</textarea>", status_code=403)
        self.assertNotContains(answer, "not to be told", status_code=403)
        actions.edit(self.action, by=self.acme.actor, confidential=True)
        answer = bob.post(url + "comments/", {"text": "Rails too"})
        self.assertContains(answer, "Rails too</textarea>", status_code=404)

    def test_a_deputy_is_named_with_whose(self) -> None:
        holding = {"person": self.acme.cleo, "role": Role.QUALITY, "deputy_of": self.acme.ann}
        actions.create(RoleHolding, by=self.acme.actor, **holding)
        self.assertIn("Quality manager (Ann Bell, Cleo Dunn for Ann Bell)", self.answer(self.acme.bob).reason)

    def test_who_is_gone_is_not_named(self) -> None:
        yesterday = self.acme.organisation.today() - timedelta(days=1)
        actions.edit(self.dora, by=self.acme.actor, ended_on=yesterday)
        self.assertIn("Only for: the owner, the author (Ann Bell)", self.answer(self.acme.bob).reason)

    def test_who_only_reads_is_told_nobody(self) -> None:
        self.assertNotIn("Ann", self.answer(self.acme.cleo).reason)

    def test_who_may_not_judge_own_work_hears_who_else_can(self) -> None:
        register = register_of("nonconformity")
        record = actions.create(register, by=self.acme.actor, title="Burr", description="Sharp", owner=self.acme.ann)
        move = next(move for move in register.workflow.moves if move.not_by == ("owner",))
        actions.create(RoleHolding, by=self.acme.actor, person=self.dora, role=Role.AUDITOR)
        said = policy.may_try(Actor.of(self.acme.ann), move, record).reason
        self.assertIn("you are the owner. Others can:", said)
        self.assertIn("Internal auditor (Dora Ellis)", said)
        self.assertNotIn("Ann Bell", said)

    def test_nobody_is_looked_up_before_the_reason_is_read(self) -> None:
        actor = Actor.of(self.acme.bob)
        move = register_of(self.action).workflow.move("finish", self.action.state)
        with self.assertNumQueries(0):
            answer = policy.may_move(actor, move, self.action)
        with self.assertNumQueries(1):  # who holds roles; owner and author are loaded
            self.assertTrue(answer.reason and answer.reason)

    def test_many_refusals_cost_no_more_than_few(self) -> None:
        bob, counts = self.acme.client(self.acme.bob), []
        for round_ in range(2):
            for n in range(3):
                owner = self.acme.join(f"Person {round_}{n}", f"p{round_}{n}@acme.example")
                actions.create(
                    register_of("action"), by=self.acme.actor, title=f"Do {n}", owner=owner, due="2030-01-01"
                )
            asked = {"verb": "cancel", "all": "1", "asked": ""}
            with CaptureQueriesContext(connection) as queries:
                page = bob.post("/acme/actions/many/", asked)
            self.assertContains(page, "the author (Ann Bell)")
            counts.append(counted(queries))
        self.assertEqual(counts[0], counts[1])
