"""Editions an organisation loaded for itself: a file of the same form, no code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.ledger.models import Evidence

from .catalogue import SHIPPED, Edition, edition_of, read_edition, shipped


class LoadedEdition(Evidence):
    """A standard the organisation brought: the text of its CSV file, kept as it came."""

    HOME = "home"

    home = models.UUIDField(editable=False)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(max_length=10, default="en")
    text = models.TextField()

    class Meta:
        verbose_name, verbose_name_plural = _("loaded standard"), _("loaded standards")
        constraints = [models.UniqueConstraint(fields=["home", "code"], name="one_loaded_edition")]

    def edition(self) -> Edition:
        return read_edition(self.code, self.name, self.text.splitlines(), self.language)


def editions_for(home) -> list[Edition]:
    """What is shipped, and what this organisation loaded."""
    return shipped() + [row.edition() for row in LoadedEdition.objects.filter(home=home).order_by("name")]


def find_edition(home, code: str) -> Edition | None:
    if code in SHIPPED or code.isdigit():
        return edition_of(code)
    row = LoadedEdition.objects.filter(home=home, code=code).first()
    return row.edition() if row else None
