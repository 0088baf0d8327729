"""Own fields: what the door takes, what the pages show, and that nobody pays for them who has none."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import actions, lists, policy
from plumbline.kernel.register import registers
from plumbline.kernel.testing import Company, counted
from plumbline.ledger.verify import verify_deep
from plumbline.organisation import own_fields
from plumbline.organisation.actor import Actor
from plumbline.organisation.own_fields import OwnField

SORTS = {
    "text": ("Lot 7", "Lot 7"),
    "long": ("One\ntwo", "One\ntwo"),
    "number": ("12.50", "12.5"),
    "date": ("2026-02-28", "2026-02-28"),
    "choice": ("red", "red"),
    "several": (["blue", "red"], ["red", "blue"]),
    "truth": (True, True),
    "link": ("https://example.org/a", "https://example.org/a"),
}
NONSENSE = {
    "text": [7, ["x"], {"a": 1}, "x" * 201, "a\0b", "\ud800"],
    "long": [True, "x" * 5001],
    "number": ["twelve", "NaN", "1e400", True, [1]],
    "date": ["28.02.2026", "2026-02-30", 20260228],
    "choice": ["green", ["red"], {"red": 1}],
    "several": ["red", ["green"], [["red"]]],
    "truth": ["maybe", 2],
    "link": ["javascript:alert(1)", "file:///etc/passwd", "not an address"],
}


class OwnFieldTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = next(one for one in registers() if one.kind == "nonconformity")

    def declare(self, sort: str = "text", code: str = "", **values):
        choices = [["red", "Red", True], ["blue", "Blue", True]] if sort in ("choice", "several") else []
        given = {"kind": "nonconformity", "code": code or sort, "label": f"My {sort}", "sort": sort, "choices": choices}
        made = actions.create(OwnField, by=self.acme.actor, **{**given, **values})
        self.acme.organisation.refresh_from_db()
        return made

    def make(self, **values):
        given = {"title": "A burr", "description": "At the edge", **values}
        return actions.create(self.register, by=self.acme.actor, **given)

    def test_every_sort_is_kept_in_one_spelling_that_history_can_hold(self) -> None:
        for sort in SORTS:
            self.declare(sort)
        record = self.make(own={sort: given for sort, (given, _kept) in SORTS.items()})
        kept = {sort: kept for sort, (_given, kept) in SORTS.items()}
        self.assertEqual(type(record).objects.get(pk=record.pk).extra, {"own": kept})
        self.assertEqual(list(verify_deep(self.acme.organisation.uid)), [])

    def test_nonsense_is_refused_at_the_door_beside_its_field(self) -> None:
        for sort, wrong in NONSENSE.items():
            self.declare(sort)
            for value in wrong:
                with self.assertRaises(ValidationError, msg=f"{sort}: {value!r}") as caught:
                    self.make(own={sort: value})
                self.assertEqual(list(caught.exception.message_dict), [f"own-{sort}"])
        for value in ([], "x", {"no-such": "1"}):
            with self.assertRaises(ValidationError):
                self.make(own=value)

    def test_a_person_is_one_of_the_organisation_who_is_still_here(self) -> None:
        self.declare("person")
        record = self.make(own={"person": str(self.acme.bob.uid)})
        self.assertEqual(record.extra["own"], {"person": str(self.acme.bob.uid)})
        for stranger in (self.other.ann, "nobody"):
            with self.assertRaises(ValidationError):
                self.make(own={"person": str(getattr(stranger, "uid", stranger))})
        actions.edit(self.acme.bob, by=self.acme.actor, ended_on="2020-01-01")
        with self.assertRaises(ValidationError):
            self.make(own={"person": str(self.acme.bob.uid)})
        actions.edit(record, by=self.acme.actor, own={"person": str(self.acme.bob.uid)}, title="Still his")

    def test_what_is_needed_is_asked_of_who_gives_own_values_and_of_nobody_else(self) -> None:
        self.declare("number", required=True)
        with self.assertRaises(ValidationError):
            self.make(own={})
        record = self.make()  # made by another part of the house, which knows nothing of own fields
        self.assertNotIn("own", record.extra)
        record = self.make(own={"number": 3})
        with self.assertRaises(ValidationError):
            actions.edit(record, by=self.acme.actor, own={"number": ""})

    def test_an_edit_leaves_the_rest_of_the_column_alone(self) -> None:
        self.declare("text"), self.declare("number")
        record = self.make(own={"text": "a", "number": "1"}, extra={"readers": {"auditor": True}})
        record = actions.edit(record, by=self.acme.actor, own={"number": None})
        self.assertEqual(record.extra, {"readers": {"auditor": True}, "own": {"text": "a"}})

    def test_an_ended_field_stays_with_its_records_and_takes_nothing_new(self) -> None:
        field = self.declare("text")
        record = self.make(own={"text": "kept"})
        actions.edit(field, by=self.acme.actor, ended_on="2026-01-01")
        self.acme.organisation.refresh_from_db()
        with self.assertRaises(ValidationError):
            self.make(own={"text": "new"})
        self.assertContains(self.get(f"{record.number}/"), "kept")
        self.assertNotContains(self.get("new/"), "My text")

    def test_what_was_typed_into_a_field_that_ended_meanwhile_is_told_and_not_dropped(self) -> None:
        field, client = self.declare("text"), self.acme.client(self.acme.ann)
        record, here = self.make(own={"text": "kept"}), f"/acme/{self.register.slug}/"
        actions.edit(field, by=self.acme.actor, ended_on="2026-01-01")
        form = {"grade": "minor", "source": "process", "title": "Typed", "description": "d"}
        answer = client.post(f"{here}new/", {**form, "own-text": "Lot 9"})
        self.assertContains(answer, "“My text” is not asked for any more. What you had there: “Lot 9”", status_code=422)
        self.assertFalse(self.register.model.objects.filter(title="Typed").exists())
        self.assertEqual(client.post(f"{here}new/", form).status_code, 302)
        change, form = f"{here}{record.number}/edit/", {**form, "version": record.version}
        self.assertContains(client.post(change, {**form, "own-text": "mine"}), "“mine”", status_code=422)
        self.assertEqual(client.post(change, {**form, "own-text": "kept"}).status_code, 302)
        record.refresh_from_db()
        self.assertEqual((record.title, record.extra["own"]), ("Typed", {"text": "kept"}))

    def test_only_those_who_run_the_organisation_declare(self) -> None:
        with self.assertRaises(policy.Denied):
            actions.create(OwnField, by=Actor.of(self.acme.bob), kind="nonconformity", code="x", label="X")

    def get(self, place: str):
        return self.acme.client(self.acme.ann).get(f"/acme/{self.register.slug}/{place}")

    def test_form_page_history_filter_and_export_know_them(self) -> None:
        for sort in SORTS:
            self.declare(sort)
        typed = {f"own-{sort}": given for sort, (given, _kept) in SORTS.items()} | {"own-truth": "true"}
        client = self.acme.client(self.acme.ann)
        answer = client.post(
            f"/acme/{self.register.slug}/new/",
            {"grade": "minor", "source": "process", "title": "Typed", "description": "d", **typed},
        )
        self.assertEqual(answer.status_code, 302)
        self.make(title="Another", own={"choice": "blue"})
        record = self.register.model.objects.get(title="Typed")
        actions.edit(record, by=self.acme.actor, own={"number": "13"})
        page = self.get(f"{record.number}/").content.decode()
        for shown in ("My text", "Lot 7", "Red, Blue", 'href="https://example.org/a"', "12.5", "13"):
            self.assertIn(shown, page)
        for asked in ("own-choice=red", "own-several=blue", "own-truth=true", "own-text=lot", "own-date=2026-02-28"):
            found = self.get(f"?{asked}").content.decode()
            self.assertIn("Typed", found, asked)
            self.assertNotIn("Another", found, asked)
        export = b"".join(self.get("export.csv?fields=all&own-choice=red").streaming_content).decode()
        self.assertIn("My number", export)
        self.assertIn("13", export)
        self.assertNotIn("Another", export)

    def test_what_an_address_says_of_a_filter_is_a_value_and_nothing_else(self) -> None:
        self.declare("choice"), self.declare("several")
        self.make(own={"choice": "red"})
        for value in ("' OR 1=1 --", '"', "%", "\\", "{}"):
            query = QueryDict(mutable=True)
            query.update({"own-choice": value, "own-several": value})
            self.assertEqual(lists.narrowed(self.register, self.acme.actor, query).count(), 0)

    def test_another_organisation_knows_nothing_of_them(self) -> None:
        self.declare("text")
        stranger = self.other.client(self.other.ann)
        self.assertNotContains(stranger.get(f"/brightco/{self.register.slug}/new/"), "My text")
        with self.assertRaises(ValidationError):
            actions.create(self.register, by=self.other.actor, title="x", description="y", own={"text": "a"})

    def test_pages_ask_no_more_of_the_database_for_them(self) -> None:
        record, counts = self.make(), []
        for sort in ("text", "number", "choice"):
            for place in ("", f"{record.number}/"):
                self.get(place)
                with CaptureQueriesContext(connection) as queries:
                    self.get(place)
                counts.append(counted(queries))
            self.declare(sort)
            record = self.make(own={sort: SORTS[sort][0]})
        self.assertEqual(len(set(counts[::2])), 1, counts)
        self.assertEqual(len(set(counts[1::2])), 1, counts)

    def test_declaring_is_seen_by_whoever_asks_next(self) -> None:
        field = self.declare("text")
        self.assertEqual(
            [one.label for one in own_fields.offered(self.acme.organisation, "nonconformity")], ["My text"]
        )
        actions.edit(field, by=self.acme.actor, label="Renamed")
        self.acme.organisation.refresh_from_db()
        self.assertEqual(
            [one.label for one in own_fields.offered(self.acme.organisation, "nonconformity")], ["Renamed"]
        )
