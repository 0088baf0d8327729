"""A request that is sent again with its key is done once, also when it is sent twice at once."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import TestCase
from django.utils import timezone

from plumbline.faces.api.models import Answered, Token
from plumbline.kernel.models import Attachment, Comment, Record
from plumbline.kernel.testing import Company
from plumbline.ledger.verify import verify_deep

from .asking import Program, refused

NEW = {"title": "Wrong label", "description": "Batch 7 carries the label of batch 6"}
HERE = "nonconformities"


class RepeatedTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def setUp(self) -> None:
        self.ann = Program.of(self.acme.ann)

    def test_the_first_answer_is_given_again(self) -> None:
        first = self.ann.post(HERE, NEW, Idempotency_Key="lot-7")
        again = self.ann.post(HERE, NEW, Idempotency_Key="lot-7")
        self.assertEqual((again.status_code, again.json()), (201, first.json()))
        self.assertEqual(Record.objects.count(), 1)
        self.assertEqual(self.ann.post(HERE, NEW, Idempotency_Key="lot-8").status_code, 201)
        self.assertEqual(self.ann.post(HERE, NEW).status_code, 201)
        self.assertEqual(Record.objects.count(), 3)

    def test_another_request_with_the_same_key_is_refused(self) -> None:
        made = self.ann.post(HERE, NEW, Idempotency_Key="lot-7").json()
        told = refused(self.ann.post(HERE, {**NEW, "title": "Other"}, Idempotency_Key="lot-7"), 422, "another request")
        self.assertIn("Idempotency-Key", told["errors"])
        refused(self.ann.post(f"{HERE}/{made['number']}/comments", {"text": "x"}, Idempotency_Key="lot-7"), 422)
        refused(self.ann.post(HERE, NEW, Idempotency_Key="x" * 256), 422)

    def test_a_key_is_the_token_s_own(self) -> None:
        self.ann.post(HERE, NEW, Idempotency_Key="lot-7")
        other = Program.of(self.acme.ann).post(HERE, NEW, Idempotency_Key="lot-7")
        self.assertEqual((other.status_code, Record.objects.count()), (201, 2))

    def test_a_refusal_is_not_kept(self) -> None:
        refused(self.ann.post(HERE, {**NEW, "owner": str(self.acme.organisation.uid)}, Idempotency_Key="k"), 422)
        self.assertEqual(self.ann.post(HERE, NEW, Idempotency_Key="k").status_code, 201)

    def test_every_way_of_writing_keeps_it(self) -> None:
        number = self.ann.post(HERE, NEW).json()["number"]
        for _twice in range(2):
            for path, sent in (
                (f"{HERE}/{number}/comments", {"text": "Seen again"}),
                (f"{HERE}/{number}/moves/correct", {"correction": "Relabelled"}),
            ):
                answer = self.ann.post(path, sent, Idempotency_Key=path)
                self.assertIn(answer.status_code, (200, 201), answer.content)
            edited = self.ann.patch(f"{HERE}/{number}", {"lot": "L-1", "version": 2}, Idempotency_Key="e")
            self.assertEqual((edited.status_code, edited["ETag"]), (200, '"3"'))
            headers = {"Idempotency-Key": "f"}
            file = SimpleUploadedFile("a.txt", b"a burr")
            sent = self.ann.client.post(f"/api/{HERE}/{number}/files", {"file": file}, headers=headers)
            self.assertEqual(sent.status_code, 201)
        self.assertEqual((Comment.objects.count(), Attachment.objects.count()), (1, 1))

    def test_keys_are_forgotten_after_two_days(self) -> None:
        self.ann.post(HERE, NEW, Idempotency_Key="old")
        Program.of(self.acme.ann).post(HERE, NEW, Idempotency_Key="of a token that asks no more")
        Answered.objects.update(at=timezone.now() - timedelta(days=3))
        self.assertEqual(self.ann.post(HERE, NEW, Idempotency_Key="old").status_code, 201)
        self.assertEqual((Answered.objects.count(), Record.objects.count()), (1, 3))


@pytest.mark.slow  # eight threads that commit, on a copy of the database
def test_eight_at_once_make_one_record(real_db) -> None:
    acme = Company("Acme")
    program, answers, ready = Program.of(acme.ann), [], threading.Barrier(8)
    program.get("me")

    def ask() -> None:
        own = Program(program.secret)
        ready.wait()
        answers.append(own.post(HERE, NEW, Idempotency_Key="one"))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 8, [answer.content for answer in answers]
    assert len({answer.json()["uid"] for answer in answers}) == 1
    assert Record.objects.count() == 1
    assert list(verify_deep()) == []


def test_a_get_writes_nothing_but_when_the_token_was_used(real_db) -> None:
    acme = Company("Acme")
    program = Program.of(acme.ann)
    made = program.post(HERE, NEW).json()
    Token.objects.update(last_used_at=None)
    assert program.get(f"{HERE}/{made['number']}").status_code == 200
    assert Token.objects.get().last_used_at is not None
