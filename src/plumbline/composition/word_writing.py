# ruff: noqa: E501 - XML is written out in one piece
"""`to_word`: written content as a .docx that looks like a controlled document, with its head and foot."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from plumbline.composition.markup import ResolveReference
from plumbline.composition.model import Json
from plumbline.composition.word_body import Body, ReadImage
from plumbline.composition.word_styles import W, numbering_xml, styles_xml

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="{_R}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" '
    f'xmlns:pic="{_DRAWING}/picture"'
)
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MADE = (2026, 1, 1, 0, 0, 0)
"""A fixed time in the package, so that the same content gives the same bytes."""
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Head:
    """What stands at the head and foot of every page, in the words it is to be shown with."""

    title: str = ""
    number: str = ""
    revision: str = ""
    date: str = ""
    organisation: str = ""
    language: str = "en"


def to_word(
    content: Json,
    head: Head | None = None,
    fields: Mapping[str, str] = _NOTHING,
    read_image: ReadImage = lambda src: None,
    resolve_reference: ResolveReference = lambda to, target: None,
) -> bytes:
    """The content as a .docx: Title, numbered headings, bordered tables; pictures are asked for by their src."""
    head = head or Head()
    body = Body(fields, read_image, resolve_reference)
    blocks = "".join(body.blocks(content.get("content", [])))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            [("main", "officeDocument", "word/document.xml"), ("core", "core-properties", "docProps/core.xml")]
        ),
        "docProps/core.xml": _properties(head),
        "word/document.xml": f"{_DECLARED}<w:document {_NAMES}><w:body>{_title(head)}{blocks}{_SECTION}</w:body></w:document>",
        "word/styles.xml": _DECLARED + styles_xml(head.language),
        "word/numbering.xml": _DECLARED + numbering_xml(body.ordered),
        "word/settings.xml": f'{_DECLARED}<w:settings xmlns:w="{W}">{_MODERN}</w:settings>',
        "word/header1.xml": _margin("hdr", "Header", f"{_text(head.number)}{_TAB}{_text(head.title)}"),
        "word/footer1.xml": _margin("ftr", "Footer", _foot(head)),
        "word/_rels/document.xml.rels": _document_relations(body),
    }
    for key, (kind, picture) in body.pictures.items():
        parts[f"word/media/{key}.{kind}"] = picture
    return _packed(parts)


def _packed(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return made.getvalue()


_MODERN = (
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat>"
)
_TAB = "<w:r><w:tab/></w:r>"
_SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1134" w:bottom="1247" w:left="1134" '
    'w:header="680" w:footer="567" w:gutter="0"/></w:sectPr>'
)


def _text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


def _title(head: Head) -> str:
    """The title in a content control of its own, so that it is not read back as content."""
    if not head.title:
        return ""
    return (
        '<w:sdt><w:sdtPr><w:tag w:val="pl:title"/></w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>'
        f"{_text(head.title)}</w:p></w:sdtContent></w:sdt>"
    )


def _foot(head: Head) -> str:
    """Revision and date at the left, the organisation in the middle, page and pages at the right."""
    left = " · ".join(words for words in (head.revision, head.date) if words)
    return (
        f"{_text(left)}{_TAB}{_text(head.organisation)}{_TAB}{_computed('PAGE')}{_text(' / ')}{_computed('NUMPAGES')}"
    )


def _computed(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _margin(tag: str, style: str, inside: str) -> str:
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inside}</w:p>'
    return f"{_DECLARED}<w:{tag} {_NAMES}>{paragraph}</w:{tag}>"


def _properties(head: Head) -> str:
    core = f"{_PACKAGE}/metadata/core-properties"
    return (
        f'{_DECLARED}<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(head.title)}</dc:title><dc:subject>{escape(head.number)}</dc:subject>"
        f"<dc:creator>{escape(head.organisation)}</dc:creator></cp:coreProperties>"
    )


def _types() -> str:
    overrides = {"document": "document.main", "header1": "header", "footer1": "footer"}
    overrides |= {name: name for name in ("styles", "numbering", "settings")}
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    defaults |= {kind: f"image/{kind}" for kind in ("png", "jpeg", "gif")}
    lines = [f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items()]
    lines += [
        f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN}{kind}+xml"/>' for name, kind in overrides.items()
    ]
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    lines.append(f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>')
    return f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">{"".join(lines)}</Types>'


def _document_relations(body: Body) -> str:
    inside = [(name, name, f"{name}.xml") for name in ("styles", "numbering", "settings")]
    inside += [(name, name, f"{name}1.xml") for name in ("header", "footer")]
    inside += [(key, "image", f"media/{key}.{kind}") for key, (kind, _) in body.pictures.items()]
    return _relations(inside, {key: href for href, key in body.links.items()})


def _relations(inside: list[tuple[str, str, str]], links: Mapping[str, str] = _NOTHING) -> str:
    lines = []
    for key, kind, target in inside:
        group = f"{_PACKAGE}/relationships/metadata" if kind == "core-properties" else _R
        lines.append(f'<Relationship Id="{key}" Type="{group}/{kind}" Target="{target}"/>')
    lines += [
        f'<Relationship Id="{key}" Type="{_R}/hyperlink" Target={quoteattr(href)} TargetMode="External"/>'
        for key, href in links.items()
    ]
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'
