"""What records point to: organisations, people, roles, sites, departments, processes; and the accounts."""

import secrets
import zoneinfo
from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plumbline.history.uids import uuid7
from plumbline.ledger.models import Evidence

from .roles import RUNS_ORGANISATION, Role

RESERVED_SLUGS = {
    "accounts",
    "api",
    "export",
    "new",
    "r",
    "static",
    "start",
    "language",
    "media",
    "health",
    "files",
    "scim",
}


def not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is reserved. Choose another short name."), params={"slug": slug})


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone, e.g. Europe/Berlin."), params={"name": name})


class Accounts(BaseUserManager["Account"]):
    """Finds and makes accounts; the e-mail address is compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)

    def prepared(self, email: str, password: str | None = None, **fields: object) -> "Account":
        """The account with its password hashed, which takes long; not saved. Raises ValidationError."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.full_clean(exclude=["password"])
        return account

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        account = self.prepared(email, password, **fields)
        account.save()
        return account


class Account(AbstractBaseUser):
    """A human being who signs in; global, known to organisations only through a Person. Working table, ADR 0004."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    operator = models.BooleanField(_("runs the installation"), default=False)
    demo = models.BooleanField(default=False, help_text=_("signs in only while the server is bound to loopback"))
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = Accounts()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def organisations(self) -> models.QuerySet["Organisation"]:
        """Those this human being has not left, by the day it is there."""
        people = Person.objects.filter(account=self).select_related("organisation")
        still = [one.organisation_id for one in people if one.is_here(one.organisation.today())]
        return Organisation.objects.filter(uid__in=still).order_by("name")


class Organisation(Evidence):
    """A company, or the client of a consultant, that runs a quality management system here."""

    HOME = "uid"

    class Start(models.TextChoices):
        NOTHING = "nothing", _("We have no quality management system yet")
        SYSTEM = "system", _("We have a system, but no certificate")
        CERTIFIED = "certified", _("We are certified")

    slug = models.SlugField(_("short name"), max_length=40, unique=True, validators=[not_reserved])
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin", validators=[known_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    edition = models.CharField(_("edition of the standard"), max_length=40, default="iso9001:2015")
    start = models.CharField(_("where you start"), max_length=20, choices=Start, default=Start.NOTHING)
    certified_until = models.DateField(_("certified until"), null=True, blank=True)
    certification_body = models.CharField(_("certification body"), max_length=120, blank=True)
    people = models.PositiveIntegerField(_("how many people work here?"), default=1)
    sites_count = models.PositiveIntegerField(_("at how many sites?"), default=1)
    designs_products = models.BooleanField(_("do you design products or services of your own?"), default=False)
    measures = models.BooleanField(_("do you use measuring equipment to accept products?"), default=False)
    settings = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.start == self.Start.CERTIFIED and not self.certified_until:
            raise ValidationError({"certified_until": _("Until when is the certificate valid? It stands on it.")})

    def now(self) -> datetime:
        return timezone.now().astimezone(zoneinfo.ZoneInfo(self.zone))

    def today(self) -> date:
        """The date in the organisation's zone: what “due”, “*_on” and the year of a number mean."""
        return self.now().date()


class Site(Evidence):
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"), blank=True)
    ended_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("site"), _("sites")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_site_name")]

    def __str__(self) -> str:
        return self.name


class Department(Evidence):
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    name = models.CharField(_("name"), max_length=120)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("department"), _("departments")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_department_name")]

    def __str__(self) -> str:
        return self.name


def here(day: date) -> Q:
    """Those who have not left by that day; the day somebody leaves on is their last."""
    return Q(ended_on=None) | Q(ended_on__gte=day)


class Person(Evidence):
    """Somebody in one organisation: every owner, author and trainee; may have no account; ended, never deleted."""

    schema_version = 2
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    personnel_number = models.CharField(_("personnel number"), max_length=20, blank=True, default="")
    job = models.CharField(_("job"), max_length=120, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"))
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"))
    started_on = models.DateField(_("here since"), null=True, blank=True)
    ended_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        indexes = [models.Index(fields=["organisation", "name"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account"], condition=~Q(account=None), name="one_person_per_account"
            ),
            models.UniqueConstraint(
                fields=["organisation", "personnel_number"],
                condition=~Q(personnel_number=""),
                name="one_person_per_number",
                violation_error_message=_("Somebody has this personnel number already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.ended_on and not self._state.adding:
            keyholders.kept_open(self.organisation, self.ended_on + timedelta(days=1), person=self.pk)

    def is_here(self, day: date) -> bool:
        """Has not left by that day; the day somebody leaves on is their last."""
        return self.ended_on is None or self.ended_on >= day


class Process(Evidence):
    """The identity of a process; its controlled description is a record of its own."""

    class Kind(models.TextChoices):
        MANAGEMENT = "management", _("Management process")
        CORE = "core", _("Core process")
        SUPPORT = "support", _("Support process")

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CORE)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("owner"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("process"), _("processes")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_process_name")]

    def __str__(self) -> str:
        return self.name


class RoleHolding(Evidence):
    """A person holds a role, in the whole organisation or in one site, department or process, for a time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"))
    process = models.ForeignKey(Process, models.PROTECT, null=True, blank=True, verbose_name=_("process"))
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    deputy_of = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("deputy of")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("role"), _("roles")

    def __str__(self) -> str:
        return self.get_role_display()

    def clean(self) -> None:
        if self._state.adding:
            return
        today = self.organisation.today()
        other = not RoleHolding.objects.filter(pk=self.pk, person=self.person_id).exists()
        scoped = self.site_id or self.department_id or self.process_id
        if other or scoped or self.role not in RUNS_ORGANISATION or (self.from_on and self.from_on > today):
            keyholders.kept_open(self.organisation, today, role=self.pk)
        elif self.until_on:
            keyholders.kept_open(self.organisation, self.until_on + timedelta(days=1), role=self.pk)

    def holds_on(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or self.until_on >= day)

    @classmethod
    def current(cls, on) -> models.QuerySet["RoleHolding"]:
        return cls.objects.filter(Q(from_on=None) | Q(from_on__lte=on), Q(until_on=None) | Q(until_on__gte=on))


class Invitation(models.Model):
    """An address asked to join an organisation; working table, the token is shown once and kept as it is mailed."""

    token = models.CharField(primary_key=True, max_length=64, default=secrets.token_urlsafe)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    email = models.EmailField(_("e-mail"))
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    lasting = models.BooleanField(default=False)  # no link was mailed: open to single sign-on until it is withdrawn

    VALID_DAYS = 14

    def is_open(self) -> bool:
        age = timezone.now() - self.invited_at
        return self.accepted_at is None and self.withdrawn_at is None and (self.lasting or age.days < self.VALID_DAYS)


from . import own_fields as own_fields  # noqa: E402 a table of this app, in a file that needs those above
from . import shared_devices as shared_devices  # noqa: E402 the same
from .signin import keyholders  # noqa: E402 it needs those above
