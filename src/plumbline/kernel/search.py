"""Search over records' words: FTS5 on SQLite, tsvector on PostgreSQL; unstemmed, prefixes found, accents ignored."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from . import vocabulary
from .models import Attachment, Record, SearchRow
from .register import register_of

LONGEST = 60  # letters of a word that are looked at
MOST_BYTES = 400_000  # of the different words of one record: PostgreSQL keeps no more than 1 MB of them
MOST_TERMS = 8
Groups = Sequence[Sequence[str]]  # what is asked for: every group, by any word of it


@dataclass(frozen=True)
class Found:
    """What a search gave: records of the spine, those with the words in number or title first."""

    records: list[Record]
    groups: Groups
    close: bool = False  # nothing had the words as typed; these have words close to them


def find(records: QuerySet, text: str, most: int, organisation: UUID, head: bool = False) -> Found:
    """The best of these records for what somebody typed; when nothing has it, what has the words it is close to.

    `head` looks at numbers and titles only.
    """
    typed = [[term] for term in asked(text)]
    if not typed:
        return Found([], [])
    if found := _best(records, typed, most, head):
        return Found(found, typed)
    close = [[term, *vocabulary.near(organisation, term)] for [term] in typed]
    found = _best(records, close, most, head) if close != typed else []
    return Found(found, close if found else typed, bool(found))


def _best(records: QuerySet, groups: Groups, most: int, head: bool) -> list[Record]:
    best = {record.uid: record for record in ranked(records, groups, head=True)[:most]}
    if len(best) < most and not head:
        for record in ranked(records, groups)[:most]:
            best.setdefault(record.uid, record)
    return list(best.values())[:most]


def plain(text: str) -> str:
    """Lower case without accents, so that both engines find the same."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def asked(text: str) -> list[str]:
    """The words somebody typed."""
    return [term[:LONGEST] for term in vocabulary.WORD.findall(plain(text))[:MOST_TERMS]]


def head_of(record: Record) -> str:
    """Number and title, which lead when a word stands in them."""
    return plain(f"{record.number} {record.title}").replace("\0", " ")


def words_of(record: Record, names: Iterable[str] = ()) -> str:
    """Every different word of a record and of the names of its files, each once, however long its content is."""
    register = register_of(record)
    texts = [str(getattr(record, name) or "") for name in register.searched]
    found = dict.fromkeys(
        word[:LONGEST]
        for text in (head_of(record), *texts, *names, *register.words(record))
        for word in vocabulary.WORD.findall(plain(text))
    )
    return " ".join(_no_more_than_fit(found))


def _no_more_than_fit(words: Iterable[str]) -> Iterator[str]:
    left = MOST_BYTES
    for word in words:
        left -= len(word.encode()) + 1
        if left < 0:
            return
        yield word


def found_as(record: Record) -> Record:
    """The record that search finds for this one: itself, or the one whose pages show it."""
    within = register_of(record).within
    return getattr(record, within) if within else record


def row_of(record: Record, names: Iterable[str] = ()) -> SearchRow:
    told = {"organisation": record.organisation_id, "kind": record.kind, "head": head_of(record)}
    return SearchRow(record_id=record.uid, words=words_of(record, names), **told)


def file_names(records: Iterable[Record]) -> dict:
    """The names of the files on these records that were not taken back."""
    names: dict = {}
    kept = Attachment.objects.filter(record__in=[record.uid for record in records], cancelled_reason="")
    for uid, name in kept.order_by("uid").values_list("record_id", "name"):
        names.setdefault(uid, []).append(name)
    return names


def renew(records: Iterable[Record], new: bool = False) -> None:
    """Write the words of these records afresh; of what is shown within another, those of the other."""
    shown = {one.uid: one for one in map(found_as, records) if not new or not register_of(one).within}
    if new:
        shown = {uid: one for uid, one in shown.items() if one in records}
    names = {} if new else file_names(shown.values())
    rows = [row_of(record, names.get(uid, ())) for uid, record in shown.items()]
    if new:
        SearchRow.objects.bulk_create(rows, batch_size=200)
    else:
        fields = ["organisation", "kind", "head", "words"]
        SearchRow.objects.bulk_create(
            rows, batch_size=200, update_conflicts=True, unique_fields=["record"], update_fields=fields
        )
    vocabulary.learn((row.organisation, row.words) for row in rows)


def narrow(records: QuerySet, text: str, newest: int | None = None) -> QuerySet:
    """Only the records whose words begin with every word typed; `newest` looks at that many matches at most."""
    terms = asked(text)
    if not terms:
        return records
    match = _match([[term] for term in terms])
    if connection.vendor == "sqlite":
        found = "SELECT rowid FROM kernel_words WHERE kernel_words MATCH %s"
        found += f" ORDER BY rowid DESC LIMIT {newest:d}" if newest else ""
        sql = f"SELECT record_id FROM kernel_searchrow WHERE id IN ({found})"
    else:
        sql = "SELECT record_id FROM kernel_searchrow WHERE vector @@ to_tsquery('simple', %s)"
    return records.extra(where=[f"kernel_record.uid IN ({sql})"], params=[match])


def ranked(records: QuerySet, groups: Groups, head: bool = False) -> QuerySet:
    """The records of the spine with a word of every group, the newest first, read from the index only as far as asked.

    `head` asks for the words in number and title.
    """
    match = _match(groups, head)
    if connection.vendor == "sqlite":
        where = ["kernel_words.rowid = kernel_searchrow.id", "kernel_words MATCH %s"]
        tables, order = ["kernel_words", "kernel_searchrow"], "kernel_words.rowid"
    else:
        where = ["kernel_searchrow.vector @@ to_tsquery('simple', %s)"]
        tables, order = ["kernel_searchrow"], "kernel_searchrow.id"
    joined = ["kernel_searchrow.record_id = kernel_record.uid", *where]
    return records.extra(tables=tables, where=joined, params=[match], order_by=[f"-{order}"])


def _match(groups: Groups, head: bool = False) -> str:
    """The groups in the language of the engine; every word is the beginning of one."""
    if connection.vendor == "sqlite":
        told = " AND ".join("(" + " OR ".join(f'"{term}"*' for term in group) + ")" for group in groups)
        return f"head : ({told})" if head else told
    weight = "A" if head else ""
    return " & ".join("(" + " | ".join(f"{term}:*{weight}" for term in group) + ")" for group in groups)
