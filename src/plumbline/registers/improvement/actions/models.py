from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Kind


class Action(Kind):
    """Something to be done, with who and by when (ISO 9001, 6.1.2 and 10.2.1)."""

    class Sort(models.TextChoices):
        GAP = "gap", _("Closes a gap")
        CORRECTIVE = "corrective", _("Corrective action")
        IMPROVEMENT = "improvement", _("Improvement")
        TASK = "task", _("Task")

    description = models.TextField(_("what is to be done"), blank=True)
    sort = models.CharField(_("kind of action"), max_length=20, choices=Sort, default=Sort.TASK)
    effort = models.CharField(_("effort"), max_length=60, blank=True, help_text=_("e.g. half a day, 200 €"))
    blocks_stage_1 = models.BooleanField(_("needed before stage 1"), default=False)
    result = models.TextField(_("what was done"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("action"), _("actions")
        indexes = [models.Index(fields=["home", name, "-record_ptr"]) for name in ("sort", "blocks_stage_1")]
