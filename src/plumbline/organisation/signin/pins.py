"""PINs: set once and shown once, changed at first use; wrong ones make one person wait at one device, ever longer."""

import hashlib
import hmac
import itertools
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plumbline.ledger.writer import writing

from ..actor import Actor
from ..models import Organisation, Person
from ..shared_devices import Pin, PinTry, SharedDevice, end_sessions

SHORTEST, LONGEST = 4, 8  # digits
MOST = 10  # wrong ones in a row at one device, until the PIN rests there and those who lead are told
EVERYWHERE = 50  # wrong ones in a row at all devices together, until it rests everywhere
FREE, FIRST, LAST = 3, 30, 3600  # wrong ones without a pause; seconds of the first pause and of the longest
REST, LONGEST_REST = 3600, 24 * 3600  # seconds of the first rest after ten, and of the longest
DEVICE_FREE, DEVICE_LAST = 12, 900  # the same for all who try at one device
FORGETS = 300  # seconds after which a device forgets one wrong try


def keyed(person: Person, pin: str) -> str:
    """What is hashed: without this installation's secret a stolen hash of four digits cannot be tried through."""
    return hmac.new(f"pin {settings.SECRET_KEY}".encode(), f"{person.pk}:{pin}".encode(), hashlib.sha256).hexdigest()


def sound(person: Person, pin: str) -> None:
    """Raise ValidationError for what is no PIN, or one that everybody tries first."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise ValidationError(_("A PIN has four to eight digits."))
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if (len(steps) == 1 and steps <= {0, 1, 9}) or pin == person.personnel_number:
        raise ValidationError(_("Others would try this one first. Choose another."))


def give(person: Person, by: Actor) -> str:
    """A new first PIN, to be shown once and changed at first use; sessions with the old one end."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _n in range(6))
        try:
            sound(person, pin)
        except ValidationError:
            continue
        break
    _keep(person, pin, by, must_change=True)
    return pin


def choose(person: Person, pin: str, by: Actor) -> None:
    """The person's own choice."""
    sound(person, pin)
    kept = Pin.objects.filter(person=person).first()
    if kept and check_password(keyed(person, pin), kept.digest):
        raise ValidationError(_("This is the PIN you were given. Choose one that only you know."))
    _keep(person, pin, by, must_change=False)


def _keep(person: Person, pin: str, by: Actor, must_change: bool) -> None:
    digest, now = make_password(keyed(person, pin)), timezone.now()
    kept = {"digest": digest, "must_change": must_change, "set_at": now, "wrong": 0, "wrong_at": None}
    with writing(by.organisation.uid, by.stamp()) as pen:
        PinTry.objects.filter(person=person).delete()
        Pin.objects.update_or_create(person=person, defaults={**kept, "organisation_id": person.organisation_id})
        pen.note("set PIN", subject=person.uid, table="person", facts={"first": must_change})
        end_sessions(now, person=person)


def take(person: Person, by: Actor) -> None:
    """From now on no PIN signs this person in."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        PinTry.objects.filter(person=person).delete()
        if Pin.objects.filter(person=person).delete()[0]:
            pen.note("take PIN", subject=person.uid, table="person")
        end_sessions(timezone.now(), person=person)


def pause(wrong: int, free: int = FREE, last: int = LAST) -> timedelta:
    """How long nobody may try after so many wrong ones: 30 seconds, a minute, two, four."""
    return timedelta(seconds=min(last, FIRST * 2 ** min(wrong - free, 12))) if wrong >= free else timedelta()


def fewer(wrong: int, at: datetime | None, now: datetime) -> int:
    """The wrong tries a device still remembers."""
    return max(0, wrong - int((now - at).total_seconds() // FORGETS)) if at else 0


def rest(wrong: int) -> timedelta:
    """How long one person's PIN waits at one device: the pauses, and from ten wrong ones an hour, two, four, a day."""
    if wrong < MOST:
        return pause(wrong)
    return timedelta(seconds=min(LONGEST_REST, REST * 2 ** min(wrong - MOST, 12)))


def judge(device: SharedDevice, person: Person, pin: str) -> str:
    """Why this PIN does not sign in here: wrong, paused, rests, device, closed, none; nothing when it does.

    Each try counts before it is looked at, so that many at one moment are many.
    """
    now = timezone.now()
    with transaction.atomic():
        device = SharedDevice.objects.select_for_update().get(pk=device.pk)
        kept = Pin.objects.select_for_update().filter(person=person).first()
        here = PinTry.objects.filter(device=device, person=person).first() or PinTry(device=device, person=person)
        seen = fewer(device.wrong_pins, device.wrong_pin_at, now)
        if why := _closed(device, kept, here, seen, now):
            return why
        assert kept is not None
        for row in (kept, here):
            row.wrong, row.wrong_at = row.wrong + 1, now
            row.save()
        device.wrong_pins, device.wrong_pin_at = seen + 1, now
        device.save(update_fields=["wrong_pins", "wrong_pin_at"])
    if not check_password(keyed(person, pin), kept.digest):
        if here.wrong == MOST or kept.wrong == EVERYWHERE:
            _tell(device, person, kept.wrong)
        return "wrong" if here.wrong < MOST else "rests"
    if Pin.objects.filter(person=person, digest=kept.digest).update(wrong=0, wrong_at=None):
        PinTry.objects.filter(device=device, person=person).delete()
    SharedDevice.objects.filter(pk=device.pk, wrong_pins=seen + 1).update(wrong_pins=seen)
    return ""


def _tell(device: SharedDevice, person: Person, wrong: int) -> None:
    """History says that a PIN rests, and where; nobody is named as who tried."""
    by = Actor(person.organisation, None, "unnamed", how=f"pin@{device.number}")
    with writing(person.organisation_id, by.stamp()) as pen:
        pen.note("rest PIN", subject=person.uid, table="person", facts={"device": device.number, "wrong": wrong})


def _closed(device: SharedDevice, kept: Pin | None, here: PinTry, seen: int, now: datetime) -> str:
    if device.wrong_pin_at and now - device.wrong_pin_at < pause(seen, DEVICE_FREE, DEVICE_LAST):
        return "device"
    if kept is None:
        return "none"
    if kept.wrong >= EVERYWHERE:
        return "closed"
    if here.wrong_at and now - here.wrong_at < rest(here.wrong):
        return "rests" if here.wrong >= MOST else "paused"
    return ""


@dataclass(frozen=True)
class Resting:
    """One person's PIN that waits at one device: until then, or until somebody opens it."""

    person: Person
    device: SharedDevice
    until: datetime | None


def resting(organisation: UUID, **whose: Any) -> list[Resting]:
    """Whose PIN rests now after ten wrong ones, and where. One query."""
    rows = PinTry.objects.filter(device__organisation=organisation, **whose).annotate(
        everywhere=Subquery(Pin.objects.filter(person=OuterRef("person")).values("wrong"))
    )
    rows = rows.filter(Q(wrong__gte=MOST) | Q(everywhere__gte=EVERYWHERE)).order_by("person__name", "pk")
    found, now = [], timezone.now()
    for row in rows.select_related("device", "person__department"):
        closed = (row.everywhere or 0) >= EVERYWHERE
        until = None if closed or row.wrong_at is None else row.wrong_at + rest(row.wrong)
        if until is None or until > now:
            found.append(Resting(row.person, row.device, until))
    return found


def open_again(person: Person, by: Actor) -> bool:
    """The same PIN counts again, at every device; whether it rested anywhere."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        rested = PinTry.objects.filter(person=person).delete()[0]
        Pin.objects.filter(person=person).update(wrong=0, wrong_at=None)
        if rested:
            pen.note("open PIN", subject=person.uid, table="person")
    return bool(rested)


def words(why: str, device: SharedDevice, person: Person) -> str:
    """What is said to whoever tried."""
    return {
        "wrong": _("That is not your PIN."),
        "paused": _paused(device, person) if why == "paused" else "",
        "device": _("Too many wrong tries at this device: wait a few minutes. A badge still works."),
        "rests": _rests(device, person) if why == "rests" else "",
        "closed": _(
            "It was wrong too often, at several devices. Whoever leads you or runs your organisation opens it again, "
            "or gives you a new one; your badge and your own account still work."
        ),
        "none": _("There is no PIN for you yet. Use your badge, or ask for a PIN."),
    }[why]


def _paused(device: SharedDevice, person: Person) -> str:
    here = PinTry.objects.get(device=device, person=person)
    left = cast(datetime, here.wrong_at) + rest(here.wrong) - timezone.now()
    said = _("It was wrong several times: try again in %(left)d seconds. Each wrong try makes the wait longer.")
    return said % {"left": max(1, math.ceil(left.total_seconds()))}


def _rests(device: SharedDevice, person: Person) -> str:
    here = PinTry.objects.get(device=device, person=person)
    until = cast(datetime, here.wrong_at) + rest(here.wrong)
    said = _(
        "It was wrong ten times at this device: until %(until)s your PIN rests here. Whoever leads you or runs your "
        "organisation can open it at once; your badge, another device and your own account still work."
    )
    return said % {"until": spelled(until, device.organisation)}


def spelled(at: datetime, organisation: Organisation) -> str:
    """Day and minute, as the clock in the hall shows them."""
    when = at.astimezone(ZoneInfo(organisation.zone))
    return f"{date_format(when, 'SHORT_DATE_FORMAT')} {when:%H:%M}"
