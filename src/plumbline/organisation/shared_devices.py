"""Shared devices in the hall, and what people sign in with there: PIN and badge; only hashes are kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plumbline.history.uids import uuid7

from .models import Department, Organisation, Person, Site, here

IDLE = timedelta(minutes=10)


class SharedDevice(models.Model):
    """A tablet or a computer that many use; working row, binding and unbinding are told to the log (ADR 0020)."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    number = models.PositiveIntegerField(editable=False)  # how events name it: a number is no personal value
    name = models.CharField(_("name"), max_length=60)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    shows_names = models.BooleanField(_("show the names of those who sign in here"), default=True)
    badge_asks_pin = models.BooleanField(_("ask for the PIN after a badge, too"), default=False)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # of the secret in its cookie
    ticket = models.CharField(max_length=64, unique=True, null=True, editable=False)  # digest of the link that binds it
    ticket_until = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False)
    bound_at = models.DateTimeField(null=True, editable=False)
    unbound_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    wrong_pins = models.PositiveIntegerField(default=0, editable=False)
    wrong_pin_at = models.DateTimeField(null=True, editable=False)
    wrong_badges = models.PositiveIntegerField(default=0, editable=False)
    wrong_badge_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("shared device"), _("shared devices")
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="one_device_number")]

    def __str__(self) -> str:
        return self.name

    def people(self) -> models.QuerySet[Person]:
        """Who may sign in here: those at its place who have a PIN or a badge and have not left."""
        day = self.organisation.today()
        able = Q(pk__in=Pin.objects.filter(organisation=self.organisation).values("person")) | Q(
            pk__in=Badge.objects.filter(organisation=self.organisation, revoked_at=None).values("person")
        )
        found = Person.objects.filter(here(day), able, organisation=self.organisation)
        if self.department_id:
            found = found.filter(department=self.department_id)
        if self.site_id:
            found = found.filter(Q(site=self.site_id) | Q(site=None, department__site=self.site_id))
        return found.order_by("name")


class Pin(models.Model):
    """A person's PIN as a hash that another installation's secret cannot try; working row."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=255)
    must_change = models.BooleanField(default=True)
    set_at = models.DateTimeField(default=timezone.now)
    wrong = models.PositiveIntegerField(default=0)  # in a row, at all devices together
    wrong_at = models.DateTimeField(null=True)


class PinTry(models.Model):
    """Wrong PINs for one person at one device, in a row: what rests after them rests there and for her; working row."""

    device = models.ForeignKey(SharedDevice, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    wrong = models.PositiveIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "person"], name="one_count_per_device_and_person")]


class Badge(models.Model):
    """What a reader types for a badge, as a keyed hash; working row."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    hint = models.CharField(max_length=8)  # how it ends, to know it by
    given_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], condition=Q(revoked_at=None), name="one_person_per_badge"
            )
        ]


class DeviceSession(models.Model):
    """Somebody at a shared device, until the next person, or ten minutes without a touch; working row."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device = models.ForeignKey(SharedDevice, models.PROTECT, related_name="sessions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    how = models.CharField(max_length=10)  # pin, badge, badge+pin
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["device", "began_at"]), models.Index(fields=["person", "ended_at"])]

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now - self.seen_at < IDLE

    @property
    def said(self) -> str:
        """How events say it: the way, and the number of the device."""
        return f"{self.how}@{self.device.number}"


def end_sessions(when: datetime, **whose: Any) -> None:
    """Whoever is signed in that way is signed in no more: of one device, or of one person."""
    DeviceSession.objects.filter(ended_at=None, **whose).update(ended_at=when)


def told(organisation: UUID, said: Iterable[str]) -> dict[str, str]:
    """What events say, in words: “pin@3” → by PIN at Hall 2; asks only where somebody was at a device."""
    at = {one: one.partition("@")[::2] for one in said if "@" in one}
    if not at:
        return {}
    numbers = {int(number) for _way, number in at.values() if number.isdigit()}
    found = SharedDevice.objects.filter(organisation=organisation, number__in=numbers)
    names = {str(one.number): one.name for one in found}
    ways = {"pin": gettext("by PIN at %(name)s"), "badge": gettext("by badge at %(name)s")}
    ways["badge+pin"] = gettext("by badge and PIN at %(name)s")
    return {one: ways[way] % {"name": names[no]} for one, (way, no) in at.items() if way in ways and no in names}
