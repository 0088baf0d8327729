"""Verification: whom it is for writes SQL with the triggers dropped, but has no signing key."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from plumbline.history.canonical import canonical
from plumbline.ledger.heads import behind
from plumbline.ledger.models import Log
from plumbline.ledger.problems import Problem
from plumbline.ledger.shapes import shapes
from plumbline.ledger.verify_log import problems_of, strays
from plumbline.ledger.verify_rows import row_problems, vanished

__all__ = ["Problem", "state_digest", "verify", "verify_deep"]


def verify(home: UUID | None = None) -> Iterator[Problem]:
    """Check one log (the installation's: UUID 0) or all against themselves and their signed heads."""
    for log in Log.objects.order_by("home") if home is None else Log.objects.filter(pk=home):
        yield from problems_of(log)
    if home is None:
        yield from strays()
    for line in behind():
        yield Problem(None, "heads", line.partition(":")[0], None, line)


def verify_deep(home: UUID | None = None) -> Iterator[Problem]:
    """As verify, and every evidence row recomputed against the log."""
    yield from verify(home)
    yield from row_problems(home)
    yield from vanished(home)


def state_digest(home: UUID) -> str:
    """SHA-256 (hex) over an organisation's rows by table and uid: the same on every database and after a restore."""
    digest = sha256()
    for shape in shapes():
        rows = shape.model._base_manager.filter(**{shape.home: home}).order_by(shape.sheets[0].key.attname)
        for row in rows.iterator(500):
            content = sha256(canonical(shape.snapshot(row))).hexdigest()
            digest.update(f"{shape.code} {shape.uid_of(row)} {content}\n".encode())
    return digest.hexdigest()
