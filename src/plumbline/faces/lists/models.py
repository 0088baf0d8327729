"""How people want their lists, and what became of a move of many: working tables, lost without loss of evidence."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plumbline.history.uids import uuid7
from plumbline.organisation.models import Organisation, Person


class SavedView(models.Model):
    """A list as somebody saved it; the one without a name is how its owner wants the list itself."""

    CARRIED = "organisation"

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    query = models.TextField(max_length=2000, blank=True)  # filters, search text and order, as an address has them
    columns = models.JSONField(default=list)  # names in order; none: as the register has them
    shared = models.BooleanField(_("for everybody here"), default=False)
    place = models.PositiveIntegerField(default=0)
    opens = models.UUIDField(null=True)  # of the one without a name: the view the list opens with
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "kind", "owner"], name="lists_views")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "owner"], condition=Q(name=""), name="lists_one_unnamed"
            )
        ]


class Run(models.Model):
    """One move of many records: what was done, record by record, and why not."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    lines = models.JSONField(default=list)  # [uid, why not; empty where it was done]
    made_at = models.DateTimeField(default=timezone.now)
