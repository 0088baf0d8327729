from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Kind
from plumbline.standards.models import find_edition


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
        edition = find_edition(self.organisation_id, self.edition)
        self.requirement = self.requirement.strip()
        covered = edition.under(self.requirement) if edition else []
        if not covered:
            raise ValidationError(
                {"requirement": _("The edition has no clause or requirement “%(id)s”.") % {"id": self.requirement}}
            )
        self.edition = covered[0].edition  # one edition may take its requirements from another: 2026 those of 2015
