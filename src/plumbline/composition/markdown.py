"""`from_markdown`: the Markdown that templates are written in, as written content.

`{{ organisation.name }}` is a merge field, `[[what belongs here]]` a place to fill in, `[label](requirement:5.2-01)`
and `[label](document:uid)` are references.
"""

import re
from html import escape
from typing import Any

from plumbline.composition import limits
from plumbline.composition.model import ATTACHMENT, FIELD, TARGET, Json, NotOurs, safe_link
from plumbline.composition.parsing import from_html

FIELD_TEXT = re.compile(r"\{\{\s*(" + FIELD.pattern + r")\s*\}\}")
PLACE_TEXT = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
_REFERENCE = re.compile(r"(requirement|document):(" + TARGET.pattern + r")")
_RUN = re.compile(r"([\[\]<>*_`~!(){}&|\\])\1{40,}")
_FRONT = re.compile(r"\A\ufeff?---\r?\n.{0,4000}?\r?\n---\r?\n", re.S)
_LINE = 20_000


def from_markdown(text: str) -> Json:
    """The content of a Markdown text; HTML in it is shown as the words it is written with. Raises NotOurs."""
    if len(text) > limits.MARKDOWN_BYTES:
        raise NotOurs("too_large")
    return from_html(_parser().render(_calm(_FRONT.sub("", text))))


def _calm(text: str) -> str:
    """Shorten runs of marks and lines that have no meaning but cost a parser much time."""
    text = _RUN.sub(lambda run: run[1] * 40, text.replace("\r\n", "\n"))
    return "\n".join(line[:_LINE] for line in text.split("\n"))


def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 20, "html": False}).enable(["table", "strikethrough"])
    parser.validateLink = _valid  # type: ignore[method-assign, assignment]
    parser.inline.ruler.before("link", "place", _place)
    parser.inline.ruler.before("escape", "field", _field)
    parser.add_render_rule("place", _write_place)
    parser.add_render_rule("field", _write_field)
    parser.add_render_rule("link_open", _write_link)
    return parser


def _valid(href: str) -> bool:
    return bool(_REFERENCE.fullmatch(href) or ATTACHMENT.fullmatch(href)) or safe_link(href) is not None


def _found(state: Any, pattern: re.Pattern[str], kind: str, silent: bool) -> bool:
    """Take what the pattern matches here as one token."""
    hit = pattern.match(state.src, state.pos)
    if not hit or hit.end() > state.posMax:
        return False
    if not silent:
        state.push(kind, "", 0).content = hit[1].strip()
    state.pos = hit.end()
    return True


def _place(state: Any, silent: bool) -> bool:
    return state.src[state.pos] == "[" and _found(state, PLACE_TEXT, "place", silent)


def _field(state: Any, silent: bool) -> bool:
    return state.src[state.pos] == "{" and _found(state, FIELD_TEXT, "field", silent)


def _write_place(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    return f'<mark data-place="{escape(tokens[index].content)}"></mark>'


def _write_field(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    return f'<span data-field="{escape(tokens[index].content)}"></span>'


def _write_link(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A link; one to a requirement or a document takes the words up to its end as its label."""
    token = tokens[index]
    href = str(token.attrGet("href") or "")
    if not _REFERENCE.fullmatch(href):
        return f'<a href="{escape(href)}">'
    label = ""
    for inner in tokens[index + 1 :]:
        if inner.type == "link_close":
            break
        label += inner.content
    return f'<a data-reference="{escape(href)}" data-label="{escape(label)}">'
