"""Saved views, chosen columns and the list on paper: whose they are, and that no list is read twice for them."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from plumbline.faces.lists.models import SavedView
from plumbline.faces.lists.shelf import SPINE
from plumbline.kernel import actions
from plumbline.kernel.register import registers
from plumbline.kernel.testing import MOST_LIST_QUERIES, Company, counted
from plumbline.ledger.models import Event
from plumbline.organisation.own_fields import OwnField

LIST = "/acme/nonconformities/"


class ListTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = next(one for one in registers() if one.kind == "nonconformity")

    def setUp(self) -> None:
        self.ann, self.bob = self.acme.client(self.acme.ann), self.acme.client(self.acme.bob)

    def make(self, title: str = "A burr", company: Company | None = None, **values):
        by = (company or self.acme).actor
        return actions.create(self.register, by=by, title=title, description="At the edge", **values)

    def save(self, client, name: str = "Major ones", query: str = "grade=major", **values) -> SavedView:
        answer = client.post(f"{LIST}views/new/?{query}", {"name": name, **values})
        self.assertEqual(answer.status_code, 302)
        client.get(answer["Location"])  # what it says is read
        return SavedView.objects.get(name=name)

    def text(self, client, place: str = "") -> str:
        return client.get(LIST + place).content.decode()


class ViewsTest(ListTest):
    def test_a_view_is_a_tab_that_shows_what_fits_now(self) -> None:
        self.make("Small")
        view = self.save(self.ann, query="grade=major&order=title&q=&_after=x")
        self.make("Big", grade="major")
        self.assertEqual(view.query, "grade=major&order=title")
        page = self.text(self.ann, f"?view={view.uid}")
        self.assertIn("Big", page)
        self.assertNotIn("Small", page)
        self.assertInHTML(f'<a href="?view={view.uid}" aria-current="page">Major ones</a>', page)

    def test_own_views_are_nobody_elses_and_shared_ones_everybodys(self) -> None:
        self.make()
        view = self.save(self.ann)
        self.assertNotIn("Major ones", self.text(self.bob))
        self.assertEqual(self.bob.get(f"{LIST}views/{view.uid}/").status_code, 404)
        self.assertIn("A burr", self.text(self.bob, f"?view={view.uid}"))  # the address names nothing: the whole list
        self.ann.post(f"{LIST}views/{view.uid}/", {"name": "Major ones", "shared": "on"})
        self.assertIn("Major ones", self.text(self.bob))
        self.assertEqual(self.bob.post(f"{LIST}views/{view.uid}/", {"name": "Mine"}).status_code, 403)
        stranger = self.other.client(self.other.ann)
        self.assertEqual(stranger.get(f"/brightco/nonconformities/views/{view.uid}/").status_code, 404)
        self.assertNotIn("Major ones", stranger.get("/brightco/nonconformities/").content.decode())

    def test_a_view_that_is_taken_away_while_others_have_it_open_is_told(self) -> None:
        self.make("Small")
        view, gone = self.save(self.ann, shared="on"), "is not there any more"
        self.ann.post(f"{LIST}views/{view.uid}/", {"remove": "1"})
        page = self.text(self.bob, f"?view={view.uid}")
        self.assertIn(gone, page)
        self.assertIn("Small", page)
        self.assertNotIn(gone, self.text(self.bob, "?view=all"))
        saved = {"name": "Big ones", "shared": "on"}  # from the page that was open before
        answer = self.ann.post(f"{LIST}views/{view.uid}/", saved, follow=True)
        self.assertContains(answer, "“Big ones” had been taken away meanwhile: it is back.")
        self.assertNotIn(gone, self.text(self.bob, f"?view={view.uid}"))

    def test_only_quality_and_top_management_share(self) -> None:
        view = self.save(self.bob, shared="on")
        self.assertFalse(view.shared)

    def test_a_shared_view_shows_each_only_what_he_may_see(self) -> None:
        self.make("Open matter", grade="major"), self.make("Secret matter", grade="major", confidential=True)
        view = self.save(self.ann, shared="on")
        self.assertIn("Secret matter", self.text(self.ann, f"?view={view.uid}"))
        page = self.text(self.bob, f"?view={view.uid}")
        self.assertIn("Open matter", page)
        self.assertNotIn("Secret", page)
        self.assertIn("1 record", page)
        self.assertNotIn("Secret", self.text(self.bob, f"print/?view={view.uid}"))

    def test_a_list_opens_with_the_view_chosen_for_it_and_all_is_one_step_away(self) -> None:
        self.make("Small"), self.make("Big", grade="major")
        view = self.save(self.ann, opens="on")
        self.assertNotIn("Small", self.text(self.ann))
        self.assertIn("Small", self.text(self.ann, "?view=all"))
        self.ann.post(f"{LIST}views/{view.uid}/", {"name": "Major ones"})
        self.assertIn("Small", self.text(self.ann))

    def test_taken_away_and_brought_back(self) -> None:
        self.make()
        view = self.save(self.ann)
        answer = self.ann.post(f"{LIST}views/{view.uid}/", {"remove": "1"})
        self.assertNotIn("Major ones", self.text(self.ann))
        self.assertContains(self.ann.get(answer["Location"]), "Bring it back")
        self.ann.post(f"{LIST}views/{view.uid}/", {"undo": "1"})
        self.assertIn("Major ones", self.text(self.ann))

    def test_views_stand_in_the_order_they_were_given(self) -> None:
        self.make()
        views = [self.save(self.ann, name) for name in ("One", "Two", "Three")]
        self.ann.post(f"{LIST}views/", {"step": f"up:{views[2].uid}"})
        page = self.text(self.ann)
        self.assertLess(page.index("One"), page.index("Three"))
        self.assertLess(page.index("Three"), page.index("Two"))
        self.assertEqual(self.bob.post(f"{LIST}views/", {"step": f"up:{views[2].uid}"}).status_code, 404)

    def test_other_filters_are_taken_over_into_the_view(self) -> None:
        view = self.save(self.ann)
        self.ann.post(f"{LIST}views/{view.uid}/?grade=minor&view={view.uid}", {"name": "Minor ones"})
        view.refresh_from_db()
        self.assertEqual((view.name, view.query), ("Minor ones", "grade=minor"))

    def test_saving_a_view_is_no_event(self) -> None:
        before = Event.objects.count()
        self.save(self.ann)
        self.assertEqual(Event.objects.count(), before)

    def test_the_list_asks_the_database_no_more_than_before(self) -> None:
        counts = []
        for name in ("One", "Two"):
            self.make()
            view = self.save(self.ann, name, query="grade=minor")
            with CaptureQueriesContext(connection) as queries:
                self.text(self.ann, f"?view={view.uid}")
            counts.append(counted(queries))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], MOST_LIST_QUERIES, "\n".join(q["sql"][:90] for q in queries))


class ColumnsTest(ListTest):
    def choose(self, client, *names: str, query: str = "", **values) -> None:
        order = [*names, *[name for name in ("number", "title", "cause") if name not in names]]
        client.post(f"{LIST}columns/?{query}", {"order": order, "shown": names, **values})

    def test_columns_are_kept_for_the_person_and_its_order(self) -> None:
        self.make(cause="Blunt drill")
        self.choose(self.ann, "title", "cause", "author")
        page = self.text(self.ann)
        self.assertIn("Blunt drill", page)
        self.assertLess(page.index(">Title<"), page.index(">Cause<"))
        self.assertNotIn("Blunt drill", self.text(self.bob))
        self.ann.post(f"{LIST}columns/", {"usual": "1", "order": ["title"]})
        self.assertNotIn("Blunt drill", self.text(self.ann))

    def test_columns_belong_to_the_view_where_they_are_kept_in_it(self) -> None:
        self.make(cause="Blunt drill", grade="major")
        view = self.save(self.ann, shared="on")
        self.choose(self.ann, "title", "cause", query=f"view={view.uid}", where="view")
        self.assertIn("Blunt drill", self.text(self.bob, f"?view={view.uid}"))
        self.assertNotIn("Blunt drill", self.text(self.ann, "?view=all"))

    def test_every_column_that_is_offered_can_be_shown(self) -> None:
        for register in registers():
            page = self.ann.get(f"/acme/{register.slug}/columns/").content.decode()
            names = [part.split('"')[0] for part in page.split('name="order" value="')[1:]]
            self.assertGreater(len(names), 5, register.slug)
            self.ann.post(f"/acme/{register.slug}/columns/", {"order": names, "shown": names})
            self.assertEqual(self.ann.get(f"/acme/{register.slug}/").status_code, 200, register.slug)
        self.make()
        actions.create(OwnField, by=self.acme.actor, kind="nonconformity", code="lamp", label="Lamp", sort="person")
        self.ann.post(f"{LIST}columns/", {"order": [*names_of(self.register), "own-lamp"], "shown": "own-lamp"})
        self.acme.organisation.refresh_from_db()
        self.make(own={"lamp": str(self.acme.cleo.uid)})
        self.assertIn("Cleo Dunn", self.text(self.ann))

    def test_a_column_that_is_none_is_not_taken(self) -> None:
        self.choose(self.ann, "title", "last_event", "manifest", "owner__account")
        unnamed = SavedView.objects.get(name="")
        self.assertEqual(unnamed.columns, ["title"])

    def test_a_step_changes_the_order_and_keeps_nothing(self) -> None:
        page = self.ann.post(
            f"{LIST}columns/", {"order": ["number", "title"], "shown": ["number", "title"], "step": "down:number"}
        ).content.decode()
        self.assertLess(page.index('value="title"'), page.index('value="number"'))
        self.assertFalse(SavedView.objects.exists())

    def test_every_field_that_can_be_a_column_or_a_range_has_a_name_that_is_translated(self) -> None:
        for register in registers():
            for name in dict.fromkeys([*SPINE, "due", *register.fields()]):
                with self.subTest(kind=register.kind, field=name):
                    self.assertIsInstance(register.field(name).verbose_name, Promise)


def names_of(register) -> list[str]:
    return list(register.columns)


class PaperTest(ListTest):
    def test_the_whole_filtered_list_is_on_paper(self) -> None:
        actions.create_many(
            self.register, [{"title": f"Burr {n}", "description": "x"} for n in range(60)], by=self.acme.actor
        )
        self.make("Big", grade="major")
        page = self.text(self.ann, "print/?grade=minor")
        self.assertEqual(page.count("<tr"), 61)
        self.assertNotIn("Big", page)
        self.assertIn("Minor", page)
