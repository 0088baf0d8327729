"""Written content for the tests: by hand, at random, and as long as a manual."""

from typing import Any

from hypothesis import strategies as st

from plumbline.composition import cleaned
from plumbline.composition.model import MARKS

WORDS = st.text(st.sampled_from("abcdefgäöüß ÄÖ<>&\"'{}[]1.-日"), min_size=1, max_size=12)


def node(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    """Return a node; strings become text."""
    made: dict[str, Any] = {"type": kind}
    if attrs:
        made["attrs"] = attrs
    if content:
        made["content"] = [text(child) if isinstance(child, str) else child for child in content]
    return made


def text(words: str, *marks: str, href: str = "") -> dict[str, Any]:
    """Return words with marks."""
    made: list[dict[str, Any]] = [{"type": mark} for mark in marks]
    if href:
        made.append({"type": "link", "attrs": {"href": href}})
    return {"type": "text", "text": words, **({"marks": made} if made else {})}


def doc(*content: Any) -> dict[str, Any]:
    """Return cleaned content."""
    return cleaned(node("doc", *content))


def para(*content: Any) -> dict[str, Any]:
    return node("paragraph", *content)


def row(*cells: Any, kind: str = "tableCell") -> dict[str, Any]:
    """Return a table row of one paragraph a cell."""
    return node("tableRow", *(node(kind, para(cell)) for cell in cells))


def everything() -> dict[str, Any]:
    """Return content with every node and every mark."""
    return doc(
        node("heading", "Purpose & scope", level=1),
        para("Plain, ", text("bold", "bold"), " ", text("both", "bold", "italic"), ", ", text("under", "underline")),
        para(text("struck", "strike"), " ", text("x = 1", "code"), " ", text("site", href="https://example.org/a?b=1&c=2")),
        para(
            *("By ", node("field", name="organisation.name"), " in ", node("place", hint='the "year"')),
            *(node("hardBreak"), "."),
        ),
        para("See ", node("reference", to="document", target="0197-aa", label="Control of documents"), "."),
        para("Needed by ", node("reference", to="requirement", target="7.5.3.1-02", label="7.5.3 Control"), "."),
        node("heading", "Steps", level=2),
        node(
            "orderedList",
            node("listItem", para("First"), node("bulletList", node("listItem", para("Inner ", text("one", "bold"))))),
            node("listItem", para("Second")),
            start=1,
        ),
        node("bulletList", node("listItem", para("Apart"))),
        node("table", row("Head A", "Head B", kind="tableHeader"), row("1", "2"), row("3", "4")),
        node("blockquote", para("Quoted words")),
        node("codeBlock", "a  = 1\n  b"),
        node("heading", "Picture", level=4),
        node("image", src="attachment:0197-bb", alt="A plan", title="Plan", sha256="ab" * 32),
        node("horizontalRule"),
        para("End"),
    )  # fmt: skip


def _marked(words: str, marks: list[str]) -> dict[str, Any]:
    return text(words, *[mark for mark in MARKS if mark in marks and mark != "link"])


_LEAVES = st.one_of(
    st.builds(_marked, WORDS, st.lists(st.sampled_from(MARKS), max_size=2, unique=True)),
    st.builds(lambda hint: node("place", hint=hint), WORDS.map(str.strip).filter(bool)),
    st.sampled_from([node("field", name="organisation.name"), node("hardBreak")]),
    st.builds(lambda label: node("reference", to="document", target="u-1", label=label), WORDS),
)
_INLINE = st.lists(_LEAVES, min_size=1, max_size=4)
_TEXTS = st.one_of(
    st.builds(lambda inner: para(*inner), _INLINE),
    st.builds(lambda inner, level: node("heading", *inner, level=level), _INLINE, st.integers(1, 4)),
    st.builds(lambda words: node("codeBlock", words), WORDS),
    st.just(node("image", src="attachment:u-2", alt="Plan", title="")),
)


def _nested(blocks: Any) -> Any:
    filled = st.lists(blocks, min_size=1, max_size=2)
    items = st.lists(filled.map(lambda inner: node("listItem", para("item"), *inner)), min_size=1, max_size=2)
    cells = st.lists(filled.map(lambda inner: node("tableCell", *inner)), min_size=2, max_size=2)
    return st.one_of(
        items.map(lambda inner: node("bulletList", *inner)),
        items.map(lambda inner: node("orderedList", *inner, start=1)),
        filled.map(lambda inner: node("blockquote", *inner)),
        st.lists(cells.map(lambda inner: node("tableRow", *inner)), min_size=1, max_size=2).map(
            lambda inner: node("table", *inner)
        ),
    )


CONTENTS = st.lists(st.recursive(_TEXTS, _nested, max_leaves=6), min_size=1, max_size=4).map(lambda inner: doc(*inner))


def without_ids(content: Any) -> Any:
    """Return the content without what is made anew each time."""
    if isinstance(content, list):
        return [without_ids(child) for child in content]
    if not isinstance(content, dict):
        return content
    kept = {key: without_ids(value) for key, value in content.items() if key != "id"}
    return {key: value for key, value in kept.items() if key != "attrs" or value}


def manual(pages: int, word: str = "shall") -> dict[str, Any]:
    """Return content of about that many printed pages: headings, long paragraphs, lists and tables."""
    blocks: list[Any] = []
    for number in range(pages * 3 // 4):
        blocks.append(node("heading", f"Chapter {number} of the manual", level=1 + number % 3))
        blocks += [
            para(
                f"The person in charge of step {number}.{place} {word} keep what was decided, ",
                text("when", "bold"),
                f", and by whom, so that number {number * 8 + place} can be found again by anybody who asks. " * 6,
            )
            for place in range(8)
        ]
        blocks.append(node("bulletList", *(node("listItem", para(f"Point {number}-{place}")) for place in range(6))))
        blocks.append(
            node("table", row("What", "Who", "When"), *(row(f"Form {number}", "QM", str(n)) for n in range(5)))
        )
    return doc(*blocks)
