"""What one person is told by mail: what they owe over all registers, and the news they have not read."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.faces.portable import quiet
from plumbline.kernel import duties
from plumbline.kernel.models import Duty, Notice, Record
from plumbline.kernel.templatetags.kernel import duty_url, record_url, verb_label
from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role
from plumbline.ui.marks import due_html

from . import matters, news, stopping
from .called import called
from .work import MOST, grouped

LINES, NEWS = 40, 10  # named in a mail; the rest is a number and a link
SOON = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One record in a mail: what it is, why it is here, where it is read."""

    title: str
    why: str
    url: str


@dataclass(frozen=True)
class Digest:
    """What there is to say to one person on one day, in the language that is active."""

    actor: Actor
    day: date
    groups: list[tuple[str, str, list[Line]]]
    news: list[Line]
    owed: int
    overdue: int
    pressing: frozenset[str]  # what is overdue, or due within a day
    more: int = field(default=0)
    waited_for: bool = field(default=False)

    def __bool__(self) -> bool:
        return bool(self.owed or self.news)

    @property
    def subject(self) -> str:
        if self.waited_for:
            words = _("Somebody waits for you")
        elif not self.owed:
            words = _("News for you")
        else:
            words = ngettext("%(n)d thing to do", "%(n)d things to do", self.owed) % {"n": self.owed}
        if self.overdue:
            words += _(", %(n)d overdue") % {"n": self.overdue}
        return " ".join(f"{self.actor.organisation.name}: {words}".split())

    def message(self, identity: str) -> EmailMultiAlternatives:
        """The mail; its Message-ID is fixed, so that one sent twice is known as the same."""
        person, slug = self.actor.person, self.actor.organisation.slug
        assert person
        page = address(reverse("notices", args=[slug]))
        work, stop = address(reverse("my-work", args=[slug])), address(stopping.path_of(person))
        context = {"digest": self, "person": person, "page": page, "work": work, "stop": stop}
        headers = {
            "Message-ID": identity,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        text = render_to_string("desk/mail/digest.txt", context)
        mail = EmailMultiAlternatives(self.subject, text, to=[person.email], headers=headers)
        mail.attach_alternative(render_to_string("desk/mail/digest.html", context), "text/html")
        return mail


def message_id(person: UUID, day: date) -> str:
    """RFC 5322: unique to the person and the day, at the host people type."""
    return identity_of(f"digest.{day:%Y%m%d}.{person.hex}")


def identity_of(what: str) -> str:
    host = urlsplit(settings.PLUMBLINE_ORIGIN).hostname or "localhost"
    return f"<{what}@{f'[{host}]' if ':' in host else host}>"


def address(path: str) -> str:
    """The whole address of a page, for where no browser knows the host."""
    return settings.PLUMBLINE_ORIGIN + path


def digest_of(actor: Actor, day: date) -> Digest:
    """Only what this person may see, as it stands now."""
    owed = list(duties.owed_by(actor)[:MOST])
    mailed = Q(verb="nudge", mailed__sent_at__isnull=False)  # a mail of its own told of it
    unread = news.unread(actor, "mail").exclude(mailed).exclude(quiet.unheard("organisation", "made_at"))
    fresh: list[Any] = list(unread.select_related("record")[:NEWS])
    called([one.record for one in (*owed, *fresh)])
    told = [Line(one.title, one.why, address(one.url)) for one in matters.of(actor)]
    groups, left = [], LINES
    for heading, tone, theirs in grouped(owed, day):
        if left > 0:
            groups.append((heading, tone, [_owed(duty, actor, day) for duty in theirs[:left]]))
        left -= len(theirs)
    return Digest(
        actor,
        day,
        groups,
        told + [_news(notice, actor) for notice in fresh],
        owed=len(owed),
        overdue=sum(1 for duty in owed if duty.due and duty.due < day),
        pressing=frozenset(_key(duty, day) for duty in owed if duty.due and duty.due <= day + SOON),
        more=max(0, -left),
    )


def reminder_of(actor: Actor, day: date, reminded: list[int]) -> Digest:
    """What of these reminders is still waited for, unless the person wants no mail of this sort."""
    unread = news.unread(actor, "mail").filter(verb="nudge", pk__in=reminded)
    owed = duties.owed_by(actor).filter(person=actor.person, record__in=unread.values("record"))
    waited = list(owed[:LINES])
    called([duty.record for duty in waited])
    lines = [_owed(duty, actor, day) for duty in waited]
    return Digest(actor, day, [], lines, owed=0, overdue=0, pressing=frozenset(), waited_for=True)


def _key(duty: Duty, day: date) -> str:
    return f"{duty.record_id} {duty.verb} {duty.due} {'late' if duty.due and duty.due < day else 'soon'}"


def why(duty: Duty, day: date) -> str:
    """The reason in one line: what is to be done, by when, and as whom."""
    move = f"{_('next:')} {verb_label(duty.record, duty.verb)}"
    words = [move, strip_tags(due_html(duty.due, day))]
    if duty.role:
        words.append(_("as %(role)s") % {"role": Role(duty.role).label if duty.role in Role.values else duty.role})
    return " · ".join(word for word in words if word)


def _owed(duty: Duty, actor: Actor, day: date) -> Line:
    return Line(_title(duty.record), why(duty, day), address(duty_url(duty, actor.organisation)))


def _news(notice: Notice, actor: Actor) -> Line:
    return Line(_title(notice.record), news.words(notice), record_address(notice.record, actor.organisation))


def _title(record: Any) -> str:
    return str(record.named)


def record_address(record: Record, organisation: Any) -> str:
    return address(record_url(record, organisation))
