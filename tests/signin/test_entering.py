"""What an organisation asks of whoever enters: who lacks it is led to it and then on; nobody shuts the last one out."""

import re

from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions
from plumbline.kernel.testing import Company, counted
from plumbline.ledger.models import Event
from plumbline.organisation.models import Organisation
from plumbline.organisation.signin.providers import Provider
from tests.signin.test_factors import code_of, set_up, sign_in

ENTRA = Provider("entra", "oidc", "Entra", ("acme.example",), second_factor=False, options={"issuer": "https://x"})
PAGE = "/acme/settings/sign-in/"


class EnteringTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")

    def setUp(self) -> None:
        cache.clear()
        self.client = sign_in("ann@acme.example")

    def rule(self, **rules: object) -> None:
        organisation = Organisation.objects.get(slug="acme")
        actions.edit(organisation, by=self.acme.actor, settings={**organisation.settings, "sign_in": rules})

    def test_who_lacks_a_second_factor_is_led_to_it_and_then_on(self) -> None:
        self.rule(second_factor=True)
        stopped = self.client.get("/acme/actions/?open=1")
        self.assertRedirects(stopped, "/accounts/needed/acme/?next=/acme/actions/%3Fopen%3D1")
        page = self.client.get(stopped["Location"])
        self.assertContains(page, "asks for a second factor")
        set_up(self.client)
        codes = self.client.get("/accounts/security/recovery-codes/")
        self.assertContains(codes, 'href="/accounts/needed/acme/?next=/acme/actions/%3Fopen%3D1"')
        self.assertRedirects(self.client.get(stopped["Location"]), "/acme/actions/?open=1")

    def test_who_has_one_and_did_not_show_it_shows_it(self) -> None:
        secret = set_up(self.client)
        plain = sign_in("ann@acme.example")
        plain.post("/accounts/second-factor/", {"code": code_of(secret, 1)})
        session = plain.session
        session["account_authentication_methods"] = session["account_authentication_methods"][:1]
        session.save()
        self.rule(second_factor=True)
        page = plain.get(plain.get("/acme/")["Location"])
        self.assertContains(page, "/accounts/second-factor/again/?next=")
        self.assertNotContains(page, "/accounts/security/authenticator/")

    def test_nothing_is_written_or_read_round_the_rule(self) -> None:
        self.rule(second_factor=True)
        typed = {"title": "Sweep", "due": "2030-01-01", "sort": "task"}
        before = Event.objects.count()
        self.assertEqual(self.client.post("/acme/actions/new/", typed).status_code, 302)
        self.assertEqual(self.client.get("/acme/actions/export.csv").status_code, 302)
        led = self.client.get("/acme/actions/", headers={"HX-Request": "true"})
        self.assertEqual((led.status_code, led.content), (204, b""))
        self.assertIn("/accounts/needed/acme/", led["HX-Redirect"])
        self.assertEqual(Event.objects.count(), before)

    def test_the_rule_of_one_organisation_is_none_of_another(self) -> None:
        self.rule(second_factor=True)
        self.assertEqual(sign_in("ann@brightco.example").get("/brightco/").status_code, 200)
        self.assertEqual(sign_in("ann@brightco.example").get("/accounts/needed/acme/").status_code, 404)
        self.assertEqual(Client().get("/accounts/needed/acme/").status_code, 302)

    def test_after_the_hours_one_signs_in_again_and_goes_on(self) -> None:
        self.rule(hours=8)
        self.assertEqual(self.client.get("/acme/").status_code, 200)
        session = self.client.session
        session["account_authentication_methods"][0]["at"] -= 8 * 3600
        session.save()
        stopped = self.client.get("/acme/my-work/")
        page = self.client.get(stopped["Location"])
        self.assertContains(page, "after 8 hours")
        again = re.search(r"/accounts/reauthenticate/\?next=[^\"]+", page.content.decode())[0]
        back = self.client.post(again, {"password": "plumb-and-level"}, follow=True)
        self.assertEqual(back.redirect_chain[-1][0], "/acme/my-work/")
        self.assertEqual(self.client.get("/acme/my-work/").status_code, 200)

    def test_the_page_wanted_is_one_of_this_organisation(self) -> None:
        for wanted in ("https://evil.example/", "//evil.example", "/brightco/", "/acme/../brightco/\\evil"):
            answer = self.client.get("/accounts/needed/acme/", {"next": wanted})
            self.assertNotIn("evil.example", answer["Location"])
            self.assertTrue(answer["Location"].startswith("/acme/"), answer["Location"])

    def test_who_sets_the_rule_sees_who_would_be_stopped_and_meets_it(self) -> None:
        typed = {"second_factor": "on", "hours": ""}
        self.assertContains(self.client.post(PAGE, typed), "You would be the first to be stopped", status_code=422)
        set_up(self.client)
        outlook = self.client.post(PAGE, typed)
        self.assertContains(outlook, "Bob Carter")
        self.assertNotContains(outlook, "<li><strong>Ann Bell")
        self.assertEqual(Organisation.objects.get(slug="acme").settings.get("sign_in"), None)
        self.assertRedirects(self.client.post(PAGE, typed | {"sure": "1"}), PAGE)
        kept = Organisation.objects.get(slug="acme").settings["sign_in"]
        self.assertEqual(kept, {"second_factor": True, "provider": "", "hours": 0})
        self.assertEqual(sign_in("bob@acme.example").get("/acme/").status_code, 302)

    def test_only_by_a_provider_that_oneself_came_by(self) -> None:
        with self.settings(PLUMBLINE_PROVIDERS=[ENTRA]):
            typed = {"provider": "entra", "hours": "", "sure": "1"}
            self.assertContains(self.client.post(PAGE, typed), "sign in with Entra yourself", status_code=422)
            self.rule(provider="entra")
            page = self.client.get(self.client.get("/acme/")["Location"])
            self.assertContains(page, "sign in with Entra")
            self.assertContains(page, "/accounts/oidc/entra/login/?next=")
            session = self.client.session
            came = {"method": "socialaccount", "provider": "entra", "uid": "1", "at": 0}
            session["account_authentication_methods"] = [came]
            session.save()
            self.assertEqual(self.client.get("/acme/").status_code, 200)

    def test_nobody_without_the_right_sees_or_sets_rules(self) -> None:
        bob = sign_in("bob@acme.example")
        self.assertEqual([bob.get(PAGE).status_code, bob.post(PAGE, {"hours": "1"}).status_code], [403, 403])

    def test_rules_cost_no_query(self) -> None:
        set_up(self.client)
        self.client.get("/acme/actions/")
        with CaptureQueriesContext(connection) as free:
            self.client.get("/acme/actions/")
        self.rule(second_factor=True, hours=8)
        with CaptureQueriesContext(connection) as ruled:
            self.client.get("/acme/actions/")
        self.assertEqual(counted(ruled), counted(free))
