"""Contents that copies are made of: PDFs of every shape, hostile ones, written ones, certificates."""

import io
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from plumbline import composition
from plumbline.kernel import actions, files
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Document, Revision
from plumbline.registers.support.documents.models.revision import WRITTEN
from plumbline.registers.support.documents.tests.house import House


@cache
def pages(*sizes: str) -> bytes:
    """A PDF with one page for each size, each saying its number."""
    from weasyprint import HTML

    said = "".join(
        f"<style>@page p{n} {{ size: {size}; margin: 0 }}</style>"
        f"<p style='page: p{n}; font-size: 30pt; margin: 0; break-before: page'>Top of page {n + 1}</p>"
        for n, size in enumerate(sizes)
    )
    return HTML(string=f"<body style='margin:0'>{said}").write_pdf()


def word(*paragraphs: str) -> bytes:
    """A Word file."""
    return composition.to_word({"type": "doc", "content": [paragraph(text) for text in paragraphs]})


def workbook() -> bytes:
    """An Excel file with a few cells."""
    from xlsxwriter import Workbook

    kept = io.BytesIO()
    with Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Stock")
        sheet.write_row(0, 0, ("Item", "Pieces"))
        sheet.write_row(1, 0, ("Galvanised sheet", 12))
        sheet.autofit()
    return kept.getvalue()


def picture() -> bytes:
    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", (60, 60), (200, 0, 0)).save(kept, "PNG")
    return kept.getvalue()


def turned(content: bytes, *angles: int, crop: tuple[float, ...] | None = None) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import RectangleObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page, angle in zip(writer.pages, angles, strict=True):
        page.rotate(angle)
        if crop:
            page.cropbox = RectangleObject(crop)
    return _bytes(writer)


def hostile(content: bytes) -> bytes:
    """A PDF with everything that runs, opens or carries something."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import Link
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.add_attachment("payload.exe", b"MZ payload")
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('ran')")}
    script = DictionaryObject({NameObject(key): value for key, value in script.items()})
    named = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("run"), script])})
    writer.root_object["/Names"].get_object()[NameObject("/JavaScript")] = named
    launch = {"/S": NameObject("/Launch"), "/F": TextStringObject("/bin/sh")}
    launch = DictionaryObject({NameObject(key): value for key, value in launch.items()})
    writer.root_object[NameObject("/OpenAction")] = launch
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): launch})
    writer.add_annotation(0, Link(rect=(0, 0, 200, 200), url="file:///etc/passwd"))
    return _bytes(writer)


def locked(content: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt("", "owner only")
    return _bytes(writer)


def _bytes(writer: Any) -> bytes:
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def with_file(house: House, content: bytes, name: str, media_type: str = "", **values: Any) -> Revision:
    """The draft of the house's document with this content."""
    kept = files.keep(house.acme.organisation.uid, io.BytesIO(content), name)
    file = actions.content(kept, by=house.acme.actor)
    document = Document.objects.get(pk=house.document.pk)
    said: dict[str, Any] = {"source": name, "media_type": media_type, **values}
    return revising.draft(document, by=house.writer, text="Suppliers are evaluated.", file=file, **said)


def written(house: House, *blocks: dict, **values: Any) -> Revision:
    content = json.dumps(composition.cleaned({"type": "doc", "content": list(blocks)})).encode()
    return with_file(house, content, "written.json", WRITTEN, **values)


def heading(text: str, level: int = 1) -> dict:
    return {"type": "heading", "attrs": {"level": level}, "content": [{"type": "text", "text": text}]}


def paragraph(text: str, **mark: Any) -> dict:
    marks = {"marks": [mark]} if mark else {}
    return {"type": "paragraph", "content": [{"type": "text", "text": text, **marks}]}


@cache
def certificate(password: str = "", days: int = 365) -> bytes:
    """A PKCS#12 file with a key and its self-signed certificate, valid until so many days from now."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Acme Metalwork, documents")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(4711).not_valid_before(now - timedelta(days=500))
    made = made.not_valid_after(now + timedelta(days=days))
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    signed = made.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"acme", key, signed, None, locked)
