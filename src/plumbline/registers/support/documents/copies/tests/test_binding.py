import io

from pypdf import PdfReader

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.registers.support.documents.copies import NoCopy
from plumbline.registers.support.documents.copies.binding import MOST, bound
from plumbline.registers.support.documents.tests.house import House


class BindingTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.house = House(cls.acme)
        cls.first = cls.house.in_force()
        cls.house.document = actions.create(
            register_of("document"), by=cls.acme.actor, title="Welding", sort="work_instruction"
        )
        cls.second = cls.house.in_force()

    def text(self, content: bytes) -> list[str]:
        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    def test_contents_name_each_document_and_its_page(self) -> None:
        paper = bound([self.first, self.second], self.acme.actor, "Everything")
        contents, *pages = self.text(paper)
        for document in (self.first.of_document, self.second.of_document):
            self.assertIn(document.number, contents)
        self.assertIn("Welding", contents)
        self.assertIn("Suppliers are evaluated", " ".join(pages))
        outline = [item.title for item in PdfReader(io.BytesIO(paper)).outline]
        self.assertEqual(outline[0], "Contents")
        self.assertEqual(len(outline), 3)

    def test_the_library_binds_one_kind_and_says_when_there_is_none(self) -> None:
        client = self.acme.client(self.acme.bob)
        answer = client.get("/acme/library/bound.pdf", {"group": "sort:work_instruction"})
        self.assertEqual(answer["Content-Type"], "application/pdf")
        contents = self.text(answer.content)[0]
        self.assertIn("Welding", contents)
        self.assertNotIn("Purchasing", contents)
        empty = client.get("/acme/library/bound.pdf", {"group": "sort:policy"}, follow=True)
        self.assertContains(empty, "No document is in force there.")

    def test_what_is_hidden_from_the_reader_is_not_bound(self) -> None:
        actions.edit(self.first.of_document, by=self.acme.actor, confidential=True)
        told = self.text(self.acme.client(self.acme.bob).get("/acme/library/bound.pdf").content)[0]
        self.assertNotIn("Purchasing", told)

    def test_too_many_are_refused_in_words(self) -> None:
        with self.assertRaisesMessage(NoCopy, "at most"):
            bound([self.first] * (MOST + 1), self.acme.actor, "Everything")
