"""The list of records: one precompiled row renderer, because a page of 50 rows is drawn more than anything else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.ui.escaping import safe
from plumbline.ui.marks import icon_html


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its `kind` (number, title, state, owner, due, date, amount, text) decides width and phone place."""

    title: str
    kind: str = "text"
    sort_url: str = ""
    sorted: str = ""  # "ascending", "descending" or nothing


class Row(NamedTuple):
    """One record of a list: its address, its cells in the order of the columns, its uid where bulk moves pick it."""

    url: str
    cells: Sequence[str]
    uid: str = ""
    muted: bool = False


def list_html(
    columns: Sequence[Column], rows: Iterable[Row], caption: str, pick: str = "", form: str = ""
) -> SafeString:
    """Returns the table of a list; `pick` names the checkboxes for bulk moves, of that form if it stands elsewhere.

    The first title column is the link.
    """
    lead = next((n for n, column in enumerate(columns) if column.kind == "title"), 0)
    template = _row_template(columns, lead)
    box = _box(pick, form) if pick else None
    body = "".join([_row(template, lead, row, box) for row in rows])
    picker = f'<th scope="col" class="c-pick"><span class="visually-hidden">{_("Choose")}</span></th>' if pick else ""
    heads = "".join(map(_head, columns))
    return mark_safe(
        f'<table class="pl-list" data-rows><caption class="visually-hidden">{safe(caption)}</caption>'
        f"<thead><tr>{picker}{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _head(column: Column) -> str:
    title = safe(column.title)
    if not column.sort_url:
        return f'<th scope="col" class="c-{column.kind}">{title}</th>'
    mark = {"ascending": "sort-ascending", "descending": "sort-descending"}.get(column.sorted)
    state = f' aria-sort="{column.sorted}"' if column.sorted else ""
    shown = icon_html(mark or "selector", css="" if mark else "pl-faint")
    url = safe(column.sort_url)
    return f'<th scope="col" class="c-{column.kind}"{state}><a href="{url}">{title}{shown}</a></th>'


def _row_template(columns: Sequence[Column], lead: int) -> str:
    cells = []
    for number, column in enumerate(columns):
        label = safe(column.title).replace("%", "%%")
        inner = '<a href="%s">%s</a>' if number == lead else "%s"
        cells.append(f'<td class="c-{column.kind}" data-label="{label}">{inner}</td>')
    return "<tr%s>%s" + "".join(cells) + "</tr>"


def _box(pick: str, form: str) -> str:
    """The cell that picks a row, to be filled with its uid and what it is called."""
    label = safe(_("Choose %(what)s") % {"what": "\0"}).replace("%", "%%").replace("\0", "%s")
    elsewhere = f' form="{form}"' if form else ""
    return (
        f'<td class="c-pick"><label><input class="form-check-input" type="checkbox" name="{pick}"'
        f' value="%s" aria-label="{label}"{elsewhere}></label></td>'
    )


def _row(template: str, lead: int, row: Row, box: str | None) -> str:
    cells = [safe(cell) for cell in row.cells]
    picker = box % (safe(row.uid), safe("" + row.cells[lead])) if box else ""
    cells.insert(lead, safe(row.url))
    return template % (' class="pl-muted-row"' if row.muted else "", picker, *cells)


def filters_html(filters: Iterable[tuple[str, str, Sequence[tuple[Any, Any]], str]]) -> SafeString:
    """Returns what a list can be narrowed by: (name, label, choices, the one set); “me” and “nobody” say so."""
    everything, mine = _("all"), {"me": _("me"), "nobody": _("nobody who is still here")}
    boxes = []
    for name, label, choices, now in filters:
        one, words = safe(name), safe(label)
        options = "".join(
            f'<option value="{safe(code)}"{" selected" if code == now else ""}>{safe(mine.get(code, told))}</option>'
            for code, told in choices
        )
        boxes.append(
            f'<label class="visually-hidden" for="f-{one}">{words}</label>\n<select class="form-select" data-filter'
            f' id="f-{one}" name="{one}"><option value="">{words}: {everything}</option>\n{options}</select>'
        )
    return mark_safe("".join(boxes))
