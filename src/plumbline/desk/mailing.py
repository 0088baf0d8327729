"""Who gets a mail today, and getting it sent: at least once, with the same Message-ID, outside any transaction."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import get_connection
from django.db.models import Q, QuerySet
from django.utils import translation

from plumbline.faces.portable import quiet
from plumbline.history.uids import uuid7
from plumbline.kernel.models import Notice
from plumbline.organisation.accounts import Backend
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Organisation, Person, here

from .digest import Digest, digest_of, identity_of, message_id, reminder_of
from .models import MailChoice, Mailed, Often, Reminder

MORNING = 6  # o'clock, in the organisation's zone
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)  # between two tries, doubled each time
KEPT = timedelta(days=100)

log = logging.getLogger(__name__)


def send(now: datetime) -> Iterator[dict[str, Any]]:
    """Look once a day what each person is to be told, and send what is not sent yet; told mail by mail."""
    for organisation in quiet.senders():
        _look(organisation, now)
    _note_reminders(now)
    mails = {row.mail: row for row in _due(Reminder, now).order_by("next_try_at", "notice")}
    rows: list[Mailed | Reminder] = [*mails.values(), *_due(Mailed, now).order_by("next_try_at", "id")]
    if rows:  # reminders first: what one told, no other mail repeats
        yield from _post(rows, now)


def _due(model: Any, now: datetime) -> QuerySet:
    """What waits to be sent, of those who send."""
    due = model.objects.filter(next_try_at__lte=now).exclude(person__organisation__in=quiet.quiet())
    return due.select_related("person__account", "person__organisation")


def _note_reminders(now: datetime) -> None:
    """Those who were reminded since the last look get a mail of it, one each."""
    fresh = Notice.objects.filter(~quiet.unheard("organisation", "made_at"), verb="nudge", read_at=None, mailed=None)
    mails: dict[Any, UUID] = defaultdict(uuid7)
    rows = [
        Reminder(notice_id=notice, person_id=person, mail=mails[person], next_try_at=now)
        for notice, person in fresh.order_by("id").values_list("id", "person")
    ]
    if rows:
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def often_of(person: Person) -> tuple[str, bool]:
    """How often this person wants a mail, and whether also when something new is pressing."""
    choice = MailChoice.objects.filter(person=person).first()
    return (choice and choice.often) or default_of(person.organisation), choice is None or choice.urgent


def default_of(organisation: Organisation) -> str:
    """What the organisation has chosen for those who chose nothing."""
    return str(organisation.settings.get("mails") or Often.WEEKLY)


def _look(organisation: Any, now: datetime) -> None:
    local = now.astimezone(ZoneInfo(organisation.zone))
    if local.hour < MORNING:
        return
    since = organisation.sends_from
    begun = since is not None and since.astimezone(local.tzinfo).date() == local.date()
    made = [_looked_at(person, local.date(), now, begun) for person in _unseen(organisation, local.date())]
    if made:
        Mailed.objects.bulk_create(made, ignore_conflicts=True)
        Mailed.objects.filter(person__organisation=organisation, day__lt=local.date() - KEPT, next_try_at=None).delete()


def _unseen(organisation: Organisation, day: date) -> QuerySet[Person]:
    """Those with an address and an account who were not looked at today and for whom no mail waits."""
    seen = Mailed.objects.filter(Q(day=day) | ~Q(next_try_at=None)).values("person")
    people = Person.objects.filter(here(day), organisation=organisation, account__is_active=True)
    return people.exclude(email="").exclude(pk__in=seen).select_related("account", "organisation")


def _looked_at(person: Person, day: date, now: datetime, begun: bool) -> Mailed:
    """On the day on which a quiet company has begun to send, what is pressing already is noted and nobody is told."""
    if begun:
        digest = _digest(person, day)
        return Mailed(person=person, day=day, told=sorted(digest.pressing) if digest else [])
    return Mailed(person=person, day=day, next_try_at=now if _wanted(person, day) else None)


def _wanted(person: Person, day: date) -> bool:
    """Whether the person is to get a mail on this day."""
    often, urgent = often_of(person)
    digest = _digest(person, day)
    if digest is None:
        return False
    zone, monday = ZoneInfo(person.organisation.zone), day - timedelta(days=day.weekday())
    past = Mailed.objects.filter(person=person)
    sent = past.exclude(sent_at=None, told=[]).order_by("-day").first()
    if sent and sent.sent_at and sent.sent_at.astimezone(zone).date() == day:
        return False
    assert person.account
    last = past.order_by("-day").values_list("day", flat=True).first()
    if often == Often.DAILY or (last or person.account.joined_at.astimezone(zone).date()) < monday:
        return True
    return urgent and bool(digest.pressing.difference(sent.told if sent else ()))


def _digest(person: Person, day: date) -> Digest | None:
    """What there is to say to somebody who wants to be told; None: nothing, or not to this person."""
    return _said(person, day, lambda actor: digest_of(actor, day))


def _said(person: Person, day: date, what: Callable[[Actor], Digest]) -> Digest | None:
    account = person.account
    if account is None or not person.email or not Backend().user_can_authenticate(account):
        return None
    actor = Actor.of(person)
    if actor.reads_only or often_of(person)[0] == Often.NEVER or not person.is_here(day):
        return None
    with translation.override(language_of(account)):
        return what(actor) or None


def language_of(account: Account) -> str:
    return account.language or "en"


def _letter(row: Mailed | Reminder, day: date) -> tuple[Digest | None, str]:
    """What a row is to say as it stands now, and the Message-ID it has however often it is tried."""
    if isinstance(row, Mailed):
        return _digest(row.person, day), message_id(row.person.uid, row.day)
    reminded = list(row.whole.values_list("notice", flat=True))
    digest = _said(row.person, day, lambda actor: reminder_of(actor, day, reminded))
    return digest, identity_of(f"reminder.{row.mail.hex}")


def _post(rows: list[Mailed | Reminder], now: datetime) -> Iterator[dict[str, Any]]:
    """Over one connection; a server that does not answer is asked again later, one refused mail hinders no other."""
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        log.warning("%d mails wait, the mail server does not answer: %s", len(rows), error)
        for row in rows:
            yield _put_off(row, now, error)
        return
    try:
        for row in rows:
            told = _send(connection, row, now)
            if told:
                yield told
    except SMTPServerDisconnected as error:
        log.warning("The mail server ended the connection, the rest waits a minute: %s", error)
    finally:
        connection.close()


def _send(connection: Any, row: Mailed | Reminder, now: datetime) -> dict[str, Any] | None:
    person = row.person
    try:
        digest, identity = _letter(row, now.astimezone(ZoneInfo(person.organisation.zone)).date())
        if digest is None:
            row.whole.update(next_try_at=None)
            return None
        with translation.override(language_of(person.account)):  # type: ignore[arg-type]  # a digest has one
            message = digest.message(identity)
        connection.send_messages([message])
    except SMTPServerDisconnected as error:
        _put_off(row, now, error)
        raise
    except (SMTPException, OSError) as error:
        log.warning("The mail to %s waits: %s", person.uid, error)
        return _put_off(row, now, error)
    except Exception as error:
        log.exception("The mail to %s could not be written", person.uid)
        return _put_off(row, now, error)
    told = {"told": sorted(digest.pressing)} if isinstance(row, Mailed) else {}
    row.whole.update(sent_at=now, next_try_at=None, **told)
    return _told(row)


def _put_off(row: Mailed | Reminder, now: datetime, error: Exception) -> dict[str, Any]:
    wait = min(FIRST_WAIT * 2 ** min(row.tries, 10), LONGEST_WAIT)
    row.whole.update(tries=row.tries + 1, next_try_at=now + wait)
    return _told(row, " ".join(str(error).split()) or type(error).__name__)


def _told(row: Mailed | Reminder, refused: str = "") -> dict[str, Any]:
    person = row.person
    return {
        "organisation": person.organisation.slug,
        "mail": message_id(person.uid, row.day) if isinstance(row, Mailed) else identity_of(f"reminder.{row.mail.hex}"),
        "person": str(person.uid),
        "refused": refused,
    }
