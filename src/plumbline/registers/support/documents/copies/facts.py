"""What stands at the head and foot of every page of a copy, in the language of the document."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plumbline.kernel.models import Signature
from plumbline.ledger.models import Checkpoint, Entry
from plumbline.organisation.models import Organisation

from ..models import Revision, Step, Validity

NO_BREAK = "\N{NO-BREAK SPACE}"
UNMARKED = "copies_unmarked"  # the organisation's setting: printed copies in force bear no mark
NAMED = 3  # approvers named in the foot; the record has them all


@dataclass(frozen=True)
class Mark:
    """What is written across every page, and from when it holds."""

    kind: str  # draft, waiting, obsolete, uncontrolled or nothing
    word: str = ""
    since: str = ""


@dataclass(frozen=True)
class Facts:
    """One revision as its copy tells of it."""

    uid: UUID
    organisation: str
    number: str
    title: str
    sort: str
    revision: str
    in_force: str
    owner: str
    mark: Mark
    approvals: tuple[str, ...]
    code: str
    address: str
    language: str
    copy: str = ""  # “controlled copy no. 3 for the noticeboard”


def language_of(revision: Revision) -> str:
    """The language of the document; where it names none that is known here, the organisation's."""
    known, document = dict(settings.LANGUAGES), revision.of_document
    return next((one for one in (document.language, revision.home.language) if one in known), "en")


def facts_of(revision: Revision, copy: str = "") -> Facts:
    """Read everything a copy says about its revision; ask inside `translation.override`."""
    document, organisation = revision.of_document, revision.home
    spans, today = spans_of(revision), organisation.today()
    signatures = approvals_of(revision)
    return Facts(
        uid=revision.uid,
        organisation=organisation.name,
        number=document.number,
        title=document.title,
        sort=str(document.get_sort_display()),
        revision=revision.revision_no or "–",
        in_force=in_force(revision, spans, today),
        owner=document.owner.name,
        mark=mark_of(revision, spans, today, unmarked=bool(copy)),
        approvals=_told(revision, signatures, organisation),
        code=code_of(revision, signatures),
        address=f"{settings.PLUMBLINE_ORIGIN}/r/{revision.uid}/",
        language=language_of(revision),
        copy=copy,
    )


def spans_of(revision: Revision) -> list[Validity]:
    """When and where it is in force; what was taken back before it began is left out."""
    return [span for span in Validity.objects.filter(record_id=revision.uid) if span.until_on != span.from_on]


def day(value: date) -> str:
    """A date as the reader writes it, never torn apart at the end of a line."""
    return date_format(value, pgettext("date format", "j F Y")).replace(" ", NO_BREAK)


def in_force(revision: Revision, spans: list[Validity], today: date) -> str:
    """“in force from 1 December 2026”, with its last day where that is known."""
    begins = min((span.from_on for span in spans), default=revision.effective_on)
    if begins is None:
        return _("not in force")
    ended = [span.until_on for span in spans if span.until_on]
    ends = max(ended) if ended and len(ended) == len(spans) else None
    if ends is None:
        return _("in force from %(day)s") % {"day": day(begins)}
    return _("in force from %(day)s to %(end)s") % {"day": day(begins), "end": day(ends - timedelta(days=1))}


def mark_of(revision: Revision, spans: list[Validity], today: date, unmarked: bool = False) -> Mark:
    """Across the page: what this copy is not."""
    if any(span.holds_on(today) for span in spans):
        if unmarked or revision.home.settings.get(UNMARKED):
            return Mark("")
        return Mark("uncontrolled", _("Uncontrolled when printed").upper())
    if revision.state == "approved" or any(span.from_on > today for span in spans):
        return Mark("waiting", _("Not yet in force").upper())
    if spans or revision.state in ("superseded", "withdrawn"):
        ended = max((s.until_on for s in spans if s.until_on), default=None) or closed_on(revision)
        since = _("since %(day)s") % {"day": day(ended)} if ended else ""
        return Mark("obsolete", _("Obsolete").upper(), since)
    if revision.state == "rejected":
        return Mark("obsolete", _("Not taken").upper())
    return Mark("draft", _("Draft").upper())


def closed_on(revision: Revision) -> date | None:
    zone = ZoneInfo(revision.home.zone)
    return revision.closed_at.astimezone(zone).date() if revision.closed_at else None


def approvals_of(revision: Revision) -> list[Signature]:
    """The signatures of those who approved it in its last round, the first of them first."""
    if revision.state in ("requested", "draft", "in_review", "proposed", "rejected"):
        return []
    began = min((s.created_at for s in revision.route if s.does == Step.Does.APPROVE), default=revision.created_at)
    signed = Signature.objects.filter(record_id=revision.uid, verb="approve", signed_at__gte=began)
    return list(signed.select_related("by").order_by("uid"))


def _told(revision: Revision, signatures: list[Signature], organisation: Organisation) -> tuple[str, ...]:
    """Who approved it, when, and what they meant by it."""
    zone = ZoneInfo(organisation.zone)
    lines = [
        _("Approved by %(name)s, %(when)s: “%(meaning)s”")
        % {"name": one.by.name, "when": instant(localtime(one.signed_at, zone)), "meaning": one.meaning}
        for one in signatures
    ]
    if len(lines) > NAMED:
        more = len(lines) - NAMED + 1
        lines = [*lines[: NAMED - 1], _("and %(count)d more, as its record says") % {"count": more}]
    if not lines and revision.state in ("effective", "superseded", "withdrawn"):
        return (_("Taken over as it was found: approved before it was kept here."),)
    return tuple(lines) or (_("Not approved."),)


def instant(moment) -> str:
    """Day and time in the zone of the organisation, with the zone's own letters."""
    return f"{day(moment.date())} {moment:%H:%M} {moment.tzname()}".replace(" ", NO_BREAK)


def code_of(revision: Revision, signatures: list[Signature]) -> str:
    """The first signed head of the log that covers its last approval, as reports of audits print it."""
    if not signatures and revision.state not in ("effective", "superseded", "withdrawn"):
        return _("none: draft")
    told = signatures[-1] if signatures else spans_of(revision)[0] if spans_of(revision) else revision
    entry = Entry.objects.filter(pk=told.last_event_id).first()
    head = (
        Checkpoint.objects.filter(log=revision.organisation_id, size__gt=entry.seq).order_by("id").first()
        if entry
        else None
    )
    if head is None:
        return _("not yet sealed")
    code = bytes(head.root).hex()[:16].upper()
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4)) + f" · {head.size}"
