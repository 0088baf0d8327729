"""Identifiers that sort by the time they were made."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uid_of(text: str) -> UUID | None:
    """The UUID that somebody wrote, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562), larger than every one this process made before.

    The 12 bits behind the milliseconds carry its fraction (RFC 9562, 6.2 method 3), then 62 random bits.
    """
    global _last
    with _lock:
        tick = time.time_ns() * 4096 // 1_000_000
        _last = tick = max(tick, _last + 1)
    milliseconds, fraction = tick >> 12, tick & 0xFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62))
