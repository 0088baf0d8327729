"""What the database holds of one company, told row by row in constant memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from plumbline.history.canonical import canonical, instant
from plumbline.kernel.files import folder
from plumbline.kernel.models import File
from plumbline.ledger.leaves import spelled
from plumbline.ledger.models import Event, Log, Opening
from plumbline.ledger.shapes import Shape
from plumbline.organisation.models import Account, Person

CHUNK = 1000
ACCOUNT = ("uid", "email", "name", "language", "is_active", "demo")


def events(home: UUID) -> Iterator[dict[str, Any]]:
    """The log from its first event: each as its leaf spells it, with its place and its leaf hash."""
    found = Event.objects.filter(entry__log=home).select_related("entry").order_by("entry__seq")
    for event in found.iterator(CHUNK):
        yield {"seq": event.entry.seq, "leaf": bytes(event.entry.leaf).hex(), **spelled(event)}


def openings(home: UUID) -> Iterator[dict[str, Any]]:
    """What the events commit to; erased ones are not there."""
    found = Opening.objects.filter(event__entry__log=home).order_by("event__entry__seq")
    for event, salt, text in found.values_list("pk", "salt", "text").iterator(CHUNK):
        yield {"event": str(event), "salt": bytes(salt).hex(), "text": text}


def heads(log: Log) -> Iterator[dict[str, Any]]:
    """The signed heads, in the order they were signed."""
    for head in log.checkpoints.order_by("id").iterator(CHUNK):
        yield {
            "size": head.size,
            "root": bytes(head.root).hex(),
            "frontier": bytes(head.frontier).hex(),
            "note": head.note,
            "at": instant(head.at),
        }


def evidence(shape: Shape, home: UUID) -> Iterator[tuple[UUID, UUID, bytes]]:
    """(uid, last event, canonical snapshot) of every row of a table."""
    found = shape.model._base_manager.filter(**{shape.home: home}).order_by(shape.sheets[0].key.attname)
    for row in found.iterator(CHUNK):
        yield shape.uid_of(row), getattr(row, shape.sheets[0].event.attname), canonical(shape.snapshot(row))


def accounts(home: UUID) -> Iterator[dict[str, Any]]:
    """Who signs in for a person of the company: name and address, never a password."""
    known = Person.objects.filter(organisation=home).exclude(account=None).values("account")
    for account in Account.objects.filter(pk__in=known).order_by("pk").iterator(CHUNK):
        yield {name: getattr(account, name) for name in ACCOUNT}


def kept_files(home: UUID) -> list[str]:
    """The digests of the files that are there; those disposed of are not."""
    found = File.objects.filter(organisation=home, disposed_at=None).order_by("sha256")
    return list(found.values_list("sha256", flat=True))


def place_of(home: UUID, digest: str) -> Path:
    """Where a file's content stands."""
    return folder(home) / digest[:2] / digest
