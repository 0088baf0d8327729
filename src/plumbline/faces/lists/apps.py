from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "plumbline.faces.lists"
    label = "lists"

    def ready(self) -> None:
        from plumbline.kernel import faces

        from .face import Lists

        faces.add(Lists())
