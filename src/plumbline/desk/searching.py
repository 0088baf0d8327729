"""One box for everything: records with all that is on them, pages, commands, requirements, people."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.faces.search import asking, nearby, passages, wording
from plumbline.history.uids import uid_of
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of, registers
from plumbline.organisation.models import Person, here
from plumbline.standards.models import find_edition
from plumbline.ui.units import Counted

from . import places
from .pages import DeskView

MOST, TOLD = 40, 20  # found; with the lines where the words stand
QUICK, FEW = 8, 5  # in the box while somebody types: records, and of everything else
LEADING, SPOKEN = ("pages", "commands", "standard"), 3  # what may stand first, when so much of its name was typed
PEOPLE = 2000  # of an organisation with more, only names as they are typed are found


@dataclass(frozen=True)
class Line:
    """One thing found: its words (with what was asked for marked), where it is, and what is said of it."""

    title: str
    url: str
    icon: str
    detail: str = ""
    passage: str = ""
    record: Record | None = None


@dataclass(frozen=True)
class Group:
    """What was found of one sort."""

    code: str
    title: str
    lines: list[Line]


class Search(DeskView):
    """A number typed in full leads straight to its record; the box asks for the same while somebody types."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:200]
        self.visible = Record.objects.visible_to(self.actor).select_related("owner")
        if "box" in request.GET:
            return self.box(text)
        exact = self.numbered(text)
        if exact:
            return redirect(f"{register_of(exact).slug}:record", self.organisation.slug, exact.number)
        found = asking.find(self.visible, text, MOST, self.organisation.uid)
        groups = _led([self.records(found, TOLD), *self.others(text, MOST // 4)], text)
        kinds = {one.kind: register_of(one) for one in found.records}
        return self.show(
            "desk/search.html",
            text=text,
            groups=[group for group in groups if group.lines],
            close=found.close,
            counted=self.counted(found),
            registers=list(kinds.values()) if not found.close else [],
        )

    def box(self, text: str) -> HttpResponse:
        """The lines of the box, as a fragment; with nothing typed, what this browser has seen lately."""
        if not text:
            lines = [self.line(record, [], "") for record in self.seen()]
            return self.show("desk/_box.html", groups=[Group("seen", _("Seen lately"), lines)] if lines else [])
        found = asking.find(self.visible, text, QUICK, self.organisation.uid)
        exact = self.numbered(text)
        if exact:
            others = [one for one in found.records if one.uid != exact.uid]
            found = asking.Found([exact, *others], found.groups, False)
        groups = [self.records(found, QUICK), *self.others(text, FEW)]
        groups = groups if exact else _led(groups, text)
        return self.show("desk/_box.html", text=text, groups=[one for one in groups if one.lines], close=found.close)

    def numbered(self, text: str) -> Record | None:
        if not text:
            return None
        kinds = [register.kind for register in registers()]  # named, so that their index of numbers is used
        return self.visible.filter(kind__in=kinds, number__in={text, text.upper()}).order_by("number").first()

    def seen(self) -> list[Record]:
        """Those of the records this browser remembers that may be seen today, in its order."""
        told = self.request.GET.get("seen", "").split(",")[:QUICK]
        uids = [uid for one in told if (uid := uid_of(one))]
        there = {record.uid: record for record in self.visible.filter(pk__in=uids)} if uids else {}
        return [there[uid] for uid in uids if uid in there]

    def records(self, found: asking.Found, told: int) -> Group:
        said = passages.passages(self.actor, found.records[:told], found.groups)
        lines = [self.line(record, found.groups, said.get(record.uid, "")) for record in found.records]
        return Group("records", _("Records"), lines)

    def line(self, record: Record, groups: Any, passage: str) -> Line:
        register = register_of(record)
        url = reverse(f"{register.slug}:record", args=[self.organisation.slug, record.number])
        detail = f"{record.number} · {record.owner.name}"
        return Line(passages.titled(record, groups), url, register.icon, detail, passage, record)

    def counted(self, found: asking.Found) -> str:
        """How many records this person may see have the words: exact up to a thousand, and said so beyond."""
        total = len(found.records)
        if total == MOST:
            total = asking.having(Record.objects.visible_to(self.actor), found.groups)
        if total > asking.MOST_COUNTED:
            return _("more than %(count)s records") % {"count": Counted(asking.MOST_COUNTED)}
        return ngettext("%(count)s record", "%(count)s records", total) % {"count": Counted(total)}

    def others(self, text: str, most: int) -> list[Group]:
        """Pages, commands, requirements and people."""
        if not wording.asked(text):
            return []
        slug, edition = self.organisation.slug, find_edition(self.organisation.uid, self.organisation.edition)
        known = places.pages(self.actor)
        pages = nearby.fitting(known, text, lambda place: place.title, most)
        pages = pages or nearby.fitting(known, text, lambda place: place.words, most, forgive=False)
        commands = nearby.fitting(places.commands(self.actor), text, lambda place: place.title, most)
        return [
            Group("pages", _("Pages"), [Line(one.title, one.url, one.icon, one.detail) for one in pages]),
            Group("commands", _("Commands"), [Line(one.title, one.url, one.icon, one.detail) for one in commands]),
            Group("standard", _("The standard"), self.clauses(edition, text, most)),
            Group("people", _("People"), [self.person(one, slug) for one in self.people(text, most)]),
        ]

    def people(self, text: str, most: int) -> list[Person]:
        """Those who are here, by name or job; when nobody fits as typed, who is called nearly so."""
        now = Person.objects.filter(here(self.organisation.today()), organisation=self.organisation).order_by("name")
        return nearby.fitting(now[:PEOPLE], text, lambda person: f"{person.name} {person.job}", most)

    def person(self, person: Person, slug: str) -> Line:
        return Line(person.name, reverse("people", args=[slug]) + f"#{person.uid}", "user", person.job)

    def clauses(self, edition: Any, text: str, most: int) -> list[Line]:
        """Clauses whose number begins with the text, or whose title or paraphrase has the words."""
        if edition is None or len(text) < 2:
            return []
        every = list(zip(edition.requirements, edition.texts("title"), edition.texts("requirement"), strict=True))
        once = {one[0].clause: one for one in reversed(every)}
        whole = list(reversed(once.values()))
        found = [one for one in whole if one[0].clause.startswith(text)]
        found = found or nearby.fitting(whole, text, itemgetter(1), most)
        found = found or nearby.fitting(every, text, itemgetter(2), most, forgive=False)
        lines = {one.clause: title for one, title, _text in reversed(found)}
        address = [self.organisation.slug, edition.code]
        return [
            Line(f"{clause} {lines[clause]}", reverse("clause", args=[*address, clause]), "book")
            for clause in list(reversed(lines))[:most]
        ]


def _led(groups: list[Group], text: str) -> list[Group]:
    """A page, a command or a clause that is called as was typed stands before records that only have the words."""
    typed = " ".join(wording.words(text))
    if len(typed) < SPOKEN:
        return groups
    called = {
        group.code: any(" ".join(wording.words(line.title)).startswith(typed) for line in group.lines)
        for group in groups
        if group.code in LEADING
    }
    return sorted(groups, key=lambda group: not called.get(group.code, False))
