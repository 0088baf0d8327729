from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class KernelConfig(AppConfig):
    name = "plumbline.kernel"
    label = "kernel"
    verbose_name = "Records"

    def ready(self) -> None:
        """Read the declarations, in the order of the table of contents."""
        for app in apps.get_app_configs():
            if app.name.startswith("plumbline.registers.") and find_spec(f"{app.name}.register"):
                import_module(f"{app.name}.register")
