"""`plumb rebuild`: what is derived from records (whose turn it is, what files say, words) worked out afresh."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from plumbline.faces.search import attached, writing
from plumbline.kernel import duties
from plumbline.kernel.models import Record
from plumbline.kernel.register import Register, registers

from .telling import followed, say

BATCH = 200  # rows a transaction, so that a server beside it can write in between


def batches(register: Register, organisation: UUID | None = None) -> Iterator[list]:
    """The records of a register, of one organisation or of all, 200 at a time."""
    last: UUID | None = None
    of = {"organisation": organisation} if organisation else {}
    while True:
        records = register.model.objects.filter(**of).order_by("uid")
        batch = list((records.filter(uid__gt=last) if last else records).select_related("owner", "author")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].uid


def run() -> int:
    """Every record of every register."""
    rows = ((register, batch) for register in registers() for batch in batches(register))
    for _name in attached.learn(everything=True):
        pass
    total, count = -(-Record.objects.count() // BATCH) + len(registers()), 0
    for register, batch in followed(rows, "Rebuilding", total):
        _renew(register, batch)
        count += len(batch)
    say(f"{count} records: duties, texts and search are afresh.")
    return 0


def afresh(organisation: UUID) -> None:
    """The same for one organisation."""
    for register in registers():
        for batch in batches(register, organisation):
            _renew(register, batch)


def _renew(register: Register, batch: list) -> None:
    for record in batch:
        list(register.worked_out(record, afresh=True))
    with transaction.atomic():
        duties.renew(batch)
        writing.renew(batch, afresh=True)
