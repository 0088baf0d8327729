"""A tsvector kept in the row with all words, and a small one with those of the head."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

ESTIMATE = (
    "EXPLAIN (FORMAT JSON) WITH every AS MATERIALIZED (SELECT 1 FROM search_searchrow),"
    " titles AS MATERIALIZED (SELECT 1 FROM search_searchrow WHERE titles @@ to_tsquery('simple', %s)),"
    " vector AS MATERIALIZED (SELECT 1 FROM search_searchrow WHERE vector @@ to_tsquery('simple', %s))"
    " SELECT 1 FROM every, titles, vector"
)
WALK = 80  # what reading the words of a row costs, for a page of twenty, in rows looked up by the index


def frequent(groups: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """Whether so many rows have the words, in the head and altogether, that the newest are soon found by walking.

    The planner itself walks for every page: it guesses how many rows have a word, not what reading their words costs.
    """
    match = _match(groups)
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE, [match, match])
        plan = cursor.fetchone()[0][0]["Plan"]
    rows = {one["Subplan Name"][4:]: one["Plan Rows"] for one in plan["Plans"] if "Subplan Name" in one}
    least = WALK * rows["every"]
    return rows["titles"] ** 2 > least, rows["vector"] ** 2 > least


def ranked(records: QuerySet, groups: Sequence[Sequence[str]], head: bool, common: bool) -> QuerySet:
    return records.extra(
        select={"newest": "search_searchrow.id" if common else "search_searchrow.id + 0"},  # a sum is no index's order
        tables=["search_searchrow"],
        where=[
            "search_searchrow.record_id = kernel_record.uid",
            f"search_searchrow.{'titles' if head else 'vector'} @@ to_tsquery('simple', %s)",
        ],
        params=[_match(groups)],
        order_by=["-newest"],
    )


def among(records: QuerySet, groups: Sequence[Sequence[str]], common: bool) -> QuerySet:
    """The planner knows how common words are, and walks the list by itself where very many have them."""
    sql = "kernel_record.uid IN (SELECT record_id FROM search_searchrow WHERE vector @@ to_tsquery('simple', %s))"
    return records.extra(where=[sql], params=[_match(groups)])


def _match(groups: Sequence[Sequence[str]]) -> str:
    return " & ".join("(" + " | ".join(f"{term}:*" for term in group) + ")" for group in groups)
