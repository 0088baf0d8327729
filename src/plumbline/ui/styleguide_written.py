"""A short procedure as JSON, for the style page: every node and mark that a written document may have."""

import json
from typing import Any

Node = dict[str, Any]

FIELDS = [
    {"name": "organisation.name", "label": "Name of the organisation", "value": "Linden Metalwork"},
    {
        "name": "organisation.scope",
        "label": "Scope of the system",
        "value": "Laser cutting and welding of steel frames",
    },
    {"name": "document.owner", "label": "Owner of this document", "value": ""},
]
IMAGES = {
    "logo": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='320' height='110'%3E"
    "%3Crect width='320' height='110' fill='%23eceff2'/%3E%3Cpath d='M40 30h240v22H96v40H40z' fill='%23175a8c'/%3E"
    "%3C/svg%3E"
}
REMARKS = [
    {"uid": "r1", "block": "calib", "quote": "before each shift", "open": True, "text": "Is once a day enough?"},
    {"uid": "r2", "block": "scope", "quote": "measuring equipment", "open": False, "text": "Also the gauges on loan."},
]


def text(content: str, *marks: str, href: str = "") -> Node:
    """Returns a run of text with its marks."""
    drawn: list[Node] = [{"type": mark} for mark in marks]
    drawn += [{"type": "link", "attrs": {"href": href}}] if href else []
    return {"type": "text", "text": content} | ({"marks": drawn} if drawn else {})


def block(kind: str, *content: Node, **attrs: Any) -> Node:
    """Returns a node with what is in it."""
    return {"type": kind} | ({"attrs": attrs} if attrs else {}) | ({"content": list(content)} if content else {})


def line(*content: Node | str, **attrs: Any) -> Node:
    """Returns a paragraph."""
    return block("paragraph", *(text(one) if isinstance(one, str) else one for one in content), **attrs)


def row(kind: str, *cells: str) -> Node:
    """Returns a row of a table."""
    return block("tableRow", *(block(kind, line(cell), colspan=1, rowspan=1) for cell in cells))


def items(kind: str, *lines: Node) -> Node:
    """Returns a list."""
    return block(kind, *(block("listItem", one) for one in lines))


PROCEDURE = json.dumps(
    block(
        "doc",
        block("heading", text("Measuring equipment"), level=1, id="head"),
        line(
            "This procedure holds for all measuring equipment of ",
            block("field", name="organisation.name"),
            ". It was written by ",
            block("place", hint="name of the author"),
            ".",
            id="scope",
        ),
        block("heading", text("Before use"), level=2, id="before"),
        line(
            text("Gauges are checked "),
            text("before each shift", "bold"),
            text(" against the reference in "),
            text("cabinet 4", "italic", "underline"),
            text("; see "),
            block(
                "reference", to="requirement", target="iso9001:2015/7.1.5.2", label="7.1.5.2 Measurement traceability"
            ),
            text(" and "),
            text("the maker's page", href="https://example.org/gauges"),
            text("."),
            id="calib",
        ),
        items(
            "bulletList", line("Wipe the gauge."), line("Read the label: is it ", text("overdue", "strike"), " valid?")
        ),
        items(
            "orderedList", line("Block a gauge that fails."), line("Tell ", block("place", hint="role"), " at once.")
        ),
        block("heading", text("What is kept"), level=2, id="kept"),
        block(
            "table",
            row("tableHeader", "Record", "Kept by", "For"),
            row("tableCell", "Certificate of calibration", "Quality", "10 years"),
            row("tableCell", "Daily check", "Production", "2 years"),
        ),
        block("blockquote", line("A gauge without a label is not a gauge.")),
        block("heading", text("Annex"), level=1, id="annex"),
        block("codeBlock", text("deviation = reading - reference")),
        block("image", src="attachment:logo", alt="A sliding calliper, drawn from the side", id="mark"),
        block("horizontalRule"),
        line("Next review: ", block("place", hint="date"), ". Owner: ", block("field", name="document.owner"), "."),
    )
)
