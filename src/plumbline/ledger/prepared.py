"""A question that every request asks: put together once in each thread, which takes five times as long as asking it."""

from collections.abc import Callable, Iterator
from threading import local
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from .statements import fetched


class Prepared:
    """The rows of a queryset in which one value differs from time to time, with what it selects along."""

    def __init__(self, asked: Callable[[Any], QuerySet]) -> None:
        self.asked, self.kept = asked, local()

    def __call__(self, value: Any) -> Iterator[Any]:
        kept = self.kept
        if not hasattr(kept, "sql"):
            compiler = self.asked(value).query.get_compiler(connection=connection)
            sql, values = compiler.as_sql()
            assert len(values) == 1, "one value differs, and there is no other"
            told: Any = (compiler.klass_info, compiler.select, "default")
            kept.compiler, kept.along = compiler, get_related_populators(*told)
            kept.names = [compiler.select[place][0].target.attname for place in compiler.klass_info["select_fields"]]
            kept.sql = sql
        for row in kept.compiler.results_iter([fetched(kept.sql, [value])]):
            found = kept.compiler.klass_info["model"].from_db("default", kept.names, row[: len(kept.names)])
            for one in kept.along:
                one.populate(row, found)
            yield found
