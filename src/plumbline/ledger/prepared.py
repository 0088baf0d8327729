"""A question that every request asks: put together once in each thread, which takes five times as long as asking it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from threading import local
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from .statements import fetched

KEPT = 64  # forms of one question that a thread keeps; the one not asked for longest goes
ASKED = 2  # times that PostgreSQL is asked anew, before it keeps the statement with how it is carried out


class Prepared:
    """The rows of a queryset in which some values differ from time to time, with what it selects along.

    It is given these values, UUIDs or texts, and after them all that its form follows from: what it is kept by. While
    it is put together others stand for the values, so that each is found again wherever the statement has it.
    """

    def __init__(self, asked: Callable[..., QuerySet]) -> None:
        self.asked, self.kept = asked, local()

    def __call__(self, *values: UUID | str, form: Hashable = None) -> Iterator[Any]:
        kept: OrderedDict = vars(self.kept).setdefault("forms", OrderedDict())
        key = (form, *map(type, values))
        if (found := kept.get(key)) is None:
            found = kept[key] = _Form(self.asked, values, form)
            if len(kept) > KEPT:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return found.rows(values)


class _Form:
    """One form of the question: its statement, where each value stands in it, and what its rows become."""

    def __init__(self, asked: Callable[..., QuerySet], values: tuple[UUID | str, ...], form: Hashable) -> None:
        stand_ins = [uuid4() if isinstance(value, UUID) else uuid4().hex for value in values]
        query = asked(*stand_ins) if form is None else asked(*stand_ins, form)
        self.compiler: Any = query.query.get_compiler(connection=connection)
        self.sql = ""
        try:
            self.sql, given = self.compiler.as_sql()
        except EmptyResultSet:  # nobody has such rows, whatever the values are
            return
        native = connection.features.has_native_uuid_field
        kept = [one.hex if isinstance(one, UUID) and not native else one for one in stand_ins]
        places = {one: place for place, one in enumerate(kept)}
        self.given = [(places.get(one) if isinstance(one, str | UUID) else None, one) for one in given]
        if connection.vendor == "postgresql":
            self._with_all_that_stays()
        rest = f"{self.sql} {[one for place, one in self.given if place is None]}"
        hidden = [one for one in stand_ins if str(one) in rest or getattr(one, "hex", "-") in rest]
        assert not hidden, "a value that stands in the statement as something else"
        self.converters = self.compiler.get_converters(
            [column for column, *_rest in self.compiler.select[: self.compiler.col_count]]
        )
        self.model: Any = None
        if issubclass(query._iterable_class, ModelIterable):
            told = self.compiler.klass_info
            along: Any = (told, self.compiler.select, "default")
            self.model, fields = told["model"], told["select_fields"]
            self.along = get_related_populators(*along)
            self.names = [self.compiler.select[place][0].target.attname for place in fields]
            self.own = slice(fields[0], fields[-1] + 1)
            self.beside = list(self.compiler.annotation_col_map.items())

    def _with_all_that_stays(self) -> None:
        """What is always the same stands in the statement, so that the planner knows it: only the values are given."""
        pieces = self.sql.split("%s")
        assert len(pieces) == len(self.given) + 1, "a statement with a sign that looks like the place of a value"
        for number, (place, one) in enumerate(self.given):
            told = "%s" if place is not None else _written(one)
            pieces[number] += told
        self.sql, self.given = "".join(pieces), [pair for pair in self.given if pair[0] is not None]

    def rows(self, values: tuple[UUID | str, ...]) -> Iterator[Any]:
        if not self.sql:
            return iter(())
        given = [one if place is None else values[place] for place, one in self.given]
        told = connection.vendor != "postgresql" or connection.queries_logged  # a log names the values
        found: Any = (fetched if told else _planned)(self.sql, given)
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return map(tuple, found) if self.model is None else map(self._made, found)

    def _made(self, row: Any) -> Any:
        made = self.model.from_db("default", self.names, row[self.own])
        for one in self.along:
            one.populate(row, made)
        for name, place in self.beside:
            setattr(made, name, row[place])
        return made


def _written(value: Any) -> str:
    """A value as it stands in a statement of PostgreSQL."""
    written: Any = connection.ops.compose_sql("%s", [value])  # type: ignore[attr-defined]  # PostgreSQL's alone
    return str(written).replace("%", "%%")


def _planned(sql: str, values: list[UUID | str]) -> list[tuple]:
    """The rows; a connection that lives on while a table is changed is left for a new one, which knows the table."""
    try:
        return _once_planned(sql, values)
    except NotSupportedError:
        if connection.in_atomic_block:  # psycopg forgets what it kept when the transaction is rolled back
            raise
        connection.close()
        return _once_planned(sql, values)


def _once_planned(sql: str, values: list[UUID | str]) -> list[tuple]:
    """The rows of a statement that PostgreSQL reads and plans once a connection, which takes longer than its rows."""
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    native: Any = connection.connection
    try:
        native.prepare_threshold = ASKED
        with connection._prepare_cursor(ServerBindingCursor(native)) as cursor:  # type: ignore[attr-defined,call-arg]
            cursor.execute(sql, values)
            return cursor.fetchall()
    finally:
        native.prepare_threshold = None  # all else has its values in it and is never asked again
