from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Kind
from plumbline.ui.units import unit_name


class Nonconformity(Kind):
    """Something that did not meet a requirement (ISO 9001, 10.2)."""

    class Grade(models.TextChoices):
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")

    class Source(models.TextChoices):
        PROCESS = "process", _("Own work")
        CUSTOMER = "customer", _("Customer complaint")
        SUPPLIER = "supplier", _("Supplier")
        AUDIT = "audit", _("Audit")

    description = models.TextField(_("what happened"))
    place = models.CharField(_("where"), max_length=120, blank=True)
    lot = models.CharField(_("lot or order"), max_length=60, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True, help_text=_("a UCUM code, e.g. kg, m or {piece}"))
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.PROCESS)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade, default=Grade.MINOR)
    correction = models.TextField(_("what we did about it"), blank=True)
    enough_because = models.TextField(_("why that is enough"), blank=True)
    containment = models.TextField(
        _("containment"), blank=True, help_text=_("What keeps it from spreading until the cause is gone?")
    )
    cause = models.TextField(
        _("cause"), blank=True, help_text=_("Ask why until the answer is something you can change.")
    )
    similar_cases = models.TextField(_("similar cases elsewhere"), blank=True)
    criterion = models.TextField(
        _("how we will see that it worked"), blank=True, help_text=_("Fixed before the action starts.")
    )
    effect = models.TextField(_("result of the effectiveness check"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("nonconformity"), _("nonconformities")
        indexes = [models.Index(fields=["home", name, "-record_ptr"]) for name in ("grade", "source")]

    def get_unit_display(self) -> str:
        return unit_name(self.unit)

    def pending_actions(self) -> int:
        """How many actions that this nonconformity led to are not done yet."""
        return self.links.filter(ended=False, target__kind="action", target__closed_at=None).count()
