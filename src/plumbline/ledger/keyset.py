"""Pages of a list that begin after a row, not after so many: as quick on the thousandth as on the first."""

import base64
import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet


def ordered(records: QuerySet, column: str, backwards: bool) -> QuerySet:
    """By that column and then by uid; what has nothing there comes last."""
    if column == "uid":
        return records.order_by("-uid" if backwards else "uid")
    expression = models.F(column)
    key = expression.desc(nulls_last=True) if backwards else expression.asc(nulls_last=True)
    return records.order_by(key, "-uid" if backwards else "uid")


def mark_of(row: Any, column: str) -> str:
    """What the address of the next page says of the last row of this one."""
    value = getattr(row, column)
    plain = [None if value is None else str(value), str(row.uid)]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def marked(model: type[models.Model], column: str, mark: str | None) -> tuple:
    """Where the page begins: the value and the uid of the last row before it; nothing where the mark says nothing."""
    try:
        value, uid = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))) if mark else (None, "")
        field: Any = model._meta.get_field(column)
        uid, value = UUID(uid), None if value is None else field.to_python(value)
    except (ValueError, TypeError, AttributeError, ValidationError, RecursionError):
        return ()
    return () if "\0" in str(value) else (uid,) if column == "uid" else (value, uid)


def after(records: QuerySet, column: str, backwards: bool, begins: tuple) -> QuerySet:
    """The rows after that place."""
    if not begins:
        return records
    (*values, uid), step = begins, "lt" if backwards else "gt"
    beyond_uid = Q(**{f"uid__{step}": uid})
    if not values:
        return records.filter(beyond_uid)
    if values == [None]:
        return records.filter(Q(**{f"{column}__isnull": True}) & beyond_uid)
    later = Q(**{f"{column}__{step}": values[0]}) | (Q(**{column: values[0]}) & beyond_uid)
    return records.filter(later | Q(**{f"{column}__isnull": True}))
