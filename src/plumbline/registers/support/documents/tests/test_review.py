from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from plumbline.kernel.models import RequirementLink
from plumbline.kernel.testing import Company, TestCase, counted
from plumbline.kernel.workflow import IllegalMove
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.importing import import_path
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.passages import marked
from plumbline.registers.support.documents.tests.folders import AUDITS, CONTROL, PURCHASING, Folder, archive

JSON = {"headers": {"Accept": "application/json"}}
HTMX = {"headers": {"HX-Request": "true"}}


class WebTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"documents:{name}", args=["acme", *args])

    def send(self, name: str, content: str | bytes, path: str = "", batch: str = "") -> dict[str, Any]:
        upload = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
        answer = self.client.post(
            f"{self.url('bring-in')}?batch={batch}", {"file": upload, "path": path or name}, **JSON
        )
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def bring(self, **files: str) -> None:
        folder = Folder(**files)
        list(import_path(folder.path, self.acme.actor))

    def test_a_file_is_answered_with_its_line(self) -> None:
        said = self.send("control.md", CONTROL, "Handbook/control.md")
        self.assertEqual((said["status"], said["number"], said["reason"]), ("new", "QP-01", ""))
        self.assertIn("Control of documents · Procedure · revision 3", said["title"])
        self.assertEqual(self.client.get(said["url"]).status_code, 200)
        self.assertEqual(self.send("control.md", CONTROL)["status"], "unchanged")
        self.assertEqual(Revision.objects.get().source, "Handbook/control.md")

    def test_two_files_with_one_number_dropped_together_are_two_documents(self) -> None:
        batch = "01890a5d-ac96-774b-bcce-b302099a8057"
        self.send("a.md", CONTROL, batch=batch)
        self.assertIn("QP-01", self.send("b.md", CONTROL + "Not the same.", batch=batch)["title"])
        self.assertEqual(Document.objects.count(), 2)

    def test_an_archive_is_answered_with_the_sum_and_what_was_refused(self) -> None:
        said = self.send("all.ZIP", archive({"x/a.md": CONTROL.encode(), "b.md": AUDITS.encode(), "bad.exe": b"MZ"}))
        self.assertEqual((said["status"], len(said["lines"]), Document.objects.count()), ("new", 3, 2))
        self.assertIn("bad.exe", said["reason"])

    def test_hostile_uploads_get_a_line(self) -> None:
        bomb = archive({"a.md": b"0" * 30_000_000})
        torn = {"x.docx": b"PK\x03\x04torn", "..\\..\\d.pdf": b"%PDF-1.7 \0", "c.zip": b"PK", "b.zip": bomb}
        for name, content in {**torn, "e.exe": b"MZ", "f.md": b"", "\u202egnp.exe": b"MZ\0"}.items():
            said = self.send(name, content)
            self.assertTrue(said["status"] == "refused" and said["reason"], (name, said))
        with override_settings(PLUMBLINE_MAX_UPLOAD=100):
            self.assertIn("larger", self.send("g.md", CONTROL)["reason"])
        self.assertEqual(Document.objects.count(), 0)

    def test_without_scripts_the_page_tells_what_became_of_the_files(self) -> None:
        files = [SimpleUploadedFile("a.md", CONTROL.encode()), SimpleUploadedFile("b.exe", b"MZ")]
        page = self.client.post(self.url("bring-in"), {"file": files})
        self.assertContains(page, "QP-01")
        self.assertContains(page, "Unknown kind of file")
        self.assertEqual(self.client.post(self.url("bring-in")).status_code, 200)

    def typed(self, document: Document, **changed: Any) -> dict[str, Any]:
        names = ("number", "title", "sort", "revision_no", "language", "version")
        return {**{name: getattr(document, name) for name in names}, "owner": document.owner_id, **changed}

    def test_a_correction_is_saved_on_leaving_the_field(self) -> None:
        self.bring(a_md=CONTROL)
        document = Document.objects.get()
        page = self.url("proposed", "QP-01")
        answer = self.client.post(page, self.typed(document, title="Documents", sort="manual"), **JSON)
        self.assertEqual(answer.json(), {"version": document.version + 1})
        answer = self.client.post(page, self.typed(document, title="Late"), **JSON)
        self.assertEqual(answer.status_code, 409)
        document.refresh_from_db()
        answer = self.client.post(page, self.typed(document, number="not/one", title=""), **JSON)
        self.assertEqual((answer.status_code, list(answer.json()["errors"])), (422, ["title"]))
        self.assertEqual(Document.objects.get().title, "Documents")

    def test_a_kind_that_no_word_tells_is_said_to_be_a_guess(self) -> None:
        guess = "The file does not say what kind of document it is."
        self.bring(a_md="# Compras\n\nEl comprador revisa al proveedor antes de la entrega de material.")
        document = Document.objects.get()
        self.assertEqual(document.language, "")
        self.assertContains(self.client.get(self.url("review")), guess)
        self.client.post(self.url("proposed", document.number), self.typed(document, sort="form"), **JSON)
        self.assertNotContains(self.client.get(self.url("review")), guess)
        self.bring(b_md=CONTROL)
        self.assertNotContains(self.client.get(self.url("review")), guess)

    def test_a_taken_number_is_said_beside_the_field(self) -> None:
        self.bring(a_md=CONTROL, b_md=PURCHASING)
        document = Document.objects.get(number="QP-01")
        answer = self.client.post(self.url("proposed", "QP-01"), self.typed(document, number="QP-07"), **JSON)
        self.assertIn("taken", answer.json()["errors"]["number"][0])

    def test_confirm_set_aside_and_take_back(self) -> None:
        self.bring(a_md=CONTROL)
        page = self.url("proposed", "QP-01")
        self.assertContains(self.client.post(page, {"do": "withdraw"}, **HTMX), "Undo")
        self.assertEqual(Document.objects.get().state, "withdrawn")
        self.assertContains(self.client.post(page, {"do": "reopen"}, **HTMX), "Confirm")
        self.assertContains(
            self.client.post(page, self.typed(Document.objects.get(), do="confirm"), **HTMX), "is confirmed"
        )
        self.assertEqual(Document.objects.get().current.state, "effective")
        self.assertNotContains(self.client.get(self.url("review")), "QP-01")

    def test_a_new_revision_is_confirmed_or_not_taken_while_the_document_stays(self) -> None:
        folder = Folder(a_md=CONTROL)
        list(import_path(folder.path, self.acme.actor, confirm=True))
        folder.write("a_md", CONTROL.replace("Revision: 3", "Revision: 4"))
        list(import_path(folder.path, self.acme.actor))
        page = self.url("proposed", "QP-01")
        self.assertContains(self.client.get(self.url("review")), "new revision")
        self.assertContains(self.client.post(page, {"do": "withdraw"}, **HTMX), "Undo")
        self.assertEqual((Document.objects.get().state, Document.objects.get().incoming), ("in_use", None))
        self.client.post(page, {"do": "reopen"}, **HTMX)
        typed = self.typed(Document.objects.get(), revision_no="4a", do="confirm")
        self.assertContains(self.client.post(page, typed, follow=True), "1 document is confirmed.")  # before the script
        self.assertEqual((Document.objects.get().revision_no, Document.objects.get().current.revision_no), ("4a", "4a"))

    def test_many_are_confirmed_at_once(self) -> None:
        self.bring(a_md=CONTROL, b_md=PURCHASING, c_md=AUDITS)
        two = [str(one.uid) for one in Document.objects.exclude(number="QP-07")]
        self.client.post(self.url("review"), {"do": "ticked", "document": two})
        self.assertEqual(Document.objects.get(state="proposed").number, "QP-07")
        self.assertFalse(RequirementLink.objects.filter(state="confirmed").exists())
        shown = [str(Document.objects.get(number="QP-07").uid), "not-a-uid"]
        self.client.post(self.url("review"), {"do": "all requirements", "shown": shown})
        self.assertTrue(RequirementLink.objects.filter(record__number="QP-07", state="confirmed").exists())

    def test_requirements_are_judged_with_one_tap_and_taken_back(self) -> None:
        self.bring(a_md=CONTROL)
        link, page = RequirementLink.objects.first(), self.url("speaks", "QP-01")
        for state in ("rejected", "proposed", "confirmed"):
            self.client.post(page, {"link": link.uid, "state": state}, **HTMX)
            link.refresh_from_db()
            self.assertEqual(link.state, state)
        self.client.post(page, {"all": "1", "state": "confirmed"})
        self.assertEqual(set(RequirementLink.objects.values_list("state", flat=True)), {"confirmed"})
        self.acme.client(self.acme.cleo).post(page, {"link": link.uid, "state": "rejected"})
        link.refresh_from_db()
        self.assertEqual(link.state, "confirmed")

    def test_a_new_revision_is_uploaded_on_the_documents_page(self) -> None:
        self.bring(a_md=CONTROL)
        revising.settle(Document.objects.get(), by=self.acme.actor, requirements=True)
        upload = SimpleUploadedFile("other name.md", PURCHASING.encode())
        self.client.post(self.url("revise", "QP-01"), {"file": upload, "number": "5"})
        document = Document.objects.get()
        draft = document.under_way
        self.assertEqual((draft.state, draft.revision_no, draft.name), ("draft", "5", "other name.md"))
        self.assertEqual((document.revision_no, document.current.revision_no), ("3", "3"))
        page = self.client.post(self.url("revise", "QP-01"), {"file": SimpleUploadedFile("x.exe", b"MZ")}, follow=True)
        self.assertContains(page, "Unknown kind of file")

    def test_the_page_says_language_and_history_in_words(self) -> None:
        self.bring(a_md=CONTROL)
        page = self.client.get(self.url("record", "QP-01")).content.decode()
        self.assertIn("English</dd>", page)
        history = page[page.index("History") :]
        self.assertIn("linked a requirement", history)

    def test_hostile_text_is_only_ever_text(self) -> None:
        evil = "Internal audits are planned once a year <script>alert(1)</script> & carried out by impartial auditors."
        self.bring(evil_md=f"# <img src=x onerror=alert(1)>\n\nDocument No: QP-09\n\n{evil}")
        for name in ("record", "text"):
            page = self.client.get(self.url(name, "QP-09")).content.decode()
            self.assertNotIn("<script>alert", page)
            self.assertNotIn("<img src=x", page)
        self.assertNotIn("<img src=x", self.client.get(self.url("review")).content.decode())
        html = marked(evil, [("9.2.1-1", evil)])
        self.assertIn("&lt;script&gt;", html)
        self.assertIn("<mark", html)

    def test_the_file_is_sent_inert(self) -> None:
        self.bring(a_md=CONTROL)
        answer = self.client.get(self.url("revision", "QP-01", Revision.objects.get().uid))
        self.assertEqual(b"".join(answer.streaming_content).decode(), CONTROL)
        self.assertIn("sandbox", answer["Content-Security-Policy"])

    def test_queries_do_not_grow(self) -> None:
        seen = []
        for n in range(2):
            self.bring(**{f"n{n}x{m}_md": f"{CONTROL.replace('QP-01', f'QP-{n}{m}')} {n} {m}" for m in range(1, 5)})
            for page in (self.url("review"), self.url("bring-in"), self.url("text", "QP-01")):
                with CaptureQueriesContext(connection) as queries:
                    self.assertEqual(self.client.get(page).status_code, 200)
                seen.append(counted(queries))
        self.assertEqual(seen[:3], seen[3:])
        self.assertLessEqual(max(seen), 14)


def test_two_people_confirm_at_once(real_db) -> None:
    acme = Company("Acme")
    folder = Folder(a_md=CONTROL)
    list(import_path(folder.path, acme.actor))
    document = Document.objects.get()

    def confirm(_: int) -> str:
        with closing(connection):
            try:
                return revising.settle(document, by=Actor.of(acme.ann), requirements=True).state
            except IllegalMove:
                return "too late"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(confirm, range(2)))
    assert set(told) <= {"in_use", "too late"}
    assert "in_use" in told
    assert list(Revision.objects.values_list("state", flat=True)) == ["effective"]
