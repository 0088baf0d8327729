"""What is asked of written content: its text, what it points to, what is filled in and what is left to fill."""

from collections.abc import Iterator, Mapping

from plumbline.composition.model import Json, Reference

_LINES = frozenset({"paragraph", "heading", "codeBlock"})
_EMPTY: Mapping[str, str] = {}


def nodes(content: Json) -> Iterator[Json]:
    """Every node in reading order, the content itself first."""
    waiting = [content]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.get("content", ())))


def inline_text(node: Json, fields: Mapping[str, str] = _EMPTY) -> str:
    """The words of one paragraph, heading or leaf."""
    return "".join(_leaf(leaf, fields) for leaf in nodes(node))


def _leaf(node: Json, fields: Mapping[str, str]) -> str:
    kind, attrs = node["type"], node.get("attrs", {})
    if kind == "text":
        return str(node["text"])
    if kind == "hardBreak":
        return "\n"
    if kind == "field":
        return fields.get(attrs["name"]) or f"{{{{ {attrs['name']} }}}}"
    if kind == "place":
        return f"[[{attrs['hint']}]]"
    return str(attrs["label"] or attrs["target"]) if kind == "reference" else ""


def to_text(content: Json, fields: Mapping[str, str] = _EMPTY) -> str:
    """The words of the content for search and for readers of plain text: one line a block, one a table row."""
    return "\n".join(line for line in _lines(content, fields) if line.strip())


def _lines(node: Json, fields: Mapping[str, str]) -> Iterator[str]:
    kind = node["type"]
    if kind in _LINES:
        yield inline_text(node, fields)
    elif kind == "tableRow":
        cells = (" ".join(_lines(cell, fields)) for cell in node.get("content", ()))
        yield " | ".join(cell.strip() for cell in cells if cell.strip())
    elif kind == "image":
        yield node["attrs"].get("alt", "") or node["attrs"].get("title", "")
    else:
        for child in node.get("content", ()):
            yield from _lines(child, fields)


def unfilled(content: Json) -> list[str]:
    """The hints of the places that are still to be filled in, in reading order."""
    return [node["attrs"]["hint"] for node in nodes(content) if node["type"] == "place"]


def references(content: Json) -> list[Reference]:
    """The documents and requirements the content points to, each once, in reading order."""
    found: dict[tuple[str, str], Reference] = {}
    for node in nodes(content):
        if node["type"] == "reference":
            attrs = node["attrs"]
            found.setdefault((attrs["to"], attrs["target"]), Reference(attrs["to"], attrs["target"], attrs["label"]))
    return list(found.values())


def fields_of(content: Json) -> list[str]:
    """The names of the merge fields in the content, each once, in reading order."""
    return list(dict.fromkeys(node["attrs"]["name"] for node in nodes(content) if node["type"] == "field"))


def images_of(content: Json) -> list[str]:
    """The attachments that the content shows, each once, in reading order."""
    return list(dict.fromkeys(node["attrs"]["src"] for node in nodes(content) if node["type"] == "image"))
