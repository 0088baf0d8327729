"""Word's paragraphs as HTML, by mammoth, which keeps meaning (headings, lists, tables) and leaves looks behind."""

import io
import re
from collections.abc import Callable
from typing import Any, BinaryIO

from plumbline.composition.packages import BROKEN, Unreadable
from plumbline.composition.word_lists import ListNumbers, numbered
from plumbline.composition.word_parts import WordParts, only

Picture = Callable[[bytes, str, str], dict[str, str] | None]
"""From a picture's bytes, media type and description to the attributes of its img, or None to show its description."""

Change = Callable[[Any, WordParts], None]
"""What is done to a block of the body before it is read."""

STYLES = """
u => u
p[style-name='List Continue'] => ul|ol > li > p:fresh
p[style-name='List Continue 2'] => ul|ol > li > ul|ol > li > p:fresh
p[style-name='List Continue 3'] => ul|ol > li > ul|ol > li > ul|ol > li > p:fresh
p[style-name='Title'] => p:fresh > strong
p[style-name='Subtitle'] => p:fresh > em
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Code'] => pre:separator('\\n')
p[style-name='HTML Preformatted'] => pre:separator('\\n')
r[style-name='Code Character'] => code
r[style-name='Emphasis'] => em
"""
_INSIDE = re.compile(r'<a href="#[^"]*"[^>]*>(?:↑)?(.*?)</a>', re.S)
"""Links within the file: notes and bookmarks, whose places are not kept."""


def word_html(stream: BinaryIO, picture: Picture, change: Change = lambda block, parts: None) -> str:
    """The body of a .docx as HTML that is not yet held to the allow-list; raises Unreadable."""
    parts = WordParts(stream)
    lists = ListNumbers(parts)
    styles = STYLES + "".join(
        f"p[style-name='{name}'] => h{level}:fresh\n"
        for name, level in parts.headings.items()
        if name and not set(name) & set("'\\\n\r")
    )

    def changed(block: Any) -> None:
        _without_dangling(block, parts)
        change(block, parts)
        lists.mark(block)

    html = numbered("".join(_converted(piece, styles, picture) for piece in parts.pieces(changed)))
    return _INSIDE.sub(r"\1", html)


def _converted(piece: bytes, styles: str, picture: Picture) -> str:
    import mammoth

    def shown(image: Any) -> list[Any]:
        with image.open() as content:
            attributes = picture(content.read(), image.content_type or "", image.alt_text or "")
        if attributes is None:
            return [mammoth.html.text(image.alt_text or "")]
        return [mammoth.html.element("img", {"alt": image.alt_text or "", **attributes})]

    try:
        made = mammoth.convert_to_html(
            io.BytesIO(piece), style_map=styles, convert_image=shown, include_embedded_style_map=False
        )
    except BROKEN as error:
        raise Unreadable("word/document.xml") from error
    return str(made.value)


def _without_dangling(block: Any, parts: WordParts) -> None:
    """Take away pointers to parts that are not handed on, so that nothing is looked for where it is not."""
    only(block, parts.pictures.keys() | parts.links.keys())
