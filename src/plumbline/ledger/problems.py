"""What verification finds."""

import json
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Problem:
    """One thing that is not what the log says: whose, where, which row, its number if it has one, and what."""

    home: UUID | None
    table: str
    uid: str
    number: str | None
    what: str

    def __str__(self) -> str:
        name = f" {self.number}" if self.number else ""
        return f"{self.table}{name} ({self.uid}): {self.what}"


def number_in(text: str | None) -> str | None:
    """The record's number in an opening's text, where it can be read."""
    try:
        row = json.loads(text or "{}").get("row", {})
        return row.get("number") or None
    except (ValueError, AttributeError):
        return None
