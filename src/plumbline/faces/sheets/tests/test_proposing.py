"""What the columns of a file are taken for before anybody has said it."""

from plumbline.kernel import actions

from .importing import LIST, Case

DUE = "Bis wann|Termin|Fällig|Fällig am|Frist|Due by|Deadline|By when"
TITLE = "Was ist zu tun?|Was|Maßnahme|Aufgabe|Titel|Betreff|What|Task|Subject"


class ProposingTest(Case):
    def mapped(self, text: str) -> list[str]:
        return self.begun(text).mapping

    def test_common_headings_are_known(self) -> None:
        for name, headings in (("due", DUE), ("title", TITLE)):
            for heading in headings.split("|"):
                self.assertEqual(self.mapped(f"Wer;{heading};Standort\na;b;c\n"), ["owner", name, "site"], heading)

    def test_of_two_headings_for_one_field_the_better_has_it(self) -> None:
        self.assertEqual(self.mapped("Was;Titel;Lot\na;b;c\n"), ["", "title", "lot"])

    def test_a_column_that_only_counts_the_rows_is_no_number(self) -> None:
        for heading in ("Lfd. Nr.", "No.", "Nr", "Number"):
            run = self.begun(f"{heading},Title\n1,Burr\n2,Chip\n3.,Dent\n")
            self.assertEqual((run.mapping, run.changing), (["", "title"], True), heading)
        self.assertEqual(self.mapped("Nr,Kennung,Title\n1,OLD-7,Burr\n2,OLD-8,Chip\n"), ["", "number", "title"])
        run = self.do(
            self.begun("Nr,Title,Description\n1,Burr,d\n"), "check", **{"column-0": "number", "changing": "no"}
        )
        self.assertEqual(self.do(run, "import").counts["create-done"], 1)
        self.assertTrue(self.records.filter(number="1").exists(), "it may be chosen all the same")
        self.assertEqual(self.mapped("Nr,Title\n1,Burr\n2,Chip\n"), ["number", "title"], "as it was mapped before")

    def test_digits_that_are_the_number_of_a_record_are_its_number(self) -> None:
        actions.create(self.register, by=self.acme.actor, title="Burr", description="d", number="4711")
        run = self.begun("Nr,Title\n4711,Burr\n4712,Chip\n")
        self.assertEqual((run.mapping, run.changing), (["number", "title"], True))

    def test_it_says_how_the_dates_of_the_file_are_written(self) -> None:
        iso, other = "like 2026-12-31, which is always understood", "Other dates are written like"
        for day, said in (("2027-06-30", True), ("30.6.2027", False)):
            run = self.begun(f"Title,Due\nBurr,{day}\nChip,soon\n")
            page = self.client.get(f"{LIST}import/{run.uid}/").content.decode()
            self.assertEqual((iso in page, other in page, run.reading["dates"]), (said, said, "dmy"))
