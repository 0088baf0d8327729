"""`plumb rebuild`: what is derived from records (whose turn it is, the words of search) worked out afresh."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from plumbline.kernel import duties, search
from plumbline.kernel.models import Record
from plumbline.kernel.register import Register, registers

from .telling import followed, say

BATCH = 200  # rows a transaction, so that a server beside it can write in between


def batches(register: Register) -> Iterator[list]:
    """The records of a register in all organisations, 200 at a time."""
    last: UUID | None = None
    while True:
        records = register.model.objects.order_by("uid")
        batch = list((records.filter(uid__gt=last) if last else records).select_related("owner", "author")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].uid


def run() -> int:
    """Every record of every register."""
    rows = ((register, batch) for register in registers() for batch in batches(register))
    total, count = -(-Record.objects.count() // BATCH) + len(registers()), 0
    for _register, batch in followed(rows, "Rebuilding", total):
        with transaction.atomic():
            duties.renew(batch)
            search.renew(batch)
        count += len(batch)
    say(f"{count} records: duties and search are afresh.")
    return 0
