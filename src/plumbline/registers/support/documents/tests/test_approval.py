"""The route of a draft, remarks on passages, and what is refused when somebody signs."""

import io
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import actions, files, policy, signing, tries
from plumbline.kernel.models import Signature
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import PASSWORD, Company, TestCase
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import RoleHolding
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.approval import arranging, remarking
from plumbline.registers.support.documents.models import DocumentKind, Remark, Revision, Step
from plumbline.registers.support.documents.tests.house import TODAY, House

LOG = "plumbline.kernel.signing"


def again(house: House, **more: Any) -> DocumentKind:
    """The organisation asks for the password when a procedure is approved."""
    values = {"sort": "procedure", "prefix": "PRO", "route": [{"place": 1, "does": "approve", "role": "quality"}]}
    return actions.create(DocumentKind, by=house.acme.actor, strength="again", **values, **more)


class ApprovalTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)
        self.dora = self.acme.client(self.house.dora)

    def url(self, name: str, revision: Revision, *args: Any) -> str:
        return reverse(f"revisions:{name}", args=["acme", revision.number, *args])

    def fresh(self, revision: Revision) -> Revision:
        return Revision.objects.get(pk=revision.pk)

    def drawn(self, revision: Revision) -> list[list[str]]:
        steps = self.fresh(revision).route
        return [[step.whose for step in row] for does in Step.Does.values for row in arranging.groups(steps, does)]

    def test_who_wrote_it_hears_why_she_does_not_approve_it_and_who_does(self) -> None:
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        eve = self.acme.join("Eve Gray", "eve@acme.example")
        actions.create(RoleHolding, by=self.acme.actor, person=eve, role=Role.QUALITY, deputy_of=self.acme.ann)
        page = self.dora.get(self.url("record", revision))
        self.assertContains(page, "Nobody judges their own work: you are who wrote it.")
        self.assertContains(page, "Others can: whoever is asked to approve it now (Ann Bell, Eve Gray).")

    def test_two_colleagues_are_asked_on_the_page(self) -> None:
        revision = self.house.draft()
        for who, when in ((self.acme.bob, "after"), (self.acme.ann, "beside")):
            asked = {"do": "add", "who": f"person:{who.pk}", "does": "review", "when": when}
            self.assertEqual(self.dora.post(self.url("route", revision), asked).status_code, 302)
        self.assertEqual(self.drawn(revision), [["Bob Carter", "Ann Bell"], ["Quality manager"]])
        page = self.dora.get(self.url("record", revision))
        self.assertContains(page, "side by side")
        self.assertContains(page, "Ask whom?")
        self.assertNotContains(self.acme.client(self.acme.bob).get(self.url("record", revision)), "Ask whom?")

    def test_order_by_two_buttons(self) -> None:
        revision = self.house.draft()
        steps = [
            arranging.add(self.fresh(revision), self.house.writer, f"person:{who.pk}", "review")
            for who in (self.acme.ann, self.acme.bob, self.house.dora)
        ]
        ann, bob, dora = "Ann Bell", "Bob Carter", "Dora Ellis"
        ways = [
            (2, True, [[ann], [bob, dora]]),
            (2, True, [[ann], [dora], [bob]]),
            (0, False, [[ann, dora], [bob]]),
            (0, False, [[dora], [ann], [bob]]),
            (0, True, [[ann, dora], [bob]]),
        ]
        for which, earlier, wanted in ways:
            arranging.move(self.fresh(revision), steps[which], self.house.writer, earlier)
            self.assertEqual(self.drawn(revision)[:-1], wanted)

    def test_who_is_not_asked_after_all_stays_on_record_and_out_of_the_way(self) -> None:
        revision = self.house.draft()
        step = arranging.add(revision, self.house.writer, f"person:{self.acme.bob.pk}", "review")
        self.dora.post(self.url("route", revision), {"do": "remove", "step": str(step.pk)})
        self.assertEqual((self.drawn(revision), Step.objects.count()), ([["Quality manager"]], 2))
        self.assertEqual(self.house.act(revision, "submit", self.house.dora).state, "in_approval")

    def test_without_an_approver_it_is_not_handed_in(self) -> None:
        revision = self.house.draft()
        arranging.remove(revision.route[0], self.house.writer)
        with self.assertRaisesMessage(policy.Denied, "Nobody is asked to approve"):
            self.house.act(revision, "submit", self.house.dora)

    def test_once_handed_in_only_deputy_and_date_are_changed(self) -> None:
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        step = revision.route[0]
        with self.assertRaises(ValidationError):
            actions.edit(step, by=self.house.writer, role="management")
        with self.assertRaises(ValidationError):
            actions.create(Step, by=self.house.writer, record=revision, does="approve", person=self.house.dora)
        later = actions.edit(step, by=self.house.writer, due=TODAY + timedelta(days=9))
        self.assertEqual(later.due, TODAY + timedelta(days=9))
        asked = {"do": "add", "who": f"person:{self.acme.bob.pk}", "does": "approve"}
        self.assertEqual(self.dora.post(self.url("route", revision), asked).status_code, 403)

    def test_remarks_are_answered_resolved_and_opened_again(self) -> None:
        revision, bob = self.house.draft(), self.acme.client(self.acme.bob)
        given = {"text": "Which suppliers?", "quote": "Suppliers"}
        bob.post(self.url("remarks", revision), given)
        remark = Remark.objects.get()
        page = self.url("remark", revision, remark.pk)
        self.dora.post(page, {"text": "All of them.", "do": "answer"})
        self.assertContains(bob.get(self.url("passages", revision)), "All of them.")
        whole = bob.get(self.url("record", revision)).content.decode()
        self.assertIn("To the remark “Which suppliers?”", whole[: whole.index("All of them.")])
        eve = self.acme.client(self.acme.join("Eve Fox", "eve@acme.example"))
        self.assertEqual(eve.post(page, {"do": "resolve"}).status_code, 403)
        self.dora.post(page, {"do": "resolve"})
        self.assertEqual(Remark.objects.get().resolved_by, self.house.dora)
        bob.post(page, {"do": "reopen"})
        self.assertIsNone(Remark.objects.get().resolved_at)
        with self.assertRaisesMessage(policy.Denied, "remarks"):
            self.house.act(self.house.act(revision, "submit", self.house.dora), "approve")

    def test_remarks_of_an_earlier_round_stay_in_sight(self) -> None:
        revision = self.house.draft()
        remarking.add(revision, Actor.of(self.acme.bob), "Which?", "Suppliers")
        revision = self.house.act(revision, "submit", self.house.dora)
        revision = self.house.act(revision, "change", reason="Name them, please")
        page = self.dora.get(self.url("passages", revision))
        self.assertContains(page, "earlier round")
        self.assertContains(self.dora.get(self.url("record", revision)), "Name them, please")

    def test_the_page_signs_beside_the_text(self) -> None:
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        ann = self.acme.client(self.acme.ann)
        page = ann.get(self.url("act", revision, "approve"))
        self.assertContains(page, "Suppliers are evaluated.")
        self.assertContains(page, "I approve this revision")
        self.assertEqual(ann.post(self.url("act", revision, "approve"), self.typed(revision)).status_code, 302)
        self.assertContains(ann.get(self.url("record", revision)), "I approve this revision")

    def typed(self, revision: Revision, **more: Any) -> dict[str, Any]:
        revision = self.fresh(revision)
        return {"version": revision.version, "seen": signing.digest_of(signing.manifest(revision)), **more}

    def test_whoever_may_approve_their_own_says_so_in_what_they_sign(self) -> None:
        again(self.house, author_may_approve="One person does it all.")
        revision = self.house.act(self.house.draft(), "submit", self.house.dora)
        self.assertContains(self.dora.get(self.url("record", revision)), "One person does it all.")
        revision = self.house.act(revision, "approve", self.house.dora)
        self.assertIn("One person does it all.", Signature.objects.get().meaning)
        self.assertEqual(revision.route[0].note, "One person does it all.")

    # what is refused: logged, and nothing half done

    def refused(self, client: Any, revision: Revision, typed: dict, words: str, status: int = 422) -> Any:
        with self.assertLogs(LOG, logging.WARNING) as told:
            response = client.post(self.url("act", revision, "approve"), typed, follow=True)
        self.assertEqual(response.status_code, status)
        self.assertContains(response, words, status_code=status)
        self.assertIn(revision.number, told.output[0])
        return response

    def handed_in(self) -> tuple[Revision, Any]:
        again(self.house)
        return self.house.act(self.house.draft(), "submit", self.house.dora), self.acme.client(self.acme.ann)

    def untouched(self, revision: Revision) -> None:
        self.assertEqual((self.fresh(revision).state, Signature.objects.count()), ("in_approval", 0))
        self.assertEqual({step.decision for step in self.fresh(revision).route}, {""})

    def test_a_wrong_password_signs_nothing(self) -> None:
        revision, ann = self.handed_in()
        self.refused(ann, revision, self.typed(revision, password="wrong"), "not your password")
        self.untouched(revision)

    def test_five_wrong_passwords_and_signing_rests(self) -> None:
        revision, ann = self.handed_in()
        for _n in range(tries.MOST):
            self.refused(ann, revision, self.typed(revision, password="wrong"), "not your password")
        self.refused(ann, revision, self.typed(revision, password=PASSWORD), "15 minutes")
        self.untouched(revision)
        signed_in = Client().post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
        self.assertEqual((signed_in.status_code, signed_in["Location"]), (302, "/"))
        self.assertEqual(ann.get(self.url("record", revision)).status_code, 200)
        tries.SigningTry.objects.update(at=timezone.now() - tries.PAUSE - timedelta(seconds=1))
        done = ann.post(self.url("act", revision, "approve"), self.typed(revision, password=PASSWORD))
        self.assertEqual((done.status_code, tries.SigningTry.objects.count()), (302, 0))

    def test_the_draft_changed_after_it_was_opened(self) -> None:
        revision, ann = self.handed_in()
        typed = self.typed(revision, password=PASSWORD)
        self.house.act(revision, "change", reason="Other words")
        kept = files.keep(self.acme.organisation.uid, io.BytesIO(b"Other words."), "purchasing.txt")
        revision = self.fresh(revision)
        actions.edit(revision, by=self.house.writer, file=actions.content(kept, by=self.acme.actor))
        self.house.act(revision, "submit", self.house.dora)
        response = self.refused(ann, revision, typed, "Meanwhile")
        self.assertContains(response, "Other words.", status_code=422)
        self.untouched(revision)
        seen = {name: response.context["decisions"][0]["form"].data[name] for name in ("version", "seen")}
        done = ann.post(self.url("act", revision, "approve"), {**seen, "password": PASSWORD})
        self.assertEqual((done.status_code, self.fresh(revision).state), (302, "approved"))

    def test_signing_twice(self) -> None:
        revision, ann = self.handed_in()
        typed = self.typed(revision, password=PASSWORD)
        self.assertEqual(ann.post(self.url("act", revision, "approve"), typed).status_code, 302)
        told = self.refused(
            ann, revision, {**typed, "reason": "Say <more> on scrap."}, "This time nothing was signed", 200
        )
        self.assertContains(told, "You wrote: “Say &lt;more&gt; on scrap.”")
        self.assertContains(told, "You were here yourself, in another window: “Approve”")
        self.assertNotContains(told, "Meanwhile")
        self.assertEqual(Signature.objects.count(), 1)

    def test_as_somebody_else(self) -> None:
        revision, _ann = self.handed_in()
        bob = self.acme.client(self.acme.bob)
        self.refused(bob, revision, self.typed(revision, password=PASSWORD), "This is not open to you", 403)
        self.untouched(revision)
        move = register_of(revision).workflow.move("approve", "in_approval")
        stolen = signing.prove(self.acme.ann.account, revision, move, PASSWORD)
        with self.assertLogs(LOG), self.assertRaises((signing.BadSignature, policy.Denied)):
            actions.act(revision, "approve", by=self.house.writer, proof=stolen)
        self.untouched(revision)

    def test_two_approvers_the_second_is_told_and_signs_at_once(self) -> None:
        revision = self.house.draft()
        arranging.add(revision, self.house.writer, f"person:{self.acme.bob.pk}", "approve", after=False)
        revision = self.house.act(revision, "submit", self.house.dora)
        typed, bob = self.typed(revision), self.acme.client(self.acme.bob)
        self.acme.client(self.acme.ann).post(self.url("act", revision, "approve"), typed)
        response = self.refused(bob, revision, typed, "Meanwhile: Ann Bell: “Approve”")
        renewed = {name: response.context["decisions"][0]["form"].data[name] for name in ("version", "seen")}
        self.assertEqual(bob.post(self.url("act", revision, "approve"), renewed).status_code, 302)
        self.assertEqual(self.fresh(revision).state, "approved")


def test_two_approvers_in_the_same_moment(real_db) -> None:
    acme = Company("Acme")
    house = House(acme)
    revision = house.draft()
    arranging.add(revision, house.writer, f"person:{acme.bob.pk}", "approve", after=False)
    revision = house.act(revision, "submit", house.dora)
    seen = signing.digest_of(signing.manifest(revision))

    def approve(person: Any) -> str:
        with closing(connection):
            try:
                proof = signing.Proof(person.account, seen, "confirm")
                actions.act(revision, "approve", by=Actor.of(person), version=revision.version, proof=proof)
            except (actions.Stale, signing.BadSignature) as error:
                return type(error).__name__
        return "signed"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(approve, (acme.ann, acme.bob)))
    assert told == ["Stale", "signed"]
    assert Signature.objects.count() == 1
    assert Revision.objects.get(pk=revision.pk).state == "in_approval"


def test_twenty_wrong_passwords_at_once_are_judged_five_times(real_db) -> None:
    acme = Company("Acme")

    def attempt(_n: int) -> str:
        with closing(connection):
            return tries.judged(acme.ann.account, "wrong")

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(attempt, range(20)))
    assert told.count("password") <= tries.MOST
    assert tries.judged(acme.ann.account, PASSWORD) == "paused"
