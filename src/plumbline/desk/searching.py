"""Search over all registers, clauses and people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from plumbline.kernel import search
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.organisation.models import Person
from plumbline.standards.models import find_edition
from plumbline.ui import excerpts

from .pages import DeskView

MOST, TOLD = 40, 20  # found; with the lines where the words stand


class Search(DeskView):
    """A number typed in full leads straight to its record."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:200]
        visible = Record.objects.visible_to(self.actor).select_related("owner")
        exact = visible.filter(number__iexact=text).first() if text else None
        if exact:
            return redirect(f"{register_of(exact).slug}:record", self.organisation.slug, exact.number)
        found = search.find(visible, text, MOST, self.organisation.uid)
        people = Person.objects.filter(organisation=self.organisation, name__icontains=text)[:10] if text else []
        shown: dict[str, Any] = {"records": self.told(found), "close": found.close, "people": people}
        return self.show("desk/search.html", text=text, clauses=self.clauses(text), **shown)

    def told(self, found: search.Found) -> list[tuple[Record, str]]:
        """The records, the first of them with the lines where the words stand."""
        said: dict = {}
        for kind in {record.kind for record in found.records[:TOLD]}:
            uids = [record.uid for record in found.records[:TOLD] if record.kind == kind]
            said |= register_of(kind).says(self.actor, uids)
        return [(one, excerpts.excerpt(said.get(one.uid, ""), found.groups)) for one in found.records]

    def clauses(self, text: str) -> list:
        """Clauses whose number begins with the text, or whose title or paraphrase has it."""
        wanted = search.plain(text)
        edition = find_edition(self.organisation.uid, self.organisation.edition) if len(wanted) > 1 else None
        if edition is None:
            return []
        found = {
            r.clause: r
            for r in reversed(edition.requirements)
            if r.clause.startswith(text) or wanted in search.plain(r.title) or wanted in search.plain(r.requirement)
        }
        return [(edition.code, requirement) for requirement in reversed(found.values())][:10]
