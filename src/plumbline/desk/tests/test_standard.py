"""The standard as data: a page per clause, editions an organisation loads, requirements that are not applicable."""

from io import BytesIO

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from plumbline.kernel import actions
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted
from plumbline.standards.models import find_edition


def named(content: bytes) -> BytesIO:
    stream = BytesIO(content)
    stream.name = "standard.csv"
    return stream


class StandardTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")

    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)

    def test_every_clause_has_its_page_in_both_languages(self) -> None:
        page = self.client.get("/acme/standard/iso9001:2015/7.1.5.2/")
        self.assertContains(page, "7.1.5.2-a1")
        german = self.client.get("/acme/standard/iso9001:2015/7.1.5.2/", headers={"Accept-Language": "de"})
        self.assertContains(german, "Wann wurde dieses")
        self.assertContains(self.client.get("/acme/standard/iso9001:2026/5.1.1/"), "how sure we are")
        self.assertEqual(self.client.get("/acme/standard/iso9001:2015/99/").status_code, 404)

    def test_another_standard_is_a_file_not_code(self) -> None:
        rows = b"id,clause,title,requirement,question,basis\n"
        rows += b"4.1-1,4.1,Context,Know your surroundings,What surrounds you?,shall\n"
        loaded = self.client.post("/acme/standard/load/", {"name": "House rules", "file": named(rows)})
        self.assertRedirects(loaded, "/acme/standard/")
        self.assertContains(self.client.get("/acme/standard/house-rules/4.1/"), "Know your surroundings")
        self.assertEqual(self.other.client(self.other.ann).get("/brightco/standard/house-rules/4.1/").status_code, 404)

    def test_a_file_that_is_no_standard_is_refused_with_the_line(self) -> None:
        bad = {
            b"": "columns missing",
            b"id,clause\n": "columns missing",
            b"\xff\xfe\x00": "cannot be read",
            b"id,clause,title,requirement,question,basis\n1,4,a,b,c,maybe\n": "line 2",
            b"id,clause,title,requirement,question,basis\n1 a,4,a,b,c,shall\n": "line 2",
            b"id,clause,title,requirement,question,basis\n%s,4,a,b,c,shall\n" % (b"9" * 31): "line 2",
            "id,clause,title,requirement,question,basis\n1,4,\xfc,b,c,shall\n".encode("latin-1"): "UTF-8",
        }
        for content, words in bad.items():
            response = self.client.post("/acme/standard/load/", {"name": "X", "file": named(content or b" ")})
            self.assertContains(response, words, status_code=422)

    def test_a_clause_costs_the_same_however_much_speaks_to_it(self) -> None:
        pages = {"/acme/standard/": 7, "/acme/standard/iso9001:2015/7.1.5.2/": 7, "/acme/search/?q=7.1.5": 9}
        counts = []
        for _round in range(2):
            for n in range(3):
                record = actions.create(register_of("action"), by=self.acme.actor, title=f"Calibrate {n}")
                about = {"edition": "iso9001:2015", "requirement": "7.1.5.2-a1", "state": "confirmed"}
                actions.create(RequirementLink, by=self.acme.actor, record=record, **about)
            for page, most in pages.items():
                with CaptureQueriesContext(connection) as queries:
                    self.assertContains(self.client.get(page), "7.1.5")
                self.assertLessEqual(counted(queries), most, page)
                counts.append(counted(queries))
            self.assertContains(self.client.get("/acme/standard/iso9001:2015/7.1.5.2/"), record.number)
        self.assertEqual(counts[: len(pages)], counts[len(pages) :])

    def load(self, company: Company, requirement: str, name: str = "House rules") -> None:
        rows = f"id,clause,title,requirement,question,basis\n4.1-1,4.1,Context,{requirement},,shall\n".encode()
        company.client(company.ann).post(
            f"/{company.organisation.slug}/standard/load/", {"name": name, "file": named(rows)}
        )

    def test_a_standard_of_the_same_name_is_replaced_and_each_organisation_keeps_its_own_words(self) -> None:
        for company, words in (
            (self.acme, "First"),
            (self.acme, "Our licensed words"),
            (self.other, "Their own words"),
        ):
            self.load(company, words)
        ours = [find_edition(one.organisation.uid, "house-rules").get("4.1-1") for one in (self.acme, self.other)]
        self.assertEqual([one.requirement for one in ours], ["Our licensed words", "Their own words"])
        self.assertEqual(ours[0].question, "Our licensed words")
        self.assertNotEqual(*ours)

    def test_one_standard_says_nothing_of_another_with_the_same_ids(self) -> None:
        self.load(self.acme, "Know your surroundings")
        for edition, title in (("iso9001:2015", "Their list"), ("house-rules", "House list")):
            record = actions.create(register_of("action"), by=self.acme.actor, title=title)
            actions.create(
                RequirementLink,
                by=self.acme.actor,
                record=record,
                edition=edition,
                requirement="4.1-1",
                state="confirmed",
            )
            left_out = {"title": title, "requirement": "4.1-1", "edition": edition, "justification": f"Why {title}"}
            actions.create(register_of("exclusion"), by=self.acme.actor, **left_out)
        for edition, own, strange in (
            ("iso9001:2015", "Their list", "House list"),
            ("house-rules", "House list", "Their"),
        ):
            page = self.client.get(f"/acme/standard/{edition}/4.1/")
            self.assertContains(page, f"Why {own}")
            self.assertContains(page, f"{own}</a>")
            self.assertNotContains(page, strange)

    def test_left_out_under_2026_is_left_out_under_2015(self) -> None:
        left_out = {"title": "Design", "requirement": " 8.3 ", "edition": "iso9001:2026", "justification": "None here"}
        made = actions.create(register_of("exclusion"), by=self.acme.actor, **left_out)
        self.assertEqual((made.edition, made.requirement), ("iso9001:2015", "8.3"))
        for edition in ("2015", "2026"):
            self.assertContains(self.client.get(f"/acme/standard/iso9001:{edition}/8.3.2/"), "None here")

    def test_every_row_of_2026_is_shown_with_how_sure_we_are(self) -> None:
        page = self.client.get("/acme/standard/?edition=iso9001:2026")
        changes = find_edition(self.acme.organisation.uid, "2026").changes
        self.assertEqual(len(changes), 24)
        for change in changes:
            self.assertContains(page, escape(change.change))
            self.assertContains(page, escape(change.certainty))
        german = self.client.get("/acme/standard/?edition=iso9001:2026", headers={"Accept-Language": "de"})
        self.assertContains(german, "mittel (im Normentwurf gesehen)")
        self.assertNotContains(german, "seen for the DIS")

    def test_advice_says_in_words_what_kind_it_is(self) -> None:
        page = self.client.get("/acme/standard/iso9001:2015/4.1/", headers={"Accept-Language": "de"})
        self.assertContains(page, "Hausregel: ")
        self.assertNotContains(page, "[house]")
