"""What of an event is hashed into the log: ids, codes, times and a commitment, nothing personal."""

from datetime import datetime
from hashlib import sha256
from json import JSONEncoder
from typing import Any

from plumbline.history.canonical import instant
from plumbline.history.merkle import leaf_hash
from plumbline.ledger.models import Event

DOMAIN = b"plumbline event v1\n"
IDS = ("id", "home", "subject", "record", "actor", "on_behalf_of")
CODES = ("table", "verb", "actor_kind", "zone", "how", "schema")
TIMES = ("at", "occurred_at")

# For flat mappings of ASCII names to text or null this equals RFC 8785 (tested) and is ten times as fast.
_spell = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def commitment_of(salt: bytes, text: str) -> bytes:
    """The commitment to an opening."""
    return sha256(bytes(salt) + text.encode()).digest()


def leaf_content(spelled: dict[str, str | None]) -> bytes:
    """The bytes of a leaf, from values that are spelled already."""
    return DOMAIN + _spell(spelled).encode()


def leaf_of(event: Event) -> bytes:
    """The leaf hash of an event."""
    return leaf_hash(leaf_content(spelled(event)))


def spelled(event: Event) -> dict[str, str | None]:
    """An event's values as the leaf spells them."""
    values: dict[str, Any] = {name: getattr(event, name) for name in IDS}
    values = {name: None if value is None else str(value) for name, value in values.items()}
    values.update({name: str(getattr(event, name)) for name in CODES})
    times: dict[str, datetime | None] = {name: getattr(event, name) for name in TIMES}
    values.update({name: None if value is None else instant(value) for name, value in times.items()})
    values["commitment"] = bytes(event.commitment).hex()
    return values
