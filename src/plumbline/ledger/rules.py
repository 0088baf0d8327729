"""What may happen to each table of evidence and of the log, as conditions both databases understand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from plumbline.ledger.models import Checkpoint, Entry, Event, Evidence, Log, Opening
from plumbline.ledger.shapes import Sheet, evidence_models, shape_of

EVENT, ENTRY, OPENING, LOG, CHECKPOINT = (model._meta.db_table for model in (Event, Entry, Opening, Log, Checkpoint))
ALWAYS = "1 = 1"


@dataclass(frozen=True)
class Refusal:
    """A condition on NEW and OLD under which a write is refused, and the text that says what to do."""

    when: str
    text: str


@dataclass
class Guard:
    """The refusals of one table, by operation."""

    table: str
    insert: list[Refusal] = field(default_factory=list)
    update: list[Refusal] = field(default_factory=list)
    delete: list[Refusal] = field(default_factory=list)
    lock: str = ""  # what PostgreSQL locks before it looks, so that two at once see each other; SQLite has one writer


def guards() -> list[Guard]:
    """The guards of all tables, those of the log first."""
    sheets = {sheet.table: sheet for model in evidence_models() for sheet in shape_of(model).sheets}
    parents = {
        sheet.table: above
        for model in evidence_models()
        for above, sheet in zip(shape_of(model).sheets, shape_of(model).sheets[1:], strict=False)
    }
    return [*_log_guards(), *(_evidence_guard(sheets[table], parents.get(table)) for table in sorted(sheets))]


def _evidence_guard(sheet: Sheet, parent: Sheet | None) -> Guard:
    table, uid, home, event = sheet.table, sheet.key.column, sheet.home.column, sheet.event.column
    same = f"""e."subject" = NEW."{uid}" AND e."home" = NEW."{home}" AND e."schema" <> 'note@1'"""
    own = _by_key(f'e."id" = NEW."{event}"', same)
    written = [
        _unless(f'"{EVENT}" e', own, f"{table}: a row needs an event of its own; write it through pen.save"),
        _if(
            f'"{ENTRY}" n',
            f'n."event_id" = NEW."{event}"',
            f"{table}: its event is sealed; every write needs a new one",
        ),
        *_references(sheet),
        *_spans(sheet),
    ]
    if parent is not None:
        same = f'p."{parent.event.column}" = NEW."{event}" AND p."{parent.home.column}" = NEW."{home}"'
        above = _by_key(f'p."{parent.key.column}" = NEW."{uid}"', same)
        written.append(
            _unless(f'"{parent.table}" p', above, f"{table}: {parent.table} must be written first, by the same event")
        )
    changed = [
        Refusal(f'NEW."{event}" = OLD."{event}"', f"{table}: a change needs a new event; write it through pen.save"),
        Refusal(f'NEW."{uid}" <> OLD."{uid}"', f"{table}: a uid never changes; make a new row"),
        Refusal(f'NEW."{home}" <> OLD."{home}"', f"{table}: a row stays in its organisation; make a new row there"),
    ]
    there = _if(f'"{table}" r', f'r."{uid}" = NEW."{uid}"', f"{table}: there is a row with this uid; update it")
    gone = Refusal(ALWAYS, f"{table}: nothing is deleted; cancel it with a reason")
    return Guard(table, [there, *written], [*changed, *written], [gone], _span_lock(sheet))


def _span(sheet: Sheet) -> tuple[str, ...]:
    return getattr(sheet.model, "SPAN", None) or ()


def _spans(sheet: Sheet) -> Iterator[Refusal]:
    """No day belongs to two spans of one thing at one place."""
    fields: list[Any] = [sheet.model._meta.get_field(name) for name in _span(sheet)]
    if not fields:
        return
    what, place, begin, end = (field.column for field in fields)
    key = sheet.key.column
    other = f'o."{what}" = NEW."{what}" AND o."{place}" = NEW."{place}" AND o."{key}" <> NEW."{key}"'
    full = f'({{0}}."{end}" IS NULL OR {{0}}."{end}" > {{0}}."{begin}")'
    shared = f'(o."{end}" IS NULL OR o."{end}" > NEW."{begin}") AND (NEW."{end}" IS NULL OR NEW."{end}" > o."{begin}")'
    yield _if(
        f'"{sheet.table}" o',
        f"{other} AND {full.format('o')} AND {full.format('NEW')} AND {shared}",
        f"{sheet.table}: two at one place on one day; end the one before first",
    )


def _span_lock(sheet: Sheet) -> str:
    if not _span(sheet):
        return ""
    field: Any = sheet.model._meta.get_field(_span(sheet)[0])
    above = shape_of(field.related_model).sheets[0]
    return f'PERFORM 1 FROM "{above.table}" WHERE "{above.key.column}" = NEW."{field.column}" FOR UPDATE;'


def _references(sheet: Sheet) -> Iterator[Refusal]:
    for column in sheet.model._meta.local_concrete_fields:
        target = column.related_model
        if column in (sheet.key, sheet.home, sheet.event) or not _has_home(target):
            continue
        there = shape_of(target).sheets[-1]
        home = f't."{there.home.column}" = NEW."{sheet.home.column}"'
        same = _by_key(f't."{there.key.column}" = NEW."{column.column}"', home)
        yield Refusal(
            f'NEW."{column.column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{there.table}" t WHERE {same})',
            f"{sheet.table}: {column.column} must point to a row of the same organisation",
        )


def _has_home(target: type[models.Model] | str | None) -> bool:
    return isinstance(target, type) and issubclass(target, Evidence)


def _log_guards() -> Iterator[Guard]:
    sealed = 'n."event_id" = NEW."{}"'
    for_good = "append-only; a correction is a new event"
    yield Guard(
        EVENT,
        [
            _if(f'"{ENTRY}" n', sealed.format("id"), f"{EVENT}: an event is written before its seal"),
            _if(f'"{EVENT}" e', 'e."id" = NEW."id"', f"{EVENT}: there is an event with this id"),
        ],
        [Refusal(ALWAYS, f"{EVENT}: {for_good}")],
        [Refusal(ALWAYS, f"{EVENT}: {for_good}")],
    )
    erasing = (
        """e."subject" = OLD."event_id" AND e."verb" = 'erase' AND e."table" = 'opening' AND NOT EXISTS"""
        f""" (SELECT 1 FROM "{ENTRY}" n WHERE n."event_id" = e."id") AND e."home" ="""
        f""" (SELECT o."home" FROM "{EVENT}" o WHERE o."id" = OLD."event_id")"""
    )
    yield Guard(
        OPENING,
        [_if(f'"{ENTRY}" n', sealed.format("event_id"), f"{OPENING}: an opening is written with its event")],
        [Refusal(ALWAYS, f"{OPENING}: {for_good}")],
        [_unless(f'"{EVENT}" e', erasing, f"{OPENING}: an opening is erased only through pen.erase, with a reason")],
    )
    yield from _seal_guards(for_good)


def _seal_guards(for_good: str) -> Iterator[Guard]:
    of_event = _by_key('e."id" = NEW."event_id"', 'e."home" = NEW."log_id"')
    below = 'l."home" = NEW."log_id" AND l."size" > NEW."{}"'
    taken = 'n."event_id" = NEW."event_id" OR n."log_id" = NEW."log_id" AND n."seq" = NEW."seq"'
    yield Guard(
        ENTRY,
        [
            _unless(f'"{EVENT}" e', of_event, f"{ENTRY}: a seal needs its event in the same log"),
            _if(f'"{LOG}" l', below.format("seq"), f"{ENTRY}: the log only grows at its end"),
            _if(f'"{ENTRY}" n', taken, f"{ENTRY}: this place in the log is taken"),
        ],
        [Refusal(ALWAYS, f"{ENTRY}: {for_good}")],
        [Refusal(ALWAYS, f"{ENTRY}: {for_good}")],
    )
    yield Guard(
        CHECKPOINT,
        [_unless(f'"{LOG}" l', 'l."home" = NEW."log_id" AND l."size" >= NEW."size"', f"{CHECKPOINT}: beyond the log")],
        [Refusal(ALWAYS, f"{CHECKPOINT}: {for_good}")],
        [Refusal(ALWAYS, f"{CHECKPOINT}: {for_good}")],
    )
    at = 'n."log_id" = NEW."home" AND n."seq" = NEW."size"'
    yield Guard(
        LOG,
        [Refusal('NEW."size" <> 0', f"{LOG}: a log begins empty")],
        [
            Refusal('NEW."home" <> OLD."home"', f"{LOG}: a log stays with its organisation"),
            Refusal('NEW."size" < OLD."size" OR NEW."epoch" < OLD."epoch"', f"{LOG}: a log only grows"),
            _if(f'"{ENTRY}" n', at, f"{LOG}: the head must count every entry"),
            _unless(f'"{ENTRY}" n', at + " - 1", f"{LOG}: the head is raised only after its entries were written"),
        ],
        [Refusal(ALWAYS, f"{LOG}: a log is never deleted")],
    )


def _by_key(key: str, same: str) -> str:
    """The row with that key, if the rest is the same.

    Compared in a CASE, for otherwise PostgreSQL may take the index of the organisation, read all of its rows,
    and keep to that plan while the table grows: it cannot know better before the table's statistics are there.
    """
    return f"{key} AND CASE WHEN {same} THEN 1 END = 1"


def _if(table: str, condition: str, text: str) -> Refusal:
    return Refusal(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})", text)


def _unless(table: str, condition: str, text: str) -> Refusal:
    return Refusal(f"NOT EXISTS (SELECT 1 FROM {table} WHERE {condition})", text)
