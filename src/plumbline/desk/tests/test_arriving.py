"""What a browser sends again is done once, for whom it was typed, and what is refused may be sent again."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.utils import timezone

from plumbline.desk.arriving import COOKIE, FIELD, HEADER, KEPT, WHO
from plumbline.desk.models import Arrived
from plumbline.faces.api.models import Token
from plumbline.faces.lists import moving
from plumbline.kernel import actions
from plumbline.kernel.models import Attachment, Comment, Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company


def breaking(path: str, work: Any) -> Any:
    """It is done once; at the second time the server fails."""
    left = [work]

    def done(*given, **named):
        if not left:
            raise RuntimeError
        return left.pop()(*given, **named)

    return patch(path, side_effect=done)


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

    def test_what_came_to_nothing_is_done_by_whoever_sends_it_again(self) -> None:
        row = Arrived.objects.create(key=self.key, by=self.acme.ann.account.email)
        values = {"text": "Between two tunnels.", FIELD: f"{self.key} ann@example.org Comment"}
        self.assertEqual(self.comment().status_code, 503)  # under way: asked again later
        told = self.browser.post(f"{self.at}comments/", values)
        self.assertContains(told, "is being saved", status_code=409)
        self.assertContains(told, "Between two tunnels.", status_code=409)
        self.assertEqual(self.said(), 0)
        Arrived.objects.update(at=row.at - timedelta(minutes=2))  # it was killed meanwhile
        self.assertTrue(self.comment().json()["taken"])
        self.assertEqual(self.browser.post(f"{self.at}comments/", values).cookies[COOKIE].value, self.key)
        self.assertEqual(self.said(), 1)

    def test_the_slower_of_two_that_were_begun_leaves_nothing(self) -> None:
        made = actions.create

        def overtaken(*what, **values):
            Arrived.objects.update(at=timezone.now() + timedelta(seconds=1))  # the same was begun again
            return made(*what, **values)

        with patch("plumbline.kernel.parts.actions.create", side_effect=overtaken):
            self.assertEqual(self.comment().status_code, 503)
        self.assertEqual((self.said(), Arrived.objects.count()), (0, 1))

    def test_an_error_after_the_work_was_committed_does_not_do_it_twice(self) -> None:
        self.browser.raise_request_exception = False
        values = {"text": "Between two tunnels.", FIELD: f"{uuid4()} ann@example.org Comment"}
        with (
            patch("plumbline.kernel.parts.Comments.to_record", side_effect=RuntimeError),
            self.assertLogs("django.request"),
        ):
            told = self.comment().json()
            led = self.browser.post(f"{self.at}comments/", values)
        where = f"/r/{self.record.pk}/"
        self.assertEqual((told["taken"], told["url"], led.url), (True, where, where))
        self.assertIn("then the server failed", told["said"])
        self.assertContains(self.browser.get(self.at), "then the server failed")
        self.assertEqual(
            (self.comment().json()["url"], self.browser.post(f"{self.at}comments/", values).url), (where,) * 2
        )
        self.assertEqual(self.said(), 2)

    def test_what_is_answered_by_a_page_is_not_done_twice(self) -> None:
        values = {"name": "Scale", "days": "30", "level": "read", FIELD: self.key}
        first = self.browser.post("/acme/my-tokens/", values, headers={"Referer": "http://testserver/acme/my-tokens/"})
        self.assertContains(first, Token.objects.get().hint)
        self.assertEqual(self.browser.post("/acme/my-tokens/", values).url, "/acme/my-tokens/")
        self.assertEqual(Token.objects.count(), 1)

    def test_photos_come_with_their_record_or_it_does_not_come(self) -> None:
        self.browser.raise_request_exception = False
        photos = [SimpleUploadedFile(f"{name}.png", name.encode()) for name in ("one", "two")]
        values = {"title": "A burr", "description": "At the edge", "photo": photos}
        new, attach = "/acme/nonconformities/new/", actions.attach
        broken = [attach, RuntimeError]

        def second_fails(*given, **named):
            return broken.pop(0)(*given, **named) if len(broken) == 2 else self.fail("the disk")

        with (
            patch("plumbline.kernel.views.actions.attach", side_effect=second_fails),
            self.assertLogs("django.request"),
        ):
            self.assertEqual(self.sent(new, values).status_code, 500)
        self.assertEqual(Record.objects.count(), 1)
        for one in photos:
            one.seek(0)
        self.assertTrue(self.sent(new, values).json()["taken"])
        self.assertEqual(Attachment.objects.count(), 2)

    def test_a_move_of_many_that_broke_off_goes_on_with_those_left(self) -> None:
        self.browser.raise_request_exception = False
        for title in ("Scratch", "Dent"):
            actions.create(register_of("nonconformity"), by=self.acme.actor, title=title, description="Seen")
        chosen = [f"{one.pk}:1:" for one in Record.objects.all()]
        values = {"verb": "correct", "chosen": chosen, "make": "yes", "correction": "Filed"}
        with breaking("plumbline.faces.lists.moving._made", moving._made), self.assertLogs("django.request"):
            self.assertEqual(self.sent("/acme/nonconformities/many/", values).status_code, 500)
        self.assertEqual(Record.objects.filter(version=2).count(), 1)
        self.assertTrue(self.sent("/acme/nonconformities/many/", values).json()["taken"])
        self.assertEqual(Record.objects.filter(version=2).count(), 3)

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
