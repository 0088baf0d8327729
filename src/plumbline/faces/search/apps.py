from django.apps import AppConfig
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from plumbline.kernel import faces

from . import beside


class SearchConfig(AppConfig):
    name = "plumbline.faces.search"
    label = "search"

    def ready(self) -> None:
        from .face import SearchFace  # its tables are known only now

        faces.add(SearchFace())

    def beside_tables(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Asked by `migrate` where the database is empty."""
        beside.make(editor)
