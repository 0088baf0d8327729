"""The application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Portable(AppConfig):
    name = "plumbline.faces.portable"
    label = "portable"
    verbose_name = _("Everything out and in")
