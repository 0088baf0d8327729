"""What every write asks, as SQL written down: Django takes five times as long to put it together as it takes to run."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.models.sql import InsertQuery

AT_ONCE = 200  # rows in one statement


def fetched(sql: str, values: Iterable[Any], using: str = DEFAULT_DB_ALIAS) -> list[tuple]:
    """The rows of a statement; UUIDs among its values as the database keeps them."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, _kept(values, using))
        return cursor.fetchall()


def carried_out(sql: str, values: Iterable[Any], using: str = DEFAULT_DB_ALIAS) -> None:
    """A statement that answers nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, _kept(values, using))


def _kept(values: Iterable[Any], using: str) -> list[Any]:
    native = connections[using].features.has_native_uuid_field
    return [value.hex if isinstance(value, UUID) and not native else value for value in values]


def locking(using: str = DEFAULT_DB_ALIAS) -> str:
    """What makes a SELECT lock its rows; SQLite's writer has locked everything."""
    return " FOR UPDATE" if connections[using].features.has_select_for_update else ""


def insert(model: type[models.Model], rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """New rows of one table, whose own keys nobody asks for; of a single one the statement is written down."""
    if len(rows) != 1:
        for start in range(0, len(rows), AT_ONCE):
            model._base_manager._insert(  # type: ignore[attr-defined]
                rows[start : start + AT_ONCE], fields=_fields(model), using=using
            )
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        values = [field.get_db_prep_save(field.pre_save(rows[0], True), connection) for field in _fields(model)]
        cursor.execute(_statement(model, using, len(values)), values)


def update(model: type[models.Model], rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """All columns of rows that are there, by one statement written down; DatabaseError if one is not."""
    connection, key = connections[using], model._meta.pk
    columns = [field for field in _fields(model) if field is not key]
    values = [
        [
            *(field.get_db_prep_save(field.pre_save(row, False), connection) for field in columns),
            key.get_db_prep_save(getattr(row, key.attname), connection),
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(_update(model, using, len(columns)), values[0])
        else:
            cursor.executemany(_update(model, using, len(columns)), values)
        if cursor.rowcount != len(rows):
            raise DatabaseError(f"{cursor.rowcount} of {len(rows)} rows of {model._meta.db_table} were there.")


@cache
def _update(model: type[models.Model], using: str, _columns: int) -> str:
    quoted, key = connections[using].ops.quote_name, model._meta.pk
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in _fields(model) if field is not key)
    return f"UPDATE {quoted(model._meta.db_table)} SET {columns} WHERE {quoted(str(key.column))} = %s"


def _fields(model: type[models.Model]) -> list[models.Field]:
    """What a row is written with: all but a key that the database counts."""
    return _written(model, len(model._meta.local_concrete_fields))


@cache
def _written(model: type[models.Model], _columns: int) -> list[models.Field]:
    columns = model._meta.local_concrete_fields
    return [one for one in columns if not one.generated and not isinstance(one, models.AutoField | models.BigAutoField)]


@cache
def _statement(model: type[models.Model], using: str, _columns: int) -> str:
    """As Django puts it together for one row, without values."""
    query = InsertQuery(model)
    query.insert_values(_fields(model), [model()])
    [(sql, _values)] = query.get_compiler(using).as_sql()
    return str(sql)
