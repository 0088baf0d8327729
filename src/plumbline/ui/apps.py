"""The face: components, forms, charts and the frame around every page."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers templates, static files and template tags."""

    name = "plumbline.ui"
    label = "ui"
    verbose_name = "Plumbline face"
