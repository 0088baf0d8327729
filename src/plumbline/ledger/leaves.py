"""What of an event is hashed into the log: ids, codes, times and a commitment, nothing personal."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from plumbline.history.canonical import instant
from plumbline.history.merkle import leaf_hash
from plumbline.ledger.models import Event

DOMAIN = b"plumbline event v1\n"
IDS = ("id", "home", "subject", "record", "actor", "on_behalf_of")
CODES = ("table", "verb", "actor_kind", "zone", "how", "schema")
TIMES = ("at", "occurred_at")
NAMES = tuple(sorted((*IDS, *CODES, *TIMES, "commitment")))

# RFC 8785 of a flat mapping with ASCII names, filled in without an encoder (a test compares them): for verify's speed.
_TEMPLATE = "{" + ",".join(f'"{name}":%s' for name in NAMES) + "}"


def commitment_of(salt: bytes, text: str) -> bytes:
    """The commitment to an opening."""
    return sha256(bytes(salt) + text.encode()).digest()


def leaf_content(spelled: Iterable[str | None]) -> bytes:
    """The bytes of a leaf, from the spelled values in the order of NAMES."""
    return DOMAIN + (_TEMPLATE % tuple(["null" if one is None else encode_basestring(one) for one in spelled])).encode()


def leaf_of(event: Event) -> bytes:
    """The leaf hash of an event."""
    values = spelled(event)
    return leaf_hash(leaf_content(values[name] for name in NAMES))


def spelled(event: Event) -> dict[str, str | None]:
    """An event's values as the leaf spells them."""
    values: dict[str, Any] = {name: getattr(event, name) for name in IDS}
    values = {name: None if value is None else str(value) for name, value in values.items()}
    values.update({name: str(getattr(event, name)) for name in CODES})
    times: dict[str, datetime | None] = {name: getattr(event, name) for name in TIMES}
    values.update({name: None if value is None else instant(value) for name, value in times.items()})
    values["commitment"] = bytes(event.commitment).hex()
    return values
