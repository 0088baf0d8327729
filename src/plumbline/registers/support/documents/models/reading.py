from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Part
from plumbline.organisation.models import Person


class Reading(Part):
    """Somebody is to read a revision and to say that it is understood; and when and how they did."""

    BY_HAND = False

    class How(models.TextChoices):
        OWN = "own", _("Confirmed by themselves")
        GROUP = "group", _("In a group, at one tablet")
        PAPER = "paper", _("On a signed list")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, db_index=False)
    due = models.DateField(_("due"), null=True, blank=True)
    read_at = models.DateTimeField(_("read and understood"), null=True, editable=False)
    read_on = models.DateField(null=True, editable=False)  # the day on the signed list, where there was one
    how = models.CharField(_("how"), max_length=20, choices=How, blank=True)
    witness = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    score = models.PositiveSmallIntegerField(_("right answers"), null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    ended_because = models.CharField(_("not asked any more, because"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("read confirmation"), _("read confirmations")
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_reading_each")]
        indexes = [models.Index(fields=["organisation", "person", "read_at"], name="documents_readings")]
