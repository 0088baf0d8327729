"""The full-text engines behind one interface: FTS5 on SQLite, tsvector on PostgreSQL; unstemmed, prefixes found."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from plumbline.kernel.models import Record

from . import postgresql, sqlite

Groups = Sequence[Sequence[str]]  # what is asked for: every group, by the beginning of any word of it


class Engine(Protocol):
    """What each of them can do with a query over the spine; who may see what is in that query already."""

    def best(self, records: QuerySet, groups: Groups, most: int, home: UUID, head: bool) -> list[Record]:
        """The first with a word of every group: those with them in number and title, then others; newest first.

        `home` is the organisation they are of; `head` looks at numbers and titles only.
        """

    def counted(self, records: QuerySet, groups: Groups, most: int) -> tuple[int, Any]:
        """How many have a word of every group, counted up to `most`; and how to find them, told to `among`."""

    def among(self, records: QuerySet, groups: Groups, common: Any) -> QuerySet:
        """Those with a word of every group, in their own order; `common`: how `counted` said, None if it was not."""


def engine() -> Engine:
    return sqlite if connection.vendor == "sqlite" else postgresql
