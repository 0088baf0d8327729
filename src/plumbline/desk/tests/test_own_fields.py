"""Own fields are declared on a settings page: by whom, with which choices, and that what is written stays true."""

from django.test import TestCase

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.own_fields import OwnField

PLACE = "/acme/settings/fields/actions/"


class OwnFieldsPageTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def setUp(self) -> None:
        self.ann = self.acme.client(self.acme.ann)

    def add(self, label: str, sort: str = "text", **more: str) -> OwnField:
        answer = self.ann.post(f"{PLACE}new/", {"label": label, "sort": sort, **more})
        self.assertEqual(answer.status_code, 302, answer.context and answer.context["form"].errors)
        return OwnField.objects.get(label=label)

    def test_only_those_who_run_the_organisation(self) -> None:
        field = self.add("Shift")
        for person in (self.acme.bob, self.acme.cleo):
            client = self.acme.client(person)
            for place in ("/acme/settings/fields/", PLACE, f"{PLACE}new/", f"{PLACE}{field.code}/"):
                self.assertEqual(client.get(place).status_code, 403, place)
            for place in (PLACE, f"{PLACE}new/", f"{PLACE}{field.code}/"):
                self.assertEqual(client.post(place, {"label": "Mine", "sort": "text"}).status_code, 403, place)

    def test_a_code_is_made_once_and_stays(self) -> None:
        codes = [self.add(label).code for label in ("Machine hall", "New", "Machine  hall", "機械")]
        self.assertEqual(codes, ["machine-hall", "new-2", "machine-hall-2", "field"])
        self.ann.post(f"{PLACE}machine-hall/", {"label": "Hall"})
        self.assertEqual(OwnField.objects.get(code="machine-hall").label, "Hall")

    def test_a_choice_keeps_its_code_as_long_as_its_words_stay(self) -> None:
        field = self.add("Machine", "choice", lines="Press\nSaw\n\nPress")
        self.assertEqual(field.choices, [["press", "Press", True], ["saw", "Saw", True]])
        self.acme.organisation.refresh_from_db()
        record = actions.create(register_of("action"), by=self.acme.actor, title="Oil it", own={"machine": "saw"})
        self.ann.post(f"{PLACE}machine/", {"label": "Machine", "lines": "Lathe\nPress"})
        field.refresh_from_db()
        self.assertEqual(field.choices, [["lathe", "Lathe", True], ["press", "Press", True], ["saw", "Saw", False]])
        edit = self.ann.get(f"/acme/actions/{record.number}/edit/").content.decode()
        self.assertIn('<option value="saw" selected>Saw</option>', edit)
        self.assertNotIn("Saw</option>", self.ann.get("/acme/actions/new/").content.decode())

    def test_choices_are_needed_where_there_is_something_to_choose(self) -> None:
        answer = self.ann.post(f"{PLACE}new/", {"label": "Machine", "sort": "several", "lines": " \n"})
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(OwnField.objects.exists())

    def test_the_sort_of_a_field_is_not_changed(self) -> None:
        self.add("Depth", "number", unit="mm")
        self.ann.post(f"{PLACE}depth/", {"label": "Depth", "sort": "text", "unit": "cm"})
        field = OwnField.objects.get()
        self.assertEqual((field.sort, field.unit), ("number", "cm"))

    def test_order_end_and_new_beginning(self) -> None:
        for label in ("One", "Two"):
            self.add(label)
        self.ann.post(PLACE, {"step": "up:two"})
        self.assertEqual(list(OwnField.objects.order_by("place").values_list("code", flat=True)), ["two", "one"])
        self.ann.post(PLACE, {"step": "end:two"})
        self.assertNotContains(self.ann.get("/acme/actions/new/"), "own-two")
        self.ann.post(PLACE, {"step": "begin:two"})
        self.assertContains(self.ann.get("/acme/actions/new/"), "own-two")
        self.assertEqual(self.ann.post(PLACE, {"step": "up:no-such"}).status_code, 404)
        self.assertEqual(self.ann.get("/acme/settings/fields/no-such/").status_code, 404)
