from django.apps import AppConfig

from plumbline.kernel import faces


class SearchConfig(AppConfig):
    name = "plumbline.faces.search"
    label = "search"

    def ready(self) -> None:
        from .face import SearchFace  # its tables are known only now

        faces.add(SearchFace())
