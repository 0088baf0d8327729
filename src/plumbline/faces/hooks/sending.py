"""From the log to the address: what happened is written down for each webhook, then sent until it is taken."""

import json
import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plumbline.faces.portable import quiet
from plumbline.history.uids import uuid7
from plumbline.kernel import notices
from plumbline.kernel.models import Record
from plumbline.kernel.register import Register, register_of
from plumbline.ledger.models import Entry, Event, Log
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person

from . import signing
from .addresses import Refused, post
from .models import Delivery, Sender, Webhook

WAITS = [timedelta(minutes=m) for m in (1, 5, 30, 120, 300, 600, 840, 1200)]  # after each try that failed
AT_ONCE, PER_RUN, SECONDS = 200, 2000, 25  # events read in one go; at most in a run; for sending in a run
KEPT = timedelta(days=30)
FORMER = 5  # secrets that sign beside the newest
INNER_TABLES = {"formernumber", "signature"}  # a signature comes with the move that it signs

log = logging.getLogger(__name__)


def begin(webhook: Webhook) -> str:
    """Start to listen from now on; returns the secret, to be shown once."""
    size = Log.objects.filter(pk=webhook.organisation_id).values_list("size", flat=True).first() or 0
    return Sender.objects.create(webhook=webhook, secret=signing.new_secret(), after=size).secret


def renew(webhook: Webhook, now: datetime) -> str:
    """A new secret; the old ones sign beside it for a day. One that was loaded from elsewhere has none: it begins."""
    with transaction.atomic():  # one after the other: made twice, what is shown and what is known both sign
        sender, secret = Sender.objects.select_for_update().filter(pk=webhook.pk).first(), signing.new_secret()
        if sender is None:
            return begin(webhook)
        former = " ".join([sender.secret, *_former(sender, now)][:FORMER])
        Sender.objects.filter(pk=sender.pk).update(secret=secret, former=former, former_until=now + timedelta(days=1))
    return secret


def _former(sender: Sender, now: datetime) -> list[str]:
    return sender.former.split() if sender.former_until and sender.former_until > now else []


def test(webhook: Webhook, now: datetime) -> Delivery:
    """One delivery that only says that it works."""
    text = _("A test from Plumbline: this webhook works.")
    facts = {"type": "plumbline.test", "timestamp": now.isoformat(), "data": {"message": text}}
    body = {"text": text} if webhook.form == Webhook.Form.CHAT else facts
    return Delivery.objects.create(webhook=webhook, event=uuid7(), kind="plumbline.test", body=_json(body), made_at=now)


def run(now: datetime) -> Iterator[dict[str, Any]]:
    """Write down what happened since the last run, send what waits, forget what is old."""
    for organisation in Organisation.objects.filter(pk__in=_active().values("organisation")).order_by("uid"):
        try:
            with translation.override(organisation.language or "en"):
                _note(organisation, now)
        except Exception:
            log.exception("The events of %s could not be noted for its webhooks", organisation.slug)
    held = Delivery.objects.filter(quiet.unheard("webhook__organisation", "made_at")).exclude(next_try_at=None)
    held.update(next_try_at=None, said=_("Not sent: the company was quiet here."))
    yield from _send_waiting(now)
    Delivery.objects.filter(made_at__lt=now - KEPT, next_try_at=None).delete()


def _active() -> Any:
    return Webhook.objects.filter(ended=False)


def _note(organisation: Organisation, now: datetime) -> None:
    """One delivery for each webhook and event; the mark moves on in the same transaction, so none is noted twice."""
    hooks = list(_active().filter(organisation=organisation, sender__isnull=False).select_related("sender"))
    for hook in hooks:
        for _again in range(PER_RUN // AT_ONCE):
            with transaction.atomic():
                sender = Sender.objects.select_for_update().get(pk=hook.pk)
                entries = Entry.objects.filter(log_id=organisation.pk, seq__gte=sender.after).order_by("seq")
                places = dict(entries.values_list("event_id", "seq")[:AT_ONCE])
                if not places:
                    break
                if not hook.paused:
                    made = _deliveries(hook, organisation, list(places), now)
                    Delivery.objects.bulk_create(made, ignore_conflicts=True)
                Sender.objects.filter(pk=hook.pk).update(after=max(places.values()) + 1)


def _deliveries(hook: Webhook, organisation: Organisation, ids: list[UUID], now: datetime) -> list[Delivery]:
    """What of these events it is to hear: never of what is confidential, whoever made the webhook."""
    events = Event.objects.filter(~quiet.unheard("home", "at"), pk__in=ids)
    events = events.exclude(record=None).exclude(table__in=INNER_TABLES)
    told = sorted(events, key=lambda event: ids.index(event.pk))
    records = {one.pk: one for one in _open(organisation).filter(pk__in={event.record for event in told})}
    people = dict(Person.objects.filter(pk__in={event.actor for event in told}).values_list("pk", "name"))
    made = []
    for event in told:
        record = records.get(event.record or event.subject)
        if record is None:
            continue
        verb = event.verb if event.subject == event.record else f"{event.table}.{event.verb}"
        if hook.wants(record.kind, verb):
            facts = payload(event, verb, record, organisation, people.get(event.actor or event.subject, ""))
            made.append(
                Delivery(
                    webhook=hook,
                    event=event.pk,
                    record=record,
                    kind=f"{record.kind}.{verb}",
                    body=_json({"text": for_chat(facts["text"])} if hook.form == Webhook.Form.CHAT else facts),
                    made_at=now,
                    next_try_at=now,
                )
            )
    return made


def _open(organisation: Organisation) -> Any:
    """The records that a program outside may hear of."""
    return Record.objects.filter(organisation=organisation, confidential=False).select_related("owner")


def payload(event: Event, verb: str, record: Record, organisation: Organisation, by: str) -> dict[str, Any]:
    """What is sent: the event, and the record as it stands when the event is noted."""
    register = register_of(record)
    state = register.state_of(record)
    address = f"{settings.PLUMBLINE_ORIGIN}/r/{record.uid}/"
    said = _in_words(register, verb)
    line = f"{record.number} {record.title}: {said}"
    return {
        "type": f"{record.kind}.{verb}",
        "timestamp": event.at.isoformat(),
        "text": f"{line} ({by}) {address}" if by else f"{line} {address}",
        "data": {
            "organisation": organisation.slug,
            "event": str(event.pk),
            "verb": verb,
            "by": by,
            "record": {
                "uid": str(record.uid),
                "kind": record.kind,
                "number": record.number,
                "title": record.title,
                "state": record.state,
                "state_label": str(state.label),
                "owner": record.owner.name,
                "due": record.due.isoformat() if record.due else None,
                "version": record.version,
                "url": address,
            },
        },
    }


def _in_words(register: Register, verb: str) -> str:
    """What a person reads: the move, or the part that is new or changed."""
    table, _dot, what = verb.rpartition(".")
    part = next((str(one._meta.verbose_name) for one in register.parts if one._meta.model_name == table), table)
    done = {"create": _("new"), "edit": pgettext("what became of it", "changed")}.get(what)
    label = next((str(move.label) for move in register.workflow.moves if move.verb == what), what)
    return f"{part}, {done or label}" if part else done or label


def for_chat(line: str) -> str:
    """As chat programs take a plain text: nothing in a title is a link, and nobody is called by it."""
    return escape(line, quote=False).replace("@", "@\u200b")


def _json(facts: dict) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _send_waiting(now: datetime) -> Iterator[dict[str, Any]]:
    """In their order; a webhook that does not answer waits as a whole, and hinders no other."""
    until, silent = time.monotonic() + SECONDS, set()
    waiting = Delivery.objects.filter(next_try_at__lte=now, webhook__ended=False, webhook__paused=False)
    for pk, hook in list(waiting.order_by("next_try_at", "id").values_list("pk", "webhook")[:PER_RUN]):
        if time.monotonic() > until:
            return
        if hook in silent:
            continue
        row = Delivery.objects.select_related("webhook__sender", "webhook__organisation", "record").get(pk=pk)
        told = send(row, now)
        if told["refused"]:
            silent.add(hook)
        yield told


def send(row: Delivery, now: datetime) -> dict[str, Any]:
    """One try. What became confidential meanwhile is not sent; who says 410 wants no more."""
    hook = row.webhook
    if row.record is not None and not _open(hook.organisation).filter(pk=row.record_id).exists():
        Delivery.objects.filter(pk=row.pk).update(next_try_at=None, body="", said=_("It became confidential."))
        return _told(row, "")
    if not Sender.objects.filter(pk=hook.pk).exists():  # loaded from another installation, where the secret stayed
        return _told(row, _("it has no secret yet: make a new one."))
    body, sender, at = row.body.encode(), hook.sender, int(time.time())
    keys = [sender.secret, *_former(sender, now)]
    try:
        status, reason = post(hook.url, body, signing.headers(keys, f"msg_{row.event.hex}", at, body))
        said, taken = f"{status} {reason}"[:120].replace("\0", ""), 200 <= status < 300
        if 300 <= status < 400:
            said = _("%(answer)s: redirections are not followed") % {"answer": said}
    except TimeoutError:
        said, taken, status = _("no answer within ten seconds"), False, 0
    except (Refused, OSError) as error:
        said, taken, status = (" ".join(str(error).split()) or type(error).__name__)[:200], False, 0
    if taken:
        Delivery.objects.filter(pk=row.pk).update(delivered_at=now, next_try_at=None, tries=row.tries + 1, said=said)
        Sender.objects.filter(pk=hook.pk).exclude(failing_since=None).update(failing_since=None)
        return _told(row, "")
    again = row.record_id is not None and row.tries < len(WAITS) and status != 410  # a test is tried once
    wait = WAITS[row.tries] if again else None
    Delivery.objects.filter(pk=row.pk).update(tries=row.tries + 1, next_try_at=wait and now + wait, said=said)
    Sender.objects.filter(pk=hook.pk, failing_since=None).update(failing_since=now)
    if wait is None and row.record is not None:  # who made the webhook hears of it, once until it is read
        by = Actor.clock(hook.organisation)
        notices.tell_of_move({hook.made_by_id}, row.record, "undelivered", by)
    return _told(row, said)


def _told(row: Delivery, refused: str) -> dict[str, Any]:
    hook = row.webhook
    return {"organisation": hook.organisation.slug, "webhook": hook.name, "event": str(row.event), "refused": refused}
