"""Search over records' words: FTS5 on SQLite, tsvector on PostgreSQL; unstemmed, prefixes found, accents ignored."""

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from .models import Record, SearchRow
from .register import register_of


def plain(text: str) -> str:
    """Lower case without accents, so that both engines find the same."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def words_of(record: Record) -> str:
    register = register_of(record)
    fields = [record.number, record.number.replace("-", " "), record.title]
    fields += [str(getattr(record, name) or "") for name in register.searched]
    fields += register.words(record)
    return plain(" ".join(fields))[:20_000].replace("\0", " ")


def renew(records: Iterable[Record], new: bool = False) -> None:
    """Write the words of these records afresh."""
    rows = [
        SearchRow(record_id=record.uid, organisation=record.organisation_id, kind=record.kind, words=words_of(record))
        for record in records
        if not register_of(record).within
    ]
    if new:
        SearchRow.objects.bulk_create(rows, batch_size=200)
        return
    for row in rows:
        SearchRow.objects.update_or_create(
            record_id=row.record_id, defaults={"organisation": row.organisation, "kind": row.kind, "words": row.words}
        )


def narrow(records: QuerySet, text: str, newest: int | None = None) -> QuerySet:
    """Only the records whose words begin with every word typed; `newest` looks at that many matches at most."""
    terms = re.findall(r"\w+", plain(text))[:8]
    if not terms:
        return records
    if connection.vendor == "sqlite":
        match = " ".join(f'"{term}"*' for term in terms)
        found = "SELECT rowid FROM kernel_words WHERE kernel_words MATCH %s"
        found += f" ORDER BY rowid DESC LIMIT {newest:d}" if newest else ""
        sql = f"SELECT record_id FROM kernel_searchrow WHERE id IN ({found})"
    else:
        match = " & ".join(f"{term}:*" for term in terms)
        sql = "SELECT record_id FROM kernel_searchrow WHERE to_tsvector('simple', words) @@ to_tsquery('simple', %s)"
    return records.extra(where=[f"kernel_record.uid IN ({sql})"], params=[match])
