"""The full-text engines behind one interface: FTS5 on SQLite, tsvector on PostgreSQL; unstemmed, prefixes found."""

from collections.abc import Sequence
from typing import Protocol

from django.db import connection
from django.db.models import QuerySet

from . import postgresql, sqlite

Groups = Sequence[Sequence[str]]  # what is asked for: every group, by the beginning of any word of it


class Engine(Protocol):
    """What each of them can do with a query over the spine; who may see what is in that query already."""

    def frequent(self, groups: Groups) -> tuple[bool, bool]:
        """Whether the words are in very many rows: in number and title, and altogether."""

    def ranked(self, records: QuerySet, groups: Groups, head: bool, common: bool) -> QuerySet:
        """Those with a word of every group, newest first, read only as far as asked; `head`: in number and title."""

    def among(self, records: QuerySet, groups: Groups, common: bool) -> QuerySet:
        """Those with a word of every group, in their own order; `common`: told that very many have the words."""


def engine() -> Engine:
    return sqlite if connection.vendor == "sqlite" else postgresql
