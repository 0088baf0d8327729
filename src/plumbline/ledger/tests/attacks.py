"""Writes by SQL with the triggers dropped, made from the models: every table, every column."""

from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from plumbline.history.uids import uuid7
from plumbline.ledger.models import Event
from plumbline.ledger.shapes import Shape, shapes, type_of
from plumbline.ledger.tests.samples import Samples, columns, value_of
from plumbline.ledger.verify import verify_deep

Attack = tuple[str, str, list]  # what it is, the uid that must be named, its statements


class Undo(Exception):
    """Ends an attack so that the next begins on a clean database."""


def attack(statements: list[tuple[str, list[Any]]], check=verify_deep) -> list | None:
    """What verification finds after these statements; None where the database itself refused them."""
    standing, found = attacked([("", "", statements)], check)
    return found if standing else None


def attacked(group: Iterable[Attack], check=verify_deep) -> tuple[list[Attack], list]:
    """(attacks the database did not refuse, what verification finds after all of these), undone afterwards."""
    standing, found = [], []
    try:
        with transaction.atomic():
            standing = [one for one in group if _stands(one)]
            found = list(check()) if standing else []
            raise Undo
    except Undo:
        return standing, found


def _stands(one: Attack) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, parameters in one[2]:
                cursor.execute(statement, parameters)
    except DatabaseError:
        return False
    return True


def q(name: str) -> str:
    return connection.ops.quote_name(name)


def stored(field: models.Field, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def other_value(field: models.Field, row: models.Model, samples: Samples) -> Any:
    """A value a column does not have: the key of another row, or something of its type."""
    now = getattr(row, field.attname)
    if field.is_relation and field.related_model is not Event:
        rows = [one.pk for rows in samples.rows.values() for one in rows if isinstance(one, field.related_model)]
        rows += list(field.related_model._base_manager.values_list("pk", flat=True)[:5])
        return next((key for key in rows if key not in (now, row.pk)), None if now else uuid7())
    if field.related_model is Event:
        return Event.objects.exclude(pk=now).order_by("pk").first().pk
    if type_of(field) == "boolean":
        return not now
    return value_of(field, 907)


def updates(shape: Shape, row: models.Model, samples: Samples) -> Iterator[Attack]:
    for table, field in columns(shape):
        key = next(sheet.key.column for sheet in shape.sheets if sheet.table == table)
        value = stored(field, other_value(field, row, samples))
        statement = f"UPDATE {q(table)} SET {q(field.column)} = %s WHERE {q(key)} = %s"
        yield f"{table}.{field.column}", str(row.pk), [(statement, [value, stored(shape.sheets[0].key, row.pk)])]


def copies(shape: Shape, row: models.Model) -> Iterator[Attack]:
    """A copy of the row under another uid, unique texts changed."""
    new, statements = uuid7(), []
    for sheet in shape.sheets:
        fields = sheet.model._meta.local_concrete_fields
        values = []
        for field in fields:
            value = new if field is sheet.key else getattr(row, field.attname)
            if isinstance(value, str) and type_of(field) == "text":
                value = value_of(field, 908)
            values.append(stored(field, value))
        names, marks = ", ".join(q(field.column) for field in fields), ", ".join(["%s"] * len(fields))
        statements.append((f"INSERT INTO {q(sheet.table)} ({names}) VALUES ({marks})", values))
    yield f"copy into {shape.code}", str(new), statements


def deletions(shape: Shape, row: models.Model) -> Iterator[Attack]:
    key = stored(shape.sheets[0].key, row.pk)
    statements = [
        (f"DELETE FROM {q(sheet.table)} WHERE {q(sheet.key.column)} = %s", [key]) for sheet in reversed(shape.sheets)
    ]
    yield f"delete from {shape.code}", str(row.pk), statements
    for number, sheet in enumerate(reversed(shape.sheets)):
        if len(shape.sheets) > 1:
            yield f"delete only from {sheet.table}", str(row.pk), [statements[number]]
    emptied = [(f"DELETE FROM {q(sheet.table)}", []) for sheet in reversed(shape.sheets)]
    if connection.vendor == "postgresql":
        emptied = [(f"TRUNCATE {', '.join(q(sheet.table) for sheet in shape.sheets)} CASCADE", [])]
    yield f"empty {shape.code}", str(row.pk), emptied


def swaps(shape: Shape, row: models.Model, other: models.Model) -> Iterator[Attack]:
    """Two rows exchange everything but their keys."""
    statements = []
    for sheet in shape.sheets:
        unique = unique_fields(sheet.model)
        fields = [field for field in sheet.model._meta.local_concrete_fields if field is not sheet.key]
        fields = [field for field in fields if field.name not in unique]
        sets = ", ".join(f"{q(field.column)} = %s" for field in fields)
        for to, source in ((row, other), (other, row)):
            values = [stored(field, getattr(source, field.attname)) for field in fields]
            key = stored(shape.sheets[0].key, to.pk)
            statements.append((f"UPDATE {q(sheet.table)} SET {sets} WHERE {q(sheet.key.column)} = %s", [*values, key]))
    yield f"swap in {shape.code}", str(row.pk), statements


def unique_fields(model: type[models.Model]) -> set[str]:
    named = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
    return named | {field.name for field in model._meta.local_concrete_fields if field.unique}


def attacks(samples: Samples, of: Collection[Shape] = ()) -> Iterator[list[Attack]]:
    """Every attack, or those on some tables, in groups verified together: no two are about one row, or one table."""
    made = [(shape, samples.rows[shape.model]) for shape in of or shapes()]
    for column in zip_longest(*(updates(shape, rows[1], samples) for shape, rows in made)):
        yield [one for one in column if one]
    yield [one for shape, rows in made for one in copies(shape, rows[1])]
    yield [one for shape, rows in made for one in swaps(shape, rows[0], rows[1])]
    for shape, rows in made:  # a deletion may be seen from other tables: each on its own
        yield from ([one] for one in deletions(shape, rows[1]))


def named(found: list, uid: str) -> bool:
    return any(problem.uid == uid for problem in found)
