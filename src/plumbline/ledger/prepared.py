"""What every request asks: put together once in each thread, which takes five times as long as asking it."""

from collections.abc import Callable, Iterator, Sequence
from threading import local
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from .statements import fetched


class Statement:
    """The rows of a queryset in which one value differs from time to time."""

    def __init__(self, asked: Callable[[Any], QuerySet]) -> None:
        self.asked, self.kept = asked, local()

    def rows(self, value: Any) -> Iterator[Sequence[Any]]:
        kept = self.kept
        if not hasattr(kept, "sql"):
            compiler = self.asked(value).query.get_compiler(connection=connection)
            sql, values = compiler.as_sql()
            kept.compiler, kept.values, kept.places = compiler, list(values), _places(values, value)
            self.told(kept)
            kept.sql = sql
        values = [value if at in kept.places else one for at, one in enumerate(kept.values)]
        return iter(kept.compiler.results_iter([fetched(kept.sql, values)]))

    def told(self, kept: Any) -> None:
        """What is kept beside the statement."""


class Prepared(Statement):
    """The same as objects, with what it selects along and what it adds."""

    def __call__(self, value: Any) -> Iterator[Any]:
        rows, kept = self.rows(value), self.kept
        for row in rows:
            found = kept.compiler.klass_info["model"].from_db("default", kept.names, row[: len(kept.names)])
            for one in kept.along:
                one.populate(row, found)
            vars(found).update({name: row[column] for name, column in kept.added})
            yield found

    def told(self, kept: Any) -> None:
        info, select = kept.compiler.klass_info, kept.compiler.select
        told: Any = (info, select, "default")
        kept.along = get_related_populators(*told)
        kept.names = [select[place][0].target.attname for place in info["select_fields"]]
        kept.added = tuple(kept.compiler.annotation_col_map.items())


def _places(values: Sequence[Any], value: Any) -> set[int]:
    """Where among the values of the statement the one stands that differs."""
    places = {at for at, one in enumerate(values) if one in (value, getattr(value, "hex", value))}
    assert places or len(values) == 1, "one value differs"
    return places or {0}
