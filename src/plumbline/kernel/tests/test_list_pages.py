"""What a person does on a register's list: filters, search, sort, paging, export; and what waits for them."""

from datetime import timedelta

from django.http import QueryDict

from plumbline.kernel import actions, lists
from plumbline.organisation.actor import Actor

from .test_record_pages import Case


class ListTest(Case):
    def page(self, **query):
        request = self.client.get("/acme/nonconformities/", query)
        return [row.number for row in request.context["page"].rows], request.context["page"]

    def test_filters_search_and_sort_in_the_address(self) -> None:
        today = self.acme.organisation.today()
        late = self.make("Apple late", due=today - timedelta(days=1))
        major = self.make("Pear äöü", grade="major", owner=self.acme.bob)
        self.assertEqual(self.page(grade="major")[0], [major.number])
        self.assertEqual(self.page(due_before="today")[0], [late.number])
        self.assertEqual(self.page(owner="me")[0], [late.number])
        self.assertEqual(self.page(q="aou")[0], [major.number])
        self.assertEqual(self.page(q="app lat")[0], [late.number])
        self.assertEqual(self.page(order="title")[0], [late.number, major.number])
        self.assertEqual(self.page(order="-title")[0], [major.number, late.number])
        self.assertEqual(self.page(owner="not-a-uid", order="nonsense", _after="%%%")[0], [])

    def test_every_record_is_on_exactly_one_page_whatever_the_sort(self) -> None:
        today = self.acme.organisation.today()
        for n in range(13):
            self.make(f"T{n % 4}", due=None if n % 3 else today + timedelta(days=n % 5))

        for sort in ("number", "-number", "title", "-title", "due", "-due", "state", "owner"):
            seen, after = [], None
            while True:
                query = QueryDict(mutable=True)
                query["order"] = sort
                if after:
                    query["_after"] = after
                page = lists.page(self.register, self.acme.actor, query, size=4)
                seen += [row.number for row in page.rows]
                after = page.after
                if not after:
                    break
            self.assertEqual((len(seen), len(set(seen))), (13, 13), sort)

    def test_formulas_are_inert_in_the_export(self) -> None:
        self.make("=HYPERLINK(1)")
        text = b"".join(self.client.get("/acme/nonconformities/export.csv").streaming_content).decode()
        self.assertIn("'=HYPERLINK", text)

    def test_my_work_names_what_i_owe_and_nothing_else(self) -> None:
        record = self.make(owner=self.acme.bob)
        self.assertContains(self.acme.client(self.acme.bob).get("/acme/my-work/"), record.number)
        self.assertNotContains(self.client.get("/acme/my-work/"), record.number)
        actions.act(record, "correct", by=Actor.of(self.acme.bob), correction="done")
        self.assertContains(self.client.get("/acme/my-work/"), record.number)
