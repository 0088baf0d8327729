"""The pages where tokens are made and ended."""

from django.test import TestCase

from plumbline.faces.api import tokens
from plumbline.faces.api.models import Token
from plumbline.kernel.testing import Company
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person


class TokenPagesTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")

    def test_the_secret_is_shown_once(self) -> None:
        client, page = self.acme.client(self.acme.bob), "/acme/my-tokens/"
        asked = {"name": "Tally of Bob", "level": "read", "days": "30", "reach": ["actions"]}
        made = client.post(page, asked)
        secret = made.context["secret"]
        self.assertContains(made, secret)
        self.assertEqual((made["Cache-Control"], tokens.found(secret).rights), ("no-store", {"actions": "read"}))
        again = client.get(page)
        self.assertNotContains(again, secret)
        self.assertContains(again, "Read: Actions")
        self.assertNotContains(self.acme.client(self.acme.ann).get(page), "Tally of Bob")

    def test_what_is_missing_is_said(self) -> None:
        client = self.acme.client(self.acme.ann)
        self.assertEqual(client.post("/acme/my-tokens/", {}).status_code, 422)
        self.assertContains(
            client.post("/acme/settings/programs/", {"name": "x"}), "This field is required", status_code=422
        )
        self.assertNotContains(client.post("/acme/settings/programs/", {}), "or choose one", status_code=422)
        self.assertFalse(Token.objects.exists())

    def test_a_program_is_made_and_gets_a_second_token(self) -> None:
        client, page = self.acme.client(self.acme.ann), "/acme/settings/programs/"
        asked = {"name": "Lots", "level": "write", "days": "1096", "new": "ERP"}
        self.assertEqual(client.post(page, asked).status_code, 200)
        erp = Person.objects.get(name="ERP")
        self.assertIsNone(erp.account)
        self.assertEqual(client.post(page, {**asked, "new": "", "program": str(erp.uid)}).status_code, 200)
        self.assertEqual(Token.objects.filter(person=erp, program=True).count(), 2)
        self.assertEqual(client.post(page, {**asked, "new": "", "program": str(self.acme.bob.uid)}).status_code, 422)

    def test_programs_are_for_who_runs_the_organisation(self) -> None:
        for person in (self.acme.bob, self.acme.cleo):
            client = self.acme.client(person)
            self.assertEqual(client.get("/acme/settings/programs/").status_code, 403)
            asked = {"name": "Lots", "level": "write", "days": "30", "new": "ERP"}
            self.assertEqual(client.post("/acme/settings/programs/", asked).status_code, 403)

    def test_who_may_end_a_token(self) -> None:
        bobs, _secret = tokens.make(Actor.of(self.acme.bob), "Phone", {"*": "read"}, 30)
        end = f"/acme/tokens/{bobs.uid}/end/"
        self.assertEqual(self.acme.client(self.acme.cleo).post(end).status_code, 404)
        self.assertEqual(self.other.client(self.other.ann).post(f"/brightco/tokens/{bobs.uid}/end/").status_code, 404)
        self.assertEqual(self.acme.client(self.acme.bob).get(end).status_code, 405)
        self.assertEqual(self.acme.client(self.acme.bob).post(end).status_code, 302)
        bobs.refresh_from_db()
        self.assertFalse(bobs.is_live)
