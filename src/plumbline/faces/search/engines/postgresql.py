"""A tsvector kept in the row with all words, and a small one with those of the head.

Beside the words both name the stretches of rows in which the row lies, so the index gives only what is recent.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from plumbline.faces.search.vocabulary import END, LONGEST, may_be_wrong
from plumbline.kernel.models import Record

WALKED = 24  # rows read from the newest on, for each record wanted, before the index is asked
SEEN = 600  # rows in which it is seen how frequent words are
BYTES = 600_000  # what these rows may hold together: of long documents some fifty tell enough
POSTED = 60_000  # a word that more rows have is looked for in the rows of a stretch, not in its index
NEAR, FAR = 4096, 65_536  # rows of a stretch, #a and #b in the columns
SAMPLE = f"""
WITH newest AS MATERIALIZED (
    SELECT id, record_id, organisation, titles, ARRAY[{{has}}] AS has FROM (
        SELECT *, sum(pg_column_size(vector)) OVER (ORDER BY id DESC ROWS UNBOUNDED PRECEDING) AS held
        FROM search_searchrow ORDER BY id DESC LIMIT %s) latest WHERE held - pg_column_size(vector) < %s),
sample AS MATERIALIZED (
    SELECT count(*) AS read, count(*) FILTER (WHERE true = ALL(has)) AS seen,
        (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'search_searchrow'::regclass) AS rows FROM newest),
terms AS (
    SELECT told, asked, kept OR times * rows < {POSTED} * read AS near, kept OR times * 2 < read AS far FROM sample, (
        SELECT *, asked NOT LIKE '%%:*%%' OR row_number() OVER (ORDER BY times) = 1 AS kept FROM (
            SELECT told, asked, (SELECT count(*) FROM newest WHERE has[place]) AS times FROM
            unnest(%s::text[], ARRAY[{{whole}}]) WITH ORDINALITY each (told, asked, place) OFFSET 0) counted) ranked),
asked AS MATERIALIZED (
    SELECT bool_and(near) AS all_near, bool_and(far) AS all_far,
        to_tsquery('simple', string_agg(told, ' & ')) AS wanted,
        to_tsquery('simple', string_agg(asked, ' & ') FILTER (WHERE near)) AS near,
        to_tsquery('simple', string_agg(asked, ' & ') FILTER (WHERE far)) AS far FROM terms)"""
WORDS = 16  # that begin as typed: so few are named to the index, which then leaps; of more it reads every row
WHOLE = f"""coalesce((SELECT string_agg(word || CASE length(word) WHEN {LONGEST} THEN ':*' ELSE '' END, ' | ') FROM (
    SELECT DISTINCT word FROM organisation_organisation o JOIN search_searchword w ON w.organisation = o.uid
    WHERE word >= %s AND word < %s LIMIT {WORDS + 1}) known HAVING count(*) <= {WORDS}), %s)"""
ASKED = f"""{SAMPLE},
walked AS MATERIALIZED (
    SELECT id, record_id, titles @@ wanted AS leads FROM newest, asked WHERE organisation = %s AND true = ALL(has)),
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
    ("near", " && (SELECT a FROM part)", "rest"),
    ("near", " && (SELECT b FROM part)", "old"),
    ("far", "", "oldest"),
)
DENSE = 3000  # rows that are as cheap to count one by one as the index is to ask for one in each of them
READ, LOOKED = 60, 4  # the same for a page: each row read, or asked whether the index gave it; else looked up
FOUND = "SELECT record_id FROM search_searchrow WHERE"


def _indexed(column: str, words: str, besides: str = "") -> str:
    """What the index gives has all words, unless some were left out; of a truth or a sum no index is asked."""
    wanted = f"(SELECT all_{words} FROM asked) OR {column} @@ (SELECT wanted FROM asked)"
    return f"{column} @@ (SELECT {words}{besides} FROM asked) AND ({wanted}) IS TRUE"


THOSE = f"""
WITH asked AS MATERIALIZED (SELECT %s::tsquery AS far, %s AS all_far, to_tsquery('simple', %s) AS wanted)
{FOUND} {_indexed("vector", "far")}"""
COUNTED = f"""{SAMPLE},
way AS MATERIALIZED (SELECT seen * seen * rows >= %s * read AS dense, wanted FROM sample, asked),
found AS (
    SELECT record_id FROM way CROSS JOIN LATERAL (
        {FOUND} dense AND (vector @@ wanted) IS TRUE OFFSET 0) each
    UNION ALL {FOUND} {_indexed("vector", "far")} AND (SELECT NOT dense FROM way))
SELECT (SELECT count(*) FROM (SELECT FROM found CROSS JOIN LATERAL ({{may}}) may LIMIT %s) those),
    seen * seen * rows / greatest(read * read, 1), read, far::text, all_far FROM sample, asked
"""
ALL = 1_000_000_000  # a limit keeps the order of what it limits


def _steps(column: str, besides: str) -> list[str]:
    """The rows that have the words, newest first, in steps."""
    return [
        f"(SELECT id, record_id FROM search_searchrow WHERE {_indexed(column, words, stretches)}"
        f" AND id + 0 <= (SELECT {until} FROM part) AND organisation = %s{besides} ORDER BY id + 0 DESC LIMIT {ALL})"
        for words, stretches, until in STEPS
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
    parts, words = LEADING if head else [*LEADING, *OTHERS], _words(groups)
    statement, typed = _asked(ASKED, groups)
    found = f"{statement} SELECT may.* FROM ({' UNION ALL '.join(parts)}) found"
    homes = [home] * (1 + len(STEPS) * (1 if head else 2))
    asked = [*words, most * WALKED, BYTES, words, *typed, *homes, *values, most]
    shown = records.extra(
        select={"leads": "search_searchrow.titles @@ to_tsquery('simple', %s)", "newest": "search_searchrow.id"},
        select_params=[" & ".join(words)],
        tables=["search_searchrow"],
        where=[
            "search_searchrow.record_id = kernel_record.uid",
            f"kernel_record.uid = ANY(ARRAY({found} CROSS JOIN LATERAL ({may}) may LIMIT %s))",
        ],
        params=asked,
        order_by=["-leads", "-newest"],
    )
    return list(shown)


def counted(records: QuerySet, groups: Sequence[Sequence[str]], most: int) -> tuple[int, tuple | bool | None]:
    """Words that are frequent among the newest rows are counted row by row, others by the index.

    How to find them: True where each row of a list is read; else what the index is asked, and whether for a walk.
    """
    try:
        may, values = _those_of(records)
    except EmptyResultSet:
        return 0, None
    words, (statement, typed) = _words(groups), _asked(COUNTED, groups, may)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*words, SEEN, BYTES, words, *typed, DENSE * SEEN, *values, most])
        total, common, read, *sought = cursor.fetchone()
    if common * read >= READ * SEEN:
        return total, True if total == most else None
    return total, (common >= LOOKED and total == most, sought)


def _asked(statement: str, groups: Sequence[Sequence[str]], may: str = "") -> tuple[str, list[str]]:
    """Each word is asked of each of the newest rows once; and what is to be put in for the words in whole."""
    has = ", ".join(["vector @@ to_tsquery('simple', %s)"] * len(groups))
    whole, typed = [], []
    for group in groups:
        known = [term for term in group if may_be_wrong(term)]
        whole.append(" || ' | ' || ".join(WHOLE if term in known else "%s" for term in group))
        typed += [one for term in group for one in ([term, term + END] if term in known else []) + [f"{term}:*"]]
    told = ", ".join(f"'(' || {one} || ')'" for one in whole)
    return statement.format(has=has, whole=told, may=may), typed


def _those_of(records: QuerySet) -> tuple[str, tuple]:
    """The record of a row that was found, if it is one of these."""
    return (
        records.extra(where=["kernel_record.uid = found.record_id"]).order_by().values("pk")[:1].query.sql_with_params()
    )


def among(records: QuerySet, groups: Sequence[Sequence[str]], common: tuple | bool | None) -> QuerySet:
    """Few are looked up, and a list with many is walked; what is not told, the planner guesses."""
    wanted = " & ".join(_words(groups))
    if isinstance(common, tuple):
        walked, sought = common
        those = f"(kernel_record.uid IN ({THOSE})) IS TRUE" if walked else f"kernel_record.uid = ANY(ARRAY({THOSE}))"
        return records.extra(where=[those], params=[*sought, wanted])
    match = "(vector @@ to_tsquery('simple', %s))"
    if common:
        sql = f"(SELECT {match} FROM search_searchrow WHERE record_id = kernel_record.uid)"
    else:
        sql = f"kernel_record.uid IN (SELECT record_id FROM search_searchrow WHERE {match})"
    return records.extra(where=[sql], params=[wanted])


def _words(groups: Sequence[Sequence[str]]) -> list[str]:
    return ["(" + " | ".join(f"{term}:*" for term in group) + ")" for group in groups]
