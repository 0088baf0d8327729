"""What the pages say while a revision moves: its document's number, its date, and the places left to fill in."""

import io
import json
from datetime import timedelta
from typing import Any

from django.urls import reverse

from plumbline import composition
from plumbline.kernel import actions, files
from plumbline.kernel.testing import Company, TestCase
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.copies import facts
from plumbline.registers.support.documents.library import content
from plumbline.registers.support.documents.models import Revision
from plumbline.registers.support.documents.tests.house import TODAY, House

LEFT = "2 places are still to be filled in."
FAR = "That is very far away: look at the year."


class MovingTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.house = House(self.acme)
        self.client = self.acme.client(self.acme.ann)
        self.number = self.house.document.number

    def url(self, revision: Revision, verb: str = "") -> str:
        return reverse("revisions:record", args=["acme", revision.number]) + (f"{verb}/" if verb else "")

    def put(self, revision: Revision, **typed: Any) -> Any:
        revision = Revision.objects.get(pk=revision.pk)
        given = {"version": revision.version, **typed}
        return self.client.post(self.url(revision, "put_into_force"), given, follow=True)

    def with_places(self, begins: str = "") -> Revision:
        words = f"{begins}we promise [[what]] to [[whom]].\n"
        made = composition.cleaned(composition.from_markdown(words))
        kept = files.keep(self.acme.organisation.uid, io.BytesIO(json.dumps(made).encode()), "x.json")
        self.house.file = actions.content(kept, by=self.acme.actor)
        revision = self.house.draft(media_type=composition.MEDIA_TYPE)
        revising.say(revision, composition.to_text(made))
        return revision

    def test_places_left_to_fill_in_are_said_before_it_is_handed_in_and_before_it_is_signed(self) -> None:
        revision = self.with_places()
        dora = self.acme.client(self.house.dora)
        for page in (self.url(revision), self.url(revision, "submit")):
            self.assertContains(dora.get(page), LEFT)
        revision = self.house.act(revision, "submit", self.house.dora)
        self.assertContains(self.client.get(self.url(revision, "approve")), LEFT)
        whole = self.house.act(revision, "approve")
        self.house.act(whole, "put_into_force", effective_on=TODAY)
        self.assertNotContains(self.client.get(self.url(revision)), LEFT)

    def test_handing_in_speaks_of_the_document(self) -> None:
        revision = self.house.draft()
        dora = self.acme.client(self.house.dora)
        page = dora.get(self.url(revision, "submit"))
        self.assertContains(page, f"{self.number} Purchasing</a>")
        self.assertNotContains(page, "still to be filled in")
        typed = {"version": page.context["form"]["version"].value(), "revision_no": "1.0"}
        done = dora.post(self.url(revision, "submit"), typed, follow=True)
        self.assertContains(done, f"{self.number} revision 1.0: In approval.")

    def test_its_date_is_said_at_once_and_above_what_it_says(self) -> None:
        first = self.house.approved()
        page = self.client.get(self.url(first))
        self.assertContains(page, "somebody still has to put it into force. Until then nobody works to it.")
        self.assertContains(page, "Approved · Ann Bell")
        done = self.put(first, effective_on=TODAY + timedelta(days=9))
        self.assertContains(done, f"{self.number} revision 1.0: Approved, in force from ")
        self.assertContains(done, "Until then nobody works to it.")

    def test_where_one_is_in_force_it_holds_until_then(self) -> None:
        self.house.in_force()
        second = self.house.approved()
        self.put(second, effective_on=TODAY + timedelta(days=9))
        self.assertContains(self.client.get(self.url(second)), "Until then the one before is the one to work to.")

    def test_what_it_says_reads_as_people_read_it(self) -> None:
        revision = self.house.act(self.with_places("At {{ organisation.name }}, "), "submit", self.house.dora)
        whole = self.house.act(self.house.act(revision, "approve"), "put_into_force", effective_on=TODAY)
        page = self.client.get(reverse("documents:record", args=["acme", self.number]))
        self.assertContains(page, "At Acme, we promise [what] to [whom].")
        document = whole.of_document_id
        self.assertEqual(content.says([document], TODAY)[document], "At Acme, we promise [what] to [whom].")

    def test_the_last_day_is_named_on_a_copy(self) -> None:
        first = self.house.in_force(TODAY - timedelta(days=9))
        self.house.in_force(TODAY)
        until = facts.in_force(first, facts.spans_of(first), TODAY)
        self.assertTrue(until.endswith(f" to {facts.day(TODAY - timedelta(days=1))}"), until)

    def test_a_year_typed_wrongly_is_refused(self) -> None:
        revision = self.house.approved()
        self.assertContains(self.put(revision, effective_on="9999-12-31"), FAR, status_code=422)
        self.assertContains(self.put(revision, effective_on="0001-01-01"), FAR, status_code=422)
        soon = TODAY + timedelta(days=9)
        refused = self.put(revision, effective_on=soon, effective_until="9999-12-31")
        self.assertContains(refused, FAR, status_code=422)
        self.assertEqual(Revision.objects.get(pk=revision.pk).effective_on, None)
