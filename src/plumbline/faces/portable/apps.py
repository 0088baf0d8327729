"""The application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Portable(AppConfig):
    name = "plumbline.faces.portable"
    label = "portable"
    verbose_name = _("Everything out and in")

    def ready(self) -> None:
        from plumbline.faces.sheets.working import STEPS

        from .long_exports import write
        from .models import Export

        STEPS[(Export, "waiting")] = write
        STEPS[(Export, "running")] = write  # cut off by a restart: from the beginning
