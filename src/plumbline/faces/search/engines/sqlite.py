"""FTS5, with the words of the head as a column of their own."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField

from plumbline.kernel.models import Record


def best(records: QuerySet, groups: Sequence[Sequence[str]], most: int, home: UUID, head: bool) -> list[Record]:
    """FTS5 gives what it finds in the order of the rows, however many, and is read only as far as asked."""
    records = records.filter(organisation=home)
    found = {record.uid: record for record in _ranked(records, groups, True)[:most]}
    if len(found) < most and not head:
        for record in _ranked(records, groups, False)[:most]:
            found.setdefault(record.uid, record)
    return list(found.values())[:most]


def counted(records: QuerySet, groups: Sequence[Sequence[str]], most: int) -> tuple[int, bool | None]:
    total = _ranked(records, groups, False).order_by().values("pk")[:most].count()
    return total, total == most


def _ranked(records: QuerySet, groups: Sequence[Sequence[str]], head: bool) -> QuerySet:
    return records.extra(
        tables=["search_fts", "search_searchrow"],
        where=[
            "search_searchrow.record_id = kernel_record.uid",
            "search_fts.rowid = search_searchrow.id",
            "search_fts MATCH %s",
        ],
        params=[_match(groups, head)],
        order_by=["-search_fts.rowid"],
    )


def among(records: QuerySet, groups: Sequence[Sequence[str]], common: bool | None) -> QuerySet:
    """Few are looked up by the index; where very many have the words, the list is walked and each row asked."""
    if common:
        told = RawSQL("(SELECT ' ' || words FROM search_searchrow WHERE record_id = kernel_record.uid)", [])
        walked = records.annotate(_words=told)
        for group in groups:
            walked = walked.filter(Q(*((("_words__contains", f" {term}")) for term in group), _connector=Q.OR))
        return walked
    sql = (
        "kernel_record.uid IN (SELECT record_id FROM search_searchrow WHERE id IN"
        " (SELECT rowid FROM search_fts WHERE search_fts MATCH %s))"
    )
    return records.filter(RawSQL(sql, [_match(groups)], output_field=BooleanField()))


def _match(groups: Sequence[Sequence[str]], head: bool = False) -> str:
    told = " AND ".join("(" + " OR ".join(f'"{term}"*' for term in group) + ")" for group in groups)
    return f"head : ({told})" if head else told
