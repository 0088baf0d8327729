"""`plumb import-list`: a table becomes records of a register, as on its import page."""

from pathlib import Path
from typing import Any

from django.utils import translation

from plumbline.faces.clock import alone
from plumbline.faces.sheets import checking, correcting, importing, opening, undoing, working
from plumbline.faces.sheets.models import Import
from plumbline.faces.sheets.runs import Alive, actor_of
from plumbline.faces.sheets.tables import Unreadable
from plumbline.faces.sheets.wanted import fields
from plumbline.kernel.register import Register
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .finding import organisation_of, register_named
from .telling import Refused, bar, line, say

HERE = ("done", "stopped")


def run(
    file: Path, kind: str, organisation: str, by: str, dry_run: bool, columns: list[str], keep_numbers: bool,
    again: bool, undo: str, json: bool,
) -> int:  # fmt: skip
    """One line a row that did not come in; the exit code is 1 where there is one."""
    home, register = organisation_of(organisation), register_named(kind)
    person = Person.objects.filter(organisation=home, email__iexact=by, ended_on=None).first()
    if person is None:
        raise Refused(f"Nobody at {home.name} has the address {by}.")
    actor = Actor.of(person, how="command")
    if actor.reads_only:
        raise Refused(f"{person.name} only reads here.")
    with translation.override(home.language), alone("sheets", working.KEY) as mine:
        if not mine:
            raise Refused("Another import or export is under way: wait until it is done.")
        chosen = _newest(file, register, actor) if undo else _checked(file, register, actor, columns, keep_numbers)
        if undo:
            return _taken_back(chosen, undo, json)
        wrong = _told(chosen, json)
        if dry_run:
            say(f"{_counted(chosen)} Nothing was written: it was a dry run.")
            return 1 if wrong else 0
        if opening.same_before(chosen) and not again:
            raise Refused("The same file was imported before: say --again if you mean it.")
        with bar("Importing") as progress:
            chosen.note(state="importing", done=0, total=chosen.counts.get("create", 0) + chosen.counts.get("edit", 0))
            importing.bring_in(chosen, _following(chosen, progress))
    say(_counted(chosen))
    return 1 if wrong or correcting.wrong(chosen).exists() else 0


def _following(chosen: Import, progress: Any) -> Alive:
    """Goes on, and moves the bar."""

    def on() -> bool:
        if progress is not None:
            progress(chosen.done, chosen.total, chosen.name)
        return True

    return on


def _checked(file: Path, register: Register, actor: Actor, columns: list[str], keep_numbers: bool) -> Import:
    """The file read and judged; the one that was begun and cut off goes on where it stopped."""
    try:
        with file.open("rb") as stream:
            blocks = iter(lambda: stream.read(1 << 20), b"")
            chosen = opening.begin(register, actor, blocks, file.name, actor.organisation.language)
    except Unreadable as error:
        raise Refused(f"{file.name}: {error}") from error
    cut_off = Import._base_manager.filter(
        organisation=actor.organisation,
        person=actor.person,
        kind=register.kind,
        sha256=chosen.sha256,
        state="importing",
    ).first()
    if cut_off is not None:
        chosen.delete()
        say("This file was begun before: what is missing is brought in.")
        return cut_off
    _map(chosen, columns, actor, register)
    chosen.changing = chosen.changing and not keep_numbers
    chosen.state = "checking"
    chosen.save()
    checking.check(chosen, lambda: True)
    if chosen.state != "checked":
        raise Refused(f"{file.name}: {chosen.error}")
    return chosen


def _map(chosen: Import, columns: list[str], actor: Actor, register: Register) -> None:
    wanted = fields(register, actor.organisation)
    for one in columns:
        heading, equals, name = one.rpartition("=")
        if not equals or heading not in chosen.headings or (name and name not in wanted):
            offered = ", ".join(wanted)
            raise Refused(
                f"“{one}” maps no column: write HEADING=FIELD with a heading of the file and one of {offered}."
            )
        chosen.mapping[chosen.headings.index(heading)] = name


def _newest(file: Path, register: Register, actor: Actor) -> Import:
    own = Import._base_manager.filter(organisation=actor.organisation, person=actor.person, kind=register.kind)
    found = own.filter(name=file.name, state__in=HERE).exclude(reading={}).order_by("-made_at").first()
    if found is None:
        raise Refused(f"{actor.name} imported no {file.name} into {register.slug} in the last thirty days.")
    return found


def _taken_back(chosen: Import, reason: str, json: bool) -> int:
    chosen.note(state="undoing", reason=reason, done=0)
    undoing.take_back(Import._base_manager.select_related("organisation", "person").get(pk=chosen.pk), lambda: True)
    kept = chosen.rows.filter(state="kept").order_by("line")
    for row in kept:
        line({"row": row.line, "number": row.number, "kept": row.said}) if json else say(f"{row.number}: {row.said}")
    say(f"Taken back as {actor_of(chosen).name}; {len(kept)} stay.")
    return 1 if kept else 0


def _told(chosen: Import, json: bool) -> int:
    wrong = correcting.wrong(chosen).order_by("line")
    for row in wrong:
        words = correcting.words_of(row)
        line({"row": row.line, "errors": row.errors}) if json else say(f"Row {row.line}: {words}")
    return len(wrong)


def _counted(chosen: Import) -> str:
    counts = chosen.counts
    done = counts.get("create-done", 0), counts.get("edit-done", 0)
    new, changed = done if chosen.state == "done" else (counts.get("create", 0), counts.get("edit", 0))
    return (
        f"{new} new, {changed} changed, {counts.get('same', 0)} as before, "
        f"{correcting.wrong(chosen).count()} with errors."
    )
