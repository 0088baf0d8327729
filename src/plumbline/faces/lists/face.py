"""What this face adds to the pages of every register."""

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern

from plumbline.kernel import faces
from plumbline.kernel.register import Register
from plumbline.organisation.actor import Actor
from plumbline.ui.keeping import Home, still_html

from . import choosing, moving_pages, paper, saving
from .moving import MOST, offered
from .shelf import VIEW, Shelf, may_change, saved

TEMPLATES = {
    "list.head": "lists/_tabs.html",
    "list.actions": "lists/_menu.html",
    "list.view": "lists/_menu.html",
    "list.chips": "lists/_save.html",
    "list.foot": "lists/_moves.html",
}


class Lists(faces.Face):
    """Tabs above the list, a menu for its looks, boxes to tick and moves underneath."""

    picks = moving_pages.PICKS

    def pages(self, register: Register, page: faces.Page) -> Iterable[URLPattern]:
        yield page("views/", saving.Views, "views")
        yield page("views/new/", saving.New, "view-new")
        yield page("views/<uuid:view>/", saving.Change, "view")
        yield page("columns/", choosing.Columns, "columns")
        yield page("print/", paper.Print, "print")
        yield page("many/", moving_pages.Many, "many")
        yield page("many/<uuid:run>/", moving_pages.Done, "many-done")

    def asked(self, register: Register, actor: Actor, query: Any) -> Any:
        return Shelf.of(register, actor).asked(query)

    def columns(self, register: Register, actor: Actor, query: Any) -> tuple[str, ...] | None:
        return shelf_of(register, actor, query).columns(register, actor, query)

    def shown(self, place: str, context: dict[str, Any]) -> str:
        if place not in TEMPLATES or "asked" not in context:
            return ""
        register, actor, asked = context["register"], context["actor"], context["asked"]
        shelf = shelf_of(register, actor, asked)
        view = shelf.active(asked)
        known: dict[str, Any] = {"register": register, "home": Home(actor.organisation.slug)}
        if place == "list.head":
            known |= {"active": view is not None, "tabs": _tabs(shelf, view)}
            known |= {"gone": view is None and asked.get(VIEW, "all") != "all"}
        elif place in ("list.actions", "list.view"):
            known |= {"views": bool(shelf.views)}
        elif place == "list.chips":
            now = saved(register, actor, asked)
            if not now or (view is not None and now == view.query):
                return ""
            known |= {"view": (str(view.uid), view.name) if view and may_change(actor, view) else None}
        else:
            page = context["page"]
            known |= {"pick": context.get("pick"), "moves": tuple(offered(register, actor)), "most": MOST}
            known |= {"after": bool(page.after), "total": page.total}
        return still_html(context, TEMPLATES[place], known, {"query": context.get("query", "")})


def shelf_of(register: Register, actor: Actor, query: Any) -> Shelf:
    """The shelf the query came from, else read now."""
    return getattr(query, "shelf", None) or Shelf.of(register, actor)


def _tabs(shelf: Shelf, view: Any) -> tuple[tuple[str, str, bool], ...]:
    return tuple((one.name, f"?{VIEW}={one.uid}", one == view) for one in shelf.views)
