"""The pages across registers: beginning, joining, people, the standard, the road, settings."""

import re
from datetime import timedelta
from tempfile import mkdtemp

from django.core import mail
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plumbline.kernel import actions
from plumbline.kernel.models import Record
from plumbline.kernel.notices import mentioned
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import PASSWORD, Company, counted
from plumbline.ledger.models import Event
from plumbline.organisation.models import Account, Invitation, Organisation, Person, RoleHolding, Site
from plumbline.organisation.roles import Role

ANSWERS = {
    "name": "Acme & Sons",
    "your_name": "Ann Bell",
    "email": "Ann@Example.org",
    "password": PASSWORD,
    "people": "12",
    "sites_count": "1",
    "designs_products": "False",
    "measures": "False",
    "start": "nothing",
}


class StartTest(TestCase):
    def test_a_fresh_installation_leads_to_an_organisation_in_one_page(self) -> None:
        client = Client()
        self.assertRedirects(client.get("/"), "/start/")
        response = client.post("/start/", ANSWERS)
        self.assertRedirects(response, "/acme-sons/")
        person = Person.objects.get()
        self.assertEqual(person.account.email, "ann@example.org")
        roles = set(RoleHolding.objects.filter(person=person).values_list("role", flat=True))
        self.assertEqual(roles, {Role.ADMINISTRATOR, Role.QUALITY, Role.MANAGEMENT})
        self.assertTrue(Event.objects.filter(table="organisation", verb="found").exists())

    def test_what_the_answers_say_does_not_apply_is_proposed_not_decided(self) -> None:
        Client().post("/start/", ANSWERS)
        left_out = {record.requirement: record.state for record in register_of("exclusion").model.objects.all()}
        self.assertEqual(left_out, {"8.3": "proposed", "7.1.5.2": "proposed"})

    def test_once_somebody_has_an_account_strangers_make_no_organisation(self) -> None:
        Company("Acme")
        self.assertRedirects(Client().get("/"), "/accounts/login/")
        self.assertEqual(Client().get("/start/").status_code, 403)
        self.assertEqual(Client().post("/start/", ANSWERS).status_code, 403)

    @override_settings(PLUMBLINE_LOOPBACK=False)
    def test_over_the_network_nobody_begins_without_being_told(self) -> None:
        self.assertEqual(Client().post("/start/", ANSWERS).status_code, 403)

    def test_a_certificate_without_its_date_is_asked_for(self) -> None:
        response = Client().post("/start/", ANSWERS | {"start": "certified"})
        self.assertEqual(response.status_code, 422)
        self.assertContains(response, "Until when is the certificate valid?", status_code=422)
        self.assertFalse(Organisation.objects.exists() or Account.objects.exists())

    def test_a_weak_password_and_a_taken_address_are_refused_in_words(self) -> None:
        self.assertContains(Client().post("/start/", ANSWERS | {"password": "short"}), "too short", status_code=422)
        self.assertFalse(Account.objects.exists())


class JoinTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.dora = actions.create(Person, by=cls.acme.actor, name="Dora Klein", email="dora@acme.example")

    def invite(self) -> str:
        self.acme.client(self.acme.ann).post(f"/acme/people/person/{self.dora.uid}/invite/")
        return re.search(r"/accounts/join/\S+", mail.outbox[-1].body)[0]

    def test_the_mailed_link_makes_the_account_once(self) -> None:
        link, client = self.invite(), Client()
        self.assertContains(client.get(link), "Acme")
        self.assertRedirects(client.post(link, {"password": PASSWORD}), "/acme/")
        self.assertTrue(Account.objects.get(email="dora@acme.example").check_password(PASSWORD))
        self.assertEqual(Client().get(link).status_code, 404)

    def test_an_address_with_an_account_signs_in_to_accept(self) -> None:
        account = Account.objects.create_user("dora@acme.example", PASSWORD, name="Dora Klein")
        link, client = self.invite(), Client()
        self.assertIn("/accounts/login/", client.post(link, {"password": "another-password"})["Location"])
        client.force_login(account, backend="plumbline.organisation.accounts.Backend")
        self.assertRedirects(client.post(link), "/acme/")
        self.assertTrue(Account.objects.get(pk=account.pk).check_password(PASSWORD))

    def test_whoever_leaves_later_is_invited_and_named_until_then(self) -> None:
        actions.edit(self.dora, by=self.acme.actor, ended_on=self.acme.organisation.today() + timedelta(days=20))
        ann = self.acme.client(self.acme.ann)
        self.assertContains(ann.get(f"/acme/people/person/{self.dora.uid}/"), "Invite by e-mail")
        self.assertNotContains(ann.get("/acme/people/"), ">left<")
        self.assertRedirects(Client().post(self.invite(), {"password": PASSWORD}), "/acme/")
        self.assertContains(ann.get("/acme/actions/?open=1"), str(self.dora.uid))
        self.assertIn(self.dora, mentioned("@Dora Klein, look", self.acme.actor))

    def test_without_a_mail_server_the_link_is_given_to_whoever_invites(self) -> None:
        page = f"/acme/people/person/{self.dora.uid}/invite/"
        folder = {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": mkdtemp()}
        silent = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_PORT": 1}
        for told in (folder, silent | {"EMAIL_HOST": "127.0.0.1"}):
            with override_settings(**told):
                answer = self.acme.client(self.acme.ann).post(page, follow=True)
                link = re.search(r"/accounts/join/[\w-]+/", answer.content.decode())[0]
                self.assertEqual(Client().get(link).status_code, 200)
                asked = Client().post("/accounts/password/reset/", {"email": "ann@acme.example"})
                self.assertEqual(asked.status_code, 302)

    def test_old_withdrawn_and_invented_links_are_the_same_404(self) -> None:
        first = self.invite()
        self.invite()
        late = Invitation.objects.get(withdrawn_at=None)
        Invitation.objects.filter(pk=late.pk).update(invited_at=timezone.now() - timedelta(days=15))
        for link in (first, f"/accounts/join/{late.token}/", "/accounts/join/nonsense/"):
            self.assertEqual(Client().get(link).status_code, 404)

    def test_only_those_who_run_the_organisation_invite(self) -> None:
        page = f"/acme/people/person/{self.dora.uid}/invite/"
        self.assertEqual(self.acme.client(self.acme.bob).post(page).status_code, 403)
        self.assertEqual(mail.outbox, [])

    def test_a_forgotten_password_is_set_anew_by_mail(self) -> None:
        Client().post("/accounts/password/reset/", {"email": "ann@acme.example"})
        link, client = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)[0], Client()
        page = client.get(link, follow=True)
        new = {"password1": "another-plumb-line", "password2": "another-plumb-line"}
        client.post(page.redirect_chain[-1][0], new)
        self.assertTrue(Account.objects.get(email="ann@acme.example").check_password("another-plumb-line"))

    def test_whether_an_address_has_an_account_is_not_told(self) -> None:
        answers = [
            Client().post("/accounts/password/reset/", {"email": email})
            for email in ("ann@acme.example", "no@x.example")
        ]
        self.assertEqual(answers[0].status_code, answers[1].status_code)
        self.assertEqual(answers[0]["Location"], answers[1]["Location"])

    def test_ten_wrong_passwords_lock_the_address_for_that_machine_only(self) -> None:
        wrong = Client(REMOTE_ADDR="10.0.0.9")
        for _n in range(11):
            response = wrong.post("/accounts/login/", {"login": "ann@acme.example", "password": "wrong-wrong-wrong"})
        self.assertIn(response.status_code, {403, 429})
        right = Client(REMOTE_ADDR="10.0.0.1").post(
            "/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD}
        )
        self.assertEqual(right.status_code, 302)

    @override_settings(PLUMBLINE_LOOPBACK=False)
    def test_demo_accounts_sleep_once_the_network_is_answered(self) -> None:
        Account.objects.filter(email="ann@acme.example").update(demo=True)
        client = Client()
        client.post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
        self.assertEqual(client.get("/acme/").status_code, 302)


class OrganisationTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")

    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)

    def test_people_sites_and_roles_are_made_and_changed_through_the_door(self) -> None:
        before = Event.objects.count()
        self.client.post("/acme/people/site/new/", {"name": "Leeds"})
        self.client.post("/acme/people/person/new/", {"name": "Eve Fox", "email": "eve@acme.example"})
        eve = Person.objects.get(name="Eve Fox")
        self.client.post("/acme/people/role/new/", {"person": eve.uid, "role": "auditor"})
        self.client.post(f"/acme/people/person/{eve.uid}/", {"name": "Eve Fox-Hall", "email": "eve@acme.example"})
        self.assertEqual(Event.objects.count(), before + 4)
        self.assertContains(self.client.get("/acme/people/"), "Eve Fox-Hall")

    def test_two_sites_of_one_name_are_refused_in_words(self) -> None:
        self.client.post("/acme/people/site/new/", {"name": "Leeds"})
        self.assertEqual(self.client.post("/acme/people/site/new/", {"name": "Leeds"}).status_code, 422)

    def test_members_read_and_do_not_change_people_or_settings(self) -> None:
        bob = self.acme.client(self.acme.bob)
        self.assertEqual(bob.get("/acme/people/").status_code, 200)
        for page in ("/acme/people/site/new/", "/acme/settings/", "/acme/standard/load/"):
            self.assertEqual(bob.get(page).status_code, 403, page)
        self.assertEqual(bob.post("/acme/people/site/new/", {"name": "Mine"}).status_code, 403)
        self.assertEqual(bob.post("/acme/settings/", {"name": "Mine"}).status_code, 403)

    def test_nobody_reaches_into_another_organisation(self) -> None:
        theirs = f"/acme/people/person/{self.other.bob.uid}/"
        self.assertEqual(self.client.get(theirs).status_code, 404)
        self.assertEqual(
            self.client.post("/acme/people/role/new/", {"person": self.other.bob.uid, "role": "auditor"}).status_code,
            422,
        )
        for page in ("", "my-work/", "standard/", "people/", "settings/", "search/?q=a"):
            self.assertEqual(self.client.get(f"/brightco/{page}").status_code, 404, page)
            self.assertEqual(self.client.get(f"/nowhere/{page}").status_code, 404, page)

    def test_whoever_left_is_led_nowhere_by_the_day_it_is_there(self) -> None:
        actions.edit(self.acme.organisation, by=self.acme.actor, zone="Pacific/Kiritimati")  # 14 hours ahead of UTC
        organisation = Organisation.objects.get(pk=self.acme.organisation.pk)
        actions.edit(self.acme.bob, by=self.acme.actor, ended_on=organisation.today() - timedelta(days=1))
        self.assertFalse(self.acme.bob.account.organisations().exists())
        actions.edit(self.acme.bob, by=self.acme.actor, ended_on=organisation.today())
        self.assertTrue(self.acme.bob.account.organisations().exists())

    def test_where_there_is_one_site_nobody_is_asked_which(self) -> None:
        page = "/acme/nonconformities/new/"
        actions.create(Site, by=self.acme.actor, name="Leeds")
        self.assertNotIn("site", self.client.get(page).context["form"].fields)
        actions.create(Site, by=self.acme.actor, name="York")
        self.assertIn("site", self.client.get(page).context["form"].fields)

    def test_who_has_a_system_begins_with_its_documents(self) -> None:
        self.assertNotContains(self.client.get("/acme/"), "bring its documents in first")
        actions.edit(self.acme.organisation, by=self.acme.actor, start="system")
        self.assertContains(self.client.get("/acme/"), "/acme/documents/bring-in/")
        actions.create(register_of("document"), by=self.acme.actor, title="Manual")
        self.assertNotContains(self.client.get("/acme/"), "bring its documents in first")

    def test_the_day_of_a_certificate_is_written_as_the_reader_writes_it(self) -> None:
        until = self.acme.organisation.today().replace(month=12, day=9) + timedelta(days=366)
        actions.edit(self.acme.organisation, by=self.acme.actor, start="certified", certified_until=until)
        self.assertContains(self.client.get("/acme/"), f"{until.day} Dec {until.year}")

    def test_somebody_who_left_no_longer_gets_in(self) -> None:
        bob = self.acme.client(self.acme.bob)
        self.assertEqual(bob.get("/acme/my-work/").status_code, 200)
        today = self.acme.organisation.today()
        for last_day, answer in ((today + timedelta(days=30), 200), (today, 200), (today - timedelta(days=1), 404)):
            actions.edit(self.acme.bob, by=self.acme.actor, ended_on=last_day)
            self.assertEqual(bob.get("/acme/my-work/").status_code, answer, last_day)

    def test_settings_keep_a_numbering_scheme_and_refuse_a_wrong_one(self) -> None:
        organisation = self.acme.organisation
        given = {
            "name": "Acme",
            "people": "12",
            "sites_count": "1",
            "designs_products": "True",
            "measures": "True",
            "start": "nothing",
            "language": "de",
            "zone": "Europe/Berlin",
            "edition": "iso9001:2015",
            "mails": "daily",
        }
        self.assertEqual(self.client.post("/acme/settings/", given | {"scheme_action": "M-{n:04}"}).status_code, 302)
        self.assertEqual(Organisation.objects.get(pk=organisation.pk).settings["numbering"], {"action": "M-{n:04}"})
        self.assertEqual(self.client.post("/acme/settings/", given | {"scheme_action": "M"}).status_code, 422)
        self.assertEqual(self.client.post("/acme/settings/", given | {"zone": "Mars/Base"}).status_code, 422)

    def test_search_finds_records_clauses_and_people_and_jumps_to_a_number(self) -> None:
        record = actions.create(register_of("action"), by=self.acme.actor, title="Callibrate the caliper")
        self.assertRedirects(
            self.client.get("/acme/search/", {"q": record.number.lower()}), f"/acme/actions/{record.number}/"
        )
        self.assertContains(self.client.get("/acme/search/", {"q": "calip"}), record.number)
        self.assertContains(self.client.get("/acme/search/", {"q": "7.1.5"}), "Measurement traceability")
        self.assertContains(self.client.get("/acme/search/", {"q": "bob"}), "Bob Carter")
        hidden = actions.create(register_of("action"), by=self.acme.actor, title="Secret caliper", confidential=True)
        self.assertNotContains(self.acme.client(self.acme.bob).get("/acme/search/", {"q": "secret"}), hidden.number)

    def test_the_permanent_address_leads_only_those_who_may_see(self) -> None:
        record = actions.create(register_of("action"), by=self.acme.actor, title="x", confidential=True)
        self.assertRedirects(self.client.get(f"/r/{record.uid}/"), f"/acme/actions/{record.number}/")
        for person, company in ((self.acme.bob, self.acme), (self.other.ann, self.other)):
            self.assertEqual(company.client(person).get(f"/r/{record.uid}/").status_code, 404)

    def test_pages_of_the_desk_ask_a_fixed_number_of_queries(self) -> None:
        pages = {"": 12, "my-work/": 7, "standard/": 7, "people/": 10}
        found = []
        for _round in range(2):
            for n in range(3):
                actions.create(register_of("action"), by=self.acme.actor, title=f"A{n}")
            for page, most in pages.items():
                with CaptureQueriesContext(connection) as queries:
                    self.assertEqual(self.client.get(f"/acme/{page}").status_code, 200)
                self.assertLessEqual(counted(queries), most, page)
                found.append(counted(queries))
        self.assertEqual(found[: len(pages)], found[len(pages) :])
        self.assertEqual(Record.objects.filter(organisation=self.acme.organisation).count(), 6)

    def test_the_road_begins_with_the_initial_audit(self) -> None:
        page = self.client.get("/acme/")
        self.assertContains(page, "The initial audit is planned")
        self.assertContains(page, "/acme/audits/new/")

    def test_a_certified_organisation_stands_where_it_is(self) -> None:
        until = self.acme.organisation.today() + timedelta(days=200)
        actions.edit(self.acme.organisation, by=self.acme.actor, start="certified", certified_until=until)
        self.assertContains(self.client.get("/acme/"), "Certified until")
