"""Digest schemas: which fields a snapshot had when it was written, frozen in a file per model and number."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from plumbline.history.canonical import canonical, plain
from plumbline.ledger.shapes import Shape, encode, shape_of, shapes, type_of

Schema = tuple[tuple[str, str, Any], ...]


def current_schema(model: type[models.Model]) -> Schema:
    """(field, type, declared default) of a model as it stands now, by field."""
    fields = sorted(shape_of(model).fields, key=lambda field: field.name)
    return tuple((field.name, type_of(field), declared_default(field)) for field in fields)


def declared_default(field: models.Field) -> Any:
    """What a row that is older than the field must hold."""
    if not field.has_default():
        return "" if field.empty_strings_allowed and type_of(field) == "text" and not field.null else None
    if callable(field.default) and field.default not in (dict, list, str, bool, int):
        return None
    return encode(field, field.get_default())


def path_of(model: type[models.Model], number: int) -> Path:
    """Where the frozen field list of a schema stands."""
    return Path(apps.get_app_config(model._meta.app_label).path) / "schemas" / f"{model._meta.model_name}@{number}.json"


@cache
def frozen(model: type[models.Model], number: int) -> Schema:
    """The field list of a model's schema; raises FileNotFoundError where it was never frozen."""
    content = path_of(model, number).read_text()
    return tuple((name, kind, default) for name, kind, default in json.loads(content))


def write_missing() -> list[Path]:
    """Freeze every schema in force that has no file yet; the files written."""
    written = []
    for shape in shapes():
        path = path_of(shape.model, shape.version)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            lines = ",\n".join("  " + json.dumps(line) for line in current_schema(shape.model))
            path.write_text(f"[\n{lines}\n]\n")
            written.append(path)
    frozen.cache_clear()
    return written


def drift() -> list[str]:
    """What keeps the models from being the ones their frozen schemas describe; each says what to do."""
    found = []
    for shape in shapes():
        for number in range(1, shape.version + 1):
            if not path_of(shape.model, number).exists():
                found.append(
                    f"{shape.code}@{number} is not frozen: run `manage.py schemas --write` and commit its file"
                )
        if path_of(shape.model, shape.version).exists() and (changes := _changes(shape)):
            found.append(
                f"{shape.code} is not what {shape.schema} froze ({changes}): set schema_version = {shape.version + 1}"
                " on the model, then run `manage.py schemas --write` and commit the new file"
            )
    return found


def _changes(shape: Shape) -> str:
    was = {name: (kind, default) for name, kind, default in frozen(shape.model, shape.version)}
    now = {name: (kind, default) for name, kind, default in current_schema(shape.model)}
    differ = [name for name in sorted(was.keys() | now.keys()) if was.get(name) != now.get(name)]
    return ", ".join(differ)


def differing(row: models.Model, number: int, snapshot: dict[str, Any]) -> list[str]:
    """The fields in which a row is not what a snapshot under schema `number` says; newer ones hold their default."""
    shape = shape_of(type(row))
    was = {name: kind for name, kind, _ in frozen(shape.model, number)} if number != shape.version else None
    found = []
    for field in shape.fields:
        value = getattr(row, field.attname)
        if was is None:
            agrees = field.name in snapshot and encode(field, value) == snapshot[field.name]
        elif field.name in was:
            agrees = field.name in snapshot and encode(field, value, was[field.name]) == snapshot[field.name]
        else:
            agrees = encode(field, value) == declared_default(field)
        if not agrees:
            found.append(field.name)
    return found


def row_digest(row: models.Model) -> str:
    """SHA-256 (hex) of a row under the schema in force; what a signature's manifest names."""
    shape = shape_of(type(row))
    return snapshot_digest(shape.schema, shape.snapshot(row))


def snapshot_digest(schema: str, snapshot: dict[str, Any]) -> str:
    """SHA-256 (hex) of a snapshot and the schema it was written under."""
    return sha256(canonical({"schema": schema, "row": plain(snapshot)})).hexdigest()
