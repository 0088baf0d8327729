"""The addresses every register has."""

from django.urls import URLPattern, URLResolver, include, path
from django.views import View

from . import faces, parts, views
from .register import Register


def pages_of(register: Register) -> URLPattern | URLResolver:
    """list, new, and for each number: the record, edit, one page a move, its parts; faces' and own pages first."""

    def page(route: str, view: type[View], name: str) -> URLPattern:
        return path(route, view.as_view(register=register), name=name)

    pages = [
        *(found for face in faces.faces() for found in face.pages(register, page)),
        *getattr(register, "own_pages", list)(),
        page("", views.List, "list"),
        page("new/", views.Create, "new"),
        page("<str:number>/", views.Detail, "record"),
        page("<str:number>/edit/", views.Edit, "edit"),
        page("<str:number>/timeline/", views.Timeline, "timeline"),
        page("<str:number>/comments/", parts.Comments, "comments"),
        page("<str:number>/files/", parts.Files, "files"),
        page("<str:number>/files/<uuid:uid>/", parts.FileContent, "file"),
        page("<str:number>/links/", parts.Links, "links"),
        page("<str:number>/requirement/", parts.Requirements, "requirement"),
        page("<str:number>/<slug:verb>/", views.Act, "act"),
    ]
    return path(f"<slug:organisation>/{register.slug}/", include((pages, register.slug)))
