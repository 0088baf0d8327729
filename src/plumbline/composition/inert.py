"""The one gate for HTML on its way out: an allow-list of tags, attributes and addresses, nothing that runs or loads."""

import re
from collections.abc import Callable

import nh3

from plumbline.composition.model import safe_link

_SPANNED = {"colspan", "rowspan"}
TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "br", "section", "div"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("strong", "em", "b", "i", "u", "s", "code", "a", "img", "span", "mark", "sub", "sup", "ins", "del"),
}
ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir"},
    "a": {"href", "data-reference", "data-label"},
    "span": {"data-field", "data-place", "data-reference", "data-label", "data-src", "data-sha256", "title"},
    "mark": {"data-place"},
    "img": {"src", "alt", "title", "width", "height", "data-src", "data-sha256"},
    "td": _SPANNED | {"data-widths"},
    "th": _SPANNED | {"scope", "data-widths"},
    "ol": {"start"},
    "li": {"value"},
    **{tag: {"data-level"} for tag in ("h1", "h2", "h3", "h4", "h5", "h6")},
    "section": {"data-page"},
}
SILENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea"}
CLASS = re.compile(r"pl-[a-z-]{1,40}")
BLOCK_ID = re.compile(r"b-[A-Za-z0-9_-]{4,40}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_WIDTHS = re.compile(r"[0-9]{1,5}(,[0-9]{1,5}){0,199}")
_MEANINGS = {"data-src", "data-sha256", "data-field", "data-place", "data-reference", "data-label"}
"""What tells the reader of our own HTML which field, place, reference or attachment stands here."""
_WORDS = {"alt", "title", "lang", "dir", "scope"} | _MEANINGS
_NUMERIC = {"colspan", "rowspan", "start", "value", "width", "height", "data-level", "data-page"}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9._~/?&=%@:+-]*")


def _ours(tag: str, name: str, value: str) -> str | None:
    """An attribute of our own pages: links within the site, block ids and our classes stay."""
    if name == "class":
        return " ".join(word for word in value.split() if CLASS.fullmatch(word)) or None
    if name == "id":
        return value if BLOCK_ID.fullmatch(value) else None
    if name == "href":
        return safe_link(value)
    if name == "src":
        return value if _LOCAL.fullmatch(value) or PICTURE.fullmatch(value) else None
    if name in _NUMERIC:
        return value if _NUMBER.fullmatch(value) else None
    if name == "data-widths":
        return value if _WIDTHS.fullmatch(value) else None
    return value if name in _WORDS else None


def _foreign(tag: str, name: str, value: str) -> str | None:
    """An attribute of somebody else's page: no ids, and only links that name their scheme."""
    if name == "class":
        return value if value in ("pl-page", "pl-table") else None
    if name == "id" or name in _MEANINGS:
        return None
    if name == "href":
        href = safe_link(value)
        return href if href and href.lower().startswith(("http://", "https://", "mailto:")) else None
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    return _ours(tag, name, value)


def _clean(html: str, kept: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        html.replace("\x00", ""),
        tags=TAGS,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def inert(html: str) -> str:
    """HTML that this layer made, held to the allow-list."""
    return _clean(html, _ours)


def inert_foreign(html: str) -> str:
    """HTML out of somebody else's file, held to the allow-list and cut off from the page it is shown in."""
    return _clean(html, _foreign)
