"""Every evidence row against the snapshot of its last event, and every event against the row it wrote."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models
from django.db.models import Max

from plumbline.ledger.models import Event
from plumbline.ledger.problems import Problem, number_in
from plumbline.ledger.schemas import differing
from plumbline.ledger.shapes import Shape, Sheet, as_uuid, evidence_models, shape_of, shapes, spine
from plumbline.ledger.writer import NOTE

CHUNK = 500


@dataclass(frozen=True)
class _Told:
    """What the log tells of one row: the event it names, and the newest one about it."""

    event: Event | None
    newest: UUID | None


def row_problems(home: UUID | None) -> Iterator[Problem]:
    """Rows that are not what their last event says, of one organisation or of all."""
    for shape in shapes():
        for keys in _keys(shape.sheets[-1], home):
            yield from _batch(shape, keys)
    for model in evidence_models():
        if spine(model):
            yield from _without_kind(model, home)


def vanished(home: UUID | None) -> Iterator[Problem]:
    """Rows that events tell of and that are no longer there, or no longer in their organisation."""
    by_code = {shape.code: shape for shape in shapes()}
    told = Event.objects.exclude(schema=NOTE).order_by("subject")
    told = told.filter(home=home) if home else told
    last: UUID | None = None
    while True:
        page = told.filter(subject__gt=last) if last else told
        subjects = list(page.values_list("subject", "home", "table").distinct()[:CHUNK])
        if not subjects:
            return
        if len(subjects) == CHUNK:  # a subject is not cut in two
            subjects = [row for row in subjects if row[0] != subjects[-1][0]] or subjects
        last = subjects[-1][0]
        for code in sorted({table for _, _, table in subjects}):
            theirs = {(subject, its_home) for subject, its_home, table in subjects if table == code}
            gone = theirs - _standing(by_code[code].sheets[-1], theirs) if code in by_code else theirs
            for subject, its_home in sorted(gone):
                what = "the row vanished, or was moved to another organisation"
                yield Problem(its_home, code, str(subject), _last_number(subject), what)


def _standing(sheet: Sheet, subjects: set[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    rows = sheet.model._base_manager.filter(pk__in=[subject for subject, _ in subjects])
    return set(rows.values_list(sheet.key.attname, sheet.home.attname))


def _last_number(subject: UUID) -> str | None:
    event = Event.objects.filter(subject=subject).exclude(schema=NOTE).order_by("-entry__seq").first()
    opening = event and getattr(event, "opening", None)
    return number_in(opening.text) if opening else None


def _keys(sheet: Sheet, home: UUID | None) -> Iterator[list[Any]]:
    """The raw keys of a table, in batches, whatever somebody has put there."""
    quote: Any = connection.ops.quote_name
    key, table = quote(sheet.key.column), quote(sheet.table)
    of_home = f" AND {quote(sheet.home.column)} = %s" if home else ""
    parameters: list[Any] = [sheet.home.get_db_prep_value(home, connection)] if home else []
    last: list[Any] = []
    while True:
        after = f" AND {key} > %s" if last else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key} FROM {table} WHERE 1 = 1{of_home}{after} ORDER BY {key} LIMIT {CHUNK}",
                [*parameters, *last],
            )
            keys = [key for (key,) in cursor.fetchall()]
        if not keys:
            return
        yield keys
        last = keys[-1:]


def _batch(shape: Shape, keys: Sequence[Any]) -> Iterator[Problem]:
    try:
        rows = {row.pk: row for row in shape.model._base_manager.filter(pk__in=keys)}
        told = _told(list(rows.values()))
        found = {key: _wrong(shape, rows.get(as_uuid(key)), told) for key in keys}
    except (ValueError, TypeError, ArithmeticError, ValidationError, DatabaseError, RecursionError) as error:
        if len(keys) == 1:
            yield Problem(None, shape.code, _text(keys[0]), None, f"the row cannot be read: {error}")
            return
        for key in keys:
            yield from _batch(shape, [key])
        return
    for key in keys:
        if found[key]:
            yield from _again(shape, as_uuid(key))


def _again(shape: Shape, uid: UUID) -> Iterator[Problem]:
    """Look once more, for somebody may have written between two of our queries."""
    row = shape.model._base_manager.filter(pk=uid).first()
    for what in _wrong(shape, row, _told([row] if row else [])):
        home = shape.home_of(row) if row else None
        yield Problem(home, shape.code, str(uid), getattr(row, "number", None) or None, what)


def _told(rows: Sequence[models.Model]) -> dict[UUID, _Told]:
    if not rows:
        return {}
    uids = [row.pk for row in rows]
    named = Event.objects.select_related("opening").in_bulk([row.last_event_id for row in rows])  # type: ignore[attr-defined]
    written = Event.objects.exclude(schema=NOTE).filter(subject__in=uids)
    newest = dict(written.values_list("subject").annotate(seq=Max("entry__seq")))
    seqs = {(event.subject, event.entry.seq): event.pk for event in _at(written, newest)}
    return {row.pk: _Told(named.get(row.last_event_id), seqs.get((row.pk, newest.get(row.pk)))) for row in rows}  # type: ignore[attr-defined]


def _at(written: models.QuerySet, newest: dict[UUID, int]) -> models.QuerySet:
    return written.filter(entry__seq__in=set(newest.values())).select_related("entry")


def _wrong(shape: Shape, row: models.Model | None, told: dict[UUID, _Told]) -> list[str]:
    if row is None:
        return [f"the row in {shape.sheets[0].table} that belongs to it is missing"]
    found, tale = [], told[row.pk]
    for above, sheet in zip(shape.sheets, shape.sheets[1:], strict=False):
        if getattr(row, above.event.attname) != getattr(row, sheet.event.attname):
            found.append(f"{above.table} and {sheet.table} name different events")
        if getattr(row, above.home.attname) != getattr(row, sheet.home.attname):
            found.append(f"{above.table} and {sheet.table} name different organisations")
    event = tale.event
    if event is None:
        return [*found, "its event is missing"]
    code, _, number = event.schema.partition("@")
    if event.subject != row.pk or code != shape.code:
        return [*found, "it names an event about something else"]
    if event.home != shape.home_of(row):
        found.append("it stands in another organisation than its event")
    if event.pk != tale.newest:
        found.append("it was put back to an earlier event")
    return found + _values(row, event, int(number))


def _values(row: models.Model, event: Event, number: int) -> list[str]:
    opening = getattr(event, "opening", None)
    if opening is None:
        return ["the values its last event wrote were erased"]
    try:
        fields = differing(row, number, json.loads(opening.text)["row"])
    except FileNotFoundError:
        return [f"{event.schema} is not a frozen schema of this installation"]
    except (KeyError, TypeError):
        return ["the opening of its last event cannot be read"]
    return [f"it was altered outside the door: {', '.join(fields)}"] if fields else []


def _without_kind(model: type[models.Model], home: UUID | None) -> Iterator[Problem]:
    """Rows of a spine that no kind's table has."""
    sheet = shape_of(model).sheets[-1]
    rows = model._base_manager.order_by("pk")
    for relation in model._meta.related_objects:
        if relation.parent_link and relation.one_to_one:
            rows = rows.filter(**{f"{relation.name}__isnull": True})
    if home:
        rows = rows.filter(**{sheet.home.attname: home})
    for row in rows.iterator(CHUNK):
        number = getattr(row, "number", None) or None
        yield Problem(
            getattr(row, sheet.home.attname), str(model._meta.model_name), str(row.pk), number, "no kind has this row"
        )


def _text(key: Any) -> str:
    return key if isinstance(key, str) else str(key)
