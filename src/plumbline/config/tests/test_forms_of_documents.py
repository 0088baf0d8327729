"""`plumb document` for every sort of content and every format: what is written, and what is refused with what to do."""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pypdf import PdfReader

from plumbline import composition
from plumbline.config.commands import documenting
from plumbline.config.commands.telling import Refused
from plumbline.kernel import actions, files
from plumbline.kernel.testing import Company, TestCase
from plumbline.registers.support.documents.copies.tests import samples
from plumbline.registers.support.documents.models import Document
from plumbline.registers.support.documents.models.revision import WRITTEN
from plumbline.registers.support.documents.revising import add
from plumbline.registers.support.documents.tests.house import TODAY, House

WORDS = "Suppliers are evaluated"
CONTENTS = {  # revision -> name, content
    "1": ("purchasing.docx", samples.word(f"{WORDS} in Word.")),
    "2": ("purchasing.pdf", samples.pages("A4")),
    "3": ("stock.xlsx", samples.workbook()),
    "4": ("notice.png", samples.picture()),
    "5": ("", b""),  # written in the browser
}


@pytest.mark.slow  # lays out copies of five sorts of content
class FormsTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        house = House(Company("Acme"))
        by, cls.number = house.acme.actor, house.document.number
        blocks = [samples.heading("Purpose"), samples.paragraph(f"{WORDS} in the browser.")]
        text = json.dumps(composition.cleaned({"type": "doc", "content": blocks})).encode()
        for number, (name, content) in CONTENTS.items():
            kept = files.keep(by.organisation.uid, io.BytesIO(content or text), name or "written.json")
            told = {"source": name, "media_type": "" if name else WRITTEN}
            document = Document.objects.get(pk=house.document.pk)
            made = add(
                document,
                WORDS,
                by=by,
                confirm=False,
                number=number,
                dated_on=TODAY,
                file=actions.content(kept, by=by),
                **told,
            )
            actions.act(made, "confirm", by=by)

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def taken(self, form: str, revision: str = "") -> bytes:
        out = self.folder / f"X.{form}"
        self.assertEqual(documenting.run(self.number, "acme", out, revision), 0)
        return out.read_bytes()

    def refused(self, form: str, revision: str = "") -> str:
        with self.assertRaises(Refused) as caught:
            documenting.run(self.number, "acme", self.folder / f"X{form}", revision)
        self.assertEqual(list(self.folder.iterdir()), [])
        return str(caught.exception)

    def test_word(self) -> None:
        self.assertEqual(self.taken("docx", "1"), CONTENTS["1"][1], "as it was brought in")
        made = composition.from_word(io.BytesIO(self.taken("docx", "5")), lambda *_picture: None)
        self.assertIn(f"{WORDS} in the browser", composition.to_text(made))
        self.assertEqual(self.taken("docx"), self.taken("docx", "5"), "without a revision the one in force")

    def test_what_is_no_word_file_is_none_and_it_is_said_what_can_be_had(self) -> None:
        for revision, name in (("2", "purchasing.pdf"), ("3", "stock.xlsx"), ("4", "notice.png")):
            said = self.refused(".docx", revision)
            self.assertIn(f"the file “{name}”", said)
            self.assertIn("Take it as .pdf", said)

    def test_pdf_of_every_sort(self) -> None:
        shown = {"1": "in Word", "2": "Top of page 1", "3": "Galvanised sheet", "4": self.number, "5": "in the browser"}
        for revision, words in shown.items():
            said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(self.taken("pdf", revision))).pages)
            self.assertIn(words, said)
            self.assertIn(self.number, said)

    def test_html_of_every_sort(self) -> None:
        shown = {"1": "in Word", "2": "Top of page 1", "3": "Galvanised sheet", "5": "in the browser"}
        for revision, words in shown.items():
            page = self.taken("html", revision).decode()
            self.assertIn(words, page)
            self.assertIn("default-src &#x27;none&#x27;", page)
        (self.folder / "X.html").unlink()
        said = self.refused(".html", "4")
        self.assertIn("no content whose words can be read", said)
        self.assertIn("Take it as .pdf", said)

    def test_what_cannot_be_had_is_refused_in_words(self) -> None:
        self.assertIn("end it in .docx, .html, .pdf", self.refused(".odt"))
        self.assertIn("tells no format", self.refused(""))
        said = self.refused(".pdf", "9")
        self.assertIn("no revision “9” with content", said)
        self.assertIn("There are: ", said)
        with self.assertRaisesMessage(Refused, "does not exist: make it first"):
            documenting.run(self.number, "acme", self.folder / "nowhere" / "X.docx", "1")
        with self.assertRaises(Refused):
            documenting.run("NO-1", "acme", self.folder / "X.pdf", "")
        with self.assertRaises(Refused):
            documenting.run(self.number, "nobody", self.folder / "X.pdf", "")
