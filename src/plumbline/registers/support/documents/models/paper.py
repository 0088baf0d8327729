from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Part
from plumbline.organisation.models import Person

from .revision import Revision


class PaperCopy(Part):
    """A numbered copy on paper: which revision it is, who has it, where it hangs, until it is back."""

    no = models.PositiveSmallIntegerField(_("copy no."), editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", editable=False, db_index=False)
    place = models.CharField(_("where it hangs or lies"), max_length=120)
    holder = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who has it"), db_index=False
    )
    handed_on = models.DateField(_("handed out on"), editable=False)
    back_on = models.DateField(_("back on"), null=True, editable=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("paper copy"), _("paper copies")
        constraints = [models.UniqueConstraint(fields=["record", "no"], name="one_paper_copy_of_a_number")]

    def __str__(self) -> str:
        return f"{self.no} · {self.place}"
