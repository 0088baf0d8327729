"""Kinds of documents of one's own, and those that ship under another name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.registers.support.documents import importing
from plumbline.registers.support.documents.approval import handling, naming
from plumbline.registers.support.documents.copies.tests import samples
from plumbline.registers.support.documents.models import Document, DocumentKind
from plumbline.registers.support.documents.recognising import Run
from plumbline.registers.support.documents.tests.house import TODAY, House
from plumbline.registers.support.documents.tests.test_changes_asked_for import KIND


class OwnKindsTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.ann = self.acme.client(self.acme.ann)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"documents:{name}", args=["acme", *args])

    def added(self, name: str = "Test plan", prefix: str = "TP", like: str = "form") -> DocumentKind:
        answer = self.ann.post(self.url("kind-new"), {"name": name, "letters": prefix, "like": like})
        self.assertEqual(answer.status_code, 302)
        for one in (self.acme.organisation, self.acme.actor.organisation):
            one.refresh_from_db()
        return DocumentKind.objects.latest("uid")

    def document(self, sort: str, title: str = "Pump test") -> Document:
        made = actions.create(register_of("document"), by=self.acme.actor, title=title, sort=sort)
        return Document.objects.get(pk=made.pk)

    def test_an_own_kind_is_numbered_listed_and_filtered_by_its_name(self) -> None:
        kind = self.added()
        made = self.document(kind.sort)
        self.assertEqual((kind.sort, made.number, made.get_sort_display()), ("test_plan", "TP-001", "Test plan"))
        listed = self.ann.get(self.url("list"), {"sort": kind.sort})
        self.assertContains(listed, 'data-label="Kind">Test plan</td>')
        self.assertContains(listed, "TP-001")
        self.assertContains(
            self.ann.get(self.url("new") + "?how=empty"), '<option value="test_plan">Test plan</option>'
        )
        self.assertIn("Test plan", self.ann.get(self.url("export")).getvalue().decode())

    def test_history_calls_an_own_kind_by_its_name(self) -> None:
        kind = self.added()
        made = actions.edit(self.document("procedure"), by=self.acme.actor, sort=kind.sort)
        page = self.ann.get(self.url("timeline", made.number))
        self.assertContains(page, "Test plan")
        self.assertNotContains(page, "test_plan")

    def test_it_works_like_the_kind_it_begins_as(self) -> None:
        form, outside = self.added(), self.added("Customer drawing", "CD", "external")
        self.assertTrue(self.document(form.sort).works_like("form"))
        self.assertEqual(self.ann.get(self.url("outside", self.document(outside.sort).number)).status_code, 200)
        self.assertEqual(self.ann.get(self.url("outside", self.document("procedure").number)).status_code, 404)

    def test_one_that_ships_is_renamed_and_called_as_before_again(self) -> None:
        made = self.document("procedure")
        self.ann.post(self.url("kind", "procedure"), {**KIND, "name": "Process instruction"})
        self.assertEqual(Document.objects.get(pk=made.pk).get_sort_display(), "Process instruction")
        self.assertContains(self.ann.get(self.url("list")), "Process instruction")
        self.ann.post(self.url("kind", "procedure"), {"do": "usual"})
        self.assertEqual(Document.objects.get(pk=made.pk).get_sort_display(), "Procedure")

    def test_a_name_is_given_once(self) -> None:
        self.added()
        again = {"name": "test PLAN", "letters": "X", "like": "form"}
        self.assertContains(self.ann.post(self.url("kind-new"), again), "of this name already", status_code=422)
        with self.assertRaises(ValidationError):
            naming.say(self.acme.organisation, "policy", self.acme.actor, name="Procedure")

    def test_an_ended_kind_is_not_offered_and_its_documents_keep_it(self) -> None:
        kind = self.added()
        made = self.document(kind.sort)
        self.ann.post(self.url("kind", kind.sort), {"do": "end"})
        self.assertNotContains(self.ann.get(self.url("new") + "?how=empty"), "test_plan")
        self.assertContains(self.ann.get(self.url("edit", made.number)), '<option value="test_plan" selected>')
        self.assertContains(self.ann.get(self.url("list")), "Test plan")
        self.ann.post(self.url("kind", kind.sort), {"do": "offer"})
        self.assertContains(self.ann.get(self.url("new") + "?how=empty"), "test_plan")

    def test_a_kind_of_another_organisation_is_none_here(self) -> None:
        self.added()
        other = Company("Other")
        with self.assertRaises(ValidationError):
            actions.create(register_of("document"), by=other.actor, title="Pump test", sort="test_plan")

    def test_the_import_knows_it_by_its_letters(self) -> None:
        self.added()
        run = Run(self.acme.actor)
        for number, sort in (("TP 07", "test_plan"), ("TPX-1", "procedure"), ("", "procedure")):
            self.assertEqual(importing._sort(importing.Proposal(number=number), run), sort, number)

    def test_a_document_begins_with_a_template_of_its_own(self) -> None:
        house = House(self.acme)
        house.document = actions.create(
            register_of("document"), by=self.acme.actor, title="Blank plan", sort="record_template"
        )
        draft = samples.written(house, samples.heading("Plan"), samples.paragraph("Pressure, time, who looked"))
        approved = house.act(house.act(draft, "submit", house.dora), "approve")
        house.act(approved, "put_into_force", effective_on=TODAY)
        own = f"document:{house.document.pk}"
        kind = self.added()
        handling.set_rules(self.acme.organisation, kind.sort, self.acme.actor, blank=own)
        page = self.ann.get(self.url("new"))
        self.assertContains(page, f"&amp;sort={kind.sort}")
        self.assertContains(page, "Blank plan")
        begun = self.ann.post(self.url("new") + f"?blank={own}&sort={kind.sort}", {
            "title": "Pump test", "sort": kind.sort, "owner": str(self.acme.ann.pk), "language": "en",
        })  # fmt: skip
        self.assertEqual(begun.status_code, 302)
        made = Document.objects.get(title="Pump test")
        self.assertEqual((made.number, made.under_way.written), ("TP-001", True))
        self.assertIn("Pressure, time", made.under_way.said.text)
