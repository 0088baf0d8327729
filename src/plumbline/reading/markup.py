"""HTML and Markdown: text, headings and tables; scripts and links are left alone."""

import re
import time
from typing import Any

from lxml import etree

from plumbline.reading import limits
from plumbline.reading.packages import Enough, Target, attribute
from plumbline.reading.readings import Draft, Reading, tidy
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source, decode

HTML = "text/html"
MARKDOWN = "text/markdown"
_SILENT = {"script", "style", "noscript", "template", "svg", "math", "object", "iframe", "select", "head"}
_BLOCKS = {
    *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "header", "footer", "main", "nav", "aside"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "br", "hr", "pre", "blockquote", "form", "body"),
    *("thead", "tbody", "caption", "figure", "figcaption", "address", "fieldset", "legend", "title"),
}
_INPUTS = {"input", "textarea", "button"}


class Page(Target):
    """The text of an HTML page. Depth is no fault here: no tree is built."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.text: list[str] = []
        self.silent = 0
        self.in_title = False
        self.heading = False
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.tables = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > limits.ELEMENTS:
            raise Refused("too_complex")
        if not self.elements % 2000 and time.thread_time() > self.until:
            raise Refused("too_slow")
        self.opened(tag.casefold() if isinstance(tag, str) else "", attributes)

    def end(self, tag: str) -> None:
        self.closed(tag.casefold() if isinstance(tag, str) else "")

    def doctype(self, *_: object) -> None:
        """A page may say which HTML it is."""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag == "title":
            self.in_title = True
        elif tag == "meta":
            self._meta(attributes)
        elif tag == "html" and attribute(attributes, "lang"):
            self.draft.reading.properties["language"] = attribute(attributes, "lang")[:20]
        elif tag in _SILENT:
            self.silent += 1
            self.draft.remark("script") if tag == "script" else None
        elif tag in _INPUTS:
            self.draft.reading.controls += attribute(attributes, "type") != "hidden"
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.heading = True
        elif tag == "table":
            self.tables += 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []

    def words(self, text: str) -> None:
        if self.in_title or not self.silent:
            self.text.append(text)

    def closed(self, tag: str) -> None:
        if tag == "title":
            self.draft.reading.properties.setdefault("title", tidy("".join(self.text))[:300])
            self.in_title, self.text = False, []
        elif tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in _BLOCKS:
            self._flush()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.heading = False
        elif tag in ("td", "th") and self.cell is not None:
            if self.rows and len(self.rows[-1]) < limits.TABLE_COLUMNS:
                self.rows[-1].append(tidy(" ".join(self.cell)))
            self.cell = None
        elif tag == "tr" and self.rows:
            self.draft.row(self.rows[-1])
        elif tag == "table":
            self.tables = max(0, self.tables - 1)
            if not self.tables:
                self.draft.table(self.rows)
                self.rows = []

    def _flush(self) -> None:
        text, self.text = "".join(self.text), []
        if self.cell is not None:
            self.cell.append(text)
        elif not self.in_title:
            self.draft.paragraph(text, heading=self.heading)
        if self.draft.full:
            raise Enough

    def _meta(self, attributes: dict[str, str]) -> None:
        name = attribute(attributes, "name").casefold()
        named = {"author": "author", "date": "modified", "dcterms.created": "created", "dc.title": "title"}.get(name)
        if named:
            self.draft.reading.properties.setdefault(named, tidy(attribute(attributes, "content"))[:300])


def read_html(source: Source) -> Reading:
    """The reading of an HTML page; raises Refused."""
    draft = Draft(HTML)
    text = bounded_text(source, draft, declared=True)
    parse_html(text, draft)
    return draft.finish()


def parse_html(text: str, draft: Draft) -> None:
    """Fill the draft with the page's text."""
    parser: Any = etree.HTMLParser(target=Page(draft), no_network=True, encoding="utf-8", huge_tree=False)
    content = re.sub(r"[\x00\ud800-\udfff]", "", text).encode("utf-8")
    try:
        for start in range(0, len(content), 65_536):
            parser.feed(content[start : start + 65_536])
        parser.close()
    except Enough:
        return
    except etree.XMLSyntaxError as error:
        raise Refused("damaged", kind="HTML") from error


def bounded_text(source: Source, draft: Draft, *, declared: bool = False) -> str:
    """The text of the first bytes of a text file, with remarks on what was cut or unclear."""
    text, clean = decode(source.first(limits.TEXT_BYTES), declared=declared)
    if source.size > limits.TEXT_BYTES:
        draft.remark("cut_bytes", limit=limits.TEXT_BYTES // limits.MEGABYTE)
    if not clean or "\x00" in text:
        draft.remark("odd_characters")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_markdown(source: Source) -> Reading:
    """The reading of a Markdown file; its front matter becomes properties."""
    from markdown_it import MarkdownIt

    draft = Draft(MARKDOWN)
    text = bounded_text(source, draft)
    if source.size > limits.MARKDOWN_BYTES:
        draft.remark("long_markdown")
        for line in text.split("\n"):
            draft.paragraph(line.lstrip("#> "), heading=line.startswith("#"))
        return draft.finish()
    text = _front_matter(text, draft)
    rendered = MarkdownIt("commonmark", {"maxNesting": 20, "html": True}).enable("table").render(_calm(text))
    parse_html(f"<body>{rendered}</body>", draft)
    return draft.finish()


def _calm(text: str) -> str:
    """Shorten runs of marks that have no meaning but cost a parser much time."""
    text = re.sub(r"([\[\]<>*_`~!(){}&|\\])\1{40,}", lambda run: run[1] * 40, text)
    lines = (line if len(line) <= limits.PARAGRAPH else line[: limits.PARAGRAPH] for line in text.split("\n"))
    return "\n".join(lines)


def _front_matter(text: str, draft: Draft) -> str:
    """Take `key: value` lines between --- at the top as properties."""
    match = re.match(r"\A\ufeff?---\n(.{0,4000}?)\n---\n", text, re.S)
    if not match:
        return text
    names = {"titel": "title", "date": "modified", "datum": "modified", "autor": "author", "lang": "language"}
    for line in match[1].split("\n"):
        key, colon, value = line.partition(":")
        key = key.strip().casefold()
        if colon and value.strip() and re.fullmatch(r"[\w -]{2,30}", key):
            draft.reading.properties[names.get(key, key)] = tidy(value.strip().strip("\"'"))[:300]
            draft.margin(f"{key}: {value.strip()}")
    return text[match.end() :]
