"""What a person hears: the news by sort, each of which can be switched off in the app or in the mail."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from plumbline.kernel import notices
from plumbline.kernel.models import Duty, Notice
from plumbline.kernel.register import register_of
from plumbline.kernel.templatetags.kernel import verb_label
from plumbline.organisation.actor import Actor

from .models import NewsChoice

SORTS: dict[str, Any] = {
    "turn": _lazy("It becomes my turn"),
    "owner": _lazy("A record becomes mine"),
    "mention": _lazy("A comment names me"),
    "comment": _lazy("A comment on a record of mine"),
    "nudge": _lazy("Somebody waits for me"),
    "follow": _lazy("Something happens to what I follow"),
    "other": _lazy("An answer to something I asked for"),
}
PREFIXED, PLAIN = ("turn", "follow"), ("owner", "mention", "comment", "nudge")
OWED = Duty.objects.filter(record=OuterRef("record"), verb=Substr(OuterRef("verb"), len("turn:") + 1))
COLLECT = Q(verb="turn:collect")  # paper of a withdrawn document, which is closed and has no duties


def unread(actor: Actor, place: str = "app") -> QuerySet[Notice]:
    """What the actor has not read, may see and did not switch off for “app” or “mail”; no turn that is over."""
    found = notices.unread(actor).filter(~Q(verb__startswith="turn:") | COLLECT | Exists(OWED))
    choice = NewsChoice.objects.filter(person=actor.person).first() if actor.person else None
    for sort in getattr(choice, place) if choice else ():
        found = found.exclude(_of(sort))
    return found


def _of(sort: str) -> Q:
    if sort in PREFIXED:
        return Q(verb__startswith=f"{sort}:")
    if sort in PLAIN:
        return Q(verb=sort)
    return ~Q(verb__startswith="turn:") & ~Q(verb__startswith="follow:") & ~Q(verb__in=PLAIN)


def words(notice: Notice) -> str:
    """What a line of news says, in a few words; the record is loaded."""
    sort, _colon, verb = notice.verb.partition(":")
    if sort == "turn":
        return _("your turn: %(what)s") % {"what": verb_label(notice.record, verb)}
    if sort != "follow":
        return notice.words
    table, _dot, what = verb.rpartition(".")
    done = {"create": _("new"), "edit": pgettext("what became of it", "changed")}.get(what) or verb_label(
        notice.record, what
    )
    parts = register_of(notice.record).parts
    part = next((str(one._meta.verbose_name) for one in parts if one._meta.model_name == table), "")
    return f"{part}: {done}" if part else done
