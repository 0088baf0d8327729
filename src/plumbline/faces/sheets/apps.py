from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "plumbline.faces.sheets"
    label = "sheets"

    def ready(self) -> None:
        """Add this reading to every register."""
        from plumbline.kernel import faces

        from .face import Sheets

        faces.add(Sheets())
