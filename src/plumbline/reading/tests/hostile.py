# ruff: noqa: E501 - files written out as XML stay in one piece
"""Files that mean harm or are broken, made when a test asks for them."""

import io
import struct
import zipfile
import zlib

WORD_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/{kind}"/></Types>'
)
WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(parts: dict[str, bytes | str]) -> bytes:
    """A ZIP of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def word(body: str, *, before: str = "", kind: str = WORD, **more: bytes | str) -> bytes:
    """A .docx whose document part has this body; `more` parts by name with / as __."""
    document = f'<?xml version="1.0"?>{before}<w:document {W}><w:body>{body}</w:body></w:document>'
    parts = {name.replace("__", "/"): content for name, content in more.items()}
    return archive({"[Content_Types].xml": WORD_TYPES.format(kind=kind), "word/document.xml": document, **parts})


def paragraph(text: str) -> str:
    """One Word paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_bomb() -> bytes:
    """A .docx of some kilobytes whose document is 300 MB of blanks."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", WORD_TYPES.format(kind=WORD))
        with file.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * 1024 * 1024)
    return buffer.getvalue()


def lying_word_bomb() -> bytes:
    """A .docx that claims 100 bytes for a part of 100 MB."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = packed.compress(b" " * 100_000_000) + packed.flush()
    parts = {"[Content_Types].xml": WORD_TYPES.format(kind=WORD).encode(), "word/document.xml": b"x" * 100}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, plain in parts.items():
            file.writestr(name, plain)
    raw = bytearray(buffer.getvalue().replace(b"x" * 100, content))
    shift = len(content) - 100
    central = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<H", raw, central + 10, 8)
    struct.pack_into("<I", raw, central + 20, len(content))
    local = raw.find(b"PK\x03\x04", 10)
    struct.pack_into("<H", raw, local + 8, 8)
    struct.pack_into("<I", raw, local + 18, len(content))
    end = raw.rfind(b"PK\x05\x06")
    (offset,) = struct.unpack_from("<I", raw, end + 16)
    struct.pack_into("<I", raw, end + 16, offset + shift)
    return bytes(raw)


def overlapping() -> bytes:
    """A ZIP whose hundred entries all share the bytes of one."""
    one = archive({"a.txt": b"0" * 5_000_000})
    central = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    record = one[central:end]
    directory = b"".join(record.replace(b"a.txt", b"%05d" % number) for number in range(100))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 100, 100, len(directory), central, 0)
    return one[:central] + directory + tail


def many_entries(count: int) -> bytes:
    """A ZIP with a great many empty entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(count):
            file.writestr(f"{number}.txt", b"")
    return buffer.getvalue()


def pdf(pages: int = 1, text: str = "Hello", *, extra: str = "", encrypt: bool = False, shared: bool = False) -> bytes:
    """A small PDF; `shared` repeats one page object, `encrypt` puts a password on it."""
    kids = " ".join("3 0 R" for _ in range(pages)) if shared else " ".join(f"{3 + n} 0 R" for n in range(pages))
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    count = 1 if shared else pages
    font, content = 3 + count, 4 + count
    objects = ["<< /Type /Catalog /Pages 2 0 R " + extra + " >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>"
    objects += [page] * count
    objects += [
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return _locked(bytes(out)) if encrypt else bytes(out)


def _locked(plain: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    writer.encrypt("secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that says it is this large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * min((width // 8 + 1) * height, 100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def compound(name: str) -> bytes:
    """The first sectors of an OLE compound file that has a stream of this name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name.encode("utf-16-le") + bytes(512)


def workbook(rows: str, *, strings: str = "") -> bytes:
    """An .xlsx with one sheet of these rows (XML)."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="x"/>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}"><sheets><sheet name="Data" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x"><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
            "xl/styles.xml": f'<styleSheet {main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
            "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
        }
    )
