"""Keeping a list as a view: naming, sharing, ordering, opening with it, taking it away and back."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.history.uids import uid_of
from plumbline.kernel import lists, pages
from plumbline.kernel.views import RegisterView
from plumbline.organisation.models import Person

from .choosing import unnamed
from .models import SavedView
from .shelf import VIEW, Shelf, may_change, may_share, saved, seen, stepped

MOST = 50  # views of one person in one register


class ViewForm(forms.Form):
    """A name, and for those who may, that everybody has it."""

    name = forms.CharField(label=_lazy("Name"), max_length=60)
    opens = forms.BooleanField(label=_lazy("Open this list with it (only for you)"), required=False)
    shared = forms.BooleanField(
        label=_lazy("For everybody here"),
        help_text=_lazy("Each person still sees only the records that he or she may see."),
        required=False,
    )

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share(actor):
            del self.fields["shared"]


class ViewPage(RegisterView):
    """What the pages of views have in common: the form, and what the view shows, in words."""

    def form(self, given: Any = None, **initial: Any) -> ViewForm:
        return ViewForm(self.actor, given, initial=initial)

    def words(self, query: str) -> list[tuple[str, str]]:
        """(label, value) of what is saved."""
        asked = QueryDict(query)
        page = lists.page(self.register, self.actor, asked, size=1)
        chips = pages.chips(self.register, page, asked.copy(), lists.filter_choices(self.register, self.actor))
        found = [(str(label), str(value)) for label, value, _url in chips]
        if page.text:
            found.append((_("Searched for"), page.text))
        if "order" in asked:
            name = page.sort.lstrip("-")
            words = _("%(column)s, falling") if page.sort.startswith("-") else _("%(column)s, rising")
            found.append((_("Order"), words % {"column": pages.label(self.register, page, name)}))
        return found

    def to_list(self, view: SavedView | None = None) -> HttpResponse:
        return redirect(self.url("list") + (f"?{VIEW}={view.pk}" if view else ""))

    def opens_with(self, view: SavedView, wanted: bool) -> None:
        shelf = Shelf.of(self.register, self.actor)
        now = shelf.unnamed.opens if shelf.unnamed else None
        if wanted != (now == view.pk):
            unnamed(self.register, self.actor, opens=view.pk if wanted else None)


class New(ViewPage):
    """Save what the address says as a view."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        views = SavedView.objects.filter(organisation=self.actor.organisation, owner=self.actor.person)
        if form.is_valid() and views.filter(kind=self.register.kind, removed_at=None).count() > MOST:
            form.add_error(None, _("You have %(count)d views of this list: take one away first.") % {"count": MOST})
        if not form.is_valid():
            return self.page(form, 422)
        given, shelf = form.cleaned_data, Shelf.of(self.register, self.actor)
        view = SavedView.objects.create(
            organisation=self.actor.organisation,
            kind=self.register.kind,
            owner=cast(Person, self.actor.person),
            name=given["name"],
            shared=given.get("shared", False),
            query=saved(self.register, self.actor, request.GET),
            columns=list(shelf.columns(self.register, self.actor, shelf.asked(request.GET)) or ()),
            place=len(shelf.views),
        )
        self.opens_with(view, given["opens"])
        messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
        return self.to_list(view)

    def page(self, form: ViewForm, status: int = 200) -> HttpResponse:
        words = self.words(saved(self.register, self.actor, self.request.GET))
        return self.show("lists/view.html", status, form=form, words=words, query=self.request.GET.urlencode())


class Change(ViewPage):
    """Rename, share, take over other filters, take away, bring back; for who may change it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        views = SavedView.objects.filter(organisation=self.actor.organisation, kind=self.register.kind)
        self.view = get_object_or_404(views.exclude(name=""), pk=kwargs["view"])
        if self.view.owner_id != self.actor.uid and not self.view.shared:
            raise Http404
        if not may_change(self.actor, self.view):
            raise PermissionDenied(_("Only who made this view, or who may share views, changes it."))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, view: UUID, **kwargs: Any) -> HttpResponse:
        shelf = Shelf.of(self.register, self.actor)
        opens = bool(shelf.unnamed and shelf.unnamed.opens == self.view.pk)
        return self.page(self.form(name=self.view.name, shared=self.view.shared, opens=opens))

    def post(self, request: HttpRequest, view: UUID, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST or "undo" in request.POST:
            return self.removed("remove" in request.POST)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        given = form.cleaned_data
        self.view.name, self.view.shared = given["name"], given.get("shared", self.view.shared)
        if request.GET:
            self.view.query = saved(self.register, self.actor, request.GET)
        away, self.view.removed_at = self.view.removed_at, None
        self.view.save()
        self.opens_with(self.view, given["opens"])
        words = _("“%(name)s” had been taken away meanwhile: it is back.") if away else _("“%(name)s” is saved.")
        messages.success(request, words % {"name": self.view.name})
        return self.to_list(self.view)

    def removed(self, gone: bool) -> HttpResponse:
        """Away, with a way back on the page that follows; or back."""
        self.view.removed_at = timezone.now() if gone else None
        self.view.save()
        if gone:
            return redirect(f"{self.url('views')}?removed={self.view.pk}")
        return self.to_list(self.view)

    def page(self, form: ViewForm, status: int = 200) -> HttpResponse:
        asked = saved(self.register, self.actor, self.request.GET) if self.request.GET else self.view.query
        context = {"form": form, "view": self.view, "words": self.words(asked), "query": self.request.GET.urlencode()}
        return self.show("lists/view.html", status, **context)


class Views(ViewPage):
    """All views of this list, in the order of their tabs; one step to the left or right."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        shelf = Shelf.of(self.register, self.actor)
        opens = shelf.unnamed.opens if shelf.unnamed else None
        lines = [(view, self.words(view.query), may_change(self.actor, view), view.pk == opens) for view in shelf.views]
        return self.show("lists/views.html", lines=lines, removed=self.gone(request.GET.get("removed", "")))

    def gone(self, wanted: str) -> SavedView | None:
        """The view that was just taken away, to bring it back."""
        views = SavedView.objects.filter(organisation=self.actor.organisation, kind=self.register.kind)
        uid = uid_of(wanted)
        view = views.exclude(removed_at=None).filter(pk=uid).first() if uid else None
        return view if view and may_change(self.actor, view) else None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Own views move among own ones, shared ones among shared ones."""
        way, _colon, uid = request.POST.get("step", "").partition(":")
        view = Shelf.of(self.register, self.actor).find(uid)
        if view is None or not may_change(self.actor, view):
            raise Http404
        mine = seen(self.actor.organisation, self.actor.person, self.register.kind)
        views = mine.exclude(name="").filter(shared=view.shared)
        group = list(views.order_by("place", "uid"))
        for place, one in enumerate(stepped(group, group.index(view), way)):
            SavedView.objects.filter(pk=one.pk).update(place=place)
        return redirect(self.url("views"))
