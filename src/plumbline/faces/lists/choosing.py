"""Which columns a list shows and in which order: for oneself, or in a view."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plumbline.kernel.views import RegisterView
from plumbline.organisation.models import Person

from .models import SavedView
from .shelf import Shelf, choosable, may_change, stepped

ALWAYS = "title"  # the link to the record


class Columns(RegisterView):
    """The fields of the register, those shown first; a step up or down comes back with the same page."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        shelf = Shelf.of(self.register, self.actor)
        asked = shelf.asked(request.GET)
        shown = list(shelf.columns(self.register, self.actor, asked) or self.register.columns)
        return self.page(shelf, shown, [name for name in self.known() if name not in shown])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        shelf, known = Shelf.of(self.register, self.actor), self.known()
        order = [name for name in dict.fromkeys(request.POST.getlist("order")) if name in known]
        shown = [name for name in order if name in {*request.POST.getlist("shown"), ALWAYS}]
        if step := request.POST.get("step"):
            way, _colon, name = step.partition(":")
            order = stepped(order, order.index(name), way) if name in order else order
            rest = [name for name in order if name not in shown]
            return self.page(shelf, [name for name in order if name in shown], rest)
        if "usual" in request.POST:
            shown = []
        view = shelf.active(request.GET)
        if view and may_change(self.actor, view) and request.POST.get("where") == "view":
            SavedView.objects.filter(pk=view.pk).update(columns=shown)
        else:
            unnamed(self.register, self.actor, columns=shown)
        messages.success(request, _("The columns are kept."))
        return redirect(f"{self.url('list')}?{request.GET.urlencode()}")

    def known(self) -> dict[str, str]:
        return choosable(self.register, self.actor)

    def page(self, shelf: Shelf, shown: list[str], rest: list[str]) -> HttpResponse:
        known, view = self.known(), shelf.active(self.request.GET)
        lines = [(name, known[name], name in shown, name == ALWAYS) for name in [*shown, *rest] if name in known]
        view = view if view and may_change(self.actor, view) else None
        return self.show("lists/columns.html", lines=lines, view=view, query=self.request.GET.urlencode())


def unnamed(register: Any, actor: Any, **wanted: Any) -> None:
    """Keep how the person wants the list itself."""
    whose = {"organisation": actor.organisation, "kind": register.kind, "owner": cast(Person, actor.person), "name": ""}
    SavedView.objects.update_or_create(**whose, defaults=wanted)
