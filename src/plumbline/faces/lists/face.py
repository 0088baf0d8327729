"""What this face adds to the pages of every register."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.urls import URLPattern

from plumbline.kernel import faces
from plumbline.kernel.register import Register
from plumbline.organisation.actor import Actor

from . import choosing, moving_pages, paper, saving
from .moving import MOST, offered
from .shelf import ALL, VIEW, Shelf, may_change, saved

TEMPLATES = {
    "list.head": "lists/_tabs.html",
    "list.actions": "lists/_menu.html",
    "list.chips": "lists/_save.html",
    "list.foot": "lists/_moves.html",
}


class Lists(faces.Face):
    """Tabs above the list, a menu for its looks, boxes to tick and moves underneath."""

    picks = "chosen"

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
        now = saved(register, actor, asked) if place == "list.chips" else ""
        shared = {
            "active": view,
            "views": shelf.views,
            "tabs": _tabs(shelf, view),
            "differs": now and (view is None or now != view.query),
            "mine": view is not None and may_change(actor, view),
            "moves": offered(register, actor) if place == "list.foot" else (),
            "most": MOST,
        }
        return render_to_string(TEMPLATES[place], {**_kept(context), **shared}, context.get("request"))


def shelf_of(register: Register, actor: Actor, query: Any) -> Shelf:
    """The shelf the query came from, else read now."""
    return getattr(query, "shelf", None) or Shelf.of(register, actor)


def _kept(context: dict[str, Any]) -> dict[str, Any]:
    names = ("register", "actor", "page", "rows", "query", "pick")
    return {name: context[name] for name in names if name in context}


def _tabs(shelf: Shelf, view: Any) -> list[tuple[str, str, bool]]:
    return [(one.name, f"?{VIEW}={one.uid}", one == view) for one in shelf.views]


__all__ = ["ALL", "Lists"]
