"""What a browser sends again is done once, for whom it was typed, and what is refused may be sent again."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from plumbline.desk.arriving import COOKIE, FIELD, HEADER, KEPT, WHO
from plumbline.desk.models import Arrived
from plumbline.kernel import actions
from plumbline.kernel.models import Comment
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company


class ArrivingTest(TestCase):
    def setUp(self) -> None:
        self.acme, self.key = Company("Acme"), str(uuid4())
        self.bob, register = self.acme.bob, register_of("nonconformity")
        self.record = actions.create(register, by=self.acme.actor, title="Burr", description="It cut my glove.")
        self.at = f"/acme/nonconformities/{self.record.number}/"
        self.browser = self.acme.client(self.acme.ann)

    def sent(self, url: str, values: dict, key: str = "", browser: Client | None = None, who: str = ""):
        told = {HEADER: key or self.key, WHO: who or self.acme.ann.account.email}
        return (browser or self.browser).post(url, values, headers=told)

    def comment(self, **about):
        return self.sent(f"{self.at}comments/", {"text": "Between two tunnels."}, **about)

    def said(self) -> int:
        return Comment.objects.filter(record=self.record).count()

    def test_sent_twice_it_is_done_once_and_answered_the_same(self) -> None:
        first, again = self.comment(), self.comment()
        self.assertEqual((first.json()["taken"], again.json()["taken"]), (True, True))
        self.assertEqual(first.json()["url"], again.json()["url"])
        self.assertEqual(self.said(), 1)
        self.assertTrue(self.comment(key=str(uuid4())).json()["taken"])
        self.assertEqual(self.said(), 2)

    def test_an_answer_that_was_lost_is_given_again_to_the_form_as_the_browser_sends_it(self) -> None:
        values = {"text": "Between two tunnels.", FIELD: f"{self.key} ann@example.org Comment"}
        first = self.browser.post(f"{self.at}comments/", values)
        self.assertEqual(first.cookies[COOKIE].value, self.key)
        self.assertEqual(self.browser.post(f"{self.at}comments/", values).url, first.url)
        self.assertTrue(self.comment().json()["taken"])  # what the worker kept
        self.assertEqual(self.said(), 1)

    def test_nobody_sends_what_somebody_else_has_kept(self) -> None:
        bob = self.acme.client(self.bob)
        mine = self.comment(browser=bob)
        self.assertEqual((mine.status_code, mine.json()["other"], self.said()), (409, True, 0))
        self.comment()
        stolen = self.comment(browser=bob, who=self.bob.account.email)
        self.assertEqual((stolen.status_code, stolen.json()["other"], self.said()), (409, True, 1))

    def test_what_is_refused_is_said_and_may_be_sent_again(self) -> None:
        empty = self.sent(f"{self.at}comments/", {"text": ""})
        self.assertEqual((empty.json()["taken"], empty.json()["said"]), (False, "Write something first."))
        self.assertNotContains(self.browser.get(self.at), "Write something first.")  # said already
        edited = actions.edit(self.record, by=self.acme.actor, version=self.record.version, title="Burr, twice")
        values = {"title": "Mine", "description": "As seen", "version": edited.version - 1}
        self.assertEqual(self.sent(f"{self.at}edit/", values).status_code, 422)
        self.assertFalse(Arrived.objects.exists())
        self.assertTrue(self.comment().json()["taken"])

    def test_where_it_is_not_known_nobody_says_it_was_done(self) -> None:
        row = Arrived.objects.create(key=self.key, by=self.acme.ann.account.email)
        self.assertEqual(self.comment().status_code, 503)  # under way: asked again later
        Arrived.objects.update(at=row.at - timedelta(minutes=2))
        unsure = self.comment()
        self.assertEqual((unsure.status_code, unsure.json()["taken"], self.said()), (409, False, 0))
        self.assertIn("may have arrived", unsure.json()["said"])
        self.assertTrue(self.comment().json()["taken"])  # who sends it after that has looked
        self.assertEqual(self.said(), 1)

    def test_the_same_in_the_form_as_the_browser_sends_it(self) -> None:
        row = Arrived.objects.create(key=self.key, by=self.acme.ann.account.email)
        Arrived.objects.update(at=row.at - timedelta(minutes=2))
        values = {"text": "Between two tunnels.", FIELD: f"{self.key} ann@example.org Comment"}
        told = self.browser.post(f"{self.at}comments/", values)
        self.assertContains(told, "may have arrived", status_code=409)
        self.assertContains(told, "Between two tunnels.", status_code=409)
        self.browser.post(f"{self.at}comments/", values)
        self.assertEqual(self.said(), 1)

    def test_what_was_corrected_after_it_had_arrived_is_not_lost(self) -> None:
        self.comment()
        told = self.sent(f"{self.at}comments/", {"text": "Between three tunnels."})
        self.assertEqual((told.status_code, told.json()["taken"], self.said()), (409, False, 1))
        self.assertIn("may have arrived", told.json()["said"])
        self.assertTrue(self.sent(f"{self.at}comments/", {"text": "Between three tunnels."}).json()["taken"])
        self.assertEqual(self.said(), 2)

    def test_the_same_is_known_in_whatever_form_the_browser_sends_it(self) -> None:
        photo = SimpleUploadedFile("burr.txt", b"sharp")
        self.sent(f"{self.at}comments/", {"text": "One\r\ntwo", "photo": photo, "csrfmiddlewaretoken": "a"})
        photo.seek(0)
        again = self.sent(f"{self.at}comments/", {"photo": photo, "text": "One\ntwo", FIELD: self.key})
        self.assertEqual((again.json()["taken"], self.said()), (True, 1))

    def test_what_takes_so_long_that_its_name_is_gone_is_answered(self) -> None:
        with patch("plumbline.desk.arriving._said", side_effect=lambda *_: Arrived.objects.all().delete() and []):
            self.assertTrue(self.comment().json()["taken"])

    def test_names_are_forgotten_after_a_month(self) -> None:
        self.comment()
        Arrived.objects.update(at=Arrived.objects.get().at - KEPT - timedelta(hours=1))
        self.comment(key=str(uuid4()))
        self.assertFalse(Arrived.objects.filter(key=self.key).exists())

    def test_what_breaks_is_not_noted_as_done(self) -> None:
        self.browser.raise_request_exception = False
        with (
            patch("plumbline.kernel.parts.actions.create", side_effect=RuntimeError),
            self.assertLogs("django.request"),
        ):
            self.assertEqual(self.comment().status_code, 500)
        self.assertFalse(Arrived.objects.exists())

    def test_who_is_signed_out_is_asked_to_sign_in_and_nothing_is_noted(self) -> None:
        answer = self.comment(browser=Client())
        self.assertTrue(answer.url.startswith("/accounts/login/"))
        self.assertFalse(Arrived.objects.exists())
