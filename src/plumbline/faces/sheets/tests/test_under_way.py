"""What takes a while: how far it is, that it can be stopped and gone on with, and that nobody waits long behind it."""

from unittest.mock import patch

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict

from plumbline.faces.sheets import checking, importing, pace, tables, undoing, working
from plumbline.faces.sheets.importing import fitting, pause
from plumbline.faces.sheets.models import Import
from plumbline.faces.sheets.runs import Interrupted
from plumbline.kernel import actions
from plumbline.ledger.models import Entry
from plumbline.ledger.verify import verify_deep

from .importing import LIST, Case

FIVE = "Title,Description\n" + "".join(f"T{number},d\n" for number in range(5))


class StoppingTest(Case):
    def press(self, run: Import, button: str, **more: str) -> None:
        """Press a button of the page while the thread is at work."""
        self.client.post(f"{LIST}import/{run.uid}/", {"do": button, **more})

    def test_of_two_who_press_at_once_one_does_it(self) -> None:
        run = self.checked(FIVE)
        for step in ("turn", "map"):  # pressed on the page as it stood before the other brought it in
            seen = Import.objects.select_related("organisation", "person").get(pk=run.pk)
            seen.state = "checked"
            self.assertEqual(self.do(run, "import").state, "done")
            with patch("plumbline.faces.sheets.import_pages.ImportView.run", return_value=seen):
                self.press(run, step)
            working.work()
            run.refresh_from_db()
            self.assertEqual((run.state, run.rows.filter(state="done").count()), ("done", 5), step)

    def test_who_takes_it_back_at_its_last_moment_is_heard(self) -> None:
        run = self.checked(FIVE)
        run.note(state="importing", total=5)

        def pressing(_seconds: float) -> None:
            self.press(run, "stop")
            self.press(run, "undo", reason="Twice")

        with patch("plumbline.faces.sheets.importing.time.sleep", pressing):
            importing.bring_in(run, lambda: True)
        run.refresh_from_db()
        self.assertEqual(run.state, "undoing")

    def test_as_many_rows_as_are_said_are_taken_and_one_more_is_told_before_any_is_judged(self) -> None:
        above = "Our list of 2026,\n\nTitle,Description\n"
        run, more = self.begun(above + FIVE.partition("\n")[2]), self.begun(FIVE + "T5,d\n")
        with patch.object(tables, "MOST_ROWS", 5):
            self.assertEqual(self.do(run, "check").counts, {"create": 5})
            with patch.object(checking.Judge, "rows") as judged:
                run = self.do(more, "check")
        self.assertEqual((run.state, run.error), ("mapping", "There are more than 5 rows. Split the file."))
        judged.assert_not_called()

    def test_a_check_can_be_stopped_and_begun_anew_in_another_way(self) -> None:
        run = self.begun(FIVE)
        run.note(state="checking")

        def stopping() -> bool:
            self.press(run, "stop")
            self.press(run, "check", **{"column-0": "description", "column-1": "title"})
            return True

        with self.assertRaises(Interrupted):
            checking.check(Import.objects.get(pk=run.pk), stopping)
        run.refresh_from_db()
        self.assertEqual((run.state, run.mapping), ("checking", ["description", "title"]))
        working.work()
        run.refresh_from_db()
        self.assertEqual((run.state, run.total, run.rows.first().given["title"]), ("checked", 5, "d"))

    def test_taking_back_can_be_stopped_and_gone_on_with(self) -> None:
        run = self.brought(FIVE)
        entries = Entry.objects.count()
        run.note(state="undoing", reason="the wrong list", done=0, total=5)

        def stopping() -> bool:
            self.press(run, "stop")
            return True

        with patch.object(undoing, "BEGUN", 2), self.assertRaises(Interrupted):
            undoing.take_back(run, stopping)
        run.refresh_from_db()
        self.assertEqual((run.state, self.records.filter(state="cancelled").count()), ("done", 2))
        page = self.client.get(f"{LIST}import/{run.uid}/")
        self.assertContains(page, "What was taken back so far stays so")
        self.assertContains(page, "Taken back so far")
        run = self.do(run, "undo", reason="the wrong list")
        self.assertEqual((run.state, run.counts), ("undone", {"create": 5, "create-undone": 5}))
        self.assertEqual(Entry.objects.count(), entries + 5)
        self.assertEqual(list(verify_deep(self.acme.organisation.uid)), [])

    def test_what_the_end_of_a_batch_refuses_is_taken_back_one_by_one(self) -> None:
        def alone(records) -> list:
            if len(wanted := list(records)) > 1:
                raise ValidationError("no")
            return wanted

        run = self.brought(FIVE)
        with patch.object(undoing, "lock", alone):
            run = self.do(run, "undo", reason="the wrong list")
        self.assertEqual(run.counts, {"create": 5, "create-undone": 5})

    def test_what_every_try_refuses_is_kept_with_its_reason(self) -> None:
        run = self.brought(FIVE)
        with patch.object(undoing, "lock", side_effect=ValidationError("no")):
            run = self.do(run, "undo", reason="the wrong list")
        self.assertEqual(run.counts, {"create": 5, "create-kept": 5})
        self.assertEqual({row.said for row in run.rows.all()}, {"no"})


class TellingTest(Case):
    def test_the_time_to_go_is_told_by_what_was_seen(self) -> None:
        run = Import(done=100, total=1000)

        def told(asked: str, now: int = 1060) -> str:
            with patch("time.time", return_value=now):
                return pace.watched(run, QueryDict(asked))["left"]

        self.assertEqual(told("since=1000&begun=0"), "About 9 minutes to go.")
        self.assertEqual(told("since=1056&begun=0", 1062), "Less than a minute to go.")
        for silent in ("", "since=1000&begun=100", "since=1058&begun=0", "since=2000&begun=0", "since=x&begun=-1"):
            self.assertEqual(told(silent), "", silent)
        with patch("time.time", return_value=1000):
            self.assertEqual(pace.watched(run, QueryDict("since=900&begun=500"))["watch"], "?since=1000&begun=100")

    def test_the_page_says_what_is_being_done_and_that_another_comes_first(self) -> None:
        first, run = self.begun(FIVE), self.begun("Title,Description\nOther,d\n")
        run.note(state="checking")
        page = f"{LIST}import/{run.uid}/"
        self.assertContains(self.client.get(page), "The rows are being counted")
        first.note(state="importing", done=2, total=5)
        self.assertContains(self.client.get(page), "Another file is being worked on; this one comes next.")
        run.note(done=500, total=2000)
        self.assertContains(self.client.get(page), "500 of 2,000")
        self.assertNotContains(self.client.get(page), "Another file")

    def test_whoever_waits_to_write_gets_in_between_two_batches(self) -> None:
        self.assertGreater(pause(0.01), 0.1 if connection.vendor == "sqlite" else 0)
        self.assertEqual([fitting(50, took) for took in (0.01, 0.25, 5, 60)], [200, 100, 5, 5])
        numbers = [self.make(f"T{number}").number for number in range(5)]
        run = self.checked("Number,Title\n" + "".join(f"{number},Other\n" for number in numbers))
        with patch.object(actions, "BATCH", 2), patch("time.sleep") as slept:
            run = self.do(run, "import")
        self.assertEqual((slept.call_count, run.counts), (3, {"edit": 5, "edit-done": 5}))
