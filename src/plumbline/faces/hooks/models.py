"""What an organisation wants told to other programs (evidence: it lets facts out), and what is on its way (working)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Record
from plumbline.ledger.models import Evidence
from plumbline.organisation.models import Organisation, Person

from .addresses import Refused, seen_at_once


class Webhook(Evidence):
    """An address that hears of events; no kinds or verbs named means all of them."""

    class Form(models.TextChoices):
        FULL = "full", _("Everything, for a program (Standard Webhooks)")
        CHAT = "chat", _("One line of text, for a chat channel")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    form = models.CharField(_("what is sent"), max_length=10, choices=Form, default=Form.FULL)
    kinds = models.JSONField(_("of which registers"), default=list, blank=True)
    verbs = models.JSONField(_("which events"), default=list, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, db_index=False)
    paused = models.BooleanField(_("paused"), default=False)
    ended = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("webhook"), _("webhooks")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            seen_at_once(self.url)
        except Refused as error:
            raise ValidationError({"url": str(error)}) from error

    def wants(self, kind: str, verb: str) -> bool:
        """Whether it is to hear of this verb of this kind of record."""
        return (not self.kinds or kind in self.kinds) and (not self.verbs or verb in self.verbs)


class Sender(models.Model):
    """What sending needs beside the declaration: the secret, and how far in the log it has looked."""

    webhook = models.OneToOneField(Webhook, models.PROTECT, primary_key=True, related_name="sender")
    secret = models.CharField(max_length=80)
    former = models.CharField(max_length=400, blank=True)  # sign as well, for a day after a new secret was made
    former_until = models.DateTimeField(null=True)
    after = models.BigIntegerField()  # the place in the organisation's log up to which it has looked
    failing_since = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One event for one webhook: waiting (`next_try_at` is set), delivered, or given up."""

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", db_index=False)
    event = models.UUIDField()  # its id goes out as webhook-id: who gets it twice knows it as one
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", null=True, db_index=False)
    kind = models.CharField(max_length=90)  # such as nonconformity.close
    body = models.TextField()
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    delivered_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=200, blank=True)  # the last answer, or why there was none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="one_delivery")]
        indexes = [models.Index(fields=["webhook", "-id"], name="hooks_latest")]
