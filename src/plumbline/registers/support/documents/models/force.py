from datetime import date
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Part
from plumbline.organisation.models import Process, Site

from .document import Document

LONGEST = 100  # of a place as one text; a longer one ends in its digest, for two orders must not become one place


class Validity(Part):
    """From when until when a revision is in force at a place of use; never two of one document at one place."""

    BY_HAND = False

    SPAN = ("document", "place", "from_on", "until_on")

    document = models.ForeignKey(Document, models.PROTECT, related_name="validities", editable=False)
    place = models.CharField(
        max_length=LONGEST, blank=True, editable=False
    )  # made of the three below; empty: everywhere
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("site"), db_index=False
    )
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("process"), db_index=False
    )
    order = models.CharField(_("order"), max_length=60, blank=True)
    from_on = models.DateField(_("in force from"))
    until_on = models.DateField(_("until before"), null=True, blank=True)  # the first day it is not in force any more

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("validity"), _("validities")
        indexes = [
            models.Index(fields=["organisation", "from_on", "until_on"], name="documents_in_force"),
            models.Index(fields=["organisation", "place"], name="documents_by_place"),
        ]

    def __str__(self) -> str:
        return " · ".join(str(one) for one in (self.site, self.process, self.order) if one) or _now("everywhere")

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


def place_of(site: Any = None, process: Any = None, order: str = "") -> str:
    """The place of use as one text, so that the database can compare places; empty means everywhere."""
    named = {"site": getattr(site, "pk", site), "process": getattr(process, "pk", process), "order": order.strip()}
    place = " ".join(f"{name}:{value}" for name, value in named.items() if value)
    return place if len(place) <= LONGEST else f"{place[:67]} {sha256(place.encode()).hexdigest()[:32]}"
