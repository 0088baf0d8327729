from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.ledger.models import Evidence
from plumbline.organisation.models import Organisation, Person


class Justification(Evidence):
    """Why a document that the edition asks for is not needed here, said by somebody; it can be taken back."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    edition = models.CharField(max_length=40, editable=False)
    requirement = models.CharField(max_length=30, editable=False)  # the first of those the document would answer
    because = models.TextField(_("why it is not needed"), max_length=2_000)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    said_on = models.DateField(editable=False)
    ended = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("justification"), _("justifications")
        indexes = [models.Index(fields=["organisation", "edition", "requirement"], name="documents_not_needed")]

    def __str__(self) -> str:
        return self.because
