"""A tsvector kept in the row with all words, and a small one with those of the head.

Beside the words both name the stretches of rows in which the row lies, so the index gives only what is recent.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from plumbline.kernel.models import Record

WALKED = 24  # rows read from the newest on, for each record wanted, before the index is asked
FREQUENT = 16  # a word that stands in more than one of so many of them is looked for in the rows, not in the index
NEAR, FAR = 4096, 65_536  # rows of a stretch, #a and #b in the columns
SAMPLE = f"""
WITH newest AS MATERIALIZED (
    SELECT id, record_id, organisation, titles, vector FROM search_searchrow ORDER BY id DESC LIMIT %s),
terms AS (
    SELECT told, (SELECT count(*) * {FREQUENT} / %s FROM newest WHERE vector @@ term) AS often
    FROM (SELECT told, to_tsquery('simple', told) AS term FROM unnest(%s::text[]) told OFFSET 0) each),
asked AS MATERIALIZED (
    SELECT to_tsquery('simple', string_agg(told, ' & ')) AS wanted, to_tsquery('simple',
        coalesce(string_agg(told, ' & ') FILTER (WHERE often < 1), (array_agg(told ORDER BY often))[1])) AS seldom
    FROM terms)"""
ASKED = f"""{SAMPLE},
walked AS MATERIALIZED (
    SELECT id, record_id, titles @@ wanted AS leads FROM newest, asked WHERE organisation = %s AND vector @@ wanted),
spans AS (
    SELECT max(id) AS last, min(id) - 1 AS rest, greatest(0, max(id) - greatest({2 * NEAR}, max(id) / 80)) AS near,
        greatest(0, max(id) - greatest({2 * FAR}, max(id) / 6)) AS far FROM newest),
part AS MATERIALIZED (
    SELECT rest, least(rest, near / {NEAR} * {NEAR} - 1) AS old, least(rest, far / {FAR} * {FAR} - 1) AS oldest,
        (SELECT string_agg('''#a' || n || '''', '|')::tsquery FROM generate_series(near / {NEAR}, last / {NEAR}) n) a,
        (SELECT string_agg('''#b' || n || '''', '|')::tsquery FROM generate_series(far / {FAR}, last / {FAR}) n) b
    FROM spans)
"""
STEPS = (  # what the index is asked, for rows up to which: each only if those before gave too few
    ("(SELECT seldom && a FROM asked, part)", "(SELECT rest FROM part)"),
    ("(SELECT seldom && b FROM asked, part)", "(SELECT old FROM part)"),
    ("(SELECT seldom FROM asked)", "(SELECT oldest FROM part)"),
)
SEEN = 600  # rows in which it is seen how frequent words are
PAGE = 40  # rows of a list that are wanted at once, each cheaper to walk over than to look up
INDEXED = (
    "SELECT record_id FROM search_searchrow WHERE vector @@ (SELECT seldom FROM asked)"
    " AND (vector @@ (SELECT wanted FROM asked)) IS TRUE"
)
LOOKED_UP = f"{SAMPLE} {INDEXED}"
COUNTED = f"""{SAMPLE},
sample AS MATERIALIZED (SELECT count(*) AS seen FROM newest WHERE vector @@ (SELECT wanted FROM asked)),
found AS (
    SELECT record_id FROM search_searchrow WHERE (SELECT seen * {FREQUENT} >= {SEEN} FROM sample)
        AND (vector @@ (SELECT wanted FROM asked)) IS TRUE
    UNION ALL {INDEXED} AND (SELECT seen * {FREQUENT} < {SEEN} FROM sample))
SELECT seen, (SELECT count(*) FROM (SELECT FROM found CROSS JOIN LATERAL ({{may}}) may LIMIT %s) those),
    (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'search_searchrow'::regclass) FROM sample
"""
ALL = 1_000_000_000  # a limit keeps the order of what it limits


def _steps(column: str, besides: str) -> list[str]:
    """The rows that have the words, newest first, in steps; what is true of a sum or of a truth no index is asked."""
    words = f"({column} @@ (SELECT wanted FROM asked)) IS TRUE"
    return [
        f"(SELECT id, record_id FROM search_searchrow WHERE {column} @@ {seldom} AND {words} AND id + 0 <= {until}"
        f" AND organisation = %s{besides} ORDER BY id + 0 DESC LIMIT {ALL})"
        for seldom, until in STEPS
    ]


LEADING = [f"(SELECT id, record_id FROM walked WHERE leads ORDER BY id DESC LIMIT {ALL})", *_steps("titles", "")]
OTHERS = [
    f"(SELECT id, record_id FROM walked WHERE NOT leads ORDER BY id DESC LIMIT {ALL})",
    *_steps("vector", " AND NOT titles @@ (SELECT wanted FROM asked)"),
]


def best(records: QuerySet, groups: Sequence[Sequence[str]], most: int, home: UUID, head: bool) -> list[Record]:
    """One statement, and nothing in it hangs on how common the planner believes a word to be.

    Words that most rows have are found by walking, of others the index gives the recent ones, of seldom ones all.
    """
    try:
        may, values = _those_of(records)
    except EmptyResultSet:  # who sees nothing
        return []
    parts, words, walked = LEADING if head else [*LEADING, *OTHERS], _words(groups), most * WALKED
    found = f"{ASKED} SELECT may.* FROM ({' UNION ALL '.join(parts)}) found CROSS JOIN LATERAL ({may}) may LIMIT %s"
    asked = [walked, walked, words, home, *[home] * (len(STEPS) * (1 if head else 2)), *values, most]
    shown = records.extra(
        select={"leads": "search_searchrow.titles @@ to_tsquery('simple', %s)", "newest": "search_searchrow.id"},
        select_params=[" & ".join(words)],
        tables=["search_searchrow"],
        where=["search_searchrow.record_id = kernel_record.uid", f"kernel_record.uid = ANY(ARRAY({found}))"],
        params=asked,
        order_by=["-leads", "-newest"],
    )
    return list(shown)


def counted(records: QuerySet, groups: Sequence[Sequence[str]], most: int) -> tuple[int, bool | None]:
    """Words that are frequent among the newest rows are counted row by row, others by the index."""
    try:
        may, values = _those_of(records)
    except EmptyResultSet:
        return 0, False
    words = _words(groups)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(may=may), [SEEN, SEEN, words, *values, most])
        seen, total, rows = cursor.fetchone()
    if seen * seen * rows < PAGE * SEEN * SEEN:  # then fewer are looked up than would be walked
        return total, False
    return total, True if total == most else None


def _those_of(records: QuerySet) -> tuple[str, tuple]:
    """The record of a row that was found, if it is one of these."""
    return (
        records.extra(where=["kernel_record.uid = found.record_id"]).order_by().values("pk")[:1].query.sql_with_params()
    )


def among(records: QuerySet, groups: Sequence[Sequence[str]], common: bool | None) -> QuerySet:
    """Few are looked up, and a list with very many is walked; what is not told, the planner guesses."""
    words = _words(groups)
    if common is False:
        return records.extra(where=[f"kernel_record.uid = ANY(ARRAY({LOOKED_UP}))"], params=[SEEN, SEEN, words])
    match = "(vector @@ to_tsquery('simple', %s))"
    if common:
        sql = f"(SELECT {match} FROM search_searchrow WHERE record_id = kernel_record.uid)"
    else:
        sql = f"kernel_record.uid IN (SELECT record_id FROM search_searchrow WHERE {match})"
    return records.extra(where=[sql], params=[" & ".join(words)])


def _words(groups: Sequence[Sequence[str]]) -> list[str]:
    return ["(" + " | ".join(f"{term}:*" for term in group) + ")" for group in groups]
