"""What a person wishes, keeps at hand and waits for: working tables, lost without loss of evidence."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plumbline.faces.sheets.models import Run
from plumbline.kernel.models import Notice, Record
from plumbline.organisation.models import Person


class Often(models.TextChoices):
    """How often somebody gets a mail with what they owe."""

    WEEKLY = "weekly", _("Every Monday")
    DAILY = "daily", _("Every day with something to do")
    NEVER = "never", _("Never")


class MailChoice(models.Model):
    """How often this person wants a mail; without a row, or with none chosen, as the organisation says."""

    CARRIED = "person__organisation"

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="mail_choice")
    often = models.CharField(max_length=10, choices=Often, blank=True)
    urgent = models.BooleanField(default=True)  # also on a day on which something new is pressing


class NewsChoice(models.Model):
    """Which sorts of news somebody switched off, in the app and in the mail; without a row, none."""

    CARRIED = "person__organisation"

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="news_choice")
    app = models.JSONField(default=list)
    mail = models.JSONField(default=list)


class Mailed(models.Model):
    """One person on one day: nothing to say, a mail to be sent (then `next_try_at` is set), or one that was sent."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    told = models.JSONField(default=list)  # the pressing duties the mail named
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_mail_a_day")]

    @property
    def whole(self) -> models.QuerySet:
        """All rows of the same mail: itself."""
        return Mailed.objects.filter(pk=self.pk)


class Reminder(models.Model):
    """A reminder that somebody gets by mail, beside the news of it; those of one person at one time are one mail."""

    notice = models.OneToOneField(Notice, models.PROTECT, primary_key=True, related_name="mailed")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    mail = models.UUIDField(db_index=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)

    @property
    def whole(self) -> models.QuerySet:
        """All rows of the same mail."""
        return Reminder.objects.filter(mail=self.mail)


class CalendarKey(models.Model):
    """The secret in the address of somebody's calendar; a new one ends the old one."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="calendar_key")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now=True)

    @classmethod
    def renew(cls, person: Person) -> None:
        cls.objects.update_or_create(person=person, defaults={"token": secrets.token_urlsafe(32)})


class Favourite(models.Model):
    """A record somebody keeps at hand."""

    CARRIED = "person__organisation"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "record"], name="one_star")]


class LibraryChoice(models.Model):
    """How somebody wants the library ordered: by kind or by process."""

    CARRIED = "person__organisation"

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="library_choice")
    by = models.CharField(max_length=10, default="sort")


class Binding(Run):
    """Many documents on their way into one PDF; the file is the person's own and goes after a day."""

    group = models.CharField(max_length=80, blank=True)
    rights = models.JSONField(default=list)  # of the person when it was made: the file shows what they allowed

    class Meta:
        indexes = [models.Index(fields=["state", "made_at"], name="desk_binding_waiting")]

    @property
    def file_name(self) -> str:
        return f"{self.uid}.pdf"


class Listing(Run):
    """A long master list on its way onto paper; the file is the person's own and goes after a day."""

    day = models.DateField()
    rights = models.JSONField(default=list)  # of the person when it was made: the file shows what they allowed

    class Meta:
        indexes = [models.Index(fields=["state", "made_at"], name="desk_listing_waiting")]

    @property
    def file_name(self) -> str:
        return f"{self.uid}.pdf"


class Arrived(models.Model):
    """A form that a browser gave a name to: whose it was, and where it led once it was done."""

    key = models.UUIDField(primary_key=True)
    by = models.CharField(max_length=254)  # the account's address, or the person at a shared device
    url = models.CharField(max_length=2000, blank=True)  # empty while it is being done
    content = models.CharField(max_length=64, blank=True, default="")  # the digest of what was sent
    at = models.DateTimeField(default=timezone.now, db_index=True)
