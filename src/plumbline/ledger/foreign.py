"""Keys of other installations whose heads came in with a log; the installation's own log keeps them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plumbline.history.notes import Verifier
from plumbline.ledger.models import INSTALLATION, Event

LOAD = "load"


@dataclass(frozen=True)
class Foreign:
    """Keys that may have signed heads of a log up to the size it had when it was loaded."""

    size: int
    verifiers: tuple[Verifier, ...]


def foreign(home: UUID) -> Foreign:
    """What the installation's log, which our key signs, tells of a log's earlier life; nothing of one begun here."""
    notes = Event.objects.filter(home=INSTALLATION, subject=home, verb=LOAD, table="organisation")
    size, found = 0, []
    for text in notes.order_by("pk").values_list("opening__text", flat=True):
        facts: dict[str, Any] = json.loads(text)["facts"] if text else {"size": 0, "verifiers": []}
        size = max(size, facts["size"])
        found += [Verifier.from_text(one) for one in facts["verifiers"]]
    return Foreign(size, tuple(found))
