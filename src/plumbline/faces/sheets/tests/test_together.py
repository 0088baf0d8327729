"""Many rows changed in one transaction: each through the door, and what follows from them written once for all."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.faces.sheets import importing, undoing
from plumbline.faces.sheets.models import Import
from plumbline.kernel import actions, duties
from plumbline.kernel.models import Duty
from plumbline.kernel.testing import counted
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep

from .importing import LIST, Case

OF_ITS_OWN = 5  # queries of a row: read and locked, its event and what that says, the two tables of its record
STEPS = {"importing": importing.bring_in, "undoing": undoing.take_back}


class TogetherTest(Case):
    def queries(self, run: Import, state: str) -> int:
        """How many questions one batch of this step asks."""
        run.note(state=state, reason="the wrong list", done=0)
        fresh = Import.objects.select_related("organisation", "person").get(pk=run.pk)
        with CaptureQueriesContext(connection) as queries:
            STEPS[state](fresh, lambda: True)
        return counted(queries)

    def edits(self, rows: int) -> Import:
        numbers = [self.make(f"Old {row}").number for row in range(rows)]
        return self.checked("Number,Title\n" + "".join(f"{number},Newer {number}\n" for number in numbers))

    def each(self, few: int, many: int) -> None:
        """Of nine rows against three, in one batch."""
        self.assertLessEqual((many - few) / 6, OF_ITS_OWN)

    def test_of_a_batch_no_row_is_asked_for_more_than_the_door_needs(self) -> None:
        few, many = self.edits(3), self.edits(9)
        for state in ("importing", "undoing"):
            with self.subTest(edit=state):
                self.each(self.queries(few, state), self.queries(many, state))
        few, many = (
            self.brought("Title,Description\n" + "".join(f"New {row},d\n" for row in range(rows))) for rows in (3, 9)
        )
        with self.subTest(create="undoing"):
            self.each(self.queries(few, "undoing"), self.queries(many, "undoing"))

    def test_of_rows_that_were_set_back_before_history_is_asked_once(self) -> None:
        runs = []
        for rows in (3, 9):
            text = "Title,Description\n" + "".join(f"Given back {rows} {row},d\n" for row in range(rows))
            runs.append(self.brought(text))
            made = self.records.filter(title__startswith=f"Given back {rows}")
            self.do(self.brought("Number,Lot\n" + "".join(f"{one.number},L\n" for one in made)), "undo", reason="early")
        self.each(*(self.queries(run, "undoing") for run in runs))
        self.assertEqual(self.records.filter(state="cancelled").count(), 12)

    def found(self, word: str) -> list[str]:
        page = self.client.get(LIST, {"q": word, "state": "open"})
        return sorted(record.title for record in page.context["page"].rows)

    def test_turns_and_search_are_those_of_what_was_taken_back(self) -> None:
        one, two = self.make("Burr"), self.make("Crack")
        run = self.brought(f"Number,Title,Description\n{one.number},Gherkin,\n{two.number},Gherkin,\n,Gherkin,d\n")
        self.assertEqual(len(self.found("gherkin")), 3)
        two.refresh_from_db()
        actions.edit(two, by=self.acme.actor, title="Gherkin jar")
        run = self.do(run, "undo", reason="the wrong list")
        self.assertEqual(run.counts, {"edit": 2, "edit-undone": 1, "edit-kept": 1, "create": 1, "create-undone": 1})
        self.assertEqual((self.found("gherkin"), self.found("burr")), (["Gherkin jar"], ["Burr"]))
        cancelled = self.records.get(state="cancelled")
        told = Event.objects.filter(subject=cancelled.pk).order_by("pk").values_list("verb", flat=True)
        self.assertEqual(list(told), ["create", "cancel"])
        for record in self.records.all():
            self.assertEqual(self.owed(record), sorted(one.verb for one in duties.of(record, self.register)))
        self.assertEqual(self.owed(cancelled), [])
        self.assertEqual(list(verify_deep(self.acme.organisation.uid)), [])

    def owed(self, record: Any) -> list[str]:
        return sorted(Duty.objects.filter(record=record.pk).values_list("verb", flat=True))
