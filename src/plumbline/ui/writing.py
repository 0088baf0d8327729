"""Written documents: the surface on which they are written, and the page on which they are read and commented on."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.ui.words import writing_words

Tool = tuple[str, str, str, str]  # what it does, its icon, its name, its keys as aria-keyshortcuts writes them


def _writing() -> list[list[Tool]]:
    return [
        [
            ("bold", "bold", _("Bold"), "Control+B"),
            ("italic", "italic", _("Italic"), "Control+I"),
            ("underline", "underline", _("Underlined"), "Control+U"),
            ("strike", "strikethrough", _("Struck through"), "Control+Shift+S"),
            ("code", "code", _("Code"), "Control+E"),
            ("clear", "clear-formatting", _("Plain text"), ""),
        ],
        [
            ("bullets", "list", _("List"), "Control+Shift+8"),
            ("numbers", "list-numbers", _("Numbered list"), "Control+Shift+7"),
            ("outdent", "indent-decrease", _("Less indented"), ""),
            ("indent", "indent-increase", _("More indented"), ""),
            ("quote", "blockquote", _("Quotation"), "Control+Shift+B"),
            ("line", "separator", _("Line across"), ""),
        ],
    ]


def _inserting(upload: str, search: str, fields: bool) -> list[Tool]:
    tools = [
        ("link", "link", _("Link"), "Control+K"),
        ("picture", "photo", _("Picture"), "") if upload else None,
        ("table", "table", _("Table"), ""),
        ("reference", "file-symlink", _("Reference to a document or a requirement"), "") if search else None,
        ("field", "braces", _("Field that fills itself"), "") if fields else None,
        ("place", "forms", _("Place to fill in"), ""),
        ("next_place", "input-search", _("Next place to fill in"), "F8"),
    ]
    return [tool for tool in tools if tool]


def _in_table() -> list[list[Tool]]:
    return [
        [
            ("row_above", "row-insert-top", _("Row above"), ""),
            ("row_below", "row-insert-bottom", _("Row below"), ""),
            ("row_gone", "row-remove", _("Remove row"), ""),
        ],
        [
            ("column_before", "column-insert-left", _("Column before"), ""),
            ("column_after", "column-insert-right", _("Column after"), ""),
            ("column_gone", "column-remove", _("Remove column"), ""),
        ],
        [
            ("header_row", "table-row", _("Heading row"), ""),
            ("merge", "arrows-join-2", _("Merge cells"), ""),
            ("split", "arrows-split-2", _("Split cell"), ""),
            ("table_gone", "trash", _("Remove table"), ""),
        ],
    ]


def _styles() -> list[tuple[str, str, str]]:
    """Returns the kinds of paragraph: code, name, and the key that goes with Control and Alt."""
    headings = [(f"heading{level}", _("Heading %(level)s") % {"level": level}, str(level)) for level in (1, 2, 3, 4)]
    return [("paragraph", _("Text"), "0"), *headings, ("codeBlock", _("Code, lines"), "C")]


def _bars(upload: str, search: str, fields: bool) -> list[dict[str, Any]]:
    history = [
        ("undo", "arrow-back-up", _("Undo"), "Control+Z"),
        ("redo", "arrow-forward-up", _("Redo"), "Control+Shift+Z"),
    ]
    keys = [("keys", "keyboard", _("Keyboard shortcuts"), "")]
    picture = [
        ("describe", "eye", _("Describe the picture in words"), ""),
        ("picture_gone", "trash", _("Remove picture"), ""),
    ]
    writing = [*_writing(), _inserting(upload, search, fields), history, keys]
    return [
        {"kind": "writing", "label": _("Tools for writing"), "styles": _styles(), "groups": writing},
        {"kind": "table", "label": _("Table"), "groups": _in_table()},
        {"kind": "image", "label": _("Picture"), "groups": [picture]},
    ]


def _panels(search: str, fields: bool) -> list[dict[str, str]]:
    """Returns the questions under the tools: with `do` a text to be used, without it a list to choose from."""
    asked = [
        ("link", _("Where does the link go?"), _("Set link")),
        ("place", _("What is to be filled in here?"), _("Insert")),
        ("fill", _("Fill in:"), _("Fill in")),
        ("describe", _("What does the picture show?"), _("Describe")),
    ]
    asked += [("field", _("Which field?"), "")] if fields else []
    asked += [("reference", _("Which document or requirement?"), "")] if search else []
    return [{"kind": kind, "label": label, "do": do} for kind, label, do in asked]


def _setting(**content: Any) -> SafeString:
    """Returns what the script must know, as a block that is no code."""
    text = json.dumps(content | {"words": {key: str(value) for key, value in writing_words().items()}})
    safe = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/json" data-setting>{safe}</script>')


def _script(name: str) -> SafeString:
    return mark_safe(f'<script type="module" src="{static(f"ui/editor/{name}.js")}"></script>')


def editor_html(
    name: str,
    value: str = "",
    label: str = "",
    upload: str = "",
    search: str = "",
    fields: Iterable[Mapping[str, str]] = (),
    images: Mapping[str, str] | None = None,
    id: str = "",
) -> SafeString:
    """Returns a writing surface over a textarea `name` that holds the document's JSON (`value`, empty for a new one).

    upload: address that takes a picture (POST multipart, field `file`): {"uid", "url"}, or with a 4xx {"reason"};
    search: address that answers ?q= with [{"to", "target", "label", "detail"}];
    fields: merge fields as {"name", "label", "value"};
    images: address of each attachment by uid.
    What is left empty is not offered. Inside `<form data-autosave>` saving.js keeps what is typed.
    """
    offered, label = list(fields), label or _("Text")
    setting = _setting(label=label, upload=upload, search=search, fields=offered, images=dict(images or {}))
    context = {
        "id": id or f"id_{name}",
        "name": name,
        "value": value,
        "label": label,
        "bars": _bars(upload, search, bool(offered)),
        "panels": _panels(search, bool(offered)),
        "setting": setting,
        "script": _script("writing"),
    }
    return render_to_string("ui/writing/editor.html", context)


def passages_html(
    content: str,
    remarks: Iterable[Mapping[str, Any]] = (),
    form: str = "",
    value: str = "",
    fields: Iterable[Mapping[str, str]] = (),
    images: Mapping[str, str] | None = None,
) -> SafeString:
    """Returns a document to read, its remarks highlighted; `content` is its HTML, or else `value` its JSON.

    remarks: {"uid", "block", "quote", "open"} each; one leads to the element `remark-UID`, `#passage-UID` leads back;
    form: id of a form (it may stand in a dialog) whose fields `quote` and `block` are filled when the reader comments
    on a passage; without it nothing can be commented on;
    fields, images: as for the editor, needed with `value` only. Blocks are known by `id="b-ID"`, as composition's
    to_html writes it.
    """
    value = "" if content.strip() else value
    setting = _setting(remarks=list(remarks), form=form, value=value, fields=list(fields), images=dict(images or {}))
    context = {"content": content, "form": form, "numbered": bool(value), "setting": setting}
    return render_to_string("ui/writing/passages.html", context | {"script": _script("passages")})
