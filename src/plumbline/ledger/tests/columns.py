"""A column more, as a migration would add it."""

from typing import Any

from django.apps import apps
from django.db import connection, models

from plumbline.ledger import schemas, triggers
from plumbline.ledger.shapes import shape_of

Site: Any = apps.get_model("organisation", "Site")


def added(field: models.Field, name: str, monkeypatch) -> None:
    """Add a column to Site as a migration would, and a schema number with it."""
    triggers.remove(connection)
    field.contribute_to_class(Site, name)
    with connection.schema_editor() as editor:
        editor.add_field(Site, field)
    monkeypatch.setattr(Site, "schema_version", Site.schema_version + 1)
    shape_of.cache_clear()
    schemas.write_missing()
    triggers.install(connection)
