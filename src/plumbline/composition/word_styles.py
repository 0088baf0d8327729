# ruff: noqa: E501 - XML is written out in one piece
"""How our Word files look: their styles, and the numbering of headings and lists."""

from xml.sax.saxutils import quoteattr

from plumbline.composition.numbers import LEVELS

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
INK, QUIET, BLUE, LINE, SHADE = "1B2330", "5B6472", "1F5F8B", "C9D0D9", "EEF2F6"
WIDE = 9638
"""Twentieths of a point between the margins: 170 mm."""
HEADINGS, BULLETS, ORDERED = 1, 2, 3
"""Which numbering definition is for what."""
DEEPEST_LIST = 8


def _paragraph(key: str, name: str, layout: str = "", face: str = "", after: str = "Normal", on: str = "Normal") -> str:
    based = f'<w:basedOn w:val="{on}"/>' if on else ""
    follows = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"{"" if on else " w:default=" + chr(34) + "1" + chr(34)}>'
        f'<w:name w:val="{name}"/>{based}{follows}<w:qFormat/><w:pPr>{layout}</w:pPr><w:rPr>{face}</w:rPr></w:style>'
    )


def _character(key: str, name: str, face: str) -> str:
    return f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{name}"/><w:rPr>{face}</w:rPr></w:style>'


def _face(points: float, colour: str = INK, bold: bool = False) -> str:
    size = round(points * 2)
    return f'{"<w:b/>" if bold else ""}<w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _spacing(before: float, after: float, line: int = 276) -> str:
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" w:line="{line}" w:lineRule="auto"/>'
    )


def _edge(side: str, colour: str = LINE, size: int = 6, space: int = 4) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def _headings() -> str:
    looks = ((15, 20, 6), (12.5, 16, 4), (11, 12, 3), (10.5, 10, 3))
    return "".join(
        _paragraph(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/><w:keepLines/><w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{HEADINGS}"/></w:numPr>'
            f'{_spacing(before, after, 252)}<w:outlineLvl w:val="{level - 1}"/>',
            _face(points, INK, bold=True),
        )
        for level, (points, before, after) in enumerate(looks, 1)
    )


def _mono(shade: bool) -> str:
    fonts = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:sz w:val="18"/>'
    return fonts + (f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if shade else "")


def styles_xml(language: str) -> str:
    """The styles of the document, its words in a language."""
    fonts = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{WIDE}"/></w:tabs>'
    middle = f'<w:tabs><w:tab w:val="center" w:pos="{WIDE // 2}"/><w:tab w:val="right" w:pos="{WIDE}"/></w:tabs>'
    grid = "".join(_edge(side, size=4, space=0) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 50), ("left", 100), ("bottom", 50), ("right", 100))
    )
    continued = "".join(
        _paragraph(
            f"ListContinue{level if level > 1 else ''}",
            f"List Continue{f' {level}' if level > 1 else ''}",
            f'{_spacing(0, 3)}<w:ind w:left="{level * 400}"/>',
        )
        for level in range(1, 6)
    )
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_face(10)}<w:lang w:val={quoteattr(language)}/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
        + _paragraph("Normal", "Normal", _spacing(0, 6), on="", after="")
        + _paragraph("Title", "Title", f"<w:keepNext/>{_spacing(0, 14, 240)}", _face(24, INK, bold=True))
        + _headings()
        + _paragraph("ListParagraph", "List Paragraph", _spacing(0, 3), after="")
        + continued
        + _paragraph("Quote", "Quote", f'<w:pBdr>{_edge("left", BLUE, 18, 10)}</w:pBdr><w:ind w:left="360"/>', _face(10, QUIET))
        + _paragraph("Code", "Code", f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>{_spacing(4, 8, 240)}', _mono(False))
        + _paragraph("HorizontalRule", "Horizontal Rule", f"<w:pBdr>{_edge('bottom')}</w:pBdr>{_spacing(0, 10)}")
        + _paragraph("Picture", "Picture", f"<w:keepLines/>{_spacing(6, 8, 240)}")
        + _paragraph("TableText", "Table Text", _spacing(0, 0, 252), _face(9.5), after="")
        + _paragraph("TableHead", "Table Head", f"<w:keepNext/>{_spacing(0, 0, 252)}", _face(9.5, INK, bold=True), after="")
        + _paragraph("Header", "header", f"<w:pBdr>{_edge('bottom')}</w:pBdr>{tabs}", _face(8.5, QUIET), after="")
        + _paragraph("Footer", "footer", f"<w:pBdr>{_edge('top')}</w:pBdr>{middle}", _face(8.5, QUIET), after="")
        + _character("Hyperlink", "Hyperlink", f'<w:color w:val="{BLUE}"/><w:u w:val="single"/>')
        + _character("CodeCharacter", "Code Character", _mono(True))
        + _character("Place", "Place to fill", '<w:color w:val="7A4B00"/><w:shd w:val="clear" w:color="auto" w:fill="FFF1CC"/>')
        + '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        + f'<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>{grid}'
        f"</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style></w:styles>"
    )  # fmt: skip


def _level(place: int, kind: str, text: str, left: int, hanging: int, style: str = "", face: str = "") -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{linked}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr>{face}</w:lvl>'
    )


def numbering_xml(ordered: list[tuple[int, int, int]]) -> str:
    """The numbering of headings and lists; `ordered` names a list's number, its level and where it starts."""
    chapters = "".join(
        _level(place, "decimal", ".".join(f"%{n + 1}" for n in range(place + 1)), width, width, f"Heading{place + 1}")
        for place, width in enumerate((560, 680, 800, 960)[:LEVELS])
    )
    bullets = "".join(_level(place, "bullet", "•–◦"[place % 3], place * 400 + 400, 280) for place in range(9))
    kinds = ("decimal", "lowerLetter", "lowerRoman")
    numbers = "".join(
        _level(place, kinds[place % 3], f"%{place + 1}.", place * 400 + 400, 400 if place else 360)
        for place in range(9)
    )
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for key, levels in ((HEADINGS, chapters), (BULLETS, bullets), (ORDERED, numbers))
    )
    plain = "".join(_number(key, key) for key in (HEADINGS, BULLETS))
    lists = "".join(
        _number(key, ORDERED, f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>')
        for key, level, start in ordered
    )
    return f'<w:numbering xmlns:w="{W}">{abstract}{plain}{lists}</w:numbering>'


def _number(key: int, abstract: int, changed: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{abstract}"/>{changed}</w:num>'
