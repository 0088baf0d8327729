"""`from_html`: an HTML fragment, ours or somebody else's, as written content."""

from typing import Any

from plumbline.composition import limits
from plumbline.composition.building import Builder
from plumbline.composition.cleaning import cleaned
from plumbline.composition.inert import BLOCK_ID, SILENT
from plumbline.composition.model import ATTACHMENT, FIELD, KINDS_REFERRED_TO, SHA256, TARGET, Json, NotOurs, safe_link

_MARKS = {
    **{"strong": "bold", "b": "bold", "em": "italic", "i": "italic", "u": "underline", "ins": "underline"},
    **{"s": "strike", "del": "strike", "code": "code"},
}
_OPENERS = {"ul": "bulletList", "ol": "orderedList", "li": "listItem", "blockquote": "blockquote", "table": "table"}
_OPENERS |= {"tr": "tableRow", "td": "tableCell", "th": "tableHeader"}
_BREAKS = {"div", "section", "article", "main", "header", "footer", "nav", "aside", "caption", "figure", "figcaption"}
_BREAKS |= {"dl", "dt", "dd", "form", "fieldset", "legend", "address", "details", "summary", "body"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TEXTS = {"p", "pre", *_HEADINGS}


def from_html(html: str) -> Json:
    """The content of a fragment: what our model does not know is left out, its words are kept; raises NotOurs."""
    from lxml import etree

    content = html.replace("\x00", "").encode("utf-8", "ignore")
    if len(content) > limits.HTML_BYTES:
        raise NotOurs("too_large")
    reader = _Reader()
    parser: Any = etree.HTMLParser(target=reader, no_network=True, encoding="utf-8", huge_tree=True)
    for start in range(0, len(content), 65_536):
        parser.feed(content[start : start + 65_536])
    if content:
        parser.close()
    return cleaned(reader.builder.finish())


class _Reader:
    """Turns the events of a parser into calls of a Builder; no tree is built, so depth costs nothing."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.elements = 0
        self.silent: list[str] = []
        """Tags inside an element whose words are not content, such as a script or the number of a heading."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > limits.NODES:
            raise NotOurs("too_large")
        if self.silent or tag in SILENT:
            self.silent.append(tag)
        elif tag in _MARKS:
            self.builder.mark_on(_MARKS[tag])
        elif tag in _OPENERS:
            self.builder.open(_OPENERS[tag], _attributes(tag, attributes))
        elif tag in _TEXTS:
            self._text_block(tag, attributes)
        elif tag in _BREAKS:
            self.builder.end_block()
        elif tag == "br":
            self.builder.leaf({"type": "hardBreak"})
        elif tag == "hr":
            self.builder.block({"type": "horizontalRule", "attrs": _identified(attributes)})
        elif tag == "img":
            self._image(attributes)
        else:
            self._phrase(tag, attributes)

    def end(self, tag: str) -> None:
        if self.silent:
            self.silent.pop()
        elif tag in _MARKS:
            self.builder.mark_off(_MARKS[tag])
        elif tag in _OPENERS:
            self.builder.close(_OPENERS[tag])
        elif tag == "a":
            self.builder.link_off()
        elif tag in _TEXTS or tag in _BREAKS:
            self.builder.end_block()

    def words(self, text: str) -> None:
        """Text between tags."""
        if not self.silent:
            self.builder.words(text)

    data = words  # the name the parser asks for

    def close(self) -> None:
        """The fragment has ended."""

    def comment(self, text: str) -> None:
        """Comments are not content."""

    def pi(self, target: str, text: str | None = None) -> None:
        """Processing instructions are not content."""

    def doctype(self, *_: object) -> None:
        """A page may say which HTML it is."""

    def _text_block(self, tag: str, given: dict[str, str]) -> None:
        attrs = _identified(given)
        if tag in _HEADINGS:
            attrs["level"] = _number(given, "data-level", _HEADINGS[tag], 4)
        kind = {"p": "paragraph", "pre": "codeBlock"}.get(tag, "heading")
        self.builder.start_block({"type": kind, "attrs": attrs})

    def _phrase(self, tag: str, given: dict[str, str]) -> None:
        """A span, a mark or a link: one of our leaves, or words with an address."""
        leaf = _leaf(given)
        if given.get("class") == "pl-number":
            self.silent.append(tag)
        elif "pl-image-missing" in given.get("class", "") and given.get("data-src"):
            self._image({**given, "alt": given.get("data-label", "")})
            self.silent.append(tag)
        elif leaf:
            self.builder.leaf(leaf)
            self.silent.append(tag)
        elif tag == "a":
            self.builder.link_on(safe_link(given.get("href")))

    def _image(self, given: dict[str, str]) -> None:
        src = given.get("data-src", "") or given.get("src", "")
        if not ATTACHMENT.fullmatch(src):
            self.builder.words(given.get("alt", ""))
            return
        attrs = {"src": src, "alt": given.get("alt", ""), "title": given.get("title", "")}
        if SHA256.fullmatch(given.get("data-sha256", "")):
            attrs["sha256"] = given["data-sha256"]
        self.builder.picture({"type": "image", "attrs": attrs | _identified(given)})


def _identified(given: dict[str, str]) -> Json:
    found = given.get("id", "")
    return {"id": found.removeprefix("b-")} if BLOCK_ID.fullmatch(found) else {}


def _attributes(tag: str, given: dict[str, str]) -> Json:
    attrs = _identified(given)
    if tag == "ol":
        attrs["start"] = _number(given, "start", 1, 100_000)
    if tag == "li" and given.get("value"):
        attrs["value"] = _number(given, "value", 1, 100_000)
    if tag in ("td", "th"):
        for name in ("colspan", "rowspan"):
            attrs[name] = _number(given, name, 1, limits.SPAN)
        widths = given.get("data-widths", "").split(",")
        if all(width.isdecimal() and len(width) < 6 for width in widths):
            attrs["colwidth"] = [int(width) for width in widths]
    return attrs


def _number(given: dict[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`, in plain digits."""
    text = given.get(name, "").strip()
    plain = text.isascii() and text.isdecimal() and len(text) < 7
    return min(max(1, int(text) if plain else default), most)


def _leaf(given: dict[str, str]) -> Json | None:
    """The field, place or reference that a tag of ours stands for."""
    if FIELD.fullmatch(given.get("data-field", "")):
        return {"type": "field", "attrs": {"name": given["data-field"]}}
    if "data-place" in given:
        return {"type": "place", "attrs": {"hint": given["data-place"]}}
    to, colon, target = given.get("data-reference", "").partition(":")
    if colon and to in KINDS_REFERRED_TO and TARGET.fullmatch(target):
        return {"type": "reference", "attrs": {"to": to, "target": target, "label": given.get("data-label", "")}}
    return None
