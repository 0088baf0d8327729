"""Pages of a list that begin after a row, not after so many: as quick on the thousandth as on the first."""

import base64
import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan, TupleLookupMixin


def indexes(first: str, orders: str, filled: str, until: str, name: str) -> list[models.Index]:
    """What lists that begin with the `first` columns stand on: orders, what is filled of some, what is not over."""
    start = first.split()
    over, there = Q(**{until: None}), {one: Q(**{f"{one}__isnull": False}) for one in filled.split()}
    return [
        *(models.Index(fields=[*start, *order, "uid"]) for order in ([], *([one] for one in orders.split()))),
        *(
            models.Index(fields=[*start, one, "uid"], name=f"{name}_{one}", condition=is_filled)
            for one, is_filled in there.items()
        ),
        models.Index(fields=[*start, "uid"], name=f"{name}_open", condition=over),
    ]


class _Together(TupleLookupMixin):
    """Several columns compared as one, which both databases find in an index; Django does not ask SQLite so."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return super(TupleLookupMixin, self).as_sql(compiler, connection)  # type: ignore[misc]


class Later(_Together, TupleGreaterThan):
    """Columns that are together after some values."""


class Earlier(_Together, TupleLessThan):
    """Columns that are together before some values."""


def ordered(records: QuerySet, column: str, backwards: bool) -> QuerySet:
    """By that column and then by uid; what has nothing there comes last."""
    if not _may_be_empty(records, column):
        return records.order_by(*_order(column, backwards))
    expression = models.F(column)
    key = expression.desc(nulls_last=True) if backwards else expression.asc(nulls_last=True)
    return records.order_by(key, "-uid" if backwards else "uid")


def mark_of(row: Any, column: str) -> str:
    """What the address of the next page says of the last row of this one."""
    value = getattr(row, column)
    plain = [None if value is None else str(value), str(row.uid)]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def opened(mark: str) -> tuple[Any, UUID] | None:
    """The value and the uid that a mark holds; None where it is no mark of ours."""
    try:
        value, uid = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return value, UUID(uid)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def marked(model: type[models.Model], column: str, mark: str | None) -> tuple:
    """Where the page begins: the value and the uid of the last row before it; nothing where the mark says nothing."""
    value, uid = opened(mark or "") or (None, None)
    if uid is None:
        return ()
    field: Any = model._meta.get_field(column)
    try:
        value = None if value is None else field.to_python(value)
    except (ValueError, TypeError, AttributeError, ValidationError):
        return ()
    return () if "\0" in str(value) else (uid,) if column == "uid" else (value, uid)


def keys_after(records: QuerySet, column: str, backwards: bool, begins: tuple, most: int) -> QuerySet:
    """The keys of the rows after that place, each from the index in its order, not reading those before it.

    At most so many; of a column that may be empty so many that have something there, and so many that have not.
    """
    (*values, uid) = begins or (None,)
    beyond, beyond_uid = (Earlier, "uid__lt") if backwards else (Later, "uid__gt")
    there = Q(**{beyond_uid: uid}) if begins else Q()
    if values and values != [None]:
        there = Q(beyond(Tuple(models.F(column), models.F("uid")), begins))
    if not _may_be_empty(records, column):
        return _walked(records.filter(there), column, backwards)[:most]
    empty = {f"{column}__isnull": True}
    if values == [None]:
        return _walked(records.filter(there, **empty), column, backwards)[:most]
    full, rest = (
        records.model._base_manager.filter(pk__in=_walked(part, column, backwards)[:most]).values("pk")
        for part in (records.filter(there).exclude(**empty), records.filter(**empty))
    )
    return full.union(rest, all=True)


def _walked(records: QuerySet, column: str, backwards: bool) -> QuerySet:
    """The keys as the index has them, which is walked from either end."""
    return records.order_by(*_order(column, backwards)).values("pk")


def _order(column: str, backwards: bool) -> list[str]:
    return [f"-{name}" if backwards else name for name in dict.fromkeys([column, "uid"])]


def _may_be_empty(records: QuerySet, column: str) -> bool:
    return bool(records.model._meta.get_field(column).null)
