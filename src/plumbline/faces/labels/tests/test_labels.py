"""Labels show what their reader may see, lead to the record, and hold nothing else."""

import subprocess
from urllib.parse import urlsplit

import pypdfium2
import pytest

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

PAGE = "/acme/actions/"


@pytest.fixture
def acme(db) -> Company:
    return Company("Acme")


def task(company: Company, title: str, **values):
    return actions.create(register_of("action"), by=company.actor, title=title, owner=company.ann, **values)


def words(content: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def test_a_sheet_of_what_the_list_shows_and_nothing_hidden(acme) -> None:
    other = Company("Brightco")
    shown = [task(acme, f"Gauge {letter}") for letter in "ABC"]
    hidden = task(acme, "Somebody drinks", confidential=True)
    task(other, "Of another house")
    bob = acme.client(acme.bob)
    said = words(bob.get(f"{PAGE}labels.pdf").content)
    for record in shown:
        assert record.number in said
        assert record.title in said
    for secret in ("drinks", "another house", hidden.number):
        assert secret not in said
    assert "Gauge B" not in words(bob.get(f"{PAGE}labels.pdf?q=Gauge+C").content)
    assert bob.get(f"{PAGE}{hidden.number}/label.pdf").status_code == 404
    assert other.client(other.ann).get(f"{PAGE}labels.pdf").status_code == 404
    empty = bob.get(f"{PAGE}labels.pdf?q=nothing-like-it", follow=True)
    assert "nothing to print" in empty.content.decode()


def test_twenty_four_to_a_page_and_the_code_is_read_by_another_program(acme, tmp_path) -> None:
    records = [task(acme, f"Gauge {number:02}" + " of the third hall" * 9 + " at its end") for number in range(25)]
    assert len(pypdfium2.PdfDocument(acme.client(acme.bob).get(f"{PAGE}labels.pdf").content)) == 2
    one = acme.client(acme.bob).get(f"{PAGE}{records[0].number}/label.pdf").content
    assert [record.number for record in records if record.number in words(one)] == [records[0].number]
    assert "…" in words(one)
    assert "at its end" not in words(one)
    assert acme.organisation.name in words(one)
    pypdfium2.PdfDocument(one)[0].render(scale=3).to_pil().save(picture := tmp_path / "label.png")
    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True).stdout
    assert urlsplit(read.strip()).path == f"/r/{records[0].uid}/"
