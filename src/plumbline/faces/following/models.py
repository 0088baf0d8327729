"""Whom events are told to beside those they concern: working tables, lost without loss of evidence."""

from django.db import models
from django.db.models import Q

from plumbline.kernel.models import Record
from plumbline.organisation.models import Organisation, Person


class Follow(models.Model):
    """A person wants to hear of a record, or of every record of a kind."""

    CARRIED = "person__organisation"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "record"], name="one_follow_of_a_record"),
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(record=None), name="one_follow_of_a_kind"),
        ]
        indexes = [models.Index(fields=["kind", "person"], name="following_kind")]


class Heard(models.Model):
    """How far in an organisation's log has been looked for those who follow."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    after = models.BigIntegerField()
