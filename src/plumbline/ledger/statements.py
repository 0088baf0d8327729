"""What every write asks, as SQL written down: Django takes five times as long to put it together as it takes to run."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections


def fetched(sql: str, values: Iterable[Any], using: str = DEFAULT_DB_ALIAS) -> list[tuple]:
    """The rows of a statement; UUIDs among its values as the database keeps them."""
    connection = connections[using]
    native = connection.features.has_native_uuid_field
    kept = [value.hex if isinstance(value, UUID) and not native else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, kept)
        return cursor.fetchall()


def locking(using: str = DEFAULT_DB_ALIAS) -> str:
    """What makes a SELECT lock its rows; SQLite's writer has locked everything."""
    return " FOR UPDATE" if connections[using].features.has_select_for_update else ""
