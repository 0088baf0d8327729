from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Kind
from plumbline.standards.catalogue import edition_of


class Exclusion(Kind):
    """A clause or requirement that cannot be applied here, with its justification (ISO 9001, 4.3)."""

    edition = models.CharField(_("edition"), max_length=40, default="iso9001:2015")
    requirement = models.CharField(
        _("clause or requirement"), max_length=30, help_text=_("e.g. 8.3 for design and development")
    )
    justification = models.TextField(
        _("justification"), help_text=_("Why does leaving it out not touch what you deliver?")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("requirement not applicable"), _("requirements not applicable")

    def clean(self) -> None:
        edition = edition_of(self.edition)
        if edition is None or not edition.covered_by(self.requirement):
            raise ValidationError(
                {"requirement": _("The edition has no clause or requirement “%(id)s”.") % {"id": self.requirement}}
            )
