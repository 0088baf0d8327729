"""Writes what search stands on, in the transaction that writes the records."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from plumbline.kernel.models import File, Part, Record
from plumbline.kernel.register import Register, register_of
from plumbline.ledger.models import Evidence
from plumbline.ledger.statements import insert

from . import vocabulary, wording
from .models import FileText, SearchRow
from .parts import of_records, told_by

UPSERT: dict[str, Any] = {
    "update_conflicts": True,
    "unique_fields": ["record"],
    "update_fields": ["organisation", "kind", "head", "words"],
}
MOST_BYTES = 400_000  # of the different words of one record: PostgreSQL keeps no more than 1 MB of them


def wrote(rows: Sequence[Evidence], new: bool) -> None:
    """What the door has just written: records, or a part whose words belong to its record."""
    renew([row for row in rows if isinstance(row, Record)], new)
    for file in (row for row in rows if isinstance(row, File) and row.disposed_at):
        FileText.objects.filter(file=file.uid).delete()  # nothing that disposed content said is kept
    changed = [row for row in rows if isinstance(row, Part) and told_by(type(row))]
    for part in changed:
        register = register_of(part.record)
        if not register.within:
            renew([register.model.objects.select_related("owner", "author").get(pk=part.record_id)])


def found_as(record: Record) -> Record:
    """The record that search finds for this one: itself, or the one whose pages show it."""
    within = register_of(record).within
    return getattr(record, within) if within else record


def head_of(record: Record) -> str:
    """The words of number and title, which lead when a word stands in them."""
    return " ".join(dict.fromkeys(wording.words(f"{record.number} {record.title}")))


def rows_of(records: Iterable[Record], new: bool = False) -> list[SearchRow]:
    """What search should know of these records; of new ones nothing is asked that they cannot have yet."""
    records = list(records)
    told: dict[UUID, list[str]] = {} if new else of_records(records)
    return [_row(record, register_of(record), told.get(record.uid, [])) for record in records]


def _row(record: Record, register: Register, told: list[str]) -> SearchRow:
    texts = [str(getattr(record, name) or "") for name in register.searched]
    texts += [said for said in record.extra.get("own", {}).values() if isinstance(said, str)]
    found: dict[str, None] = {}
    for text in (f"{record.number} {record.title}", *texts, *told, *register.words(record)):
        found.update(dict.fromkeys(wording.words(text)))
    kept: dict[str, Any] = {"organisation": record.organisation_id, "kind": record.kind, "head": head_of(record)}
    return SearchRow(record_id=record.uid, words=" ".join(_no_more_than_fit(found)), **kept)


def _no_more_than_fit(words: Iterable[str]) -> Iterator[str]:
    left = MOST_BYTES
    for word in words:
        left -= len(word.encode()) + 1
        if left < 0:
            return
        yield word


def renew(records: Iterable[Record], new: bool = False, afresh: bool = False) -> None:
    """Write the words of these records; of what is shown within another, those of the other.

    Only words that a record did not have are looked up in the vocabulary, unless all is to be made `afresh`.
    """
    shown = {one.uid: one for one in records if not register_of(one).within}
    if not new:
        shown = {one.uid: one for one in map(found_as, records)}
    if not shown:
        return
    kept = {} if new else dict(SearchRow.objects.filter(record__in=shown).values_list("record_id", "words"))
    rows = rows_of(shown.values(), new)
    if new:
        insert(SearchRow, rows)
    else:
        SearchRow.objects.bulk_create(rows, batch_size=200, **UPSERT)
    known = {uid: set() if afresh else set(words.split()) for uid, words in kept.items()}
    vocabulary.learn((row.organisation, set(row.words.split()) - known.get(row.record_id, set())) for row in rows)
