"""The master list on paper: short at once, long by the way; every row once, its pages counted over the whole."""

import io
import re
from datetime import date
from unittest.mock import patch

import pytest
from django.test import TestCase
from django.utils.formats import date_format
from pypdf import PdfReader

from plumbline.desk.models import Listing
from plumbline.faces.sheets import runs, working
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents.library import master, paper, press

from .by_the_way import ByTheWay

HERE = "/acme/library/list.pdf"
FOOT = re.compile(r"(\d+)\s*/\s*(\d+)\s*$")


def row(number: int) -> list:
    """One that takes as many lines as its number says."""
    day = date(2026, 3, 14)
    title = "Inspection of goods " * (1 + number % 5)
    return [f"SOP-{number:04}", title, "Procedure", "1.0", day, "Ann", None, "everywhere", "Quality", 120]


class PaperTest(TestCase):
    def assert_whole(self, made: io.BytesIO, rows: int) -> None:
        pages = [page.extract_text() for page in PdfReader(made).pages]
        self.assertGreater(len(pages), 3)
        self.assertEqual(
            [FOOT.search(page).groups() for page in pages],
            [(str(number), str(len(pages))) for number in range(1, len(pages) + 1)],
        )
        found = re.findall(r"SOP-\d{4}", "\n".join(pages))
        self.assertEqual(found, [f"SOP-{number:04}" for number in range(rows)])
        for page in pages:
            self.assertIn("Next review", page)

    @pytest.mark.slow  # lays out pages
    def test_rows_are_laid_out_some_at_a_time_and_each_stands_there_once(self) -> None:
        said: list[int] = []
        lay = press.lay
        with (
            patch.object(press, "TOGETHER", 40),
            patch.object(press, "lay", lambda place, _said: lay(place, said.append)),
        ):
            made = paper.pdf("In force", master._headings(), map(row, range(130)))
        self.assert_whole(io.BytesIO(made), 130)
        self.assertEqual((len(said) > 3, sorted(set(said)), said[-1]), (True, said, 130))

    @pytest.mark.slow  # lays out pages in a program of its own
    def test_a_long_one_is_made_beside_the_server(self) -> None:
        said: list[tuple[int, int]] = []
        target = runs.folder_of("x") / "list.pdf"
        with patch.object(press, "lay", side_effect=AssertionError("laid out in here")):
            done = paper.write(
                "In force", master._headings(), map(row, range(200)), target, lambda *step: said.append(step)
            )
        self.assert_whole(io.BytesIO(target.read_bytes()), 200)
        self.assertEqual((done, said[0], said[-1], len(said)), (200, (0, 200), (200, 200), 3))

    def test_what_takes_too_much_is_refused_in_words(self) -> None:
        target = runs.folder_of("x") / "refused.pdf"
        with patch.object(paper, "MEMORY", 1 << 20), self.assertRaisesMessage(paper.NoPaper, "could not be laid out"):
            paper.write("In force", master._headings(), [row(1)], target, lambda *step: None)
        self.assertFalse(target.exists())


@pytest.mark.slow  # lays out pages
class ListingTest(ByTheWay, TestCase):
    model, asked = Listing, 2

    def setUp(self) -> None:
        self.enterContext(patch("plumbline.registers.support.documents.library.master.SHORT", 1))
        super().setUp()

    def asked_for(self, query: str = "") -> str:
        self.assertContains(self.bob.get(HERE + query), "laid out by the way")
        answer = self.bob.post(HERE + query)
        self.assertEqual(answer.status_code, 302)
        return str(answer["Location"])

    def test_what_somebody_may_not_see_makes_no_list_long(self) -> None:
        with patch("plumbline.registers.support.documents.library.master.SHORT", 2):
            self.assertEqual(self.bob.get(HERE).content[:5], b"%PDF-")

    def test_it_is_made_by_the_way_and_tells_how_far_it_is(self) -> None:
        page = self.asked_for()
        self.assertContains(self.bob.get(page), "It begins in a moment.")
        self.assertEqual(self.bob.get(f"{page}file/").status_code, 404)
        seen, note = [], Listing.note

        def noted(run: Listing, **values) -> None:
            note(run, **values)
            answer = self.bob.get(page)
            seen.append(re.findall(r"(\d+ of \d+) rows are laid out", answer.content.decode()))

        with patch.object(Listing, "note", noted):
            working.work()
        self.assertEqual(seen, [[], ["0 of 2"], ["2 of 2"], []])
        self.assertContains(self.bob.get(page), "is ready: 2 rows.")
        file = self.bob.get(f"{page}file/")
        self.assertIn(f"acme-master-list-{Organisation().today().isoformat()}.pdf", file["Content-Disposition"])
        said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(file.streaming_content))).pages)
        self.assertIn("Welding", said)
        self.assertNotIn("Sale of the hall", said)

    def test_it_is_of_the_day_that_was_asked_for(self) -> None:
        self.assertEqual(self.bob.get(f"{HERE}?on=1999-01-01").content[:5], b"%PDF-")
        yesterday = date.fromordinal(Organisation().today().toordinal() - 1).isoformat()
        page = self.asked_for(f"?on={yesterday}")
        working.work()
        self.assertEqual(Listing.objects.get().day.isoformat(), yesterday)
        said = PdfReader(io.BytesIO(b"".join(self.bob.get(f"{page}file/").streaming_content))).pages[0].extract_text()
        self.assertIn(f"in force on {date_format(date.fromisoformat(yesterday), 'SHORT_DATE_FORMAT')}", said)

    def test_why_there_is_none_is_said(self) -> None:
        page = self.asked_for()
        with patch.object(paper, "MEMORY", 1 << 20):
            working.work()
        self.assertContains(self.bob.get(page), "could not be laid out")

    def test_only_the_paper_is_asked_for_so(self) -> None:
        self.assertEqual(self.bob.post("/acme/library/list.xlsx").status_code, 404)
        self.assertEqual(Listing.objects.count(), 0)
