"""The rows of a loaded company find their places: what they point to comes first; no trigger is asked to look away."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from plumbline.kernel.models import File
from plumbline.ledger.loading import Loading, row_of
from plumbline.ledger.models import Evidence
from plumbline.ledger.shapes import Shape, shape_of, shapes, spine
from plumbline.organisation.models import Organisation, Person

from .accounts import Accounts
from .form import Unfit
from .opening import Opened

BATCH = 200
SPINE = 5  # parts come after the kinds: a part of a record can wait for it, but most should not have to
DIGEST = re.compile(r"[0-9a-f]{64}")
Told = tuple[str, dict[str, Any]]  # code of the table, line of the ZIP


@dataclass
class Placing:
    """Writes all rows of the ZIP; one whose reference is not there yet waits, on disk, for the next round."""

    zipped: Opened
    log: Loading
    slug: str
    accounts: Accounts
    files: set[str] = field(init=False)
    shapes: dict[str, Shape] = field(init=False)

    def __post_init__(self) -> None:
        self.files = set(self.zipped.files())
        self.shapes = {shape.code: shape for shape in sorted(shapes(), key=lambda shape: _depth(shape.model))}

    def all(self) -> None:
        """Every table, then those that waited, until nobody waits; raises Unfit where somebody would wait for ever."""
        told: Iterable[Told] = (
            (code, line) for code in self.shapes for line in self.zipped.lines(f"evidence/{code}.jsonl")
        )
        before = None
        with ExitStack() as stack:
            while True:
                waiting = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
                count = sum(self._batch(code, batch, waiting) for code, batch in _batches(told))
                if not count:
                    return
                told = _read(waiting)
                if count == before:
                    code, line = next(iter(told))
                    raise Unfit(
                        f"{count} rows point to rows that are not in the ZIP, or to each other in a circle, such as"
                        f" {code} {line['row'].get('uid')}: nothing is loaded."
                    )
                before = count

    def _batch(self, code: str, told: list[dict[str, Any]], waiting: IO[str]) -> int:
        """Write what can be; how many wait."""
        shape, number = self.shapes[code], self.zipped.manifest.schemas[code]
        rows = [row_of(shape, number, UUID(line["event"]), line["row"]) for line in told]
        missing, ready, late = _missing(shape, rows), [], 0
        for row, line in zip(rows, told, strict=True):
            if not missing.isdisjoint(_pointed(shape, row)):
                waiting.write(json.dumps([code, line]) + "\n")
                late += 1
            elif reason := self._fitted(row):
                self.log.pen.save(row, "edit", reason)
            else:
                ready.append(row)
        if ready:
            self.log.rows(shape, ready)
        return late

    def _fitted(self, row: models.Model) -> str:
        """Why the row changes on its way in, which is then its newest event; mostly it does not."""
        if isinstance(row, Organisation):
            reason = "another short name where it was loaded" if self.slug and self.slug != row.slug else ""
            row.slug = self.slug or row.slug
            try:
                row.clean_fields(exclude=["last_event"])
            except ValidationError as error:
                raise Unfit(
                    f"The organisation in the ZIP is none that can be here: {' '.join(error.messages)}"
                ) from error
            return reason
        if isinstance(row, Person):
            return "signs in with the account that was here" if self.accounts.settle(row) else ""
        if isinstance(row, File):
            if not DIGEST.fullmatch(row.sha256):
                raise Unfit(f"file {row.uid} has a digest that is none: nothing is loaded.")
            if row.disposed_at is None and row.sha256 not in self.files:
                raise Unfit(f"files/{row.sha256[:2]}/{row.sha256} is missing in the ZIP: nothing is loaded.")
        return ""


def _depth(model: Any, above: tuple[Any, ...] = ()) -> int:
    """How many tables stand between a row and those that point to nothing; the organisation is first of all."""
    if model is Organisation:
        return -1
    if spine(model):
        return SPINE
    ways = [target for _, target in _references(shape_of(model)) if target not in above and target is not model]
    return 1 + max((_depth(target, (*above, model)) for target in ways), default=0)


def _references(shape: Shape) -> Iterator[tuple[Any, Any]]:
    """(column, evidence model it points to) of a row, without those that tie it to the log."""
    for sheet in shape.sheets:
        for column in sheet.model._meta.local_concrete_fields:
            target = column.related_model
            tied = column in (sheet.key, sheet.home, sheet.event)
            if not tied and isinstance(target, type) and issubclass(target, Evidence):
                yield column, target


def _pointed(shape: Shape, row: models.Model) -> Iterator[UUID]:
    for column, _ in _references(shape):
        if (uid := getattr(row, column.attname)) is not None:
            yield uid


def _missing(shape: Shape, rows: list[models.Model]) -> set[UUID]:
    """What the rows point to and is not there."""
    missing: set[UUID] = set()
    for column, target in _references(shape):
        wanted = {uid for row in rows if (uid := getattr(row, column.attname)) is not None}
        there = target._base_manager.filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()
        missing |= wanted.difference(there)
    return missing


def _batches(told: Iterable[Told]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Lines of one table, at most 200 together."""
    batch: list[dict[str, Any]] = []
    before = ""
    for code, line in told:
        if batch and (code != before or len(batch) == BATCH):
            yield before, batch
            batch = []
        before = code
        batch.append(line)
    if batch:
        yield before, batch


def _read(waiting: IO[str]) -> Iterator[Told]:
    waiting.seek(0)
    for line in waiting:
        code, told = json.loads(line)
        yield code, told
