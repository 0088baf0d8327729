"""What this reading adds to every register: its addresses, and the buttons on the list."""

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern

from plumbline.kernel.faces import Face, Page
from plumbline.ui.keeping import Home, still_html

from . import export_pages, import_pages

TEMPLATES = {
    "list.actions": "sheets/_buttons.html",
    "list.more": "sheets/_more.html",
    "list.empty": "sheets/_first.html",
}


class Sheets(Face):
    """Export and import of a list."""

    def pages(self, register: Any, page: Page) -> Iterable[URLPattern]:
        return [
            page("export.csv", export_pages.Csv, "export"),
            page("export.xlsx", export_pages.Workbook, "workbook"),
            page("export/", export_pages.Choose, "export-choose"),
            page("export/<uuid:uid>/", export_pages.Progress, "export-run"),
            page("export/<uuid:uid>/file/", export_pages.Download, "export-file"),
            page("import/", import_pages.Begin, "import"),
            page("import/blank.xlsx", import_pages.Blank, "import-blank"),
            page("import/<uuid:uid>/", import_pages.Bring, "import-run"),
            page("import/<uuid:uid>/errors.xlsx", import_pages.Errors, "import-errors"),
        ]

    def shown(self, place: str, context: dict[str, Any]) -> str:
        template = TEMPLATES.get(place)
        if template is None:
            return ""
        actor, query = context["actor"], context.get("query", "")
        known = {"register": context["register"], "home": Home(actor.organisation.slug), "reads_only": actor.reads_only}
        return still_html(context, template, known, {"asked": f"?{query}" if query else ""})
