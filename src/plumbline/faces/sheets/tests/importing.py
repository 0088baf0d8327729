"""What the tests of imports share: a company, and a file brought through its pages."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from xlsxwriter import Workbook

from plumbline.faces.sheets import working
from plumbline.faces.sheets.models import Import
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

LIST = "/acme/nonconformities/"


def sheet(*rows: list[Any]) -> bytes:
    """A workbook with these rows."""
    file = io.BytesIO()
    book = Workbook(file, {"strings_to_formulas": False, "default_date_format": "dd.mm.yyyy"})
    page = book.add_worksheet()
    for place, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                page.write(place, column, cell)
    book.close()
    return file.getvalue()


class Case(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.register = register_of("nonconformity")
        cls.records = cls.register.model.objects

    def setUp(self) -> None:
        self.client = self.acme.client(self.acme.ann)

    def make(self, title: str = "Burr", company: Company | None = None, **values):
        return actions.create(self.register, by=(company or self.acme).actor, title=title, description="d", **values)

    def upload(self, content: bytes | str, name: str = "list.csv", client=None, place: str = LIST):
        given = content.encode() if isinstance(content, str) else content
        return (client or self.client).post(f"{place}import/", {"file": SimpleUploadedFile(name, given)})

    def begun(self, content: bytes | str, name: str = "list.csv", client=None, place: str = LIST) -> Import:
        answer = self.upload(content, name, client, place)
        self.assertEqual(answer.status_code, 302, answer.content.decode()[-3000:] if answer.content else "")
        return Import.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1])

    def do(self, run: Import, step: str, client=None, place: str = LIST, **more: Any):
        """Press a button of the page, let the thread do its work, and return the run as it is then."""
        mapping = {f"column-{number}": name for number, name in enumerate(run.mapping)}
        form = {**mapping, "changing": "yes" if run.changing else "no", "dates": run.reading.get("dates", ""), **more}
        answer = (client or self.client).post(f"{place}import/{run.uid}/", {"do": step, **form})
        self.assertIn(answer.status_code, (302, 422))
        working.work()
        run.refresh_from_db()
        return run

    def checked(self, content: bytes | str, name: str = "list.csv", client=None, **more: Any) -> Import:
        return self.do(self.begun(content, name, client), "check", client, **more)

    def brought(self, content: bytes | str, name: str = "list.csv", client=None, **more: Any) -> Import:
        return self.do(self.checked(content, name, client, **more), "import", client)

    def errors(self, run: Import) -> list[list[list[str]]]:
        return [row.errors for row in run.rows.filter(step="wrong").order_by("line")]
