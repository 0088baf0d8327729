"""`to_html`: written content as an inert fragment, its headings numbered and its blocks named by their ids."""

from collections.abc import Callable, Iterator, Mapping
from html import escape

from plumbline.composition.inert import inert
from plumbline.composition.model import Json
from plumbline.composition.numbers import Numbers

ResolveImage = Callable[[str], str | None]
"""From `attachment:<uid>` to the address it is served from, within this site."""
ResolveReference = Callable[[str, str], tuple[str, str] | None]
"""From (to, target) to (address, label); an empty label leaves the one that was written; None: not to be followed."""

_NONE: Mapping[str, str] = {}
_PLAIN = {
    "paragraph": "p",
    "bulletList": "ul",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
}
_MARKS = {"bold": "strong", "italic": "em", "underline": "u", "strike": "s", "code": "code"}


def to_html(
    content: Json,
    fields: Mapping[str, str] = _NONE,
    resolve_image: ResolveImage = lambda src: None,
    resolve_reference: ResolveReference = lambda to, target: None,
    *,
    first_heading: int = 2,
    numbered: bool = True,
) -> str:
    """The content as inert HTML; its first level of headings is h2, since the page has a title of its own."""
    writer = _Writer(fields, resolve_image, resolve_reference, first_heading, numbered)
    return inert("".join(piece for node in content.get("content", ()) for piece in writer.block(node)))


def _attributes(**values: object) -> str:
    """Attributes as text, the empty ones left out; `data_field` is written data-field."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in values.items())
    return "".join(f' {name}="{escape(str(value))}"' for name, value in pairs if value not in (None, ""))


class _Writer:
    """Writes one document; knows how far its numbering is."""

    def __init__(
        self,
        fields: Mapping[str, str],
        resolve_image: ResolveImage,
        resolve_reference: ResolveReference,
        first_heading: int,
        numbered: bool,
    ) -> None:
        self.fields, self.resolve_image, self.resolve_reference = fields, resolve_image, resolve_reference
        self.first_heading = first_heading
        self.numbers = Numbers() if numbered else None

    def block(self, node: Json) -> Iterator[str]:
        """A block with everything in it."""
        kind, attrs = node["type"], node.get("attrs", {})
        name = f"b-{attrs['id']}" if attrs.get("id") else None
        if kind == "heading":
            yield self._heading(node, attrs, name)
        elif kind == "codeBlock":
            text = "".join(child["text"] for child in node.get("content", ()))
            yield f"<pre{_attributes(id=name)}><code>{escape(text)}</code></pre>"
        elif kind == "horizontalRule":
            yield f"<hr{_attributes(id=name)}>"
        elif kind == "image":
            yield self._image(attrs, name)
        elif kind == "paragraph":
            yield f"<p{_attributes(id=name)}>{self._inline(node)}</p>"
        elif kind == "table":
            yield f'<table class="pl-table"{_attributes(id=name)}><tbody>'
            yield from self._inside(node)
            yield "</tbody></table>"
        else:
            tag, opened = self._container(kind, attrs, name)
            yield opened
            yield from self._inside(node)
            yield f"</{tag}>"

    def _inside(self, node: Json) -> Iterator[str]:
        for child in node.get("content", ()):
            yield from self.block(child)

    def _container(self, kind: str, attrs: Json, name: str | None) -> tuple[str, str]:
        if kind in ("tableCell", "tableHeader"):
            tag = "th" if kind == "tableHeader" else "td"
            spans = {key: attrs[key] for key in ("colspan", "rowspan") if attrs.get(key, 1) > 1}
            widths = ",".join(str(width) for width in attrs.get("colwidth") or ())
            return tag, f"<{tag}{_attributes(id=name, **spans, data_widths=widths)}>"
        if kind == "orderedList":
            start = attrs.get("start", 1)
            return "ol", f"<ol{_attributes(id=name, start=start if start != 1 else None)}>"
        tag = _PLAIN[kind]
        return tag, f"<{tag}{_attributes(id=name)}>"

    def _heading(self, node: Json, attrs: Json, name: str | None) -> str:
        level = attrs["level"]
        tag = f"h{min(6, level + self.first_heading - 1)}"
        number = f'<span class="pl-number">{self.numbers.next(level)}</span> ' if self.numbers else ""
        return f"<{tag}{_attributes(id=name, data_level=level)}>{number}{self._inline(node)}</{tag}>"

    def _image(self, attrs: Json, name: str | None) -> str:
        kept = _attributes(data_src=attrs["src"], data_sha256=attrs.get("sha256"), title=attrs.get("title"))
        address = self.resolve_image(attrs["src"])
        if not address:
            alt = escape(attrs.get("alt") or attrs["src"])
            kept += _attributes(data_label=attrs.get("alt"))
            return f'<p class="pl-image"{_attributes(id=name)}><span class="pl-image-missing"{kept}>{alt}</span></p>'
        shown = f'<img{_attributes(src=address)} alt="{escape(attrs.get("alt", ""))}"{kept}>'
        return f'<p class="pl-image"{_attributes(id=name)}>{shown}</p>'

    def _inline(self, node: Json) -> str:
        return "".join(self._marked(child) for child in node.get("content", ()))

    def _marked(self, node: Json) -> str:
        html = self._leaf(node)
        for mark in reversed(node.get("marks", ())):
            if mark["type"] == "link":
                html = (
                    html if node["type"] == "reference" else f"<a{_attributes(href=mark['attrs']['href'])}>{html}</a>"
                )
            else:
                html = f"<{_MARKS[mark['type']]}>{html}</{_MARKS[mark['type']]}>"
        return html

    def _leaf(self, node: Json) -> str:
        kind, attrs = node["type"], node.get("attrs", {})
        if kind == "text":
            return escape(node["text"], quote=False).replace("\n", " ")
        if kind == "hardBreak":
            return "<br>"
        if kind == "field":
            name, value = attrs["name"], self.fields.get(attrs["name"])
            state = "pl-field" if value else "pl-field pl-field-empty"
            return f'<span class="{state}" data-field="{escape(name)}">{escape(value or "{{ " + name + " }}")}</span>'
        if kind == "place":
            hint = escape(attrs["hint"])
            return f'<mark class="pl-place" data-place="{hint}">[{hint}]</mark>'
        return self._reference(attrs)

    def _reference(self, attrs: Json) -> str:
        kept = _attributes(data_reference=f"{attrs['to']}:{attrs['target']}", data_label=attrs["label"])
        found = self.resolve_reference(attrs["to"], attrs["target"])
        label = escape((found[1] if found else "") or attrs["label"] or attrs["target"])
        if not found:
            return f'<span class="pl-reference pl-reference-missing"{kept}>{label}</span>'
        return f'<a class="pl-reference"{_attributes(href=found[0])}{kept}>{label}</a>'
