"""Putting into force: from when, where, whom it reaches, and by when they have read it; and looking at it again."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.kernel import policy, signing, views
from plumbline.organisation.signin import again
from plumbline.registers.support.documents import enforcing, moving
from plumbline.registers.support.documents.models.kinds import rules_of

from . import audience, distribution

SHORT = 3  # days to read; less is said to be little


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def little_time(days: int) -> str:
    """What is said where people have hardly any time to read, else nothing."""
    if days < 1:
        return _("nobody has time to read it before")
    return ngettext("%(n)d day to read it", "%(n)d days to read it", days) % {"n": days} if days < SHORT else ""


class _Act(views.Act):
    """A move whose form begins with what is usual."""

    def get(self, request: HttpRequest, verb: str, **kwargs: Any) -> HttpResponse:
        move = self.move(verb)
        answer = policy.may_move(self.actor, move, self.record)
        initial = self.usual() | ({"seen": signing.digest_of(signing.manifest(self.record))} if move.sign else {})
        form = self.form(move, initial=initial | again.typed_before(request))
        return self.show("kernel/move.html", move=move, form=form, answer=answer)

    def usual(self) -> dict[str, Any]:
        raise NotImplementedError


class Keep(_Act):
    """Still right: the next date is proposed from the interval of its kind."""

    def usual(self) -> dict[str, Any]:
        return {"due": enforcing.after_months(self.actor.organisation.today(), self.months())}

    def months(self) -> int:
        return rules_of(self.actor.organisation, self.record.sort).review_months or 12


class PutIntoForce(_Act, moving.Moving):
    """The page of both moves: into force, and elsewhere later."""

    def usual(self) -> dict[str, Any]:
        today = self.actor.organisation.today()
        return {"effective_on": _day(self.request.GET.get("on", "")) or today}

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context["form"].folded = [name for name in ("order", "effective_until") if name in context["form"].fields]
        today = self.actor.organisation.today()
        days = [(_("Today"), today), (_("In two weeks"), today + timedelta(days=14))]
        days.append((_("The first of next month"), next_month(today)))
        quick = [(word, day, little_time((day - today).days)) for word, day in dict.fromkeys(days)]
        told = distribution.told(audience.listed(self.record.of_document_id), self.actor)
        if not self.record.is_read:
            told["read"] = 0
        for name, everywhere in (("site", _("Every site")), ("process", _("Every process"))):
            context["form"].fields[name].empty_label = everywhere
        context |= {"quick": quick, "told": told, "stays": self.stays(today)}
        return super().show("documents/readers/force.html", status, **context)

    def stays(self, today: date) -> list[tuple[Any, str]]:
        """(span, revision) of places where another one goes on when this one is put into force everywhere."""
        document = self.record.of_document
        names = {one.uid: one.revision_no for one in document.history}
        live = [span for span in document.spans if span.place and span.until_on != span.from_on]
        others = [span for span in live if span.record_id != self.record.uid]
        return [(one, names.get(one.record_id, "")) for one in others if one.until_on is None or one.until_on > today]

    def post(self, request: HttpRequest, verb: str, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, verb, **kwargs)
        if answer.status_code == 302:
            self.say_if_short(_day(request.POST.get("read_by", "")) or _day(request.POST.get("effective_on", "")))
        return answer

    def say_if_short(self, until: date | None) -> None:
        today = self.actor.organisation.today()
        asked = len(audience.readers(self.record, self.actor.organisation))
        if until and asked and (until - today).days < SHORT:
            said = _("They have little time to read it: %(days)s. Whoever has not confirmed may not work to it yet.")
            messages.warning(self.request, said % {"days": little_time((until - today).days)})


def _day(said: str) -> date | None:
    try:
        return parse_date(said)
    except ValueError:
        return None
