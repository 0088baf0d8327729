from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "plumbline.faces.labels"
    label = "labels"

    def ready(self) -> None:
        """Add this reading to every register."""
        from plumbline.kernel import faces

        from .face import Labels

        faces.add(Labels())
