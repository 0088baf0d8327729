"""The second factor: set up, asked for, used once, and told to the installation's log."""

import re
import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import connections
from django.test import Client, TestCase

from plumbline.config.commands import entering
from plumbline.config.commands.telling import Refused
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.ledger.models import Event
from plumbline.organisation.signin.again import Shown
from plumbline.organisation.signin.codes import taken

SECURITY = "/accounts/security/"


def code_of(secret: str, step: int = 0) -> str:
    """What the app shows now, or that many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def sign_in(email: str, **more: str) -> Client:
    client = Client(**more)
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


def set_up(client: Client) -> str:
    """Switch an authenticator on; its secret."""
    page = client.get(f"{SECURITY}authenticator/")
    secret = re.search(r'class="pl-secret">(\w+)<', page.content.decode())[1]
    done = client.post(f"{SECURITY}authenticator/", {"code": code_of(secret)})
    assert done.status_code == 302, done.content.decode()
    return secret


class FactorsTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def setUp(self) -> None:
        cache.clear()
        self.client = sign_in("ann@acme.example")

    def test_the_picture_is_ours_and_no_other_machine_is_asked(self) -> None:
        page = self.client.get(f"{SECURITY}authenticator/").content.decode()
        self.assertIn('src="data:image/svg+xml;base64,', page)
        self.assertNotIn("https://", page)

    def test_from_then_on_a_code_is_asked_for_and_counts_once(self) -> None:
        secret = set_up(self.client)
        other = sign_in("ann@acme.example")
        self.assertEqual(other.get("/acme/").status_code, 302)
        self.assertEqual(other.get("/accounts/second-factor/").status_code, 200)
        self.assertContains(other.post("/accounts/second-factor/", {"code": "000000"}), "did not fit")
        code = code_of(secret, 1)
        self.assertEqual(other.post("/accounts/second-factor/", {"code": code}).status_code, 302)
        self.assertEqual(other.get("/acme/").status_code, 200)
        cache.clear()  # another process, or half a minute later
        third = sign_in("ann@acme.example")
        self.assertContains(third.post("/accounts/second-factor/", {"code": code}), "did not fit")

    def test_a_code_that_signed_signs_no_second_time(self) -> None:
        secret = set_up(self.client)
        shown = Shown(self.client.request().wsgi_request, "about", code=code_of(secret, 1))
        self.assertTrue(shown.holds(self.acme.ann.account))
        cache.clear()
        self.assertFalse(shown.holds(self.acme.ann.account))

    def test_a_recovery_code_lets_in_once(self) -> None:
        set_up(self.client)
        codes = self.client.get(f"{SECURITY}recovery-codes/file/").content.decode().split()[3:]
        self.assertEqual(len(codes), 10)
        self.assertContains(self.client.get(f"{SECURITY}recovery-codes/"), codes[0])
        for expected in (302, 200):
            other = sign_in("ann@acme.example")
            answer = other.post("/accounts/second-factor/", {"code": codes[0]})
            self.assertEqual(answer.status_code, expected)
            if expected == 302:
                self.assertContains(other.get("/acme/"), "with a recovery code; 9 are left. Is your phone lost?")
        self.assertNotContains(answer, f'value="{codes[0]}"', msg_prefix="the next code is typed in its place")
        self.assertContains(self.client.get(SECURITY), "9 codes are left")

    def test_ten_wrong_codes_rest_the_code_from_every_address(self) -> None:
        secret = set_up(self.client)
        for number in range(10):
            other = sign_in("ann@acme.example", REMOTE_ADDR=f"192.0.2.{number + 1}")
            other.post("/accounts/second-factor/", {"code": "000000"})
        for number in range(1000):  # a stranger asks from as many addresses, each of which is counted
            cache.set(f"standing:2001:db8::{number}", 1)
        other = sign_in("ann@acme.example", REMOTE_ADDR="192.0.2.99")
        answer = other.post("/accounts/second-factor/", {"code": code_of(secret, 1)})
        self.assertContains(answer, "Too many wrong codes")
        other.post("/accounts/second-factor/", {"code": "000000"})
        told = [letter for letter in mail.outbox if "Wrong codes" in letter.subject]
        self.assertEqual([letter.to for letter in told], [["ann@acme.example"]], "once, to whom it concerns")

    def test_who_lost_phone_and_codes_is_let_in_by_who_runs_the_installation(self) -> None:
        set_up(self.client)
        self.assertEqual(entering.run(lift="", anew="ANN@acme.example", json=False), 0)
        self.assertEqual(self.client.get("/acme/").status_code, 302, "whoever was signed in is out")
        self.assertEqual(sign_in("ann@acme.example").get("/acme/").status_code, 200, "the password is enough again")
        told = Event.objects.get(table="account", verb="take second factor")
        self.assertEqual((told.subject, told.actor_kind), (self.acme.ann.account.pk, "installation"))
        self.assertEqual(mail.outbox[-1].to, ["ann@acme.example"])
        with self.assertRaisesMessage(Refused, "Nobody has an account"):
            entering.run(lift="", anew="nobody@acme.example", json=False)

    def test_every_way_of_showing_oneself_again_is_called_what_it_is(self) -> None:
        set_up(self.client)
        Authenticator.objects.create(user=self.acme.ann.account, type="webauthn", data={})
        page = self.client.get("/accounts/reauthenticate/").content.decode()
        ways = dict(re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', page))
        self.assertEqual(ways["/accounts/passkey/again/"], "Use a passkey")
        self.assertEqual(ways["/accounts/second-factor/again/"], "Use a code")

    def test_the_secret_is_not_readable_in_the_database_and_no_other_key_opens_it(self) -> None:
        secret = set_up(self.client)
        row = Authenticator.objects.get(type="totp")
        self.assertNotIn(secret, str(row.data))
        with self.settings(SECRET_KEY="another installation"):
            self.assertFalse(row.wrap().validate_code(code_of(secret, 1)))
            kept = Authenticator.objects.get(type="recovery_codes").wrap()
            self.assertNotEqual(kept.generate_codes(), kept.generate_codes())

    def test_who_acts_is_told_with_how_she_signed_in(self) -> None:
        set_up(self.client)
        typed = {"title": "Sweep the hall", "due": "2030-01-01", "sort": "task"}
        answer = self.client.post("/acme/actions/new/", typed)
        self.assertEqual(answer.status_code, 302, re.findall("pl-error.*?</div>", answer.content.decode()))
        newest = Event.objects.filter(table="action", verb="create").latest("pk")
        self.assertEqual(newest.how, "password+totp")


class SessionsTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def test_every_device_is_listed_and_can_be_ended(self) -> None:
        desk = sign_in("ann@acme.example", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
        phone = sign_in(
            "ann@acme.example", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604.1", REMOTE_ADDR="192.0.2.7"
        )
        page = desk.get(SECURITY)
        self.assertContains(page, "Firefox on Windows")
        self.assertContains(page, "Safari on iPhone")
        self.assertContains(page, "192.0.2.7")
        pk = UserSession.objects.get(ip="192.0.2.7").pk
        self.assertEqual(phone.get("/acme/").status_code, 200)
        bob = sign_in("bob@acme.example")
        self.assertEqual(bob.post(f"{SECURITY}session/{pk}/end/").status_code, 404)
        desk.post(f"{SECURITY}session/{pk}/end/")
        self.assertEqual(phone.get("/acme/").status_code, 302)

    def test_all_others_end_at_once(self) -> None:
        clients = [sign_in("ann@acme.example") for _ in range(3)]
        clients[0].post(f"{SECURITY}sessions/end/")
        self.assertEqual([client.get("/acme/").status_code for client in clients], [200, 302, 302])

    def test_another_password_ends_all_others_and_is_told_where_one_is(self) -> None:
        desk, phone = sign_in("ann@acme.example"), sign_in("ann@acme.example")
        new = {"oldpassword": PASSWORD, "password1": "a hedge behind the mill", "password2": "a hedge behind the mill"}
        answer = desk.post("/accounts/password/change/", new, follow=True)
        self.assertEqual(answer.redirect_chain, [(SECURITY, 302)])
        self.assertContains(answer, "Wherever else you were signed in, you are signed out.")
        self.assertNotContains(answer, "Sign out there")
        self.assertEqual(phone.get("/acme/").status_code, 302)

    def test_a_foreign_passkey_is_told_so_and_the_page_wanted_is_kept(self) -> None:
        junk = {"credential": '{"id": "x"}', "next": "/acme/my-work/"}
        answer = Client().post("/accounts/passkey/", junk, follow=True)
        self.assertEqual(answer.redirect_chain, [("/accounts/login/?next=/acme/my-work/", 302)])
        self.assertContains(answer, "That passkey does not belong to this account")
        self.assertNotContains(answer, "half a minute")
        made = sign_in("ann@acme.example").post(f"{SECURITY}passkey/", {"name": "", **junk})
        self.assertContains(made, "That passkey does not belong to this account")

    def test_last_use_is_noted_without_a_query_in_between(self) -> None:
        client = sign_in("ann@acme.example")
        session = client.session
        session["seen_at"] -= 3600
        session.save()
        before = UserSession.objects.get(user=self.acme.ann.account).last_seen_at
        client.get("/acme/")
        noted = UserSession.objects.get(user=self.acme.ann.account).last_seen_at
        self.assertGreater(noted, before)
        client.get("/acme/")
        self.assertEqual(UserSession.objects.get(user=self.acme.ann.account).last_seen_at, noted)


def test_every_change_stands_in_the_log_and_goes_to_its_owner_by_mail(real_db, mailoutbox) -> None:
    cache.clear()
    acme = Company("Acme")
    client = sign_in("ann@acme.example")
    set_up(client)
    client.post(f"{SECURITY}recovery-codes/new/")
    client.post(f"{SECURITY}authenticator/remove/")
    told = Event.objects.filter(table="account", subject=acme.ann.account.pk).values_list("verb", flat=True)
    assert sorted(told) == ["add authenticator", "new recovery codes", "remove authenticator"]
    assert [letter.to for letter in mailoutbox] == [["ann@acme.example"]] * 3
    assert not Authenticator.objects.exists()


@pytest.mark.slow  # threads that commit, on a copy of the database
def test_two_with_the_same_code_at_the_same_moment(real_db) -> None:
    account = Company("Acme").ann.account
    TOTP.activate(account, "A" * 32)
    codes = RecoveryCodes.activate(account)
    one, shown, found, ready = codes.generate_codes()[0], code_of("A" * 32), [], threading.Barrier(6)

    def use(place: int) -> None:
        ready.wait()
        row = Authenticator.objects.get(user=account, type="totp" if place % 2 else "recovery_codes")
        taken_now = taken(row, shown) if place % 2 else row.wrap().validate_code(one)
        found.append((place % 2, taken_now))
        connections.close_all()

    threads = [threading.Thread(target=use, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(0, False), (0, False), (0, True), (1, False), (1, False), (1, True)]
