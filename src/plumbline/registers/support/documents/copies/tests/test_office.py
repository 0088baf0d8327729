"""Office files through LibreOffice, where it is installed: faithful, bounded, alone; and what holds where it is not."""

import io
import sys
import time
import zipfile
from pathlib import Path

import pytest

from plumbline.kernel.testing import Company
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.copies import controlled_pdf, office
from plumbline.registers.support.documents.models import Revision
from plumbline.registers.support.documents.tests.house import House

from . import attacks, listening, reading, samples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # starts LibreOffice, lays out pages
installed = pytest.mark.skipif(not office.program(), reason="LibreOffice, or unshare to keep it alone, is not here")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{short}="{address}"'
    for short, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
ENTRIES = f"""<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{OPEN}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


@pytest.fixture
def house() -> House:
    return House(Company("Acme"))


def copy_of(revision: Revision) -> str:
    made = controlled_pdf(current := Revision.objects.get(pk=revision.pk), Actor.clock(current.home))
    return " ".join(reading.texts(made))


def open_text(*pictures: str) -> bytes:
    """An OpenDocument text that takes pictures and a section from elsewhere."""
    drawn = "".join(
        '<text:p><draw:frame svg:width="3cm" svg:height="3cm" text:anchor-type="as-char"><draw:image '
        f'xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
        f'<text:section text:name="s{number}"><text:section-source xlink:href="{address}"/></text:section>'
        for number, address in enumerate(pictures)
    )
    body = f"<office:body><office:text><text:p>Suppliers are evaluated.</text:p>{drawn}</office:text></office:body>"
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr("mimetype", OPEN)
        package.writestr(
            "content.xml", f'<office:document-content {SPACES} office:version="1.2">{body}</office:document-content>'
        )
        package.writestr("META-INF/manifest.xml", ENTRIES)
    return kept.getvalue()


def converted(folder: Path, content: bytes, media_type: str) -> bytes | None:
    source, made = folder / "source", folder / "made"
    source.write_bytes(content)
    made.mkdir(exist_ok=True)
    pdf = office.converted(source, media_type, made)
    return pdf.read_bytes() if pdf else None


@installed
def test_a_word_file_is_laid_out_and_stamped(house) -> None:
    said = copy_of(samples.with_file(house, samples.word("Suppliers are evaluated."), "plan.docx", WORD))
    assert "Suppliers are evaluated." in said
    assert "Page 1 of 1" in said
    assert "DRAFT" in said


@pytest.mark.parametrize("here", [True, False], ids=["with", "without"])
def test_a_workbook_is_printed_with_or_without_it(house, monkeypatch, here) -> None:
    if not here:
        monkeypatch.setattr(office, "program", list)
    assert "Galvanised sheet" in copy_of(samples.with_file(house, samples.workbook(), "list.xlsx", EXCEL))


def test_without_it_words_are_laid_out_here(house, monkeypatch) -> None:
    monkeypatch.setattr(office, "program", list)
    content = samples.word("Suppliers are evaluated.")
    assert "Suppliers are evaluated." in copy_of(samples.with_file(house, content, "plan.docx", WORD))


@installed
def test_nothing_is_fetched_and_no_file_of_the_server_is_read(tmp_path, monkeypatch) -> None:
    picture = tmp_path / "secret.png"
    picture.write_bytes(samples.picture())
    with listening.server() as (address, asked):
        content = open_text(f"{address}/x.png", picture.as_uri())
        made = converted(tmp_path, content, OPEN)
        assert made
        assert (asked, reading.pictures(made)) == ([], 0)
        monkeypatch.setattr(office, "SETTINGS", f'<oor:items xmlns:oor="{office.REGISTRY}"/>')
        made = converted(tmp_path, content, OPEN)
        assert made
        assert (asked, reading.pictures(made)) == ([], 1)  # without our settings the file is read
        monkeypatch.setattr(office, "program", lambda: ["soffice"])
        converted(tmp_path, content, OPEN)
        assert asked  # without a network of its own the address is called


@installed
def test_a_word_file_that_points_elsewhere_is_laid_out_without_asking(tmp_path, monkeypatch) -> None:
    with listening.server() as (address, asked):
        content = attacks.word_file(address)
        made = converted(tmp_path, content, WORD)
        assert made
        assert attacks.SAYS in " ".join(reading.texts(made))
        assert asked == []
        monkeypatch.setattr(office, "SETTINGS", f'<oor:items xmlns:oor="{office.REGISTRY}"/>')
        monkeypatch.setattr(office, "program", lambda: ["soffice"])
        converted(tmp_path, content, WORD)
        assert asked  # with both guards off its pictures are fetched


@installed
def test_a_file_that_it_cannot_read_is_no_copy_of_its_making(tmp_path) -> None:
    assert converted(tmp_path, b"PK\x03\x04 no document at all", WORD) is None


@pytest.mark.parametrize(
    "command, seconds, came",
    [
        (["import sys; sys.exit(0)"], 60, True),
        (["import sys; sys.exit(3)"], 60, False),
        (["x = bytearray(600 << 20)"], 60, False),
        (["import time; time.sleep(90)"], 1, False),
    ],
    ids=["well", "complains", "takes too much memory", "does not end"],
)
def test_what_is_started_is_bounded(command, seconds, came, monkeypatch) -> None:
    monkeypatch.setattr(office, "MEMORY", 512 << 20)
    monkeypatch.setattr(office, "SECONDS", seconds)
    assert office.ran([sys.executable, "-c", *command], {"PATH": "/usr/bin:/bin"}) is came


def test_what_it_started_ends_with_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(office, "SECONDS", 4)  # in which its shell is there, on a busy machine too
    told = tmp_path / "child"
    assert not office.ran(["/bin/sh", "-c", f"sleep 60 & echo $! >{told}; wait"], {"PATH": "/usr/bin:/bin"})
    child = Path("/proc", told.read_text().strip(), "stat")
    assert any(gone(child) or time.sleep(0.05) for _n in range(1200))  # told to end, it ends when its turn comes


def gone(child: Path) -> bool:
    """Whether it has ended, also where nobody has asked for its end yet."""
    try:
        return ") Z " in child.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
