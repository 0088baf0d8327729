"""What kind of file it is, by its content; the name only decides among kinds of plain text."""

import re
from pathlib import PurePosixPath

from plumbline.drawings import is_dxf, is_svg
from plumbline.reading import limits
from plumbline.reading.archives import open_archive
from plumbline.reading.packages import Flat, Package, attribute
from plumbline.reading.pictures import is_picture
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source, decode

SUFFIXES = {
    "docx": {".docx", ".docm", ".dotx"},
    "odt": {".odt", ".ott"},
    "pdf": {".pdf"},
    "xlsx": {".xlsx", ".xlsm", ".xltx"},
    "pptx": {".pptx", ".pptm", ".potx", ".ppsx"},
    "html": {".html", ".htm", ".xhtml"},
    "md": {".md", ".markdown"},
    "csv": {".csv", ".tsv"},
    "txt": {".txt", ".text", ""},
    "dxf": {".dxf"},
    "svg": {".svg"},
    "image": {".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"},
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DWG = re.compile(rb"\AAC10\d\d\x00")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_ODT = b"application/vnd.oasis.opendocument.text"


def recognise(source: Source, name: str) -> str:
    """The kind of file (a key of SUFFIXES); raises Refused."""
    head = source.head
    if not source.size:
        raise Refused("empty_file")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packaged(source)
    if head.startswith(_OLE):
        raise Refused("encrypted" if source.holds(_ENCRYPTED_PACKAGE) else "old_office")
    if is_picture(head):
        return "image"
    if is_dxf(head):
        return "dxf"
    if is_svg(head):
        return "svg"
    if _DWG.match(head):
        raise Refused("dwg")
    return _written(source, PurePosixPath(name).suffix.casefold())


PACKED = ("docx", "odt", "xlsx", "pptx", "pdf", "image")  # kinds that are told by their content


def fits(kind: str, name: str) -> bool:
    """Whether the name's ending is one this kind of file usually has."""
    return PurePosixPath(name).suffix.casefold() in SUFFIXES[kind]


def _packaged(source: Source) -> str:
    archive = open_archive(source.file, source.size, entries=limits.ARCHIVE_ENTRIES, kind="ZIP")
    names = set(archive.namelist())
    if "mimetype" in names:
        kind = Package(source, "OpenDocument").read("mimetype", 200).strip()
        if kind in (_ODT, _ODT + b"-template"):
            return "odt"
        raise Refused("unknown_kind", found=kind.decode("ascii", "replace")[:60])
    found = [kind for part, kind in _MAIN.items() if part in names]
    if "[Content_Types].xml" in names and len(found) == 1:
        _refuse_macros(source, names)
        return found[0]
    raise Refused("unknown_kind", found="ZIP")


def _refuse_macros(source: Source, names: set[str]) -> None:
    types = Package(source, "Office").parse("[Content_Types].xml", Flat()).attributes
    kinds = [attribute(attributes, "ContentType") for _, attributes in types]
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds):
        raise Refused("macros")
    if any(name.casefold().rsplit("/", 1)[-1] == "vbaproject.bin" or "/macrosheets/" in name for name in names):
        raise Refused("macros")


def _written(source: Source, suffix: str) -> str:
    """HTML, Markdown, CSV or text; raises Refused for what is no text or some other kind of text."""
    import puremagic

    sample = source.head
    marked = sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))
    strange = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if not marked and strange > max(4, len(sample) // 50):
        try:
            found = str(puremagic.from_string(sample))
        except (puremagic.PureError, ValueError):
            found = ""
        raise _strange(found or suffix or "binary", suffix)
    text, _ = decode(sample if not marked or len(sample) % 2 == 0 else sample[:-1])
    if _HTML.match(text.lstrip("\ufeff")) or suffix in SUFFIXES["html"]:
        return "html"
    for kind in ("md", "csv", "txt"):
        if suffix in SUFFIXES[kind] and not text.lstrip("\ufeff \r\n\t").startswith(
            ("{\\rtf", "<?xml", "<!DOCTYPE", "#!/")
        ):
            return kind
    raise _strange(suffix or text.lstrip()[:12], suffix)


def _strange(found: str, suffix: str) -> Refused:
    """No kind that is read; or the name promises one, and the content is something else."""
    promised = found == suffix and any(suffix in SUFFIXES[kind] for kind in PACKED)
    return Refused("not_as_named" if promised else "unknown_kind", found=found)
