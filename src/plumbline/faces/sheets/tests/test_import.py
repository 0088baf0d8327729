"""A file becomes records: read, mapped, checked without a trace, brought in through the door, taken back."""

import io
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from xlsxwriter import Workbook

from plumbline.faces.sheets.importing import bring_in
from plumbline.faces.sheets.runs import Interrupted
from plumbline.kernel import actions
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.models import Site
from plumbline.organisation.own_fields import OwnField

from .importing import LIST, Case, sheet

GERMAN = (
    "Titel;Beschreibung;Fällig am;Menge;Verantwortlich;Einstufung;Vertraulich\n"
    "Grat;an der Kante;31.12.2027;1.234,5;bob@acme.example;Geringfügig;ja\n"
    "Riss;am Fuß;1.2.2028;2;Bob Carter;;nein\n"
)


class ReadingTest(Case):
    def test_a_german_csv_is_read_in_each_encoding(self) -> None:
        for encoding, shown in (
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("cp1252", "cp1252"),
            ("utf-16", "utf-16"),
        ):
            run = self.begun(GERMAN.encode(encoding))
            self.assertEqual((run.reading["encoding"], run.reading["delimiter"]), (shown, ";"))
            self.assertEqual((run.reading["dates"], run.reading["decimal"]), ("dmy", ","))
            self.assertEqual(
                run.mapping, ["title", "description", "due", "quantity", "owner", "grade", "confidential"], encoding
            )

    def test_what_was_recognised_can_be_corrected(self) -> None:
        run = self.begun("a;b\nTitle;Lot\nx;y\n")
        self.assertEqual(run.headings, ["Title", "Lot"])
        run = self.do(run, "look", heading="1")
        self.assertEqual((run.headings, run.reading["heading"]), (["a", "b"], 1))
        run = self.do(run, "look", delimiter=",", encoding="cp1252", heading="1")
        self.assertEqual((run.headings, run.reading["encoding"]), (["a;b"], "cp1252"))
        self.assertEqual(self.do(run, "look", encoding="rot13").reading["encoding"], "cp1252")

    def test_two_columns_into_one_field_are_refused_not_one_left_out(self) -> None:
        run, both = self.begun("Title,Lot,Batch\nBurr,1,2\n"), {"column-1": "lot", "column-2": "lot"}
        answer = self.client.post(f"{LIST}import/{run.uid}/", {"do": "check", "column-0": "title", **both})
        self.assertContains(answer, "Two columns go into “Lot or order”", status_code=422)
        self.assertEqual(answer.context["run"].mapping, ["title", "lot", "lot"])
        run.refresh_from_db()
        self.assertEqual(run.state, "mapping")

    def test_a_workbook_keeps_its_columns_where_cells_are_empty(self) -> None:
        rows = (["Our list"], [], ["Title", "Lot", "Due", "Quantity"], ["A", None, date(2027, 3, 1), 2.5], [None, "L1"])
        run = self.brought(sheet(*rows, ["B", "L2", None, 7]), "list.xlsx", **{"column-4": "description"})
        self.assertEqual(run.headings, ["Title", "Lot", "Due", "Quantity"])
        self.assertEqual(run.counts, {"wrong": 3})
        self.assertEqual(self.errors(run)[0], [["What happened", "This is needed."]])

    def test_the_first_sheet_with_rows_is_read(self) -> None:
        file = io.BytesIO()
        with Workbook(file) as book:
            book.add_worksheet("Cover")
            book.add_worksheet("List").write_row(0, 0, ["Title", "Lot"])
        run = self.begun(file.getvalue(), "two.xlsx")
        self.assertEqual((run.reading["sheet"], run.headings), ("List", ["Title", "Lot"]))

    def test_a_mapping_is_remembered(self) -> None:
        run = self.begun("Worum,Wie\nBurr,At the edge\n")
        self.assertEqual(run.mapping, ["", ""])
        self.do(self.do(run, "check", **{"column-0": "title", "column-1": "description"}), "import")
        self.assertEqual(self.begun("Worum,Wie,Lot\nChip,x,L\n").mapping, ["title", "description", "lot"])


class ImportTest(Case):
    def test_numbers_that_were_taken_the_wrong_way_are_turned_with_one_button(self) -> None:
        list_of_others = "Kennziffer,Title,Description\nCAPA-1,Burr,d\nCAPA-2,Chip,d\n"
        run = self.checked(list_of_others, **{"column-0": "number", "changing": "yes"})
        self.assertEqual(run.counts, {"wrong": 2})
        self.assertContains(self.client.get(f"{LIST}import/{run.uid}/"), "Yes, they are new")
        run = self.do(run, "turn")
        self.assertEqual((run.changing, run.counts), (False, {"create": 2}))
        self.assertNotContains(self.client.get(f"{LIST}import/{run.uid}/"), 'value="turn"')
        self.do(run, "import")
        run = self.checked(list_of_others.replace("Burr", "Burrs"), changing="no")
        self.assertContains(self.client.get(f"{LIST}import/{run.uid}/"), "Yes, they change them")
        self.assertEqual(self.do(run, "turn").counts, {"edit": 1, "same": 1})

    def test_the_dry_run_changes_nothing_and_the_import_is_typed_and_has_its_events(self) -> None:
        before = Event.objects.count()
        run = self.checked(GERMAN)
        self.assertEqual((run.state, run.counts), ("checked", {"create": 2}))
        self.assertEqual((Event.objects.count(), self.records.count()), (before, 0))
        run = self.do(run, "import")
        self.assertEqual((run.state, run.counts), ("done", {"create": 2, "create-done": 2}))
        one, two = self.records.order_by("number")
        self.assertEqual((one.title, one.due, one.quantity), ("Grat", date(2027, 12, 31), Decimal("1234.5")))
        self.assertEqual((one.owner, one.author, one.confidential), (self.acme.bob, self.acme.ann, True))
        self.assertEqual((two.due, two.grade, two.state), (date(2028, 2, 1), "minor", "open"))
        self.assertEqual(Event.objects.filter(verb="create", record__in=[one.pk, two.pk]).count(), 2)
        self.assertContains(self.client.get(f"{LIST}{one.number}/"), "Import of “list.csv”")
        self.assertEqual(list(verify_deep(self.acme.organisation.uid)), [])

    def test_the_first_rows_are_shown_as_they_were_understood(self) -> None:
        record = self.make("Burr", due=date(2027, 4, 3), lot="L1")
        file = f"Number,Title,Bis,Lot,Quantity\n{record.number},Burr,12/31/2027,L2,\n,Chip,04/05/2027,,1.5\n"
        run = self.begun(file)
        self.assertEqual(run.reading["dates"], "mdy", "a column that nobody mapped yet tells how days are written")
        run = self.do(run, "check", **{"column-2": "due", "column-4": "quantity"})
        told = self.client.get(f"{LIST}import/{run.uid}/").context["understood"]
        self.assertEqual(told[0][1], [("Due", "3 Apr 2027", "31 Dec 2027"), ("Lot or order", "L1", "L2")])
        self.assertEqual(len(told), 1, "a row with an error is none of them")

    def test_it_can_be_stopped_and_gone_on_with(self) -> None:
        run = self.checked("Title,Description\n" + "".join(f"T{number},d\n" for number in range(5)))
        run.note(state="importing", total=5)
        page = f"{LIST}import/{run.uid}/"

        def stopping() -> bool:
            self.client.post(page, {"do": "stop"})
            return True

        with patch.object(actions, "BATCH", 2), self.assertRaises(Interrupted):
            bring_in(run, stopping)
        run.refresh_from_db()
        self.assertEqual((run.state, self.records.count()), ("stopped", 2))
        self.assertContains(self.client.get(page), "3 rows are still to come in")
        run = self.do(run, "resume")
        self.assertEqual((run.state, run.error, self.records.count()), ("done", "", 5))

    def test_by_number_only_what_differs_is_changed_and_what_is_the_same_makes_no_event(self) -> None:
        one, two = self.make("One", lot="L1"), self.make("Two", lot="L2")
        before = Event.objects.count()
        run = self.brought(f"Number,Title,Lot,State\n{one.number},One,L9,Reported\n{two.number},Two,,\n")
        self.assertEqual(run.counts, {"edit": 1, "edit-done": 1, "same": 1})
        self.assertEqual(Event.objects.count(), before + 1)
        one.refresh_from_db(), two.refresh_from_db()
        self.assertEqual((one.lot, one.version, two.lot, two.version), ("L9", 2, "L2", 1))
        run = self.brought(f"Number,Lot\n{two.number},\n", clearing="1")
        two.refresh_from_db()
        self.assertEqual(two.lot, "")

    def test_what_somebody_changed_since_the_dry_run_is_reported_and_not_overwritten(self) -> None:
        one, two = self.make("One"), self.make("Two")
        run = self.checked(f"Number,Lot\n{one.number},L1\n{two.number},L2\n")
        actions.edit(one, by=self.acme.actor, lot="Theirs")
        run = self.do(run, "import")
        self.assertEqual(run.counts, {"edit": 2, "edit-done": 1, "edit-refused": 1})
        one.refresh_from_db()
        self.assertEqual(one.lot, "Theirs")
        self.assertContains(self.client.get(f"{LIST}import/{run.uid}/"), "Somebody changed this record since")

    def test_an_export_comes_back_without_a_change(self) -> None:
        self.make("=1+1", quantity=Decimal("-2.50"), due=date(2027, 3, 1), confidential=True, place="Hall, 2\n")
        for page, name in (("export.csv", "a.csv"), ("export.xlsx", "a.xlsx")):
            answer = self.client.get(f"{LIST}{page}?fields=all")
            run = self.checked(b"".join(answer.streaming_content), name)
            self.assertEqual((run.counts, self.errors(run)), ({"same": 1}, []), name)

    def test_a_number_of_ones_own_is_kept_and_a_taken_one_refused(self) -> None:
        one = self.make()
        text = f"Number,Title,Description\nOLD-17,Old,d\n{one.number},New,d\nimport,x,d\na/b,x,d\nOLD-17,Twice,d\n"
        run = self.brought(text, changing="no")
        self.assertEqual(run.counts, {"create": 1, "create-done": 1, "wrong": 4})
        told = [errors[0][1] for errors in self.errors(run)]
        for words, said in zip(("already taken", "name of a page", "Use letters", "twice"), told, strict=True):
            self.assertIn(words, said)
        self.assertTrue(self.records.filter(number="OLD-17").exists())

    def test_own_fields_are_filled_and_needed(self) -> None:
        for sort, more in (
            ("number", {}),
            ("person", {}),
            ("choice", {"choices": [["red", "Red", True]], "required": True}),
        ):
            fixed = {"kind": "nonconformity", "code": sort, "label": f"My {sort}", "sort": sort}
            actions.create(OwnField, by=self.acme.actor, **fixed, **more)
            self.acme.organisation.refresh_from_db()
        text = "Title,Description,My number,My person,My choice\nA,d,12.50,bob carter,red\nB,d,x,,\n"
        run = self.brought(text)
        self.assertEqual(run.counts, {"create": 1, "create-done": 1, "wrong": 1})
        kept = {"number": "12.5", "person": str(self.acme.bob.uid), "choice": "red"}
        record = self.records.get()
        self.assertEqual(record.extra["own"], kept)
        run = self.brought(f"Number,My number\n{record.number},13\n")
        self.assertEqual(run.counts, {"edit": 1, "edit-done": 1})
        self.do(run, "undo", reason="wrong file")
        record.refresh_from_db()
        self.assertEqual(record.extra["own"], kept)

    def test_the_same_file_twice_is_noticed(self) -> None:
        self.brought(GERMAN)
        run = self.checked(GERMAN)
        self.assertContains(self.client.get(f"{LIST}import/{run.uid}/"), "The same file was imported before")
        self.assertEqual(self.do(run, "import").state, "checked")
        self.assertEqual(self.do(run, "import", again="1").state, "done")
        self.assertEqual(self.records.count(), 4)

    def test_what_the_door_refuses_does_not_hold_up_the_others(self) -> None:
        run = self.checked("Number,Title,Description\nA-1,One,d\nA-2,Two,d\n", changing="no")
        self.make("Quicker", number="A-1")
        run = self.do(run, "import")
        self.assertEqual(run.counts, {"create": 2, "create-done": 1, "create-refused": 1})
        self.assertEqual(run.rows.get(state="refused").said, "number: This number is already taken.")

    def test_people_who_left_and_two_of_one_name(self) -> None:
        self.acme.join("Bob Carter", "other-bob@acme.example")
        gone = self.acme.join("Eve Gone", "eve@acme.example")
        actions.edit(gone, by=self.acme.actor, ended_on=date(2020, 1, 1))
        run = self.checked("Title,Description,Owner\nA,d,Bob Carter\nB,d,Eve Gone\n")
        told = [errors[0][1] for errors in self.errors(run)]
        self.assertIn("several people", told[0])
        self.assertIn("No person", told[1])


class UndoTest(Case):
    def test_new_ones_are_cancelled_and_edited_fields_set_back_where_nobody_changed_them(self) -> None:
        one, two = self.make("One", lot="L1", place="P1"), self.make("Two", lot="L2")
        run = self.brought(
            f"Number,Title,Description,Lot,Place\n{one.number},,,X1,Y1\n{two.number},,,X2,\n,New,d,,\n,Next,d,,\n"
        )
        self.assertEqual(run.counts, {"edit": 2, "edit-done": 2, "create": 2, "create-done": 2})
        one.refresh_from_db()
        actions.edit(one, by=self.acme.actor, place="Theirs")
        fresh = self.records.get(title="Next")
        actions.act(fresh, "correct", by=self.acme.actor, correction="went on")
        self.assertEqual(self.do(run, "undo").state, "done")
        run = self.do(run, "undo", reason="the wrong list")
        self.assertEqual(run.state, "undone")
        one.refresh_from_db(), two.refresh_from_db(), fresh.refresh_from_db()
        self.assertEqual((one.lot, one.place, two.lot, fresh.state), ("L1", "Theirs", "L2", "corrected"))
        self.assertEqual(self.records.get(title="New").state, "cancelled")
        page = self.client.get(f"{LIST}import/{run.uid}/")
        self.assertContains(page, "Somebody went on with it")
        self.assertContains(self.client.get(f"{LIST}{one.number}/timeline/"), "taken back: the wrong list")
        self.assertEqual(list(verify_deep(self.acme.organisation.uid)), [])

    def test_what_a_later_import_changed_and_gave_back_is_cancelled_all_the_same(self) -> None:
        run = self.brought("Title,Description\nNew,d\nNext,d\n")
        new, after = self.records.get(title="New"), self.records.get(title="Next")
        later = self.brought(f"Number,Title\n{new.number},Newer\n{after.number},Later\n")
        self.do(later, "undo", reason="too early")
        actions.edit(after, by=self.acme.actor, title="Mine")
        self.do(run, "undo", reason="the wrong list")
        new.refresh_from_db(), after.refresh_from_db()
        self.assertEqual((new.title, new.state, after.title, after.state), ("New", "cancelled", "Mine", "open"))

    def test_it_says_before_that_a_kind_cannot_be_cancelled(self) -> None:
        self.assertContains(self.client.get(f"{LIST}import/"), "Cancel this record")
        from plumbline.faces.sheets.undoing import way_back
        from plumbline.kernel.register import registers

        ways = {register.kind: getattr(way_back(register), "verb", None) for register in registers()}
        self.assertEqual(ways["document"], "withdraw")
        self.assertTrue(all(ways.values()), ways)

    def test_places_point_by_name(self) -> None:
        site = actions.create(Site, by=self.acme.actor, name="Hall 2")
        self.brought("Title,Description,Site\nA,d,hall 2\n")
        self.assertEqual(self.records.get().site, site)
