"""The library, everybody's page: the revision to work to in two clicks or one search, of today or of any other day."""

from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from plumbline.faces.search import asking
from plumbline.history.uids import uid_of
from plumbline.kernel.models import Record
from plumbline.ledger.together import Wanted, together
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents.library import content, shelf
from plumbline.registers.support.documents.models import kinds
from plumbline.ui import excerpts

from .library_lines import Lines
from .models import Favourite, LibraryChoice
from .pages import DeskView

FEW = 100  # documents shown at once under their headings; of more, a heading leads to its own page
PAGE, FOUND, SHORT = 50, 20, 8
KEPT = (Wanted(Favourite, by="person"), Wanted(LibraryChoice, by="person"))
GIVEN = 50  # documents given to somebody that are looked at whole


def day_of(request: HttpRequest, today: date) -> date:
    """The day asked about; what is no date is today."""
    try:
        return parse_date(request.GET.get("on", "")) or today
    except ValueError:
        return today


class Library(DeskView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.day = day_of(request, self.organisation.today())
        text, group = request.GET.get("q", "").strip()[:200], request.GET.get("group", "")
        found = self.found(text) if text else self.of_group(group) if group else self.shelves()
        by = ""
        if "shelves" in found:
            by = next((one.by for one in self.kept[1]), "sort")
            found["groups"] = (
                grouped(found.pop("all"), by, self.organisation) if not found["many"] else self.headings(by)
            )
        part = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
        template = "desk/_library.html" if part else "desk/library.html"
        asked = {"on": self.day.isoformat()} if self.day != self.organisation.today() else {}
        return self.show(template, text=text, by=by, day=self.day, asked=asked, **self.drawn(found))

    def drawn(self, found: dict[str, Any]) -> dict[str, Any]:
        """The same, each list of lines as it is shown."""
        lines = Lines(self.request, self.actor, self.starred)
        if rows := found.get("rows"):
            found["rows"] = lines.of(rows)
        for name in {"shelves", "groups"} & found.keys():
            found[name] = [
                tuple(lines.of(part) if isinstance(part, list) else part for part in parts) for parts in found[name]
            ]
        return found

    @cached_property
    def kept(self) -> list[list]:
        """What the person keeps at hand, and how they want the library ordered."""
        return together(self.actor.person.uid, KEPT) if self.actor.person else [[], []]

    @cached_property
    def starred(self) -> set[UUID]:
        return {one.record_id for one in self.kept[0]}

    def found(self, text: str) -> dict[str, Any]:
        """What has the words; of another day only numbers and titles are known, since texts are indexed as of today."""
        records, today = shelf.in_force(self.actor, self.day), self.day == self.organisation.today()
        found = asking.find(records, text, FOUND + 1, self.organisation.uid, head=not today)
        lines = shelf.lines(self.actor, self.day, [record.uid for record in found.records[:FOUND]])
        said = content.says(lines, self.day)
        rows = [(line, excerpts.excerpt(said.get(uid, ""), found.groups)) for uid, line in lines.items()]
        return {"rows": rows, "close": found.close, "cut": len(found.records) > FOUND, "searched": True}

    def shelves(self) -> dict[str, Any]:
        """Favourites, what is for this person, what is new, and all, if they are few."""
        given = shelf.few_for_me(self.actor, self.day, GIVEN)
        if given is None:  # so many that the first of them by number are soon found
            given = by_number(shelf.for_me(self.actor, self.day), SHORT + 1)
        new = shelf.new(self.actor, self.day, SHORT)
        every = by_number(shelf.in_force(self.actor, self.day), FEW + 1)
        many = len(every) > FEW
        lines = shelf.lines(self.actor, self.day, [*self.starred, *given, *new, *([] if many else every)])
        known = sorted(lines, key=lambda uid: lines[uid].document.number)
        favourites, mine = [one for one in known if one in self.starred], [one for one in known if one in given]
        shelves = [
            (_("My favourites"), "star", favourites, ""),
            (_("For me and my department"), "users", mine[:SHORT], "mine" if len(mine) > SHORT else ""),
            (_("Newly in force"), "bell", [one for one in new if one in lines], ""),
        ]
        told = [(title, icon, [lines[one] for one in uids], more) for title, icon, uids, more in shelves if uids]
        return {"shelves": told, "all": [] if many else [lines[one] for one in every], "many": many}

    def headings(self, by: str) -> list[tuple[str, str, list]]:
        """The groups of a large library, each a link to its own page."""
        if by == "sort":
            return [(str(label), f"sort:{code}", []) for code, label in kinds.names(self.organisation).items()]
        processes = self.organisation.process_set.order_by("name").values_list("uid", "name")
        return [*((name, f"process:{uid}", []) for uid, name in processes), (_("No process"), "process:none", [])]

    def of_group(self, group: str) -> dict[str, Any]:
        """One page of the documents under a heading."""
        title, records = self.under(group)
        after = self.request.GET.get("after", "")
        page = shelf.documents(records.filter(number__gt=after), PAGE + 1)
        lines = shelf.of(self.actor, self.day, {one.pk: one for one in page[:PAGE]})
        more = page[PAGE - 1].number if len(page) > PAGE else ""
        return {"rows": list(lines.values()), "title": title, "group": group, "more": more}

    def under(self, group: str) -> tuple[str, Any]:
        what, _colon, value = group.partition(":")
        records = shelf.in_force(self.actor, self.day)
        if what == "mine":
            return _("For me and my department"), shelf.for_me(self.actor, self.day)
        named = kinds.names(self.organisation) if what == "sort" else {}
        if value in named:
            return named[value], records.filter(document__home=self.organisation, document__sort=value)
        if group == "process:none":
            return _("No process"), records.filter(process=None)
        uid = uid_of(value) if what == "process" else None
        process = self.organisation.process_set.filter(pk=uid).first() if uid else None
        if process is None:
            raise Http404
        return process.name, records.filter(process=process)


def by_number(records: QuerySet, most: int) -> list[UUID]:
    return list(records.order_by("number").values_list("pk", flat=True)[:most])


def grouped(lines: list[shelf.Line], by: str, home: Organisation) -> list[tuple[str, str, list]]:
    """(heading, its page, lines) by kind or by process."""
    groups: dict[tuple[str, str], list] = {}
    named = kinds.names(home) if by == "sort" else {}
    for line in lines:
        document = line.document
        if by == "sort":
            key = (named.get(document.sort, document.sort), f"sort:{document.sort}")
        else:
            process = document.process
            key = (process.name, f"process:{process.uid}") if process else (_("No process"), "process:none")
        groups.setdefault(key, []).append(line)
    order = list(named.values()) if by == "sort" else sorted(t for t, _c in groups)
    return [(title, code, groups[title, code]) for title, code in sorted(groups, key=lambda key: order.index(key[0]))]


class Star(DeskView):
    """Keep a document among the favourites, or let it go."""

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        record = Record.objects.visible_to(self.actor).filter(kind="document", pk=uid).first()
        if record is None or self.actor.person is None:
            raise Http404
        kept = {"person": self.actor.person, "record": record}
        on = "off" not in request.POST
        Favourite.objects.get_or_create(**kept) if on else Favourite.objects.filter(**kept).delete()
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(Lines(request, self.actor, set()).starring(record, on))
        return redirect("library", self.organisation.slug)


class Choose(DeskView):
    """By kind or by process: remembered."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        by = "process" if request.POST.get("by") == "process" else "sort"
        LibraryChoice.objects.update_or_create(person=self.actor.person, defaults={"by": by})
        return redirect("library", self.organisation.slug)
