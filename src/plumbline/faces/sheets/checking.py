"""The dry run: every row of the file read, judged by the rules of the door, and told apart; nothing is changed."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.history.uids import uuid7
from plumbline.kernel import numbering, policy
from plumbline.kernel.register import Register, register_of
from plumbline.kernel.rows import changed, clean, snapshot
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

from . import tables
from .converting import Converter, Given
from .models import Import, Row
from .runs import Alive, Interrupted, actor_of, path_of
from .wanted import fields

CHUNK = 500
Line = tuple[int, list[str]]


def check(run: Import, alive: Alive) -> None:
    """Read the file from its beginning and note what every row means; cut off by a restart, from the beginning."""
    run.rows.all().delete()
    run.note(done=0, total=0)
    actor, path = actor_of(run), path_of(run)
    judge = Judge(run, register_of(run.kind), actor)
    waiting: list[Line] = []

    def go_on() -> None:
        if not alive() or not _still_asked(run):
            raise Interrupted

    def flush() -> None:
        go_on()
        Row.objects.bulk_create(judge.rows(waiting), batch_size=200)
        run.note(done=run.done + len(waiting))
        waiting.clear()

    def take(line: int, cells: list[str]) -> None:
        if line > run.reading["heading"]:
            waiting.append((line, cells))
            if len(waiting) >= CHUNK:
                flush()

    try:
        run.note(total=tables.count(path, run.reading, go_on))
        tables.each(path, run.reading, take)
        flush()
    except tables.Unreadable as error:
        run.rows.all().delete()
        run.note_from("checking", state="mapping", error=str(error))
        return
    run.note_from("checking", state="checked", error="", counts=counted(run), total=run.done)


def _still_asked(run: Import) -> bool:
    """Whether it is still to be checked, and in the same way: it may have been stopped, and begun anew since."""
    asked = ("state", "mapping", "reading", "changing", "clearing")
    now = Import._base_manager.filter(pk=run.pk).values(*asked).first()
    return now == {"state": "checking", **{name: getattr(run, name) for name in asked[1:]}}


def counted(run: Import) -> dict[str, int]:
    """How many rows there are of each kind, and what became of them."""
    counts: dict[str, int] = {}
    for step, state, found in run.rows.order_by().values_list("step", "state").annotate(found=Count("pk")):
        counts[step] = counts.get(step, 0) + found
        if state:
            counts[f"{step}-{state}"] = found
    return counts


class Judge:
    """Judges the rows of one file as the door will."""

    def __init__(self, run: Import, register: Register, actor: Actor) -> None:
        self.run, self.register, self.actor = run, register, actor
        self.wanted = fields(register, actor.organisation)
        self.places = [(place, name) for place, name in enumerate(run.mapping) if name in self.wanted]
        self.converter = Converter(register, actor, self.wanted, run.reading)
        self.has_own = bool(own.offered(actor.organisation, register.kind))
        self.seen: set[str] = set()

    def rows(self, lines: list[Line]) -> list[Row]:
        """The rows of one chunk, with a fixed number of queries for what they point to."""
        for place, name in self.places:
            if name in self.converter.pointers:
                self.converter.pointers[name].learn(cells[place] for _line, cells in lines if place < len(cells))
        numbers = {number for _line, cells in lines if (number := self.number(cells))}
        found = self._found(numbers)
        taken = set() if self.run.changing else self._taken(numbers)
        return [self.row(line, cells, found, taken) for line, cells in lines]

    def number(self, cells: list[str]) -> str:
        place = next((place for place, name in self.places if name == "number"), None)
        return cells[place].strip()[:60] if place is not None and place < len(cells) else ""

    def _found(self, numbers: Iterable[str]) -> dict[str, Any]:
        """The records of these numbers, of those the actor may see; of others not even that they exist."""
        if not self.run.changing or not numbers:
            return {}
        seen = self.register.records(self.actor).filter(kind=self.register.kind, number__in=numbers)
        return {record.number: record for record in seen}

    def _taken(self, numbers: Iterable[str]) -> set[str]:
        records = self.register.model.objects.filter(organisation=self.actor.organisation, kind=self.register.kind)
        return set(records.filter(number__in=numbers).values_list("number", flat=True))

    def row(self, line: int, cells: list[str], found: dict[str, Any], taken: set[str]) -> Row:
        row = Row(belongs=self.run, line=line, number=self.number(cells)[:40])
        given, errors = self._given(cells)
        if row.number and row.number in self.seen:
            errors.append(["number", _("This number stands in the file twice.")])
        self.seen.add(row.number)
        row.given = given
        if row.number and self.run.changing:
            record = found.get(row.number)
            if record is None:
                errors.append(["number", unknown_number()])
            else:
                self._edits(row, record, errors)
        else:
            row.step, row.record = "create", uuid7()
            if row.number:
                errors += [["number", words] for words in self._refused(row.number, taken)]
            self._creates(row, errors)
        if errors:
            row.step, row.errors = "wrong", [[self._column(name), words] for name, words in errors]
        return row

    def _given(self, cells: list[str]) -> tuple[Given, list[list[str]]]:
        given: Given = {}
        errors: list[list[str]] = []
        for place, name in self.places:
            cell = cells[place] if place < len(cells) else ""
            if name == "number":
                continue
            if not cell.strip() and type(cell) is str:
                if self.run.clearing and name != "state":
                    given[name] = None
                continue
            try:
                given[name] = self.converter.convert(name, cell)
            except (ValueError, ValidationError) as error:
                errors.append([name, str(error)])
        return given, errors

    def _refused(self, number: str, taken: set[str]) -> list[str]:
        """Why no record may be made with this number."""
        try:
            numbering.check_number(number)
            address = f"/{self.actor.organisation.slug}/{self.register.slug}/{number}/"
            if resolve(address).url_name != "record":
                return [_("This is the name of a page, not a number.")]
        except ValidationError as error:
            return list(error.messages)
        except Resolver404:
            return [_("Use letters, digits, “-”, “_” and “.” only, at most 40 characters.")]
        return [taken_number()] if number in taken else []

    def _creates(self, row: Row, errors: list[list[str]]) -> None:
        given = {name: value for name, value in row.given.items() if value is not None}
        state = given.pop("state", None)
        if state is not None and state != self.register.workflow.initial and state not in self.register.workflow.begins:
            begin = self.register.workflow.states[self.register.workflow.initial].label
            errors.append(
                ["state", _("A new record begins as “%(state)s”; the rest is done by its moves.") % {"state": begin}]
            )
            state = None
        wrong = {name for name, _words in errors}
        lacking = [one.name for one in self.wanted.values() if one.needed and one.name not in given]
        errors += [[name, _("This is needed.")] for name in lacking if name not in wrong]
        row.given = given | ({"state": state} if state else {})
        if not errors:
            errors += self._complaints(lambda: self._made(row))

    def _made(self, row: Row) -> None:
        """Make the record in memory and ask everything that the door asks."""
        values = self.converter.python(row.given)
        policy.require(policy.may_create(self.actor, self.register, values))
        if self.has_own:
            values.setdefault("own", {})
        own.put_into(values, self.actor.organisation, self.register.kind, {}, new=True)
        values = {"owner": self.actor.person, **values}
        if values["owner"] is None:
            raise ValidationError({"owner": _("This is needed.")})
        home = self.actor.organisation
        record = self.register.model(
            uid=row.record,
            organisation=home,
            home=home,
            kind=self.register.kind,
            number=row.number or "X-1",
            author=self.actor.person,
            state=self.register.workflow.begin(values.pop("state", None)),
            created_at=timezone.now(),
            **values,
        )
        clean(record)

    def _edits(self, row: Row, record: Any, errors: list[list[str]]) -> None:
        row.record, row.version, row.step = record.pk, record.version, "same"
        state = row.given.pop("state", record.state)
        if state != record.state:
            errors.append(["state", _("The state is changed by the moves of the record, not by an import.")])
        row.given = {n: v for n, v in row.given.items() if not self.converter.same(record, n, v)}
        if row.given and not errors:
            row.step = "edit"
            errors += self._complaints(lambda: self._changed(row, record))

    def _changed(self, row: Row, record: Any) -> None:
        policy.require(policy.may_edit(self.actor, self.register, record))
        before, values = snapshot(record), self.converter.python(row.given)
        own.put_into(values, self.actor.organisation, self.register.kind, record.extra)
        for name, value in values.items():
            setattr(record, name, value)
        self.register.check_edited(changed(before, snapshot(record)))
        clean(record)

    def _complaints(self, asked: Any) -> list[list[str]]:
        """What the rules say against it, by field."""
        try:
            asked()
        except ValidationError as error:
            return spelled(error)
        except policy.Denied as error:
            return [["", str(error)]]
        return []

    def _column(self, name: str) -> str:
        """The heading of the column that fills a field, else the field's own name."""
        place = next((place for place, other in self.places if other == name), None)
        if place is not None and place < len(self.run.headings) and self.run.headings[place]:
            return str(self.run.headings[place])
        return self.wanted[name].label if name in self.wanted else ""


def unknown_number() -> str:
    return _("No record of this number was found.")


def taken_number() -> str:
    return _("This number is already taken.")


def misunderstood(run: Import) -> bool:
    """Whether no row with a number could be taken as the run takes them, and all could the other way round."""
    if run.counts.get("edit") or run.counts.get("same"):
        return False
    with override(run.language):
        said = unknown_number() if run.changing else taken_number()
    numbered = run.rows.exclude(number="").order_by("line").values_list("errors", flat=True)[:CHUNK]
    return bool(numbered) and all(said in [words for _column, words in errors] for errors in numbered)


def spelled(error: ValidationError) -> list[list[str]]:
    """What the door said, by the name of the field."""
    if not hasattr(error, "error_dict"):
        return [["", words] for words in error.messages]
    return [[name if name != "__all__" else "", words] for name, found in error.message_dict.items() for words in found]
