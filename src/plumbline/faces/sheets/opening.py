"""A file taken in: kept, looked at, its spelling recognised and its columns proposed."""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.history.uids import uuid7
from plumbline.kernel.register import Register, register_of
from plumbline.organisation.actor import Actor

from .models import Import
from .runs import path_of
from .spelling import ISO, date_order, decimal_sign, is_day, is_number
from .tables import MOST_BYTES, Look, Unreadable, look
from .wanted import Wanted, fields, heading_row, known_as, plain, proposed

REMEMBERED = 10  # earlier imports whose mapping is taken over
SHOWN = 3  # rows of the preview
OVER = ("done", "stopped")
COUNTER = re.compile(r"\d+\.?")  # 1, 2, 3 …: it counts the rows of a list, unless a record has that number


def begin(register: Register, actor: Actor, blocks: Iterable[bytes], name: str, language: str) -> Import:
    """Keep the file, look at it, and propose; raises Unreadable, and then keeps nothing."""
    uid = uuid7()
    run = Import(
        uid=uid,
        organisation=actor.organisation,
        person=actor.person,
        kind=register.kind,
        language=language,
        name=Path(name).name[-255:],
        made_at=timezone.now(),
    )
    path = path_of(run)
    try:
        run.sha256 = _keep(path, blocks)
        propose(run, actor, look(path, run.name))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    run.save(force_insert=True)
    return run


def _keep(path: Path, blocks: Iterable[bytes]) -> str:
    """Write the file to disk and return its digest; a file that is too large is left off where it passes the limit."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for block in blocks:
            size += len(block)
            if size > MOST_BYTES:
                raise Unreadable(_("The file is larger than %(limit)d MB. Split it.") % {"limit": MOST_BYTES >> 20})
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def propose(run: Import, actor: Actor, seen: Look) -> None:
    """Headings, the field of each column, and how dates and numbers are written."""
    register = register_of(run.kind)
    wanted = fields(register, actor.organisation)
    known = known_as(wanted)
    before = _before(run)
    rows = dict(seen.rows)
    heading = seen.reading.get("heading")
    if heading not in rows:
        heading = heading_row(seen.rows, known | {key: key for key in before})
    headings = [cell.strip()[:120] for cell in rows[heading]]
    below = [cells for line, cells in seen.rows if line > heading]
    width = max([len(headings), *(len(cells) for cells in below)])
    headings += [""] * (width - len(headings))
    if headings != run.headings:
        run.headings, run.mapping, run.changing = headings, proposed(headings, known, before, wanted), True
        while numbers := _column(run.mapping, "number", below):
            run.changing, key = _known(register, actor, numbers), plain(headings[run.mapping.index("number")])
            if run.changing or key in before or not all(map(COUNTER.fullmatch, numbers)):
                break
            before[key] = ""
            run.mapping, run.changing = proposed(headings, known, before, wanted), True
    spelling = {**_spelling(run, wanted, below), **{k: v for k, v in seen.reading.items() if k in ("dates", "decimal")}}
    run.reading = {**seen.reading, **spelling, "heading": heading}


def _before(run: Import) -> dict[str, str]:
    """Heading → field, as the newest imports of this register were mapped."""
    same = {"organisation_id": run.organisation_id, "kind": run.kind, "state__in": [*OVER, "undone"]}
    found: dict[str, str] = {}
    for one in Import._base_manager.filter(**same).order_by("-made_at")[:REMEMBERED]:
        for heading, name in zip(one.headings, one.mapping, strict=False):
            if heading:
                found.setdefault(plain(heading), name)
    return found


def _column(mapping: list[str], name: str, below: list[list[str]]) -> list[str]:
    if name not in mapping:
        return []
    place = mapping.index(name)
    return [cells[place].strip() for cells in below if place < len(cells) and cells[place].strip()]


def _known(register: Register, actor: Actor, numbers: list[str]) -> bool:
    """Whether any of these is the number of a record the person sees: then such rows are meant to change it."""
    return register.records(actor).filter(kind=register.kind, number__in=[one[:40] for one in numbers]).exists()


def _spelling(run: Import, wanted: dict[str, Wanted], below: list[list[str]]) -> dict[str, Any]:
    """How columns of dates and numbers are written, also those not mapped yet, and whether their cells decide it."""
    days: list[str] = []
    numbers: list[str] = []
    for place in sorted(range(len(run.mapping)), key=lambda place: not run.mapping[place]):  # those that count first
        name = run.mapping[place]
        cells = [cells[place] for cells in below if place < len(cells) and cells[place].strip()]
        if _sort(wanted[name], models.DateField, "date") if name else all(map(is_day, cells)):
            days += cells
        elif _sort(wanted[name], models.DecimalField, "number") if name else all(map(is_number, cells)):
            numbers += cells
    dates, sure_of_dates = date_order(days, run.language)
    decimal, sure_of_decimal = decimal_sign(numbers, run.language)
    iso = {bool(ISO.match(cell.strip())) for cell in days if is_day(cell)}
    return {
        "dates": dates,
        "dates_sure": sure_of_dates,
        "dates_iso": iso == {True},
        "decimal": decimal,
        "decimal_sure": sure_of_decimal,
    }


def _sort(one: Wanted, sort: Any, own: str) -> bool:
    return one.own.sort == own if one.own is not None else isinstance(one.field, sort)


def again(run: Import, actor: Actor, reading: dict[str, Any]) -> None:
    """Look once more, with what somebody said of encoding, sheet or headings; raises Unreadable."""
    path = path_of(run)
    told = {k: v for k, v in {**run.reading, **reading}.items() if not k.endswith("_sure")}
    propose(run, actor, look(path, run.name, told))


def preview(run: Import) -> list[list[str]]:
    """For every column the first cells below its heading."""
    seen = look(path_of(run), run.name, run.reading)
    below = [cells for line, cells in seen.rows if line > run.reading["heading"]][:SHOWN]
    return [[cells[place] if place < len(cells) else "" for cells in below] for place in range(len(run.headings))]


def same_before(run: Import) -> Any:
    """When the same file was imported into this register before, and not taken back; None if it was not."""
    same = {"organisation_id": run.organisation_id, "kind": run.kind, "sha256": run.sha256, "state__in": OVER}
    found = Import._base_manager.filter(**same).exclude(pk=run.pk).order_by("-made_at").first()
    return found and found.made_at


def of(register: Register, actor: Actor) -> Any:
    """The person's own imports of a register."""
    return Import._base_manager.filter(
        organisation=actor.organisation, person=actor.person, kind=register.kind
    ).order_by("-made_at")[:REMEMBERED]
