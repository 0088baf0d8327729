"""What follows from the moves of a revision: content is taken over, spans begin and end, people are asked to read."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plumbline.kernel import actions
from plumbline.organisation.actor import Actor

from . import force, reading, routing
from .drafting.beginning import take_over
from .models import Document, Revision, Validity
from .models.labels import order


def started(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    routing.lay(revision, by)
    take_over(revision, by)


def approved(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """A temporary instruction is in force the moment it is signed; everything else waits for its date."""
    routing.decide(revision, by, answers)
    if revision.state == "approved" and revision.temporary and revision.effective_on:
        day = max(revision.effective_on, by.organisation.today())
        where: dict[str, Any] = {"site": revision.site, "process": revision.process, "order": revision.order}
        actions.act(revision, "put_into_force", by=Actor.clock(by.organisation), effective_on=day, **where)
        revision.refresh_from_db()


def on_its_date(revision: Revision, by: Actor) -> str | None:
    today = by.organisation.today()
    return "effective" if revision.effective_on and revision.effective_on <= today else None


def put_into_force(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """Its span begins on its date, at its place of use; those who get it are asked to read it before."""
    places = {name: answers.get(name) or None for name in ("site", "process")}
    today = by.organisation.today()
    day = revision.effective_on or today
    if day < today:
        raise ValidationError({"effective_on": _("Not before today: nobody could have worked to it then.")})
    force.begin(revision, by, day, revision.effective_until, order=answers.get("order") or "", **places)
    reading.ask(revision, by)
    force.settle(revision.of_document, today)
    _looked_at_again(revision, by)


def recalled(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """Nobody works to it after all: its spans are taken back, and what it would have ended goes on."""
    force.finish(revision, by, by.organisation.today())
    reading.end(revision, by, answers.get("reason") or "taken back")
    routing.lay_again(revision, by, answers)


def withdrawn(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    force.finish(revision, by, by.organisation.today())
    reading.end(revision, by, "withdrawn")
    _over(revision, by)


def took_effect(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """The clock tells the one before to step back itself, with its own date."""
    force.name_current(Document.objects.get(pk=revision.of_document_id), by.organisation.today())


def stepped_back(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    reading.end(revision, by, "superseded")
    force.name_current(Document.objects.get(pk=revision.of_document_id), by.organisation.today())
    _over(revision, by)


def _over(revision: Revision, by: Actor) -> None:
    """A document that was made for a time ends with it."""
    others = Revision.objects.filter(of_document=revision.of_document_id).exclude(pk=revision.pk)
    if revision.temporary and not others.exists():
        document = Document.objects.get(pk=revision.of_document_id)
        if document.state == "in_use":
            actions.act(document, "withdraw", by=Actor.clock(by.organisation), reason=_("It was for a time."))


def confirmed(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """As found: in force since the date it bears, if that is later than what it follows; else from today.

    One that a later revision has followed already was in force from its date until that one was; without a date, never.
    """
    today = by.organisation.today()
    dated = revision.dated_on if revision.dated_on and revision.dated_on <= today else None
    if later := _followed_by(revision):
        ends = min((one.from_on for one in _spans(later)), default=min(one.dated_on or today for one in later))
        if dated and dated < ends:
            force.begin(revision, by, dated, ends - timedelta(days=1))
    else:
        newest = max((one.from_on for one in _spans(_before(revision))), default=None)
        force.begin(revision, by, max(dated or today, newest) if newest else dated or today)
    force.settle(revision.of_document, today)


def _followed_by(revision: Revision) -> list[Revision]:
    """The revisions brought in or in force whose number is later than this one's."""
    others = _others(revision) if revision.batch else []
    return [one for one in others if one.batch and order(one.revision_no) > order(revision.revision_no)]


def _before(revision: Revision) -> list[Revision]:
    """The others, without those brought in that bear no date: they were in force from the day they came, at most."""
    return [one for one in _others(revision) if one.dated_on or not (one.batch and revision.batch)]


def _others(revision: Revision) -> list[Revision]:
    states = ("proposed", "effective", "superseded")
    return list(Revision.objects.filter(of_document=revision.of_document_id, state__in=states).exclude(pk=revision.pk))


def _spans(revisions: list[Revision]) -> list[Validity]:
    spans = Validity.objects.filter(record__in=[one.uid for one in revisions], place="")
    return [span for span in spans if span.until_on != span.from_on]


def _looked_at_again(revision: Revision, by: Actor) -> None:
    """A document that has a new revision is looked at again after its interval."""
    months = revision.rules.review_months
    if months and revision.effective_on and not revision.temporary:
        document = Document.objects.get(pk=revision.of_document_id)
        actions.edit(document, by=Actor.clock(by.organisation), due=after_months(revision.effective_on, months))


def after_months(day: Any, months: int) -> Any:
    """The same day of the month so many months later, or the last of that month; at most a century on."""
    year, month = divmod(day.month - 1 + min(months, 1200), 12)
    first = day.replace(year=day.year + year, month=month + 1, day=1)
    longest = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, longest.day))
