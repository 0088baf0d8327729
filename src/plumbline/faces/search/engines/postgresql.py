"""A tsvector kept in the row, in which the words of the head weigh A."""

from collections.abc import Sequence

from django.db.models import QuerySet


def ranked(records: QuerySet, groups: Sequence[Sequence[str]], head: bool) -> QuerySet:
    return records.extra(
        tables=["search_searchrow"],
        where=[
            "search_searchrow.record_id = kernel_record.uid",
            "search_searchrow.vector @@ to_tsquery('simple', %s)",
        ],
        params=[_match(groups, head)],
        order_by=["-search_searchrow.id"],
    )


def among(records: QuerySet, groups: Sequence[Sequence[str]], common: bool) -> QuerySet:
    """The planner knows how common words are, and walks the list by itself where very many have them."""
    sql = "kernel_record.uid IN (SELECT record_id FROM search_searchrow WHERE vector @@ to_tsquery('simple', %s))"
    return records.extra(where=[sql], params=[_match(groups)])


def _match(groups: Sequence[Sequence[str]], head: bool = False) -> str:
    weight = "A" if head else ""
    return " & ".join("(" + " | ".join(f"{term}:*{weight}" for term in group) + ")" for group in groups)
