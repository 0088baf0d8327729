"""Folders as a company has them, made small."""

import io
import tempfile
import zipfile
from pathlib import Path

CONTROL = """# Control of documents
Document No: QP-01
Revision: 3
Date: 2026-02-01

Owner: Bob Carter

Documents are approved for suitability by the quality manager before release. Obsolete documents are withdrawn.
"""
PURCHASING = """# Verfahrensanweisung Beschaffung
Dokument-Nr.: QP-07
Revision: 1

Lieferanten werden vor der ersten Bestellung nach festgelegten Kriterien bewertet und jährlich neu bewertet.
"""
AUDITS = "# Internal audits\n\nInternal audits are planned once a year and carried out by auditors who are impartial.\n"


class Folder:
    """A folder on disk that is gone afterwards."""

    def __init__(self, **files: str | bytes) -> None:
        self._kept = tempfile.TemporaryDirectory()
        self.path = Path(self._kept.name)
        for name, content in files.items():
            self.write(name, content)

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file; `sub__name_md` is written `sub/name.md`."""
        path = self.path / name.replace("__", "/").replace("_md", ".md").replace("_txt", ".txt").replace("_doc", ".doc")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


def archive(files: dict[str, bytes]) -> bytes:
    """A ZIP with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def word_with_entities() -> bytes:
    """A .docx whose XML declares an external entity."""
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><document>&e;</document>'
    kinds = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.document.main+xml"/></Types>'
    )
    return archive({"[Content_Types].xml": kinds, "word/document.xml": evil})
