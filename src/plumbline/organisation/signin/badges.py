"""Badges: a reader types their code like a keyboard; kept as keyed hashes, taken back one by one."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.ledger.writer import writing

from ..actor import Actor
from ..models import Person
from ..shared_devices import Badge, SharedDevice, end_sessions
from . import pins

SHORTEST, LONGEST = 8, 64  # characters
FREE, LAST = 10, 900  # unknown badges at one device without a pause; seconds of the longest pause


def digest_of(organisation: object, code: str) -> str:
    """Codes of readers are short numbers: only who has this installation's secret can try them through."""
    key = f"badge {settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{organisation}:{code.strip()}".encode(), hashlib.sha256).hexdigest()


def invented() -> str:
    """A code to print on a badge of our own."""
    return "PB" + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _n in range(20))


def give(person: Person, code: str, by: Actor) -> Badge:
    """This badge is this person's from now on. Raises ValidationError."""
    code = code.strip()
    if not SHORTEST <= len(code) <= LONGEST or not code.isascii() or not code.isprintable():
        raise ValidationError(_("The code of a badge has 8 to 64 letters and digits."))
    if Person.objects.filter(organisation=person.organisation_id, personnel_number=code).exists():
        raise ValidationError(_("This is somebody's personnel number: it would need no PIN. Take another code."))
    digest = digest_of(person.organisation_id, code)
    made = Badge(organisation_id=person.organisation_id, person=person, digest=digest, hint=code[-3:])
    try:
        with writing(by.organisation.uid, by.stamp()) as pen:
            made.save(force_insert=True)
            pen.note("give badge", subject=person.uid, table="person", facts={"ends": made.hint})
    except IntegrityError as error:
        raise ValidationError(_("Somebody has this badge already. Take it back first.")) from error
    return made


def revoke(badge: Badge, by: Actor) -> None:
    """A lost badge opens nothing any more, and whoever is signed in with it is out."""
    now = timezone.now()
    with writing(by.organisation.uid, by.stamp()) as pen:
        if Badge.objects.filter(pk=badge.pk, revoked_at=None).update(revoked_at=now):
            pen.note("take badge", subject=badge.person_id, table="person", facts={"ends": badge.hint})
        end_sessions(now, person=badge.person_id, how__startswith="badge")


def read(device: SharedDevice, code: str) -> tuple[Person | None, str]:
    """Whose badge it is, of those who may sign in here; or why nobody's: unknown, elsewhere, paused."""
    now = timezone.now()
    with transaction.atomic():
        device = SharedDevice.objects.select_for_update().select_related("organisation").get(pk=device.pk)
        seen = pins.fewer(device.wrong_badges, device.wrong_badge_at, now)
        if device.wrong_badge_at and now - device.wrong_badge_at < pins.pause(seen, FREE, LAST):
            return None, "paused"
        digest = digest_of(device.organisation_id, code)
        known = Badge.objects.filter(organisation=device.organisation_id, digest=digest, revoked_at=None).first()
        if known is None:
            device.wrong_badges, device.wrong_badge_at = seen + 1, now
            device.save(update_fields=["wrong_badges", "wrong_badge_at"])
            return None, "unknown"
        person = device.people().filter(pk=known.person_id).first()
        return person, "" if person else "elsewhere"


def words(why: str) -> str:
    """What is said to whoever held it there."""
    return {
        "unknown": _("Nobody here has this number or badge. Type it again, or ask whoever leads you for a badge."),
        "elsewhere": _("This badge is not for this device. Use one at your own place."),
        "paused": _("Too many unknown badges at this device: wait a few minutes. A PIN still works."),
    }[why]
