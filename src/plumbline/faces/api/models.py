"""What programs sign in with, and what they were answered: working rows (ADR 0010)."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plumbline.history.uids import uuid7
from plumbline.organisation.models import Organisation, Person

EVERYTHING = "*"


class Level(models.TextChoices):
    """What a token may do in a register."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class Token(models.Model):
    """Lets a program act as one person of one organisation; only the digest of the secret is kept."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    program = models.BooleanField(default=False)  # the person is no human being: it has no account and never signs
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)  # how it begins, to know it by
    rights: Any = models.JSONField(default=dict)  # slug of a register, or "*" -> level
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "person"])]

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    def may(self, place: str, level: str = Level.READ) -> bool:
        """Whether it reaches this register, to read or to write."""
        given = self.rights.get(place) or self.rights.get(EVERYTHING)
        return given == Level.WRITE or (given == Level.READ and level == Level.READ)


class Answered(models.Model):
    """The first answer to a request that carried an idempotency key, for whoever repeats it."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)  # digest of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    answer: Any = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_one_answer_per_key")]
        indexes = [models.Index(fields=["at"])]
