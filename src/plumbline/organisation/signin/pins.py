"""PINs: set once and shown once, changed at first use, tried with growing pauses, and closed after ten wrong ones."""

import hashlib
import hmac
import itertools
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.ledger.writer import writing

from ..actor import Actor
from ..models import Person
from ..shared_devices import Pin, SharedDevice, end_sessions

SHORTEST, LONGEST = 4, 8  # digits
MOST = 10  # wrong ones in a row until only a new PIN helps
FREE, FIRST, LAST = 3, 30, 3600  # wrong ones without a pause; seconds of the first pause and of the longest
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
        Pin.objects.update_or_create(person=person, defaults={**kept, "organisation_id": person.organisation_id})
        pen.note("set PIN", subject=person.uid, table="person", facts={"first": must_change})
        end_sessions(now, person=person)


def take(person: Person, by: Actor) -> None:
    """From now on no PIN signs this person in."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        if Pin.objects.filter(person=person).delete()[0]:
            pen.note("take PIN", subject=person.uid, table="person")
        end_sessions(timezone.now(), person=person)


def pause(wrong: int, free: int = FREE, last: int = LAST) -> timedelta:
    """How long nobody may try after so many wrong ones: 30 seconds, a minute, two, four."""
    return timedelta(seconds=min(last, FIRST * 2 ** min(wrong - free, 12))) if wrong >= free else timedelta()


def fewer(wrong: int, at: datetime | None, now: datetime) -> int:
    """The wrong tries a device still remembers."""
    return max(0, wrong - int((now - at).total_seconds() // FORGETS)) if at else 0


def judge(device: SharedDevice, person: Person, pin: str) -> str:
    """Why this PIN does not sign in here: wrong, paused, device, closed, none; nothing when it does.

    Each try counts before it is looked at, so that many at one moment are many.
    """
    now = timezone.now()
    with transaction.atomic():
        device = SharedDevice.objects.select_for_update().get(pk=device.pk)
        kept = Pin.objects.select_for_update().filter(person=person).first()
        seen = fewer(device.wrong_pins, device.wrong_pin_at, now)
        if why := _closed(device, kept, seen, now):
            return why
        assert kept is not None
        kept.wrong, kept.wrong_at = kept.wrong + 1, now
        device.wrong_pins, device.wrong_pin_at = seen + 1, now
        kept.save(update_fields=["wrong", "wrong_at"])
        device.save(update_fields=["wrong_pins", "wrong_pin_at"])
    if not check_password(keyed(person, pin), kept.digest):
        return "wrong"
    Pin.objects.filter(person=person, digest=kept.digest).update(wrong=0, wrong_at=None)
    SharedDevice.objects.filter(pk=device.pk, wrong_pins=seen + 1).update(wrong_pins=seen)
    return ""


def _closed(device: SharedDevice, kept: Pin | None, seen: int, now: datetime) -> str:
    if device.wrong_pin_at and now - device.wrong_pin_at < pause(seen, DEVICE_FREE, DEVICE_LAST):
        return "device"
    if kept is None:
        return "none"
    if kept.wrong >= MOST:
        return "closed"
    return "paused" if kept.wrong_at and now - kept.wrong_at < pause(kept.wrong) else ""


def words(why: str) -> str:
    """What is said to whoever tried."""
    return {
        "wrong": _("That is not your PIN."),
        "paused": _("It was wrong several times: wait a little, then try again. Each wrong try makes the wait longer."),
        "device": _("Too many wrong tries at this device: wait a few minutes. A badge still works."),
        "closed": _("It was wrong ten times. Ask whoever runs your organisation for a new PIN; a badge still works."),
        "none": _("There is no PIN for you yet. Use your badge, or ask for a PIN."),
    }[why]
