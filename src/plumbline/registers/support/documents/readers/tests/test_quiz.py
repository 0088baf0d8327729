"""Questions about a revision: answered alone, at the tablet and on paper; no way leads round them."""

from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions
from plumbline.kernel.testing import counted
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.models import Reading, Revision
from plumbline.registers.support.documents.tests.house import TODAY

from .test_reading import ReadingCase

QUIZ = [
    {"question": "How many offers?", "answers": ["One", "Two"], "right": 1, "why": "Two, since revision 2."},
    {"question": "Who signs?", "answers": ["Ann", "Nobody"], "right": 0, "why": "Ann does."},
]


class QuizTest(ReadingCase):
    RIGHT, WRONG = {"answer-0": "1", "answer-1": "0"}, {"answer-0": "1", "answer-1": "1"}

    def asks(self) -> Revision:
        """In force, with two questions of which both are to be right; Bob and Fay are asked."""
        self.fay = self.hand("Fay")
        draft = actions.edit(self.house.draft(), by=self.house.writer, quiz=QUIZ, pass_score=2)
        self.house.act(self.house.act(draft, "submit", self.house.dora), "approve")
        return self.house.act(draft, "put_into_force", effective_on=TODAY)

    def read_by(self, person: Any) -> tuple:
        one = Reading.objects.get(person=person)
        return one.read_at is not None, one.how, one.score, one.tries

    def test_no_way_leads_round_the_questions(self) -> None:
        revision = self.asks()
        bobs = Reading.objects.get(person=self.acme.bob)
        for how in Reading.How:
            with self.assertRaisesMessage(reading.Over, "with enough right answers"):
                reading.confirm(bobs, Actor.of(self.eve), how)
        client, page = self.acme.client(self.eve), self.url("group", revision.number)
        for sent in ({}, {"answered": "1"}, {"at": self.acme.organisation.now().isoformat()}):
            client.post(page, {"person": str(self.acme.bob.pk), **sent})
            client.post(page, {"person": str(self.acme.bob.pk), **sent}, headers={"Accept": "application/json"})
        self.assertFalse(self.read_by(self.acme.bob)[0])

    def test_at_the_tablet_each_answers_for_themselves(self) -> None:
        revision = self.asks()
        client, page = self.acme.client(self.eve), self.url("group", revision.number)
        shown = client.get(page)
        self.assertContains(shown, "How many offers?")
        self.assertNotContains(shown, "Ann does.")  # what is right the tablet does not know
        sent, script = {"person": str(self.fay.pk)}, {"Accept": "application/json"}
        answer = client.post(page, sent | self.WRONG, headers=script)
        self.assertEqual((answer.status_code, answer.json()["wrong"]), (409, {"1": "Ann does."}))
        self.assertEqual(self.read_by(self.fay), (False, "", 1, 1))
        for _again in range(2):
            self.assertEqual(client.post(page, sent | self.RIGHT, headers=script).status_code, 200)
        self.assertEqual(self.read_by(self.fay), (True, "group", 2, 2))
        self.assertEqual(Reading.objects.get(person=self.fay).witness, self.eve)
        self.assertFalse(self.read_by(self.acme.bob)[0])

    def test_at_the_tablet_without_script_the_questions_have_a_page(self) -> None:
        revision = self.asks()
        client, page = self.acme.client(self.eve), self.url("group", revision.number)
        sent = {"person": str(self.fay.pk)}
        self.assertContains(client.post(page, sent), "How many offers?")
        self.assertEqual(self.read_by(self.fay), (False, "", None, 0))
        self.assertContains(client.post(page, sent | self.WRONG | {"answered": "1"}), "1 of 2 answers are right")
        self.assertEqual(client.post(page, sent | self.RIGHT | {"answered": "1"}).status_code, 302)
        self.assertEqual(self.read_by(self.fay), (True, "group", 2, 2))

    @pytest.mark.slow  # lays out a page of paper
    def test_on_paper_who_passed_is_entered(self) -> None:
        revision = self.asks()
        client = self.acme.client(self.eve)
        sheet = pypdfium2.PdfDocument(client.get(self.url("sheet", revision.number)).content)
        words = sheet[0].get_textpage().get_text_bounded()
        self.assertIn("How many offers?", words)
        self.assertIn("B Two", " ".join(words.split()))
        self.assertNotIn("Ann does.", words)
        page = self.url("paper", revision.number)
        self.assertContains(client.get(page), f'name="answer-{self.fay.pk}-1"')
        typed = {"on": TODAY.isoformat(), "person": [str(self.fay.pk), str(self.acme.bob.pk)]}
        for person, answers in ((self.fay, self.RIGHT), (self.acme.bob, self.WRONG)):
            typed |= {name.replace("-", f"-{person.pk}-"): said for name, said in answers.items()}
        missing = client.post(page, typed)
        self.assertContains(missing, '<option value="1" selected>B</option>', status_code=422)
        scan = {"file": SimpleUploadedFile("list.jpg", b"\xff\xd8\xff signed")}
        told = client.post(page, {**typed, **scan}, follow=True)
        self.assertContains(told, "1 person is noted from the list.")
        self.assertContains(told, "still asked to read it: Bob Carter (1/2)")
        self.assertEqual(self.read_by(self.fay), (True, "paper", 2, 1))
        self.assertEqual(self.read_by(self.acme.bob), (False, "", 1, 1))

    def test_the_questions_to_the_database_do_not_grow_with_names(self) -> None:
        revision = self.asks()
        client = self.acme.client(self.eve)
        pages = [self.url(name, revision.number) for name in ("group", "paper")]
        asked = []
        for n in (0, 30):
            for k in range(n):
                self.hand(f"Hand {k}")
            reading.catch_up(revision, Actor.clock(self.acme.organisation))
            for page in pages:
                client.get(page)
                with CaptureQueriesContext(connection) as queries:
                    client.get(page)
                asked.append(counted(queries))
        self.assertEqual(asked[:2], asked[2:])

    def test_a_quiz_is_written_on_the_draft_and_passed(self) -> None:
        draft = self.house.draft()
        client, page = self.acme.client(self.house.dora), self.url("quiz", draft.number)
        self.assertEqual(client.get(page).status_code, 200)
        typed: dict[str, Any] = {"pass_score": "2"}
        for place, one in enumerate(QUIZ):
            typed |= {f"question-{place}": one["question"], f"right-{place}": one["right"], f"why-{place}": one["why"]}
            typed |= {f"answer-{place}-{n}": said for n, said in enumerate(one["answers"])}
        wrong = {**typed, "right-1": ""}
        self.assertContains(client.post(page, wrong), "Question 2 needs", status_code=422)
        self.assertEqual(client.post(page, typed).status_code, 302)
        draft = Revision.objects.get(pk=draft.pk)
        self.assertEqual((draft.quiz, draft.pass_score), (QUIZ, 2))
        self.assertNotContains(client.get(self.url("record", draft.number)), "&#x27;question&#x27;")
        late = client.post(page, {**typed, "question-0": "Mine", "version": draft.version - 1})
        self.assertContains(late, "Somebody else changed this", status_code=422)
        self.assertContains(late, "Mine", status_code=422)
        self.house.act(self.house.act(draft, "submit", self.house.dora), "approve")
        self.house.act(draft, "put_into_force", effective_on=TODAY)
        bob, page = self.acme.client(self.acme.bob), self.url("read", draft.number)
        self.assertContains(bob.post(page, {"answer-0": "1"}), "no try was counted")
        failed = bob.post(page, {"answer-0": "1", "answer-1": "1"})
        self.assertContains(failed, "1 of 2 answers are right")
        self.assertContains(failed, "Ann does.")
        bob.post(page, {"answer-0": "1", "answer-1": "0"})
        one = Reading.objects.get(person=self.acme.bob)
        self.assertEqual((one.tries, one.score, one.read_at is not None), (2, 2, True))
