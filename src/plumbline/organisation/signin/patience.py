"""Waiting for somebody else's server: one that is silent never holds more than a few threads of ours, or long."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .providers import find

AT_ONCE = 2  # threads that wait for one provider
TURN = 1.0  # seconds to wait for a turn; where its last answer was slow, none
SLOW, REST = 3.0, 15.0  # seconds after which an answer is slow, and for which that is remembered
_gates: dict[str, threading.BoundedSemaphore] = {}
_slow: dict[str, float] = {}  # until when, by the clock of this process


class Busy(OSError):
    """Others wait for the same provider already; whoever comes now is told that it does not answer."""


@contextmanager
def waiting_for(provider: str) -> Iterator[None]:
    """Ask the provider in this block; what is no provider here is not counted. Raises Busy."""
    if find(provider) is None:
        yield
        return
    gate = _gates.setdefault(provider, threading.BoundedSemaphore(AT_ONCE))
    if not gate.acquire(timeout=0 if time.monotonic() < _slow.get(provider, 0) else TURN):
        raise Busy(f"{AT_ONCE} others wait for {provider} already")
    began = time.monotonic()
    try:
        yield
    finally:
        gate.release()
        if time.monotonic() - began > SLOW:
            _slow[provider] = time.monotonic() + REST
        else:
            _slow.pop(provider, None)
