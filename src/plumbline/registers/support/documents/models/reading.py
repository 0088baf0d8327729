from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Part
from plumbline.organisation.models import Person, RoleHolding

UNTRAINED = models.Q(to_train=True, trained_on=None)
LACKING = models.Q(read_at=None) | UNTRAINED  # may not work to it yet


class Reading(Part):
    """Somebody is to read a revision, and to be trained where it says so; and when and how they did."""

    BY_HAND = False

    schema_version = 2

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
    to_train = models.BooleanField(_("is to be trained"), default=False, editable=False)
    sees_to_it = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False
    )  # who leads the person; without one, whoever answers for the revision
    trained_on = models.DateField(_("trained on"), null=True, editable=False)
    trainer = models.CharField(_("trained by"), max_length=200, blank=True, editable=False)
    judged = models.TextField(_("how it was judged"), max_length=2_000, blank=True, editable=False)
    ended_because = models.CharField(_("not asked any more, because"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("read confirmation"), _("read confirmations")
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_reading_each")]
        indexes = [
            models.Index(fields=["organisation", "person", "read_at"], name="documents_readings"),
            models.Index(fields=["organisation", "record"], name="documents_to_train", condition=UNTRAINED),
        ]

    @property
    def lacks_training(self) -> bool:
        return self.to_train and self.trained_on is None and not self.ended_because

    @property
    def settled(self) -> bool:
        """Whether nothing is asked of this person any more."""
        return self.read_at is not None and not (self.to_train and self.trained_on is None)


def places_of_readers(revision: UUID) -> set[UUID]:
    """Departments, sites and processes of those who are asked to read this revision: whoever leads one, leads some."""
    asked = Reading.objects.filter(record_id=revision, ended_because="").order_by()
    at: list[Any] = [asked.values_list(f"person__{place}") for place in ("department", "site", "department__site")]
    at.append(RoleHolding.objects.filter(person__in=asked.values("person")).values_list("process"))
    return {place for (place,) in at[0].union(*at[1:]) if place}
