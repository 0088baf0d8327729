"""Who a token opens what for, for how long, how far; and what is never kept of it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.test import TestCase
from django.utils import timezone

from plumbline.faces.api import tokens
from plumbline.faces.api.models import Token
from plumbline.kernel import actions, policy
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event, Opening
from plumbline.organisation.actor import Actor, holdings_of
from plumbline.organisation.models import Account, RoleHolding
from plumbline.organisation.roles import Role

from .asking import Program, refused

NEW = {"title": "Wrong label", "description": "Batch 7 carries the label of batch 6"}


class TokensTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")

    def test_the_secret_is_kept_nowhere(self) -> None:
        token, secret = tokens.make(self.acme.actor, "ERP", {"*": "read"}, 30)
        row = Token.objects.filter(pk=token.pk).values()[0]
        told = [opening.text for opening in Opening.objects.all()]
        self.assertNotIn(secret, f"{row}{told}")
        self.assertEqual(tokens.found(secret), token)
        for wrong in ("", "plb_", secret[:-1], secret.upper(), token.digest, "plb_é", "x" * 5000):
            self.assertIsNone(tokens.found(wrong))

    def test_one_statement_finds_it_with_its_person_account_and_organisation(self) -> None:
        made = [tokens.make(actor, "ERP", {"*": "read"}, 30) for actor in (self.acme.actor, self.other.actor)]
        for token, secret in (*made, *made):
            with self.assertNumQueries(1):
                found = tokens.found(secret)
                assert found is not None
                person = found.person
                self.assertEqual((found.uid, person.organisation_id), (token.uid, found.organisation.uid))
                self.assertTrue(person.account.email)
            for one in (found, person, person.account, found.organisation):
                again = type(one)._base_manager.get(pk=one.pk)
                names = [field.attname for field in again._meta.concrete_fields]
                self.assertEqual([getattr(one, name) for name in names], [getattr(again, name) for name in names])

    def test_roles_are_found_as_they_stand(self) -> None:
        for person in (self.acme.ann, self.other.ann, self.acme.bob):
            self.assertEqual(list(holdings_of(person.uid)), list(RoleHolding.objects.filter(person=person)))
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role=Role.QUALITY)
        self.assertEqual([one.role for one in holdings_of(self.acme.bob.uid)], [Role.QUALITY])

    def test_history_tells_who_made_and_ended_it(self) -> None:
        token, secret = tokens.make(Actor.of(self.acme.bob), "Phone", {"*": "read"}, 30)
        tokens.end(token, self.acme.actor)
        told = Event.objects.filter(subject=token.uid).order_by("pk").values_list("verb", "table", "actor")
        self.assertEqual(list(told), [("make", "token", self.acme.bob.uid), ("end", "token", self.acme.ann.uid)])
        refused(Program(secret).get("me"), 401)

    def test_nobody_ends_somebody_else_s(self) -> None:
        token, _secret = tokens.make(self.acme.actor, "ERP", {"*": "read"}, 30)
        with self.assertRaises(policy.Denied):
            tokens.end(token, Actor.of(self.acme.bob))

    def test_it_ends_by_its_date_and_with_its_person_and_account(self) -> None:
        bob = Program.of(self.acme.bob)
        self.assertEqual(bob.get("me").status_code, 200)
        Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        self.assertEqual(refused(bob.get("me"), 401)["title"], "Unauthorized")
        self.assertEqual(bob.get("me")["WWW-Authenticate"], "Bearer")
        Token.objects.update(expires_at=timezone.now() + timedelta(days=1))
        Account.objects.filter(pk=self.acme.bob.account_id).update(is_active=False)
        refused(bob.get("me"), 401)
        Account.objects.filter(pk=self.acme.bob.account_id).update(is_active=True)
        self.assertEqual(bob.get("me").status_code, 200)
        actions.edit(self.acme.bob, by=self.acme.actor, ended_on=self.acme.organisation.today() - timedelta(days=1))
        refused(bob.get("me"), 401)

    def test_demo_accounts_sleep_where_the_network_can_ask(self) -> None:
        bob = Program.of(self.acme.bob)
        Account.objects.filter(pk=self.acme.bob.account_id).update(demo=True)
        self.assertEqual(bob.get("me").status_code, 200)
        with self.settings(PLUMBLINE_LOOPBACK=False):
            refused(bob.get("me"), 401)

    def test_it_does_no_more_than_it_says(self) -> None:
        reader = Program.of(self.acme.ann, {"*": "read"})
        self.assertEqual(reader.get("actions").status_code, 200)
        refused(reader.post("actions", {"title": "x"}), 403, "may not write")
        one = Program.of(self.acme.ann, {"nonconformities": "write"})
        made = one.post("nonconformities", NEW)
        self.assertEqual(made.status_code, 201)
        refused(one.get("actions"), 403, "may not read")
        refused(one.get(f"actions/{made.json()['number']}/comments"), 403)
        self.assertEqual([line["slug"] for line in one.get("me").json()["registers"]], ["nonconformities"])
        self.assertTrue(made.json()["moves"][0]["allowed"])
        seen = reader.get(f"nonconformities/{made.json()['number']}").json()
        self.assertEqual({move["allowed"] for move in seen["moves"]}, {False})
        self.assertEqual({move["reason"] for move in seen["moves"]}, {"This token may not write here."})

    def test_records_of_other_registers_are_not_named_to_a_token_that_does_not_reach_them(self) -> None:
        one = Program.of(self.acme.ann, {"nonconformities": "write"})
        record = actions.create(register_of("nonconformity"), by=self.acme.actor, **NEW)
        action = actions.create(register_of("action"), by=self.acme.actor, title="Secret plan", raised_by=record)
        self.assertEqual(one.get(f"nonconformities/{record.number}/links").json(), [])
        refused(one.post(f"nonconformities/{record.number}/links", {"target": action.number}), 422, "no such row")
        refused(one.post("nonconformities", {**NEW, "raised_by": str(action.uid)}), 422, "no such row")

    def test_its_last_use_is_noted_once_a_minute(self) -> None:
        bob, token = Program.of(self.acme.bob), Token.objects.latest("made_at")
        self.assertIsNone(token.last_used_at)
        bob.get("me")
        token.refresh_from_db()
        first = token.last_used_at
        self.assertIsNotNone(first)
        bob.get("me")
        token.refresh_from_db()
        self.assertEqual(token.last_used_at, first)
        Token.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
        bob.get("me")
        token.refresh_from_db()
        self.assertGreater(token.last_used_at, first)

    def test_who_asks_too_often_waits(self) -> None:
        with self.settings(PLUMBLINE_API_RATE=2):
            bob = Program.of(self.acme.bob)
            self.assertEqual([bob.get("me").status_code for _n in range(3)], [200, 200, 429])
            answer = bob.get("me")
            self.assertIn("wait", refused(answer, 429)["detail"])
            self.assertTrue(1 <= int(answer["Retry-After"]) <= 60)
            self.assertEqual(Program.of(self.acme.ann).get("me").status_code, 200)

    def test_a_program_acts_under_its_own_name(self) -> None:
        token, secret = tokens.make_for_program(self.acme.actor, "ERP", "lots", {"nonconformities": "write"}, 365)
        made = Program(secret).post("nonconformities", NEW).json()
        self.assertEqual((made["author"]["name"], made["owner"]["name"]), ("ERP", "ERP"))
        _second, other = tokens.make_for_program(self.acme.actor, token.person, "more", {"*": "read"}, 30)
        self.assertEqual(Program(other).get("me").json()["person"]["name"], "ERP")
        RoleHolding.objects.filter(person=token.person).exists()
        self.assertEqual(Program(other).get("me").json()["roles"], ["member"])

    def test_a_program_is_never_a_human_being(self) -> None:
        with self.assertRaises(policy.Denied):
            tokens.make_for_program(self.acme.actor, self.acme.bob, "as Bob", {"*": "write"}, 30)
        with self.assertRaises(policy.Denied):
            tokens.make_for_program(Actor.of(self.acme.bob), "ERP", "lots", {"*": "write"}, 30)
        token, _secret = tokens.make_for_program(self.other.actor, "ERP", "lots", {"*": "write"}, 30)
        with self.assertRaises(policy.Denied):
            tokens.make_for_program(self.acme.actor, token.person, "of another house", {"*": "write"}, 30)
        with self.assertRaises(ValidationError):
            tokens.make(self.acme.actor, "for ever", {"*": "read"}, 5000)


class SigningTest(TestCase):
    """A signature is only as strong as what a token can prove."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.acme.eve = cls.acme.join("Eve Stone", "eve@acme.example", Role.QUALITY)

    def checked(self):
        by = self.acme.actor
        record = actions.create(register_of("nonconformity"), by=by, **NEW)
        record = actions.act(record, "correct", by=by, correction="Relabelled")
        record = actions.act(record, "analyse", by=by)
        record = actions.act(record, "plan", by=by, cause="Old template", criterion="Ten batches")
        return actions.act(record, "submit", by=by)

    def test_a_person_signs_what_was_seen(self) -> None:
        record, eve = self.checked(), Program.of(self.acme.eve)
        at = f"nonconformities/{record.number}"
        seen = eve.get(f"{at}/signing/confirm").json()
        self.assertEqual(seen["strength"], "confirm")
        self.assertIn("criterion", seen["meaning"])
        refused(eve.post(f"{at}/moves/confirm", {"effect": "None wrong"}), 422, "what you saw")
        refused(eve.post(f"{at}/moves/confirm", {"effect": "None wrong", "seen": "0" * 64}), 409, "changed")
        actions.edit(record, by=self.acme.actor, lot="L-2")
        refused(eve.post(f"{at}/moves/confirm", {"effect": "None wrong", "seen": seen["seen"]}), 409, "changed")
        seen = eve.get(f"{at}/signing/confirm").json()["seen"]
        signed = eve.post(f"{at}/moves/confirm", {"effect": "None wrong", "seen": seen}, Idempotency_Key="s-1")
        self.assertEqual((signed.status_code, signed.json()["state"]), (200, "closed"))
        signature = record.signatures.get()
        self.assertEqual((signature.by, signature.strength), (self.acme.eve, "confirm"))
        again = eve.post(f"{at}/moves/confirm", {"effect": "None wrong", "seen": seen}, Idempotency_Key="s-1")
        self.assertEqual(again.json(), signed.json())
        refused(eve.get(f"{at}/signing/reopen"), 409, "not signed")

    def test_a_program_does_not_sign(self) -> None:
        record = self.checked()
        token, secret = tokens.make_for_program(self.acme.actor, "ERP", "all", {"*": "write"}, 30)
        actions.create(RoleHolding, by=self.acme.actor, person=token.person, role=Role.QUALITY)
        erp, at = Program(secret), f"nonconformities/{record.number}"
        seen = erp.get(f"{at}/signing/confirm").json()["seen"]
        refused(erp.post(f"{at}/moves/confirm", {"effect": "None", "seen": seen}), 403, "A program does not sign")
        self.assertFalse(record.signatures.exists())

    def test_signing_in_again_is_not_proven_by_a_token(self) -> None:
        today = self.acme.organisation.today()
        days = {"lead": self.acme.ann, "from_on": today, "to_on": today}
        audit = actions.create(register_of("audit"), by=self.acme.actor, title="Initial", **days)
        part = next(part for part in register_of("audit").parts if part._meta.model_name == "area")
        actions.create(part, by=self.acme.actor, record=audit, code="sales", name="Sales", questions=["8.2.1-e"])
        actions.act(audit, "start", by=self.acme.actor)
        ann, at = Program.of(self.acme.ann), f"audits/{audit.number}"
        seen = ann.get(f"{at}/signing/close").json()
        self.assertEqual(seen["strength"], "again")
        refused(ann.post(f"{at}/moves/close", {"seen": seen["seen"]}), 403, "sign it on the page")
        self.assertEqual(ann.get(at).json()["state"], "running")
