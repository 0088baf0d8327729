"""A fragment of HTML as a row of blocks, and a block as text to be compared or to be shown."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from plumbline.composition.markup import to_html
from plumbline.composition.parsing import from_html

_UNWRAPPED = {"div", "section", "thead", "tbody", "tfoot", "html", "body"}
_BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr", "td", "th"),
    *_UNWRAPPED,
}
_NUMBER = re.compile(r'<span class="pl-number">[^<]*</span> ?')
_IDENTITY = re.compile(r' (?:id|data-label|rel)="[^"]*"')


def blocks(html: str) -> list[Any]:
    """The blocks of a fragment, in order; pages and wrappers are opened, loose words become paragraphs."""
    from lxml import html as parsing

    parser = parsing.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    text = f"<html><body>{html}</body></html>".replace("\x00", "").encode("utf-8", "ignore")
    body = parsing.document_fromstring(text, parser=parser).find("body")
    if any("depth" in fault.message for fault in parser.error_log):  # it gave up: flattened, all words are there
        return blocks(to_html(from_html(html), numbered=False))
    return [] if body is None else children(body)


def is_leaf(block: Any) -> bool:
    """Whether the block holds words only."""
    return not any(child.tag in _BLOCKS for child in block)


def children(block: Any) -> list[Any]:
    """The blocks inside a block; words between them become paragraphs."""
    return list(_children(block))


def _children(block: Any) -> Iterator[Any]:
    loose = _paragraph(block.text)
    for child in list(block):
        tail, child.tail = child.tail, None
        if child.tag in _BLOCKS:
            if _said(loose):
                yield loose
            loose = _paragraph(tail)
            if child.tag in _UNWRAPPED:
                yield from _children(child)
            else:
                yield child
        else:
            loose.append(child)
            child.tail = tail
    if _said(loose):
        yield loose


def _paragraph(words: str | None) -> Any:
    from lxml.html import Element

    made = Element("p")
    made.text = words
    return made


def _said(block: Any) -> bool:
    return len(block) > 0 or bool((block.text or "").strip())


def plain(block: Any, *, whole: bool = False) -> str:
    """The block as HTML without ids and numbers, for comparing; `whole` as it is."""
    from lxml.html import tostring

    html = str(tostring(block, encoding="unicode", with_tail=False))
    if whole:
        return html
    return _IDENTITY.sub("", _NUMBER.sub("", html))


def marked(block: Any, mark: str) -> str:
    """The whole block as gone or new: its words in del or ins, so that lists and tables stay lists and tables."""
    made = deepcopy(block)
    state = "pl-removed" if mark == "del" else "pl-added"
    for element in made.iter():
        if mark == "del":
            element.attrib.pop("id", None)
    for leaf in [element for element in made.iter() if element.tag in _BLOCKS]:
        _mark(leaf, mark)
    made.set("class", f"{made.get('class', '')} {state}".strip())
    return plain(made, whole=True)


def _mark(block: Any, mark: str) -> None:
    """Put every run of words and phrases of the block into the mark."""
    from lxml.html import Element

    parts: list[Any] = [block.text, *[part for child in list(block) for part in (child, child.tail)]]
    for child in list(block):
        child.tail = None
        block.remove(child)
    block.text = None
    run: Any = None
    for part in parts:
        if part is None or (isinstance(part, str) and (not part.strip() and run is None)):
            continue
        if not isinstance(part, str) and part.tag in _BLOCKS:
            block.append(part)
            run = None
            continue
        if run is None:
            run = Element(mark)
            block.append(run)
        if not isinstance(part, str):
            run.append(part)
        elif len(run):
            run[-1].tail = (run[-1].tail or "") + part
        else:
            run.text = (run.text or "") + part
