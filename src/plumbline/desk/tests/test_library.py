"""The library: what is in force, for whom, where, on which day; found with slips, and not by whom it is hidden from."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from plumbline.desk.models import Favourite
from plumbline.kernel import actions, files
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Organisation, Person, Process, Site
from plumbline.registers.support.documents import force, revising
from plumbline.registers.support.documents.library import master, shelf
from plumbline.registers.support.documents.models import Document, Recipient, Revision, Text
from plumbline.registers.support.documents.register import Documents

TODAY = Organisation().today()
GUESS = 1 if connection.vendor == "postgresql" else 0  # it is asked how common the words are
MOST_QUERIES = [8, 8 + GUESS, 11 + 2 * GUESS, 6, 8]  # shelves, search, search for a slip, one kind, another day


def in_force(company: Company, title: str, text: str = "", number: str = "1", **values) -> Document:
    """A document with a revision found and confirmed, in force since a year."""
    values.setdefault("dated_on", TODAY - timedelta(days=365))
    own = {name: values.pop(name) for name in ("sort", "confidential", "owner", "process", "due") if name in values}
    document = actions.create(Documents(), by=company.actor, title=title, state="proposed", **own)
    file = actions.content(files.keep(company.organisation.uid, io.BytesIO(text.encode()), "x.txt"), by=company.actor)
    source = values.pop("source", "x.txt")
    revising.add(document, text, by=company.actor, confirm=False, number=number, file=file, source=source, **values)
    return actions.act(Document.objects.get(pk=document.pk), "confirm", by=company.actor)


class LibraryTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.gauges = in_force(cls.acme, "Measuring with calipers", "Zero the caliper first. <b>Then</b> measure.")
        cls.secret = in_force(cls.acme, "Sale of the hall", "Nobody knows of the caliperium.", confidential=True)
        cls.theirs = in_force(cls.other, "Calipers at Brightco", "Their caliper")
        cls.found = actions.create(Documents(), by=cls.acme.actor, title="Caliper cabinet", state="proposed")
        cls.begun = actions.create(Documents(), by=cls.acme.actor, title="Caliper shelf")

    def get(self, person: Person | None = None, company: Company | None = None, **query):
        company = company or self.acme
        return company.client(person or company.bob).get(f"/{company.organisation.slug}/library/", query)

    def test_what_is_in_force_is_there_and_nothing_else(self) -> None:
        page = self.get()
        self.assertContains(page, "Measuring with calipers")
        revision = Revision.objects.get(of_document=self.gauges.pk)
        self.assertContains(page, f"/acme/revisions/{revision.number}/")
        for hidden in ("Caliper cabinet", "Caliper shelf", "Sale of the hall", "Brightco"):
            self.assertNotContains(page, hidden)
            self.assertNotContains(self.get(q=hidden), f"<strong>{hidden}")
        actions.act(Document.objects.get(pk=self.gauges.pk), "withdraw", by=self.acme.actor, reason="old")
        self.assertNotContains(self.get(), "Measuring with calipers")

    def test_a_superseded_revision_gives_way(self) -> None:
        revising.add(self.gauges, "Wipe the micrometer.", by=self.acme.actor, confirm=True, number="2", dated_on=TODAY)
        page = self.get(q="micrometer")
        self.assertContains(page, "Measuring with calipers")
        self.assertContains(page, "Revision 2")
        self.assertNotContains(self.get(q="zero"), "Measuring with calipers")

    def test_words_typed_wrong_are_understood_and_shown_in_their_lines(self) -> None:
        page = self.get(q="caliber")
        self.assertContains(page, "Measuring with calipers")
        self.assertContains(page, "these have one close to it")
        self.assertContains(page, "<mark>caliper</mark>")
        self.assertContains(page, "&lt;b&gt;Then&lt;/b&gt;")
        self.assertContains(self.get(q="mesauring"), "Measuring with calipers")
        self.assertNotContains(self.get(q="wheelbarrow"), "Measuring with calipers")

    def test_the_desk_understands_them_too(self) -> None:
        page = self.acme.client(self.acme.bob).get("/acme/search/", {"q": "caliber"})
        self.assertContains(page, "Measuring with <mark>calipers</mark>")
        self.assertContains(page, "<mark>caliper</mark>")
        self.assertNotContains(page, "Sale of the hall")

    def test_hidden_words_are_not_told(self) -> None:
        self.assertNotContains(self.get(q="caliperium"), "Sale of the hall")
        self.assertNotContains(self.get(q="caliperiun"), "caliperium")
        self.assertContains(self.get(self.acme.ann, q="caliperium"), "Sale of the hall")

    def test_who_only_reads_and_who_is_a_stranger(self) -> None:
        self.assertContains(self.get(self.acme.cleo), "Measuring with calipers")
        self.assertEqual(self.acme.client(self.other.ann).get("/acme/library/").status_code, 404)
        for address in ("library/list.xlsx", "library/list.pdf"):
            self.assertEqual(self.acme.client(self.other.ann).get(f"/acme/{address}").status_code, 404)

    def test_the_whole_content_is_searched_and_the_name_of_the_file(self) -> None:
        long = "word " * 30_000 + "quicksilver at the very end"
        in_force(self.acme, "Long one", long, source="folder/thermometers.docx")
        self.assertContains(self.get(q="quicksilver"), "Long one")
        self.assertContains(self.get(q="thermometers"), "Long one")

    def test_as_of_another_day(self) -> None:
        revising.add(self.gauges, "New text", by=self.acme.actor, confirm=True, number="2", dated_on=TODAY)
        before = (TODAY - timedelta(days=30)).isoformat()
        old = self.get(on=before)
        self.assertContains(old, "Revision 1")
        self.assertNotContains(old, "Revision 2")
        first = Revision.objects.get(of_document=self.gauges.pk, revision_no="1")
        self.assertContains(old, f"/acme/revisions/{first.number}/")
        self.assertEqual(self.acme.client(self.acme.bob).get(f"/acme/revisions/{first.number}/").status_code, 200)
        self.assertContains(self.get(on=before, q="calip"), "Revision 1")
        for long_ago in ("1999-01-01", "0001-01-01"):
            self.assertNotContains(self.get(on=long_ago), "Measuring with calipers")
        self.assertContains(self.get(on="yesterday"), "Revision 2")

    def test_favourites(self) -> None:
        client = self.acme.client(self.acme.bob)
        star = f"/acme/library/{self.gauges.uid}/star/"
        self.assertContains(client.post(star, headers={"HX-Request": "true"}), 'aria-pressed="true"')
        self.assertContains(self.get(), "My favourites")
        self.assertNotContains(self.get(self.acme.ann), "My favourites")
        client.post(star, {"off": "1"})
        self.assertNotContains(self.get(), "My favourites")

    def test_nobody_keeps_what_they_may_not_see_or_what_is_no_document(self) -> None:
        client = self.acme.client(self.acme.bob)
        revision = Revision.objects.get(of_document=self.gauges.pk)
        for what in (self.secret, self.theirs, revision):
            self.assertEqual(client.post(f"/acme/library/{what.uid}/star/").status_code, 404, what)
        self.assertEqual(Favourite.objects.count(), 0)

    def test_a_favourite_that_was_closed_since_is_shown_no_more(self) -> None:
        self.acme.client(self.acme.bob).post(f"/acme/library/{self.gauges.uid}/star/")
        self.assertContains(self.get(), "My favourites")
        actions.edit(Document.objects.get(pk=self.gauges.pk), by=self.acme.actor, confidential=True)
        page = self.get()
        self.assertNotContains(page, "My favourites")
        self.assertNotContains(page, "Measuring with calipers")
        star = f"/acme/library/{self.gauges.uid}/star/"
        self.assertEqual(self.acme.client(self.acme.bob).post(star, {"off": "1"}).status_code, 404)

    def test_one_persons_favourites_are_not_anothers(self) -> None:
        self.acme.client(self.acme.bob).post(f"/acme/library/{self.gauges.uid}/star/")
        star = f"/acme/library/{self.gauges.uid}/star/"
        self.acme.client(self.acme.ann).post(star, {"off": "1"})
        self.assertContains(self.get(), "My favourites")
        self.assertNotContains(self.get(self.acme.ann), "My favourites")

    def test_the_order_is_remembered(self) -> None:
        process = actions.create(Process, by=self.acme.actor, name="Inspection")
        actions.edit(Document.objects.get(pk=self.gauges.pk), by=self.acme.actor, process=process)
        client = self.acme.client(self.acme.bob)
        self.assertNotContains(client.get("/acme/library/"), "Inspection")
        client.post("/acme/library/order/", {"by": "process"})
        self.assertContains(client.get("/acme/library/"), "Inspection")
        self.assertContains(self.get(group=f"process:{process.uid}"), "Measuring with calipers")
        self.assertContains(self.get(group="sort:procedure"), "Measuring with calipers")
        for nothing in ("process:x", "sort:x", "x"):
            self.assertEqual(self.get(group=nothing).status_code, 404)

    def test_mine_are_those_of_my_department_and_site_and_the_own_site_comes_first(self) -> None:
        by = self.acme.actor
        hall, yard = (actions.create(Site, by=by, name=name) for name in ("Hall", "Yard"))
        turning = actions.create(Department, by=by, name="Turning")
        bob = actions.edit(self.acme.bob, by=by, site=hall, department=turning)
        self.assertNotContains(self.get(bob), "For me and my department")
        actions.create(Recipient, by=by, record=self.gauges, department=turning)
        self.assertContains(self.get(bob), "For me and my department")
        self.assertNotContains(self.get(self.acme.cleo), "For me and my department")
        document = in_force(self.acme, "Cooling water")
        revision = Revision.objects.get(of_document=document.pk)
        new = revising.draft(document, by=by, text="Other", revision_no="9")
        force.begin(new, Actor.clock(self.acme.organisation), TODAY, site=hall)
        line = shelf.lines(Actor.of(bob), TODAY, [document.pk])[document.pk]
        self.assertEqual((line.revision.pk, line.others[0].record_id), (new.pk, revision.pk))
        self.assertContains(self.get(bob, group="mine"), "Cooling water")
        line = shelf.lines(Actor.of(self.acme.ann), TODAY, [document.pk])[document.pk]
        self.assertEqual(line.revision.pk, revision.pk)
        force.finish(revision, Actor.clock(self.acme.organisation), TODAY)
        force.begin(revision, Actor.clock(self.acme.organisation), TODAY, site=yard)
        self.assertContains(self.get(self.acme.ann), "Yard")

    @pytest.mark.slow  # brings a dozen documents into force
    def test_the_number_of_queries_does_not_grow(self) -> None:
        client = self.acme.client(self.acme.bob)

        def asked(**query) -> int:
            with CaptureQueriesContext(connection) as queries:
                self.assertEqual(client.get("/acme/library/", query).status_code, 200)
            return counted(queries)

        actions.create(Recipient, by=self.acme.actor, record=self.gauges, person=self.acme.bob)
        self.acme.client(self.acme.bob).post(f"/acme/library/{self.gauges.uid}/star/")
        kinds = ({}, {"q": "caliper"}, {"q": "caliber"}, {"group": "sort:procedure"}, {"on": TODAY.isoformat()})
        few = [asked(**query) for query in kinds]
        for number in range(12):
            more = in_force(self.acme, f"Measuring with caliper {number}", "The caliper", dated_on=TODAY)
            actions.create(Recipient, by=self.acme.actor, record=more, person=self.acme.bob)
        self.assertEqual([asked(**query) for query in kinds], few)
        self.assertTrue(all(sent <= most for sent, most in zip(few, MOST_QUERIES, strict=True)), few)

    @pytest.mark.slow  # lays out a page on paper
    def test_the_master_list(self) -> None:
        actions.create(Recipient, by=self.acme.actor, record=self.gauges, role="quality")
        client = self.acme.client(self.acme.bob)
        answer = client.get("/acme/library/list.xlsx")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        rows = list(sheet.iter_rows(min_row=3, values_only=True))
        self.assertEqual(rows[0][:5], ("Number", "Title", "Kind", "Revision", "In force since"))
        self.assertEqual([row[1] for row in rows[1:]], ["Measuring with calipers"])
        self.assertEqual(rows[1][4].date(), TODAY - timedelta(days=365))
        self.assertEqual(rows[1][7:], ("everywhere", "Quality manager", 120))
        self.assertEqual(client.get("/acme/library/list.pdf").content[:5], b"%PDF-")
        self.assertEqual(client.get("/acme/library/list.doc").status_code, 404)
        old = client.get("/acme/library/list.xlsx", {"on": "1999-01-01"})
        self.assertEqual(load_workbook(io.BytesIO(b"".join(old.streaming_content))).active.max_row, 3)

    def test_a_formula_in_a_title_stays_text(self) -> None:
        in_force(self.acme, "=1+1")
        out = io.BytesIO()
        master.xlsx(self.acme.actor, TODAY, out)
        cells = {cell.value: cell.data_type for row in load_workbook(out).active.iter_rows(min_row=4) for cell in row}
        self.assertEqual(cells["=1+1"], "s")

    def test_overdue_reviews_and_documents_nobody_owns_are_listed(self) -> None:
        client = self.acme.client(self.acme.ann)
        yesterday = TODAY - timedelta(days=1)
        actions.edit(Document.objects.get(pk=self.gauges.pk), by=self.acme.actor, due=yesterday)
        late = "/acme/documents/?state=in_use&due_before=today"
        self.assertContains(client.get(late), "Measuring with calipers")
        self.assertNotContains(client.get(late), "Sale of the hall")
        self.assertNotContains(client.get("/acme/documents/?owner=nobody"), "Measuring with calipers")
        gone = actions.create(Person, by=self.acme.actor, name="Gus Gone")
        actions.edit(Document.objects.get(pk=self.gauges.pk), by=self.acme.actor, owner=gone)
        actions.edit(gone, by=self.acme.actor, ended_on=yesterday)
        self.assertContains(client.get("/acme/documents/?owner=nobody"), "Measuring with calipers")

    def test_the_command_line_says_the_same(self) -> None:
        revising.add(self.gauges, "New", by=self.acme.actor, confirm=True, number="2", dated_on=TODAY)
        installation = Actor.installation(self.acme.organisation)
        told = {one["number"]: one for one in shelf.facts_of(installation, TODAY - timedelta(days=1))}
        self.assertEqual(
            told[self.gauges.number],
            {
                "number": self.gauges.number,
                "title": "Measuring with calipers",
                "revision": "1",
                "state": "effective",
                "place": "everywhere",
                "effective_on": TODAY - timedelta(days=365),
            },
        )
        now = {one["number"]: one["revision"] for one in shelf.facts_of(installation, TODAY)}
        self.assertEqual(now, {self.gauges.number: "2", self.secret.number: "1"})

    def test_the_text_is_made_again_from_the_file(self) -> None:
        revision = Revision.objects.get(of_document=self.gauges.pk)
        Text.objects.filter(revision=revision).update(text="something else")
        register, fresh = register_of(revision), Revision.objects.get(pk=revision.pk)
        self.assertEqual(list(register.worked_out(fresh)), ["text"])
        self.assertEqual(Text.objects.get(revision=revision).text, "something else")
        self.assertEqual(list(register.worked_out(fresh, afresh=True)), ["text"])
        self.assertIn("Zero the caliper", Text.objects.get(revision=revision).text)
        self.assertEqual(list(register.worked_out(Revision.objects.get(pk=revision.pk))), [])
